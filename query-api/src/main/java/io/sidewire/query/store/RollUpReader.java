package io.sidewire.query.store;

import io.sidewire.query.store.RollUp.Detail;
import io.sidewire.query.store.RollUp.Level;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Reads a span by its longest buckets that are rolled up, and rows where there are none. */
final class RollUpReader {
  private static final Level[] LONGEST_FIRST = {Level.HOUR, Level.FIVE_MINUTES};

  private final ReadOnlyKeyValueStore<Bytes, byte[]> store;
  private final Detail detail;
  private final long step;

  /** @param step no bucket may cross a multiple of it, in microseconds; 0: any may */
  RollUpReader(ReadOnlyKeyValueStore<Bytes, byte[]> store, Detail detail, long step) {
    this.store = store;
    this.detail = detail;
    this.step = step;
  }

  /** Every row of the span, or the sums that stand for them, oldest first. */
  void each(long from, long to, Consumer<Row> use) {
    long time = from;
    while (time < to) {
      Level level = longest(time, to);
      if (level != null) {
        rolled(level, time, use);
        time += level.micros;
        continue;
      }
      long end = Math.min(to, Level.FIVE_MINUTES.bucket(time) + Level.FIVE_MINUTES.micros);
      boolean any = rows(time, end, use);
      time = any ? end : next(end, to);
    }
  }

  private Level longest(long time, long to) {
    for (Level level : LONGEST_FIRST) {
      boolean fits = level.bucket(time) == time && time <= to - level.micros;
      if (fits && (step == 0 || step % level.micros == 0) && isDone(level, time)) {
        return level;
      }
    }
    return null;
  }

  private boolean isDone(Level level, long time) {
    return store.get(RowKey.done(level.ordinal(), detail.ordinal(), time)) != null;
  }

  private void rolled(Level level, long time, Consumer<Row> use) {
    Bytes first = RowKey.rolled(level.ordinal(), detail.ordinal(), time, new byte[0]);
    Bytes last = RowKey.rolled(level.ordinal(), detail.ordinal(), time + level.micros, new byte[0]);
    try (KeyValueIterator<Bytes, byte[]> rows = store.range(first, last)) {
      while (rows.hasNext()) {
        KeyValue<Bytes, byte[]> row = rows.next();
        byte[] key = row.key.get();
        if (RowKey.rolledTime(key) == time) { // a store's range includes its end
          use.accept(new Row(RowKey.row(time, RowKey.rolledId(key)).get(), row.value));
        }
      }
    }
  }

  private boolean rows(long from, long to, Consumer<Row> use) {
    boolean any = false;
    try (KeyValueIterator<Bytes, byte[]> rows =
        store.range(RowKey.before(from), RowKey.before(to))) {
      while (rows.hasNext()) {
        KeyValue<Bytes, byte[]> row = rows.next();
        use.accept(new Row(row.key.get(), row.value));
        any = true;
      }
    }
    return any;
  }

  /** Where there is something again: a row, or a bucket that is rolled up. */
  private long next(long from, long to) {
    Long row = RollUps.firstRow(store, from, to);
    long next = row == null ? to : Level.FIVE_MINUTES.bucket(row);
    Bytes first = RowKey.done(Level.FIVE_MINUTES.ordinal(), detail.ordinal(), from);
    Bytes last = RowKey.done(Level.FIVE_MINUTES.ordinal(), detail.ordinal(), to);
    try (KeyValueIterator<Bytes, byte[]> marks = store.range(first, last)) {
      if (marks.hasNext()) {
        next = Math.min(next, RowKey.rolledTime(marks.next().key.get()));
      }
    }
    return Math.max(from, next);
  }
}
