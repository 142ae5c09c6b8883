package io.sidewire.wire.http;

import java.nio.charset.StandardCharsets;

/**
 * Finds the framing of a chunked answer again in the lines behind a gap, and that of an event stream whose head was not
 * captured.
 *
 * <p>In an answer that is known to be chunked, a line that is nothing but a size is believed until its chunk does not end
 * where it should. Without that knowledge the data must begin with a field of an event stream besides.
 */
final class ChunkSeeker {
  private static final int LONGEST_SIZE = 8;
  private static final int LARGEST_CHUNK =
      1 << 20; // a false one must not swallow the rest of the connection

  private static final byte[][] EVENT_FIELDS = {
    bytes("event:"), bytes("data:"), bytes("id:"), bytes("retry:"), bytes(": ")
  };

  private long size = -1; // of the line before
  private long left;
  private boolean last;
  private boolean inData;

  void clear() {
    size = -1;
  }

  /** Takes the next line; true where a chunk was found. */
  boolean line(LineReader lines, boolean chunked) {
    if (size > 0 && lines.length <= size && event(lines)) {
      left = size - lines.length;
      last = false;
      inData = true;
      return true;
    }
    size = size(lines);
    left = size;
    last = size == 0;
    inData = false;
    return chunked && size >= 0;
  }

  /** Bytes of the chunk that are still to come. */
  long left() {
    return left;
  }

  /** The chunk is the empty one that ends the body. */
  boolean last() {
    return last;
  }

  /** The line itself belongs to the chunk's data. */
  boolean inData() {
    return inData;
  }

  private static long size(LineReader lines) {
    int length = lines.end - lines.start;
    if (length == 0 || length > LONGEST_SIZE || lines.bareLf) {
      return -1;
    }
    long size = BodyFramer.chunkSize(lines.bytes, lines.start, lines.end);
    return size <= LARGEST_CHUNK ? size : -1;
  }

  private static boolean event(LineReader lines) {
    for (byte[] field : EVENT_FIELDS) {
      if (StartLine.startsWith(lines.bytes, lines.start, lines.end, field)) {
        return true;
      }
    }
    return false;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
