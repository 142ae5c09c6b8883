package io.sidewire.capture.save;

/** Follows TLS records, which stay as they are: they are encrypted, or what everyone may read of a handshake. */
final class TlsMask {
  private static final int HEADER = 5;
  private static final int FIRST_TYPE = 20;
  private static final int LAST_TYPE = 24;
  private static final int LONGEST = (16 << 10) + 2048;

  private final MaskedBytes out;
  private final byte[] header = new byte[HEADER];
  private int headerLength;
  private long left;
  private boolean over;

  TlsMask(MaskedBytes out) {
    this.out = out;
  }

  /** What comes is no record. */
  boolean over() {
    return over;
  }

  int feed(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && !over) {
      if (left > 0) {
        int count = (int) Math.min(left, to - at);
        out.put(bytes, at, count);
        left -= count;
        at += count;
      } else {
        header[headerLength++] = bytes[at++];
        check();
      }
    }
    return at;
  }

  private void check() {
    int type = header[0] & 0xff;
    int length = (header[3] & 0xff) << 8 | header[4] & 0xff;
    boolean fits = type >= FIRST_TYPE && type <= LAST_TYPE && (headerLength < 2 || header[1] == 3);
    over = !fits || headerLength == HEADER && length > LONGEST;
    if (over) {
      release();
    } else if (headerLength == HEADER) {
      out.put(header, 0, HEADER);
      headerLength = 0;
      left = length;
    }
  }

  void release() {
    out.fill(0, headerLength);
    over |= headerLength > 0;
    headerLength = 0;
  }

  /** True where what follows the missing bytes is known. */
  boolean gap(long missing) {
    release();
    over |= missing > left;
    left -= over ? left : missing;
    return !over;
  }
}
