package io.sidewire.query.store;

import io.sidewire.query.store.RollUp.Detail;
import io.sidewire.query.store.RollUp.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Adds the rows of a store up beforehand, by five minutes and by hour, so that a query over a long span reads few.
 *
 * <p>What is rolled up is always what the rows say: a row that is written takes the mark off its buckets first, and a
 * bucket without its mark is read from its rows. So a roll-up can be late, but never wrong.
 */
final class RollUps {
  /*
   * A bucket is worked on once nothing was written to it for a while, a few hundred rows at a time, in turns with the thread
   * that writes: nothing is written meanwhile unseen. A write to the bucket in hand throws the work away. Hours are made of
   * their five minutes, once none of these waits. What waited when the replica was closed is found again by jumping from
   * bucket to bucket.
   */
  private static final long QUIET_MILLIS = 15_000;
  private static final long PAUSE_MILLIS = 500;
  /** More sums than this of one bucket are not kept on the heap: that detail is read from the rows. */
  static final int MOST_SUMS = 10_000;

  private final KeyValueStore<Bytes, byte[]> store;
  private final Rolling rolling;
  private final int budget;
  /** Buckets of five minutes without their mark, and when they were last written to. */
  private final TreeMap<Long, Long> waiting = new TreeMap<>();
  /** The same of hours: all that was rolled up of them may be out of date. */
  private final TreeMap<Long, Long> waitingHours = new TreeMap<>();

  private Build build;
  private long nextLook = Long.MIN_VALUE;

  /** @param budget rows looked at in one go */
  RollUps(KeyValueStore<Bytes, byte[]> store, Rolling rolling, int budget) {
    this.store = store;
    this.rolling = rolling;
    this.budget = budget;
  }

  /** Before a row of that time is written or removed. */
  void touch(long time, long nowMillis) {
    unmark(Level.FIVE_MINUTES, waiting, time, nowMillis);
    unmark(Level.HOUR, waitingHours, time, nowMillis);
  }

  private void unmark(Level level, TreeMap<Long, Long> among, long time, long nowMillis) {
    long bucket = level.bucket(time);
    if (among.put(bucket, nowMillis) == null) {
      for (Detail detail : rolling.details()) {
        store.delete(RowKey.done(level.ordinal(), detail.ordinal(), bucket));
      }
    }
    if (build != null && build.level == level && build.bucket == bucket) {
      build = null;
    }
  }

  /** Goes on with the work; false where there is none for now. */
  boolean advance(long nowMillis) {
    if (nextLook == Long.MIN_VALUE) {
      search();
    }
    if (build == null && nowMillis >= nextLook) {
      build = next(nowMillis);
      nextLook = build == null ? nowMillis + PAUSE_MILLIS : nowMillis;
    }
    if (build == null) {
      return false;
    }
    if (build.step()) {
      build.finish(nowMillis);
      (build.level == Level.HOUR ? waitingHours : waiting).remove(build.bucket);
      build = null;
    }
    return true;
  }

  /** What waits is taken for quiet: nothing more is expected soon. */
  void settle() {
    waiting.replaceAll((bucket, touched) -> Long.MIN_VALUE / 2);
    waitingHours.replaceAll((bucket, touched) -> Long.MIN_VALUE / 2);
    nextLook = nextLook == Long.MIN_VALUE ? nextLook : 0;
  }

  /** Buckets that are not rolled up. */
  int waiting() {
    return waiting.size() + waitingHours.size();
  }

  private Build next(long nowMillis) {
    for (var bucket : waiting.entrySet()) {
      if (nowMillis - bucket.getValue() >= QUIET_MILLIS) {
        return new Build(Level.FIVE_MINUTES, bucket.getKey());
      }
    }
    for (var hour : waitingHours.entrySet()) {
      long end = hour.getKey() + Level.HOUR.micros;
      boolean whole = waiting.subMap(hour.getKey(), end).isEmpty();
      if (whole && nowMillis - hour.getValue() >= QUIET_MILLIS) {
        return new Build(Level.HOUR, hour.getKey());
      }
    }
    return null;
  }

  /** Finds buckets that have rows and no mark: those that waited when the replica was closed. */
  private void search() {
    long from = Long.MIN_VALUE;
    while (true) {
      Long time = firstRow(store, from, Long.MAX_VALUE);
      if (time == null) {
        return;
      }
      long bucket = Level.FIVE_MINUTES.bucket(time);
      long hour = Level.HOUR.bucket(time);
      if (!isDone(Level.FIVE_MINUTES, bucket)) {
        waiting.putIfAbsent(bucket, 0L);
      }
      if (!isDone(Level.HOUR, hour)) {
        waitingHours.putIfAbsent(hour, 0L);
      }
      from = bucket + Level.FIVE_MINUTES.micros;
    }
  }

