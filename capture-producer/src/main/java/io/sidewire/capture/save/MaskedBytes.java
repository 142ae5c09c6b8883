package io.sidewire.capture.save;

import java.util.Arrays;

/**
 * The last masked bytes of one direction, by TCP sequence number: what is decided, and may be written.
 *
 * <p>Masks append in the order of the stream. Bytes that are not there any more, or never came, are zeros.
 */
final class MaskedBytes {
  private static final int FIRST = 512;

  private byte[] bytes = new byte[FIRST];
  private int length;
  private int end; // sequence number behind the last byte
  private boolean begun;

  /** The stream stands at {@code sequence} now: what comes next has that number. */
  void moveTo(int sequence) {
    if (!begun || sequence != end) {
      length = 0;
      end = sequence;
      begun = true;
    }
  }

  void put(int value) {
    room(1);
    bytes[length++] = (byte) value;
    end++;
  }

  void put(byte[] from, int offset, int count) {
    room(count);
    System.arraycopy(from, offset, bytes, length, count);
    length += count;
    end += count;
  }

  /** {@code count} times the same byte. */
  void fill(int value, int count) {
    room(count);
    Arrays.fill(bytes, length, length + count, (byte) value);
    length += count;
    end += count;
  }

  /** Everything before {@code sequence} is decided. */
  boolean reaches(int sequence) {
    return begun && end - sequence >= 0;
  }

  /** Overwrites a frame's payload, which begins at {@code sequence}, with what may be written of it. */
  void copyTo(int sequence, byte[] target, int offset, int count) {
    int start = end - length;
    int skip = begun ? sequence - start : 0;
    for (int i = 0; i < count; i++) {
      int at = skip + i;
      target[offset + i] = begun && at >= 0 && at < length ? bytes[at] : 0;
    }
  }

  /** Forgets all but the last {@code keep} bytes, which retransmissions may repeat. */
  void trim(int keep) {
    if (length > keep) {
      bytes = Arrays.copyOfRange(bytes, length - keep, length);
      length = keep;
    }
  }

  /** Memory that this holds, nearly. */
  int cost() {
    return bytes.length;
  }

  private void room(int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
    }
  }
}
