package io.sidewire.wire.link;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A place in a frame that is being decoded, between what was captured and what was on the wire.
 *
 * <p>Every header narrows {@link #end} and {@link #wireEnd} to its own length, so that nothing inside can read past the
 * field that holds it. Readers take offsets from {@link #at}; callers ask {@link #has} first.
 */
final class Cursor {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  byte[] bytes;
  int at;

  /** End of what was captured. */
  int end;

  /** End of what was on the wire; at least {@link #end}. */
  int wireEnd;

  /** Link type, EtherType or IP protocol number of what stands at {@link #at}. */
  int number;

  long timeMicros;
  int frameBytes;
  DecodedFrame out;

  void begin(
      byte[] frame, int offset, int captured, int wireLength, long timeMicros, DecodedFrame out) {
    // Sane whatever the caller says: inside the array, and no more captured than there was.
    at = Math.min(Math.max(offset, 0), frame.length);
    end = at + Math.min(Math.max(captured, 0), frame.length - at);
    wireEnd = (int) Math.min(Math.max((long) at + wireLength, end), Integer.MAX_VALUE);
    bytes = frame;
    frameBytes = wireLength;
    this.timeMicros = timeMicros;
    this.out = out;
  }

  /** Goes on in another array: a reassembled datagram. */
  void enter(byte[] datagram, int start, int captured, int wireLength) {
    bytes = datagram;
    at = start;
    end = start + captured;
    wireEnd = start + wireLength;
  }

  /** True where {@code count} bytes were captured from here on. */
  boolean has(int count) {
    return end - at >= count;
  }

  void skip(int count) {
    at += count;
  }

  /** What stands here is {@code length} bytes long on the wire; what follows is padding. */
  void limit(int length) {
    if (length < wireEnd - at) {
      wireEnd = at + length;
      end = Math.min(end, wireEnd);
    }
  }

  int wireLeft() {
    return wireEnd - at;
  }

  int u8(int offset) {
    return bytes[at + offset] & 0xff;
  }

  int u16(int offset) {
    return (short) SHORT.get(bytes, at + offset) & 0xffff;
  }

  int u16le(int offset) {
    return u8(offset) | u8(offset + 1) << 8;
  }

  int i32(int offset) {
    return (int) INT.get(bytes, at + offset);
  }

  int i32le(int offset) {
    return Integer.reverseBytes(i32(offset));
  }

  long u32(int offset) {
    return i32(offset) & 0xffffffffL;
  }

  static long i64(byte[] bytes, int offset) {
    return (long) LONG.get(bytes, offset);
  }

  static int i32(byte[] bytes, int offset) {
    return (int) INT.get(bytes, offset);
  }

  /** Ends decoding: what stands here is not IP. */
  Header stop(String reason) {
    return stop(reason, false);
  }

  /** Ends decoding: what stands here claims to be IP, or to lead to it, and cannot be read. */
  Header broken(String reason) {
    return stop(reason, true);
  }

  private Header stop(String reason, boolean malformed) {
    if (out.layerCount == 0) {
      out.reason = reason;
      out.malformed = malformed;
    } else {
      out.tunnelProblem = reason;
    }
    return Header.DONE;
  }
}
