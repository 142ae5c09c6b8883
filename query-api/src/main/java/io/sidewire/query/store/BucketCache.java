package io.sidewire.query.store;

import io.sidewire.query.store.RollUp.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

/**
 * Sums of buckets that were asked for lately, decoded and added up, each until a row of its bucket is written.
 *
 * @param <T> a sum
 */
final class BucketCache<T> {
  /*
   * A reader notes the version of a bucket, reads the rows, and keeps their sum only if the version is still the same. The
   * writer changes the version after it wrote: a reader that saw the row of before has then noted the version of before, or
   * what it kept is removed. Versions are shared by buckets of the same hash, at the price of a sum that is not kept.
   */
  private static final int VERSIONS = 4_096;

  private record Key(Level level, long bucket) {
    int version() {
      long mixed = (bucket / level.micros) * 31 + level.ordinal();
      return (int) Math.floorMod(mixed, (long) VERSIONS);
    }
  }

  private final int mostSums;
  private final AtomicLongArray versions = new AtomicLongArray(VERSIONS);
  private final LinkedHashMap<Key, List<T>> kept = new LinkedHashMap<>(64, 0.75f, true);
  private int sums;

  /** @param mostSums kept in all; the buckets that were asked for longest ago go first */
  BucketCache(int mostSums) {
    this.mostSums = mostSums;
  }

  /** The sums of a bucket; null where they are not kept. */
  synchronized List<T> get(Level level, long bucket) {
    return kept.get(new Key(level, bucket));
  }

  /** The sums of a bucket, read where they are not kept. */
  List<T> get(Level level, long bucket, Supplier<List<T>> read) {
    List<T> known = get(level, bucket);
    if (known != null) {
      return known;
    }
    Key key = new Key(level, bucket);
    long version = versions.get(key.version());
    List<T> found = read.get();
    synchronized (this) {
      if (version == versions.get(key.version())) {
        keep(key, found);
      }
    }
    return found;
  }

  private void keep(Key key, List<T> found) {
    remove(key);
    kept.put(key, found);
    sums += weight(found);
    var oldest = kept.entrySet().iterator();
    while (sums > mostSums && oldest.hasNext()) {
      Map.Entry<Key, List<T>> entry = oldest.next();
      sums -= weight(entry.getValue());
      oldest.remove();
    }
  }

  /** After a row of that time was written or removed. */
  synchronized void touched(long time) {
    for (Level level : Level.values()) {
      Key key = new Key(level, level.bucket(time));
      versions.incrementAndGet(key.version());
      remove(key);
    }
  }

  /** After rows of any time were removed. */
  synchronized void clear() {
    for (int i = 0; i < VERSIONS; i++) {
      versions.incrementAndGet(i);
    }
    kept.clear();
    sums = 0;
  }

  synchronized int sums() {
    return sums;
  }

  private void remove(Key key) {
    List<T> before = kept.remove(key);
    if (before != null) {
      sums -= weight(before);
    }
  }

  /** An empty bucket takes place too. */
  private static int weight(List<?> sums) {
    return sums.size() + 1;
  }
}
