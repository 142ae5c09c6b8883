package io.sidewire.wire.http2;

/** Counts events by seconds of packet time against a cap. */
final class RateCap {
  private static final long SECOND_MICROS = 1_000_000;

  private final int most;
  private long second = Long.MIN_VALUE;
  private int count;

  RateCap(int most) {
    this.most = most;
  }

  /** Counts an event; true for the first one past the cap in its second. */
  boolean passes(long time) {
    turn(time);
    return ++count == most + 1;
  }

  /** More were counted in this second than allowed. */
  boolean passed(long time) {
    turn(time);
    return count > most;
  }

  private void turn(long time) {
    long now = Math.floorDiv(time, SECOND_MICROS);
    if (now != second) {
      second = now;
      count = 0;
    }
  }
}
