package io.sidewire.query.store;

import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.HealthKey;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.Step;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** The writers, one for each topic that the read model holds. */
final class Writers {
  private Writers() {}

  /** Flows by first packet, so that pages stay right while flows grow; mark: the last packet. */
  static final class Flows extends RowWriter {
    private final Deserializer<FlowRecord> values;

    Flows(Topics topics, Upkeep upkeep) {
      super(Names.FLOWS, true, upkeep);
      values = topics.flows().value().deserializer();
    }

    @Override
    Runnable read(byte[] key, byte[] value, long arrived) {
      if (value == null) {
        return () -> table().removeIndexed(key);
      }
      FlowRecord flow = values.deserialize(null, value);
      byte[] id = RowKey.utf8(flow.getFlowId());
      byte[] row = Row.value(arrived, flow.getLastSeen(), value);
      return () -> table().putIndexed(id, flow.getFirstSeen(), row);
    }
  }

  /** Exchanges by start, of which the highest revision stays; mark: see {@link #mark}. */
  static final class Exchanges extends RowWriter {
    private final Deserializer<Exchange> values;
    private final Topics topics;
    private EndPairs pairs;

    Exchanges(Topics topics, Upkeep upkeep) {
      super(Names.EXCHANGES, true, upkeep);
      this.topics = topics;
      values = topics.exchanges().value().deserializer();
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      super.init(context);
      pairs = new EndPairs(
          topics,
          context.getStateStore(Names.EXCHANGES),
          context.getStateStore(Names.TRAFFIC),
          upkeep());
      pairs.repair(now());
    }

    @Override
    Runnable read(byte[] key, byte[] value, long arrived) {
      if (value == null) {
        return null; // the topic is not compacted, and one key holds many exchanges
      }
      Exchange exchange = values.deserialize(null, value);
      byte[] id = RowKey.utf8(exchange.getExchangeId());
      long start = start(exchange);
      long mark = mark(exchange);
      byte[] row = Row.value(arrived, mark, value);
      return () -> {
        byte[] before = table().find(id);
        if (before != null && Row.mark(before) >> 1 > exchange.getRevision()) {
          return;
        }
        table().putIndexed(id, start, row);
        boolean otherEnded = pairs.seen(exchange, arrived, now());
        boolean endedBefore = otherEnded || (before != null && ended(Row.mark(before)));
        if (ended(mark) && !endedBefore && upkeep().isNew(arrived)) {
          upkeep().news().exchangeEnded(exchange);
        }
      };
    }

    /** Revision, shifted by the bit that says whether the exchange has ended. */
    static long mark(Exchange exchange) {
      return (long) exchange.getRevision() << 1 | (exchange.getOutcome() == Outcome.OPEN ? 0 : 1);
    }

    private static boolean ended(long mark) {
      return (mark & 1) != 0;
    }

    /** The first byte that was seen of it. */
    static long start(Exchange exchange) {
      Long[] times = {
        exchange.getRequestStart(),
        exchange.getRequestEnd(),
        exchange.getResponseStart(),
        exchange.getResponseEnd()
      };
      for (Long time : times) {
        if (time != null) {
          return time;
        }
      }
      throw new IllegalArgumentException("exchange without a time");
    }
  }

  /** Interactions by start, of which the highest revision stays, with a note from exchange to interaction; mark: end. */
  static final class Interactions extends RowWriter {
    private final Deserializer<Interaction> values;

    Interactions(Topics topics, Upkeep upkeep) {
      super(Names.INTERACTIONS, true, upkeep);
      values = topics.interactions().value().deserializer();
    }

    @Override
    Runnable read(byte[] key, byte[] value, long arrived) {
      if (value == null) {
        return () -> table().removeIndexed(key);
      }
      Interaction interaction = values.deserialize(null, value);
      byte[] id = RowKey.utf8(interaction.getInteractionId());
      byte[] row = Row.value(arrived, interaction.getEnd(), value);
      return () -> {
        byte[] stored = table().find(id);
        Interaction before = stored == null ? null : values.deserialize(null, Row.record(stored));
        if (before != null && before.getRevision() > interaction.getRevision()) {
          return;
        }
        table().putIndexed(id, interaction.getStart(), row);
        noteSteps(before, interaction, id, arrived);
      };
    }

