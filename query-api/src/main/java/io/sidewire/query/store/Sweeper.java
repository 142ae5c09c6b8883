package io.sidewire.query.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Removes rows that are older than their retention, and the oldest of all where the stores hold more bytes than they
 * may. Age is the time since a row last arrived.
 */
final class Sweeper {
  /*
   * A pass walks all stores key by key, a few hundred keys at a time, so that it does not stall the thread that writes.
   * Meanwhile it adds up bytes by hour of arrival; if their sum is over the cap, the next pass begins at once and removes
   * the oldest hours.
   */
  private static final long HOUR_MILLIS = 3_600_000;
  private static final long PAUSE_MILLIS = 600_000;

  private record Watched(KeyValueStore<Bytes, byte[]> store, boolean indexed, Runnable swept) {}

  private final Map<String, Long> retentionMillis;
  private final long maxBytes;
  private final int budget;
  private final Map<String, Watched> stores = new LinkedHashMap<>();
  private final TreeMap<Long, Long> bytesByHour = new TreeMap<>();

  private List<String> left = List.of();
  private Bytes resume;
  private long nextPass;
  private long keepFrom = Long.MIN_VALUE;
  private volatile long bytes;

  /**
   * @param retentionMillis of each store
   * @param maxBytes of keys and values in all stores
   * @param budget keys looked at in one go
   */
  Sweeper(Map<String, Long> retentionMillis, long maxBytes, int budget) {
    this.retentionMillis = Map.copyOf(retentionMillis);
    this.maxBytes = maxBytes;
    this.budget = budget;
  }

  /** @param swept run after rows were removed */
  void watch(String name, KeyValueStore<Bytes, byte[]> store, boolean indexed, Runnable swept) {
    stores.put(name, new Watched(store, indexed, swept));
  }

  /** Bytes of keys and values at the end of the last pass. */
  long bytes() {
    return bytes;
  }

  void advance(long nowMillis) {
    if (left.isEmpty()) {
      if (nowMillis < nextPass) {
        return;
      }
      left = new ArrayList<>(stores.keySet());
      bytesByHour.clear();
    }
    String name = left.get(0);
    if (step(stores.get(name), nowMillis - retentionMillis.get(name))) {
      resume = null;
      left.remove(0);
      if (left.isEmpty()) {
        endPass(nowMillis);
      }
    }
  }

  /** Looks at a few keys; true at the end of the store. */
  private boolean step(Watched watched, long oldest) {
    List<KeyValue<Bytes, byte[]>> doomed = new ArrayList<>();
    boolean end = true;
    try (KeyValueIterator<Bytes, byte[]> rows = watched.store().range(resume, null)) {
      for (int seen = 0; rows.hasNext(); seen++) {
        KeyValue<Bytes, byte[]> row = rows.next();
        if (seen == budget) {
          resume = row.key;
          end = false;
          break;
        }
        look(watched, row, Math.max(oldest, keepFrom), doomed);
      }
    }
    if (!doomed.isEmpty()) {
      watched.store().putAll(doomed);
      watched.swept().run();
    }
    return end;
  }

  private void look(
      Watched watched,
      KeyValue<Bytes, byte[]> row,
      long oldest,
      List<KeyValue<Bytes, byte[]>> doomed) {
    byte[] key = row.key.get();
    if (key[0] == RowKey.INDEX) {
      return; // goes with its row
    }
    long arrived = ByteBuffer.wrap(row.value).getLong();
    if (arrived < oldest) {
      doomed.add(KeyValue.pair(row.key, null));
      if (key[0] == RowKey.ROW && watched.indexed()) {
        doomed.add(KeyValue.pair(RowKey.index(RowKey.id(key)), null));
      }
      return;
    }
    int indexBytes = watched.indexed() ? 2 * key.length : 0;
    bytesByHour.merge(
        arrived / HOUR_MILLIS, (long) key.length + row.value.length + indexBytes, Long::sum);
  }

  private void endPass(long nowMillis) {
    long sum = 0;
    keepFrom = Long.MIN_VALUE;
    for (var hour : bytesByHour.descendingMap().entrySet()) {
      sum += hour.getValue();
      if (sum > maxBytes) {
        // The newest hour always stays: an empty answer would hide that the cap is too small.
        keepFrom = Math.min(hour.getKey() + 1, bytesByHour.lastKey()) * HOUR_MILLIS;
        break;
      }
    }
    bytes = bytesByHour.values().stream().mapToLong(Long::longValue).sum();
    boolean again = keepFrom > Long.MIN_VALUE && bytesByHour.firstKey() * HOUR_MILLIS < keepFrom;
    nextPass = again ? nowMillis : nowMillis + PAUSE_MILLIS;
  }
}
