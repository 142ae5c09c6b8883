package io.sidewire.query.store;

/** What is added up beforehand: so long buckets, in so much detail. */
public final class RollUp {
  private static final long SECOND = 1_000_000;

  private RollUp() {}

  /** Length of a bucket, aligned to the epoch. Stored keys hold its ordinal. */
  enum Level {
    FIVE_MINUTES(300),
    HOUR(3_600),
    /** The rows' own; not kept in the store. */
    WINDOW(10);

    final int seconds;
    final long micros;

    Level(int seconds) {
      this.seconds = seconds;
      this.micros = seconds * SECOND;
    }

    long bucket(long time) {
      return Math.floorDiv(time, micros) * micros;
    }
  }

  /** What rows of a bucket are still told apart by; windows, epochs and shards never are. */
  public enum Detail {
    /** Flow type. */
    TYPE,
    /** Host and flow type. */
    HOST,
    /** Host, flow type, server and operation. */
    ALL
  }
}
