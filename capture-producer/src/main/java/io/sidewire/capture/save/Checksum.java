package io.sidewire.capture.save;

/** Internet checksums (RFC 1071) that follow a change of what they cover, as RFC 1624 has it. */
final class Checksum {
  private Checksum() {}

  /** Sum of the 16-bit words of a range, as words count from {@code origin}. */
  static int sum(byte[] bytes, int from, int to, int origin) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += (i - origin & 1) == 0 ? (bytes[i] & 0xff) << 8 : bytes[i] & 0xff;
    }
    return fold(sum);
  }

  /**
   * Updates the checksum at {@code at} for words whose sum was {@code before} and is {@code after}: a right one stays
   * right, a wrong one (offloaded to the card) stays as wrong.
   */
  static void update(byte[] bytes, int at, int before, int after) {
    int old = (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    int updated = ~fold((long) (~old & 0xffff) + (~before & 0xffff) + after) & 0xffff;
    bytes[at] = (byte) (updated >> 8);
    bytes[at + 1] = (byte) updated;
  }

  private static int fold(long sum) {
    long folded = sum;
    while (folded >> 16 != 0) {
      folded = (folded & 0xffff) + (folded >> 16);
    }
    return (int) folded;
  }
}