  private boolean isDone(Level level, long bucket) {
    Detail first = rolling.details().get(0);
    return store.get(RowKey.done(level.ordinal(), first.ordinal(), bucket)) != null;
  }

  /** Time of the first row from {@code from} on and before {@code to}; null: there is none. */
  static Long firstRow(
      org.apache.kafka.streams.state.ReadOnlyKeyValueStore<Bytes, byte[]> store,
      long from,
      long to) {
    try (KeyValueIterator<Bytes, byte[]> rows =
        store.range(RowKey.before(from), RowKey.before(to))) {
      return rows.hasNext() ? RowKey.time(rows.next().key.get()) : null;
    }
  }

  /** The sums of one bucket while they are made. */
  private final class Build {
    private final Level level;
    private final long bucket;
    private final List<Map<Bytes, Rolling.Sum>> sums = new ArrayList<>();
    private Bytes next;

    Build(Level level, long bucket) {
      this.level = level;
      this.bucket = bucket;
      rolling.details().forEach(detail -> sums.add(new HashMap<>()));
      next = level == Level.HOUR ? rolled(0, bucket) : RowKey.before(bucket);
    }

    /** The detail that is read: hours go detail by detail through the five minutes, those through the rows. */
    private int reading;

    private Bytes rolled(int detail, long time) {
      return RowKey.rolled(
          Level.FIVE_MINUTES.ordinal(), rolling.details().get(detail).ordinal(), time, new byte[0]);
    }

    /** True at the end. */
    boolean step() {
      long end = bucket + level.micros;
      Bytes last = level == Level.HOUR ? rolled(reading, end) : RowKey.before(end);
      try (KeyValueIterator<Bytes, byte[]> rows = store.range(next, last)) {
        for (int seen = 0; rows.hasNext(); seen++) {
          KeyValue<Bytes, byte[]> row = rows.next();
          if (seen == budget) {
            next = row.key;
            return false;
          }
          if (!row.key.equals(last)) { // a store's range includes its end
            add(row.key.get(), Row.record(row.value));
          }
        }
      }
      if (level == Level.HOUR && ++reading < sums.size()) {
        next = rolled(reading, bucket);
        return false;
      }
      return true;
    }

    private void add(byte[] key, byte[] record) {
      if (level == Level.HOUR) {
        add(reading, RowKey.rolledId(key), record);
        return;
      }
      for (int detail = 0; detail < sums.size(); detail++) {
        add(detail, RowKey.id(key), record);
      }
    }

    private void add(int detail, byte[] rowId, byte[] record) {
      Map<Bytes, Rolling.Sum> known = sums.get(detail);
      if (known.size() <= MOST_SUMS) {
        byte[] id = rolling.id(rolling.details().get(detail), level, bucket, rowId);
        known.computeIfAbsent(Bytes.wrap(id), any -> rolling.sum(id)).add(record);
      }
    }

    /** Puts sums and marks in the place of what was there, all at once. */
    void finish(long nowMillis) {
      var batch = new ArrayList<KeyValue<Bytes, byte[]>>();
      for (int i = 0; i < sums.size(); i++) {
        int detail = rolling.details().get(i).ordinal();
        Map<Bytes, Rolling.Sum> known = sums.get(i);
        boolean kept = known.size() <= MOST_SUMS && isWhole(detail);
        Bytes first = RowKey.rolled(level.ordinal(), detail, bucket, new byte[0]);
        Bytes last = RowKey.rolled(level.ordinal(), detail, bucket + level.micros, new byte[0]);
        try (KeyValueIterator<Bytes, byte[]> old = store.range(first, last)) {
          old.forEachRemaining(row -> {
            if (RowKey.rolledTime(row.key.get()) == bucket) {
              batch.add(KeyValue.pair(row.key, null));
            }
          });
        }
        if (kept) {
          known.forEach((id, sum) -> batch.add(KeyValue.pair(
              RowKey.rolled(level.ordinal(), detail, bucket, id.get()),
              Row.value(nowMillis, 0, sum.record()))));
          batch.add(KeyValue.pair(
              RowKey.done(level.ordinal(), detail, bucket), Row.value(nowMillis, 0, new byte[0])));
        }
      }
      store.putAll(batch);
    }

    /** An hour of which five minutes were too many to keep is not kept either. */
    private boolean isWhole(int detail) {
      if (level != Level.HOUR) {
        return true;
      }
      long step = Level.FIVE_MINUTES.micros;
      for (long time = bucket; time < bucket + level.micros; time += step) {
        boolean done = store.get(RowKey.done(Level.FIVE_MINUTES.ordinal(), detail, time)) != null;
        if (!done && firstRow(store, time, time + step) != null) {
          return false;
        }
      }
      return true;
    }
  }
}
