package io.sidewire.capture;

import java.util.concurrent.TimeUnit;

/**
 * When a live capture ticks: each second, and half a second after the last tick where results wait for one. Times are those
 * of {@link System#nanoTime}.
 */
final class TickSchedule {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long EARLIEST_NANOS = INTERVAL_NANOS / 2;

  private long next;

  TickSchedule(long now) {
    next = now + INTERVAL_NANOS;
  }

  /** When the next tick is due; {@code awaited}: something waits for it. */
  long due(boolean awaited) {
    return awaited ? next - EARLIEST_NANOS : next;
  }

  /** True where a tick is due: it is taken for given, and the next one follows. */
  boolean take(long now, boolean awaited) {
    if (now - due(awaited) < 0) {
      return false;
    }
    // One in time keeps the rhythm; of late ones none is made up, and an early one begins anew.
    boolean inTime = now - next >= 0 && now - next < INTERVAL_NANOS;
    next = (inTime ? next : now) + INTERVAL_NANOS;
    return true;
  }
}
