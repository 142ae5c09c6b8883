package io.sidewire.query.store;

import io.sidewire.query.store.RollUp.Detail;
import io.sidewire.query.store.RollUp.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Reads a span by its longest buckets that are rolled up, and rows where there are none. */
final class RollUpReader {
  private static final Level[] LONGEST_FIRST = {Level.HOUR, Level.FIVE_MINUTES};
  private static final int ROWS_BETWEEN_LOOKS = 64;
  private static final byte[] ANY = {};

  private final ReadOnlyKeyValueStore<Bytes, byte[]> store;
  private final Detail detail;
  private final long step;
  private int seen;

  /** How the rows of a bucket, or the sums that stand for them, become the sums that are kept of it. */
  interface Fold<T> {
    List<T> of(Level level, long bucket, List<Row> rows);
  }

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
      Level level = longest(time, to, null);
      if (level != null) {
        rolled(level, time, ANY, use);
        time += level.micros;
        continue;
      }
      long end = Math.min(to, Level.FIVE_MINUTES.bucket(time) + Level.FIVE_MINUTES.micros);
      boolean any = rows(time, end, use);
      time = any ? end : next(end, to);
    }
  }

  /** The same of those whose id begins so; within a window they lie together, so each window is one step. */
  void each(long from, long to, byte[] prefix, Consumer<Row> use) {
    long time = from;
    while (time < to) {
      Level level = longest(time, to, null);
      if (level != null) {
        rolled(level, time, prefix, use);
        time += level.micros;
        continue;
      }
      long end = Math.min(to, Level.FIVE_MINUTES.bucket(time) + Level.FIVE_MINUTES.micros);
      Long first = RollUps.firstRow(store, time, end);
      for (long window = first == null ? end : Level.WINDOW.bucket(first);
          window < end;
          window += Level.WINDOW.micros) {
        range(RowKey.row(window, prefix), RowKey.row(window, after(prefix)), use);
      }
      time = first == null ? next(end, to) : end;
    }
  }

  /** The sums of the span by bucket, from what is kept of them. Span and rows are of whole windows. */
  <T> void each(long from, long to, BucketCache<T> cache, Fold<T> fold, Consumer<T> use) {
    long time = from;
    while (time < to) {
      Level level = longest(time, to, cache);
      if (level != null) {
        sums(level, time, cache, fold, use);
        time += level.micros;
        continue;
      }
      long end = Math.min(to, Level.FIVE_MINUTES.bucket(time) + Level.FIVE_MINUTES.micros);
      Long first = cache.get(Level.WINDOW, time) != null
          ? Long.valueOf(time)
          : RollUps.firstRow(store, time, end);
      for (long window = first == null ? end : Level.WINDOW.bucket(first);
          window < end;
          window += Level.WINDOW.micros) {
        sums(Level.WINDOW, window, cache, fold, use);
      }
      time = first == null ? next(end, to) : end;
    }
  }

  private <T> void sums(
      Level level, long time, BucketCache<T> cache, Fold<T> fold, Consumer<T> use) {
    Patience.check();
    List<T> sums = cache.get(level, time, () -> {
      var rows = new ArrayList<Row>();
      if (level == Level.WINDOW) {
        rows(time, time + level.micros, rows::add);
      } else {
        rolled(level, time, ANY, rows::add);
      }
      return fold.of(level, time, rows);
    });
    sums.forEach(use);
  }

  /** The longest bucket from here that may be read as a whole; what is kept of it is known to be. */
  private Level longest(long time, long to, BucketCache<?> cache) {
    for (Level level : LONGEST_FIRST) {
      boolean fits = level.bucket(time) == time && time <= to - level.micros;
      if (fits && (step == 0 || step % level.micros == 0)) {
        if ((cache != null && cache.get(level, time) != null) || isDone(level, time)) {
          return level;
        }
      }
    }
    return null;
  }

  private boolean isDone(Level level, long time) {
    return store.get(RowKey.done(level.ordinal(), detail.ordinal(), time)) != null;
  }

  private void rolled(Level level, long time, byte[] prefix, Consumer<Row> use) {
    Bytes first = RowKey.rolled(level.ordinal(), detail.ordinal(), time, prefix);
    Bytes last = prefix.length == 0
        ? RowKey.rolled(level.ordinal(), detail.ordinal(), time + level.micros, prefix)
        : RowKey.rolled(level.ordinal(), detail.ordinal(), time, after(prefix));
    try (KeyValueIterator<Bytes, byte[]> rows = store.range(first, last)) {
      while (rows.hasNext()) {
        KeyValue<Bytes, byte[]> row = rows.next();
        byte[] key = row.key.get();
        if (!row.key.equals(last) && RowKey.rolledTime(key) == time) { // a range includes its end
          look();
          use.accept(new Row(RowKey.row(time, RowKey.rolledId(key)).get(), row.value));
        }
      }
    }
  }

  private boolean rows(long from, long to, Consumer<Row> use) {
    return range(RowKey.before(from), RowKey.before(to), use);
  }

  private boolean range(Bytes first, Bytes last, Consumer<Row> use) {
    boolean any = false;
    try (KeyValueIterator<Bytes, byte[]> rows = store.range(first, last)) {
      while (rows.hasNext()) {
        KeyValue<Bytes, byte[]> row = rows.next();
        look();
        use.accept(new Row(row.key.get(), row.value));
        any = true;
      }
    }
    return any;
  }

  /** After every id that begins so: a prefix ends with the 0 byte that ends a name. */
  private static byte[] after(byte[] prefix) {
    byte[] after = prefix.clone();
    after[after.length - 1]++;
    return after;
  }

  private void look() {
    if (++seen % ROWS_BETWEEN_LOOKS == 0) {
      Patience.check();
    }
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
