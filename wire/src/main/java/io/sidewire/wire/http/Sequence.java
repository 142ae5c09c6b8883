package io.sidewire.wire.http;

/** Comparisons of TCP sequence numbers, which are -1 where they are not known. */
final class Sequence {
  static final long UNKNOWN = -1;

  private Sequence() {}

  /** {@code a} lies behind {@code b}; false where one is not known. */
  static boolean after(long a, long b) {
    return a >= 0 && b >= 0 && (int) (a - b) > 0;
  }

  static long plus(long a, long count) {
    return a < 0 ? UNKNOWN : a + count & 0xffffffffL;
  }

  /** The later of two; the known one where one is not. */
  static long later(long a, long b) {
    return a < 0 || after(b, a) ? b : a;
  }
}
