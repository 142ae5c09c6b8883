package io.sidewire.wire.http;

import java.util.Arrays;

/**
 * Collects one line at a time from chunks, and knows when each of its bytes came.
 *
 * <p>A limit is a limit on the line with its ending, and holds whether the line comes whole or in crumbs: a line that
 * passes it is taken up to the byte that passes it, and no further.
 */
final class LineReader {

  /** What became of the bytes. */
  enum Taken {
    LINE,
    MORE,
    TOO_LONG
  }

  private static final int KEPT_BETWEEN_LINES = 512;
  private static final byte[] NONE = new byte[0];

  /** The array that holds the line, from {@link #start} to {@link #end}; its ending follows up to {@link #stop}. */
  byte[] bytes = NONE;

  int start;
  int end;
  int stop;

  /** Length with the line ending. */
  long length;

  /** The line ended with LF alone. */
  boolean bareLf;

  private byte[] kept = NONE;
  private int keptLength;
  private long read; // bytes of the line so far
  private long firstSequence;
  private long[] marks = new long[4]; // pairs: bytes of the line before it, time
  private int markCount;

  /** True where nothing of the next line has come. */
  boolean atStart() {
    return read == 0;
  }

  /** Bytes of a line that has not ended yet. */
  int keptLength() {
    return keptLength;
  }

  byte[] kept() {
    return kept;
  }

  /** More bytes than that have come of a line that has not ended yet. */
  boolean isLongerThan(int limit) {
    return read > limit;
  }

  /** Time of the first byte of a line that has not ended yet. */
  long keptTime() {
    return marks[1];
  }

  /** Sequence number of the first byte of a line that has not ended yet. */
  long keptSequence() {
    return firstSequence;
  }

  /** Forgets a line that has not ended. */
  void clear() {
    read = 0;
    keptLength = 0;
    markCount = 0;
    if (kept.length > KEPT_BETWEEN_LINES) {
      kept = NONE;
    }
  }

  /** Takes bytes up to and including the next LF. */
  Taken take(Chunk in, int limit) {
    begin(in);
    int window = (int) Math.min(in.remaining(), limit + 1L - read);
    int lf = find(in.bytes, in.position, in.position + window);
    if (lf < 0) {
      keep(in, window);
      return read > limit ? Taken.TOO_LONG : Taken.MORE;
    }
    finish(in, lf + 1 - in.position);
    return length > limit ? Taken.TOO_LONG : Taken.LINE;
  }

  /** The same for a line of any length, of which only the last {@code window} bytes are kept. */
  Taken takeTail(Chunk in, int window) {
    begin(in);
    int lf = find(in.bytes, in.position, in.end);
    if (lf < 0) {
      int skip = Math.max(0, in.remaining() - window);
      if (skip > 0) {
        keptLength = 0;
        read += skip;
        in.position += skip;
      }
      keep(in, in.remaining());
      if (skip > 0) {
        forget();
      }
      if (keptLength > 2 * window) {
        System.arraycopy(kept, keptLength - window, kept, 0, window);
        keptLength = window;
        forget();
      }
      return Taken.MORE;
    }
    finish(in, lf + 1 - in.position);
    start = Math.max(start, end - window);
    return Taken.LINE;
  }

  /** Time of the byte at {@code index} of {@link #bytes}, which belongs to the line that was taken. */
  long timeAt(int index) {
    long offset = offsetOf(index);
    long time = marks[1];
    for (int i = 0; i < markCount && marks[2 * i] <= offset; i++) {
      time = marks[2 * i + 1];
    }
    return time;
  }

  /** Sequence number of the byte at {@code index} of {@link #bytes}. */
  long sequenceAt(int index) {
    return firstSequence < 0 ? -1 : firstSequence + offsetOf(index) & 0xffffffffL;
  }

  private long offsetOf(int index) {
    return length - (stop - index);
  }

  private void begin(Chunk in) {
    if (read == 0) {
      firstSequence = in.sequence();
      markCount = 0;
    }
    if (markCount == 0 || marks[2 * markCount - 1] != in.time) {
      if (2 * markCount == marks.length) {
        marks = Arrays.copyOf(marks, 2 * marks.length);
      }
      marks[2 * markCount] = read;
      marks[2 * markCount + 1] = in.time;
      markCount++;
    }
  }

  /** Drops marks that no kept byte needs, so that a long line in crumbs stays bounded. */
  private void forget() {
    long oldest = read - keptLength;
    int first = 0;
    while (first + 1 < markCount && marks[2 * (first + 1)] <= oldest) {
      first++;
    }
    System.arraycopy(marks, 2 * first, marks, 0, 2 * (markCount - first));
    markCount -= first;
  }

  private void finish(Chunk in, int count) {
    if (keptLength == 0) {
      bytes = in.bytes;
      start = in.position;
      stop = in.position + count;
      in.position += count;
      read += count;
    } else {
      keep(in, count);
      bytes = kept;
      start = 0;
      stop = keptLength;
    }
    length = read;
    end = stop - 1;
    bareLf = end == start || bytes[end - 1] != '\r';
    if (!bareLf) {
      end--;
    }
    read = 0;
    keptLength = 0;
    if (kept.length > KEPT_BETWEEN_LINES) {
      kept = NONE; // bytes still refers to it as long as the line is looked at
    }
  }

  private void keep(Chunk in, int count) {
    if (keptLength + count > kept.length) {
      kept = Arrays.copyOf(kept, Math.max(keptLength + count, 2 * kept.length));
    }
    System.arraycopy(in.bytes, in.position, kept, keptLength, count);
    keptLength += count;
    read += count;
    in.position += count;
  }

  private static int find(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }
}
