package io.sidewire.query.store;

import io.sidewire.query.sketch.Distribution;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.ExchangeCount;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.Sketch;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Finds the exchanges that two hosts have captured, and takes the server's view back from the sums over all hosts.
 *
 * <p>What is taken back is a traffic row of {@link #ALSO_SEEN} with the figures of that view, negative: every sum, bucket
 * and sketch counts the call once, while the sums of one host are left as they are.
 */
final class EndPairs {
  /** The host of rows that take back what was counted at a second host. */
  static final String ALSO_SEEN = "_also_seen";

  private static final long WINDOW = 10_000_000;
  private static final int WINDOW_SECONDS = 10;
  private static final String BACK = "back ";
  private static final String BETWEEN = "\n";

  private final Topics topics;
  private final KeyValueStore<Bytes, byte[]> store;
  private final RowTable exchanges;
  private final RowTable traffic;
  private final Upkeep upkeep;
  private final Serde<TrafficWindow> rows;

  EndPairs(
      Topics topics,
      KeyValueStore<Bytes, byte[]> exchanges,
      KeyValueStore<Bytes, byte[]> traffic,
      Upkeep upkeep) {
    this.topics = topics;
    this.store = exchanges;
    this.exchanges = new RowTable(exchanges);
    this.traffic = new RowTable(traffic);
    this.upkeep = upkeep;
    rows = topics.traffic().value();
  }

  /**
   * After an exchange was written.
   *
   * @return true where its other view has ended: the call is no news any more
   */
  boolean seen(Exchange exchange, long arrivedMillis, long nowMillis) {
    String name = Ends.nameOf(exchange);
    if (name == null) {
      return false;
    }
    Exchange other = other(name, exchange, arrivedMillis);
    if (other == null) {
      return false;
    }
    boolean both = ExchangeCount.counts(exchange) && ExchangeCount.counts(other);
    Exchange server = Ends.isServers(exchange, other) ? exchange : other;
    takeBack(name, both ? server : null, arrivedMillis, nowMillis);
    return other.getOutcome() != Outcome.OPEN;
  }

  /** Writes again what a kill took from the one store and left noted in the other. */
  void repair(long nowMillis) {
    Bytes first = RowKey.note(RowKey.utf8(BACK));
    Bytes last = RowKey.note(RowKey.utf8(BACK + '\uffff'));
    List<String> lost = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> notes = store.range(first, last)) {
      notes.forEachRemaining(note -> {
        byte[] key = Row.record(note.value);
        if (key.length > 0 && traffic.plain(key, TrafficKey.fromBytes(key).windowStart()) == null) {
          lost.add(RowKey.text(RowKey.name(note.key.get())).substring(BACK.length()));
        }
      });
    }
    for (String name : lost) {
      byte[] note = exchanges.note(RowKey.utf8(name));
      for (String id : ids(note)) {
        Exchange one = read(id);
        if (one != null) {
          seen(one, Row.arrivedMillis(note), nowMillis);
        }
      }
    }
  }

  /** The ids of an exchange's views, as they are noted under its name; empty: none. */
  static String[] ids(byte[] note) {
    return note == null ? new String[0] : RowKey.text(Row.record(note)).split(BETWEEN);
  }

  private Exchange other(String name, Exchange exchange, long arrived) {
    String id = exchange.getExchangeId();
    String[] ids = ids(exchanges.note(RowKey.utf8(name)));
    if (ids.length == 0 || (ids.length == 1 && ids[0].equals(id))) {
      if (ids.length == 0) {
        note(name, id, arrived);
      }
      return null;
    }
    String otherId = ids[0].equals(id) ? ids[1] : ids[0];
    Exchange other = read(otherId);
    if (other == null || !Ends.areViewsOfOne(exchange, other)) {
      if (ids.length == 1) {
        note(name, id, arrived);
      }
      return null;
    }
    if (ids.length == 1) {
      note(name, otherId + BETWEEN + id, arrived);
    } else if (!id.equals(ids[0]) && !id.equals(ids[1])) {
      return null; // a third host on the way: its view is not taken back
    }
    return other;
  }

  private Exchange read(String id) {
    byte[] row = exchanges.find(RowKey.utf8(id));
    return row == null
        ? null
        : topics.exchanges().value().deserializer().deserialize(null, Row.record(row));
  }

  private void note(String name, String text, long arrived) {
    exchanges.putNote(RowKey.utf8(name), Row.value(arrived, 0, RowKey.utf8(text)));
  }

  /** @param server null: both count, or none does */
  private void takeBack(String name, Exchange server, long arrived, long now) {
    TrafficWindow row = server == null ? null : negative(server);
    TrafficKey key = row == null ? null : TrafficKey.of(row);
    byte[] place = RowKey.utf8(BACK + name);
    byte[] before = exchanges.note(place);
    if (before != null && Row.record(before).length > 0) {
      TrafficKey old = TrafficKey.fromBytes(Row.record(before));
      if (!old.equals(key)) {
        change(old, null, now);
      }
    }
    if (key == null) {
      if (before != null) {
        exchanges.putNote(place, Row.value(arrived, 0, new byte[0]));
      }
      return;
    }
    exchanges.putNote(place, Row.value(arrived, 0, key.toBytes()));
    change(key, Row.value(arrived, 0, rows.serializer().serialize(null, row)), now);
  }

  private void change(TrafficKey key, byte[] row, long now) {
    long time = key.windowStart();
    upkeep.caretaker().touch(Names.TRAFFIC, time, now);
    if (row == null) {
      traffic.removePlain(key.toBytes(), time);
    } else {
      traffic.putPlain(key.toBytes(), time, row);
    }
    upkeep.sums().touched(Names.TRAFFIC, time);
  }

  /** The row under which the processor counted an exchange, with everything negative. */
  private static TrafficWindow negative(Exchange exchange) {
    var row = new TrafficWindow();
    row.setWindowStart(Math.floorDiv(ExchangeCount.endOf(exchange), WINDOW) * WINDOW);
    row.setWindowSeconds(WINDOW_SECONDS);
    row.setHost(ALSO_SEEN);
    row.setEpoch(exchange.getExchangeId());
    row.setFlowType(exchange.getFlowType());
    row.setServerName(ExchangeCount.serverOf(exchange));
    row.setOperation(ExchangeCount.operationOf(exchange));
    row.setVolumeRow(false);
    row.setExchanges(-1);
    row.setInputTokens(-orZero(exchange.getInputTokens()));
    row.setOutputTokens(-orZero(exchange.getOutputTokens()));
    row.setRequestBytes(-orZero(exchange.getRequestBytes()));
    row.setResponseBytes(-orZero(exchange.getResponseBytes()));
    String errorClass = ExchangeCount.errorClass(exchange);
    row.setErrors(errorClass == null ? new HashMap<>() : new HashMap<>(Map.of(errorClass, -1L)));
    if (exchange.getOutcome() == Outcome.ANSWERED && exchange.getRequestStart() != null) {
      if (!ExchangeCount.isStream(exchange)) {
        row.setTtfb(less(exchange.getTtfbMicros()));
        row.setFirstChunk(less(exchange.getFirstChunkMicros()));
        row.setTotal(less(exchange.getTotalMicros()));
      }
      row.setRequestSize(less(exchange.getRequestBytes()));
      row.setResponseSize(less(exchange.getResponseBytes()));
    }
    return row;
  }

  private static Sketch less(Long value) {
    return value == null ? null : Distribution.takenBack(value);
  }

  private static long orZero(Long value) {
    return value == null ? 0 : value;
  }
}
