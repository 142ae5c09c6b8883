package io.sidewire.wire.tls;

/**
 * A bounded window on bytes of the wire, read forward. Reading past its end yields 0 and clears {@link #good()}; nothing
 * throws, so that a parser asks once, at its end, whether all was there.
 */
public final class ByteView {
  private final byte[] bytes;
  private final int end;
  private int at;
  private boolean good = true;

  public ByteView(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.at = offset;
    this.end = offset + length;
  }

  /** False once anything was read that was not there. */
  public boolean good() {
    return good;
  }

  public boolean hasMore() {
    return good && at < end;
  }

  public int left() {
    return end - at;
  }

  /** Where the next byte stands in {@link #bytes()}. */
  public int position() {
    return at;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int u8() {
    if (at >= end) {
      good = false;
      return 0;
    }
    return bytes[at++] & 0xff;
  }

  public int u16() {
    return u8() << 8 | u8();
  }

  public int u24() {
    return u8() << 16 | u16();
  }

  public long u32() {
    return (long) u16() << 16 | u16();
  }

  public void skip(int length) {
    if (length < 0 || length > end - at) {
      good = false;
      at = end;
      return;
    }
    at += length;
  }

  /** The next {@code length} bytes as a window of their own, which cannot read past its field; cut short if not all there. */
  public ByteView sub(int length) {
    int there = Math.max(0, Math.min(length, end - at));
    ByteView view = new ByteView(bytes, at, there);
    if (there != length) {
      good = false;
      view.good = there > 0;
    }
    at += there;
    return view;
  }

  public byte[] take(int length) {
    if (length < 0 || length > end - at) {
      good = false;
      return new byte[0];
    }
    byte[] taken = new byte[length];
    System.arraycopy(bytes, at, taken, 0, length);
    at += length;
    return taken;
  }
}
