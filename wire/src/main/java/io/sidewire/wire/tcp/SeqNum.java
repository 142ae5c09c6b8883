package io.sidewire.wire.tcp;

/** TCP sequence numbers: the only arithmetic modulo 2^32. */
public final class SeqNum {
  private SeqNum() {}

  /** Bytes from {@code a} forward to {@code b}; negative when {@code b} lies behind. */
  public static int distance(int a, int b) {
    return b - a; // two's-complement overflow is exactly subtraction modulo 2^32
  }

  /** The number {@code bytes} after {@code a}. */
  public static int plus(int a, int bytes) {
    return a + bytes;
  }

  /** True where {@code a} comes before {@code b}. */
  public static boolean before(int a, int b) {
    return b - a > 0;
  }

  /** The later of the two. */
  public static int later(int a, int b) {
    return b - a > 0 ? b : a;
  }

  /** The earlier of the two. */
  public static int earlier(int a, int b) {
    return b - a > 0 ? a : b;
  }

  /** As it is written on the wire: unsigned 32 bits. */
  public static long unsigned(int a) {
    return a & 0xffffffffL;
  }
}
