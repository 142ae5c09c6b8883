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
 */
record LiveEvent(long sequence, Kind kind, SpecificRecordBase record, String json) {

  /** What a stream can be of; the names are the event names on the wire. */
  enum Kind {
    exchange,
    interaction,
    flow
  }

  boolean passes(Filter filter) {
    return switch (kind) {
      case exchange -> filter.test((Exchange) record);
      case interaction -> filter.test((Interaction) record);
      case flow -> filter.test((FlowRecord) record);
    };
  }
}
