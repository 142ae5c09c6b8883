package io.sidewire.query;

/** A span of packet time in epoch microseconds: {@code from} is included, {@code to} is not. */
public record Span(long from, long to) {
  static final long WINDOW = 10 * Times.SECOND;

  /** The same, grown to whole windows. */
  Span wholeWindows() {
    return new Span(Math.floorDiv(from, WINDOW) * WINDOW, -Math.floorDiv(-to, WINDOW) * WINDOW);
  }

  double seconds() {
    return (to - from) / (double) Times.SECOND;
  }
}
