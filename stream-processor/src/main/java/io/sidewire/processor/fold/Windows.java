package io.sidewire.processor.fold;

/** The tumbling windows of packet time. */
public final class Windows {
  public static final int SECONDS = 10;
  static final long MICROS = SECONDS * 1_000_000L;

  private Windows() {}

  /** Start of the window that a packet time falls into. */
  public static long of(long timeMicros) {
    return Math.floorDiv(timeMicros, MICROS) * MICROS;
  }
}
