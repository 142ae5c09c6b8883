package io.sidewire.query.live;

import io.sidewire.query.Filter;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.Interaction;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Something that just appeared.
 *
 * @param sequence of this process, rising
 * @param told true where the view of another host has been told already; shown only to who asks for hosts
 */
record LiveEvent(long sequence, Kind kind, SpecificRecordBase record, String json, boolean told) {

  /** What a stream can be of; the names are the event names on the wire. */
  enum Kind {
    exchange,
    interaction,
    flow
  }

  boolean passes(Filter filter) {
    if (told && filter.ofAllHosts()) {
      return false;
    }
    return switch (kind) {
      case exchange -> filter.test((Exchange) record);
      case interaction -> filter.test((Interaction) record);
      case flow -> filter.test((FlowRecord) record);
    };
  }
}
