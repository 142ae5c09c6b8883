package io.sidewire.capture.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/*
 * Big reads into one array instead of a mapping: a mapped file that shrinks while it is read ends in an error of the
 * virtual machine, a mapping cannot be made of a pipe or of what a decompressor gives, and packets would have to be
 * copied into an array all the same. The array is reused, so that a packet costs no allocation and no copy.
 */

/** The part of a capture file that is in memory, moving forward. */
final class Window implements Closeable {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int SIZE = 512 << 10;

  private final InputStream in;
  private byte[] bytes = new byte[SIZE];
  private int at;
  private int end;

  /** Place in the file of {@code bytes[0]}. */
  private long base;

  private boolean bigEndian;

  Window(InputStream in) {
    this.in = in;
  }

  void order(boolean bigEndian) {
    this.bigEndian = bigEndian;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Index of the current place in {@link #bytes}. */
  int at() {
    return at;
  }

  /** The current place in the file (after decompression). */
  long position() {
    return base + at;
  }

  /** Bytes from here on that are in memory. */
  int available() {
    return end - at;
  }

  /** Brings {@code count} bytes from here on into memory; false where the file ends before. */
  boolean ensure(int count) throws IOException {
    return end - at >= count || fill(count);
  }

  private boolean fill(int count) throws IOException {
    if (at + (long) count > bytes.length) {
      byte[] target = count > bytes.length ? new byte[Math.max(count, 2 * bytes.length)] : bytes;
      System.arraycopy(bytes, at, target, 0, end - at);
      base += at;
      end -= at;
      at = 0;
      bytes = target;
    }
    while (end - at < count) {
      int read = in.read(bytes, end, bytes.length - end);
      if (read < 0) {
        return false;
      }
      end += read;
    }
    return true;
  }

  /** Steps over bytes that {@link #ensure} brought. */
  void advance(int count) {
    at += count;
  }

  /** Steps over bytes whether they are in memory or not; false where the file ends before. */
  boolean skip(long count) throws IOException {
    long left = count;
    while (left > 0) {
      if (at == end && !fill(1)) {
        return false;
      }
      int step = (int) Math.min(left, end - at);
      at += step;
      left -= step;
    }
    return true;
  }

  int i32(int offset) {
    int value = (int) INT.get(bytes, at + offset);
    return bigEndian ? Integer.reverseBytes(value) : value;
  }

  long u32(int offset) {
    return i32(offset) & 0xffffffffL;
  }

  int u16(int offset) {
    short value = (short) SHORT.get(bytes, at + offset);
    return (bigEndian ? Short.reverseBytes(value) : value) & 0xffff;
  }

  long i64(int offset) {
    return bigEndian
        ? (long) i32(offset) << 32 | u32(offset + 4)
        : (long) i32(offset + 4) << 32 | u32(offset);
  }

  /** Four bytes in the order in which they stand, whatever the order of the file. */
  int bigEndian32(int offset) {
    return Integer.reverseBytes((int) INT.get(bytes, at + offset));
  }

  byte[] copy(int offset, int length) {
    return Arrays.copyOfRange(bytes, at + offset, at + offset + length);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
