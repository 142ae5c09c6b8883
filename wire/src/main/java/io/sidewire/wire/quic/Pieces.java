package io.sidewire.wire.quic;

import java.util.Arrays;

/** Bytes put together from pieces that come in any order, overlap or repeat; the first copy of a byte stays. */
public final class Pieces {
  private final int limit;
  private byte[] bytes = new byte[0];
  private long[] there = new long[0]; // a bit for each byte that came
  private int prefix;

  /** @param limit most bytes */
  public Pieces(int limit) {
    this.limit = limit;
  }

  /** @return false where the piece lies beyond the limit; nothing was taken then */
  public boolean add(long at, byte[] from, int offset, int length) {
    if (at < 0 || at + length > limit) {
      return false;
    }
    int start = (int) at;
    int end = start + length;
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(limit, Math.max(end, bytes.length * 2)));
      there = Arrays.copyOf(there, (bytes.length + 63) / 64);
    }
    for (int i = start; i < end; i++) {
      if ((there[i >> 6] & 1L << i) == 0) {
        there[i >> 6] |= 1L << i;
        bytes[i] = from[offset + i - start];
      }
    }
    while (prefix < bytes.length && (there[prefix >> 6] & 1L << prefix) != 0) {
      prefix++;
    }
    return true;
  }

  /** Bytes from the beginning on without a hole. */
  public int prefix() {
    return prefix;
  }

  public byte[] bytes() {
    return bytes;
  }
}
