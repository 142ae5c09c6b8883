package io.sidewire.wire.llm;

import java.nio.charset.StandardCharsets;

/**
 * Reads frames of {@code application/vnd.amazon.eventstream}, the streams of Amazon Bedrock, without keeping payloads.
 *
 * <pre>
 *  0        4         8           12                            total-4   total
 * | total  | headers | prelude CRC | headers … | payload …     | CRC     |
 * </pre>
 */
public final class AwsEventStream {

  /** Takes frames piece by piece. */
  public interface Sink {
    /**
     * A frame begins.
     *
     * @param type of the event or of the exception; null where no header names it
     */
    void frame(String type, boolean exception);

    void payload(byte[] bytes, int offset, int length);

    void endFrame();
  }

  private static final int PRELUDE = 12;
  private static final int CRC = 4;
  private static final int LONGEST_FRAME = 24 << 20; // the specification's limit, and some
  private static final int LONGEST_HEADERS = 16 << 10;
  private static final int STRING = 7;

  private final Sink sink;
  private final byte[] prelude = new byte[PRELUDE];
  private byte[] headers = new byte[0];
  private long at; // bytes of the frame so far
  private int total;
  private int headerLength;
  private boolean failed;

  public AwsEventStream(Sink sink) {
    this.sink = sink;
  }

  /** Takes the next bytes; after something that is no frame, and after a gap, nothing more is read. */
  public void feed(byte[] bytes, int offset, int length) {
    int i = offset;
    int end = offset + length;
    while (i < end && !failed) {
      if (at < PRELUDE) {
        prelude[(int) at++] = bytes[i++];
        if (at == PRELUDE) {
          begin();
        }
        continue;
      }
      int count = (int) Math.min(end - i, stage() - at);
      if (at < PRELUDE + headerLength) {
        System.arraycopy(bytes, i, headers, (int) at - PRELUDE, count);
      } else if (at < total - CRC) {
        sink.payload(bytes, i, count);
      }
      at += count;
      i += count;
      passed();
    }
  }

  /** Frames have no mark by which one could be found again. */
  public void gap() {
    failed = true;
  }

  private void begin() {
    total = u32(0);
    headerLength = u32(4);
    failed = total < PRELUDE + CRC
        || total > LONGEST_FRAME
        || headerLength < 0
        || headerLength > LONGEST_HEADERS
        || headerLength > total - PRELUDE - CRC;
    if (!failed) {
      headers = new byte[headerLength];
      passed();
    }
  }

  /** Where the part of the frame that is read now ends. */
  private long stage() {
    long payload = PRELUDE + headerLength;
    return at < payload ? payload : at < total - CRC ? total - CRC : total;
  }

  private void passed() {
    if (at == PRELUDE + headerLength && headers != null) {
      announce();
      headers = null;
    }
    if (at == total) {
      at = 0;
      sink.endFrame();
    }
  }

  private void announce() {
    String event = header(":event-type");
    String exception = header(":exception-type");
    boolean error = "exception".equals(header(":message-type")) || exception != null;
    sink.frame(error && exception != null ? exception : event, error);
  }

  /** The value of a string header; null where there is none. */
  private String header(String name) {
    int i = 0;
    while (i < headers.length) {
      int nameEnd = i + 1 + (headers[i] & 0xff);
      if (nameEnd + 3 > headers.length || headers[nameEnd] != STRING) {
        return null; // the headers that are looked for come among strings
      }
      int length = (headers[nameEnd + 1] & 0xff) << 8 | headers[nameEnd + 2] & 0xff;
      int value = nameEnd + 3;
      if (value + length > headers.length) {
        return null;
      }
      if (name.equals(new String(headers, i + 1, nameEnd - i - 1, StandardCharsets.US_ASCII))) {
        return new String(headers, value, Math.min(length, 128), StandardCharsets.US_ASCII);
      }
      i = value + length;
    }
    return null;
  }

  private int u32(int offset) {
    return prelude[offset] << 24
        | (prelude[offset + 1] & 0xff) << 16
        | (prelude[offset + 2] & 0xff) << 8
        | prelude[offset + 3] & 0xff;
  }
}