    private void noteSteps(Interaction before, Interaction now, byte[] id, long arrived) {
      Set<String> noted = new HashSet<>();
      if (before != null) {
        before.getSteps().forEach(step -> noted.add(step.getExchangeId()));
      }
      byte[] note = Row.value(arrived, 0, id);
      for (Step step : now.getSteps()) {
        if (noted.add(step.getExchangeId())) {
          table().putNote(RowKey.utf8(step.getExchangeId()), note);
        }
      }
    }
  }

  /** Traffic rows by window, with a note of each flow type ever seen. */
  static final class Traffic extends RowWriter {
    private final Deserializer<TrafficWindow> values;
    private final Notes notes = new Notes();
    private final Rolling rolling;

    Traffic(Topics topics, Upkeep upkeep) {
      super(Names.TRAFFIC, false, upkeep);
      values = topics.traffic().value().deserializer();
      rolling = new TrafficRolling(topics);
    }

    @Override
    Rolling rolling() {
      return rolling;
    }

    @Override
    Runnable read(byte[] key, byte[] value, long arrived) {
      TrafficKey at = TrafficKey.fromBytes(key);
      if (value == null) {
        long time = at.windowStart();
        return () -> change(time, () -> table().removePlain(key, time));
      }
      TrafficWindow window = values.deserialize(null, value);
      byte[] row = Row.value(arrived, 0, value);
      return () -> change(at.windowStart(), () -> {
        // Looked up only for those who are told: a replica that reads millions of rows anew would
        // wait for each.
        boolean told = upkeep().isNew(arrived);
        byte[] before = told ? table().plain(key, at.windowStart()) : null;
        table().putPlain(key, at.windowStart(), row);
        notes.note(table(), at.flowType(), arrived);
        if (told) {
          TrafficWindow replaced =
              before == null ? null : values.deserialize(null, Row.record(before));
          upkeep().news().traffic(replaced, window);
        }
      });
    }
  }

  /** Names that were ever seen, so that they need not be looked for among the rows. */
  private static final class Notes {
    private static final long AGAIN_MILLIS = 3_600_000;
    private static final int MOST = 10_000;

    private final Map<String, Long> noted = new HashMap<>();

    void note(RowTable table, String name, long arrived) {
      Long last = noted.get(name);
      if (last == null ? noted.size() < MOST : arrived - last >= AGAIN_MILLIS) {
        noted.put(name, arrived);
        table.putNote(RowKey.utf8(name), Row.value(arrived, 0, new byte[0]));
      }
    }
  }

  /** Capture health by window, with a note of each host ever seen. */
  static final class Health extends RowWriter {
    private final Deserializer<CaptureHealth> values;
    private final Notes notes = new Notes();
    private final Rolling rolling;

    Health(Topics topics, Upkeep upkeep) {
      super(Names.HEALTH, false, upkeep);
      values = topics.hosts().value().deserializer();
      rolling = new HealthRolling(topics);
    }

    @Override
    Rolling rolling() {
      return rolling;
    }

    @Override
    Runnable read(byte[] key, byte[] value, long arrived) {
      HealthKey at = HealthKey.fromBytes(key);
      if (value == null) {
        long time = at.windowStart();
        return () -> change(time, () -> table().removePlain(key, time));
      }
      CaptureHealth health = values.deserialize(null, value);
      byte[] row = Row.value(arrived, 0, value);
      return () -> change(at.windowStart(), () -> {
        boolean told = upkeep().isNew(arrived);
        byte[] before = told ? table().plain(key, at.windowStart()) : null;
        table().putPlain(key, at.windowStart(), row);
        notes.note(table(), at.host(), arrived);
        if (told) {
          CaptureHealth replaced =
              before == null ? null : values.deserialize(null, Row.record(before));
          upkeep().news().health(replaced, health, arrived);
        }
      });
    }
  }
}
