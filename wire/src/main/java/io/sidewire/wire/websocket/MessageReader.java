package io.sidewire.wire.websocket;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.json.JsonDocument;
import io.sidewire.wire.json.JsonReader;
import io.sidewire.wire.json.JsonShape;

/**
 * One direction of a WebSocket connection: frames to messages, and of each text message the JSON object that it is.
 *
 * <pre>
 *  0               1
 * |F|R R R|opcode |M| length 7    | length 16 or 64, if 126 or 127 | mask 32, if M | payload
 * </pre>
 */
final class MessageReader {

  /** Takes what the frames carried. */
  interface Sink {
    /** An object of the message that is read; valid during the call only. Behind a gap it may be a part. */
    void document(JsonDocument document, long time);

    /** The message is over; {@code bytes} with the heads of its frames, {@code whole}: none was missing. */
    void messageEnd(long start, long end, long bytes, boolean whole);

    void odd(long time, Anomaly kind);
  }

  private static final int LONGEST_HEAD = 14;
  private static final int MASK_BYTES = 4;
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int FIRST_CONTROL = 8;
  private static final int LAST_CONTROL = 10;
  private static final int LONGEST_CONTROL = 125;
  private static final int BLOCK = 8 << 10;

  private final Limits limits;
  private final boolean fromClient;
  private final Sink sink;
  private final JsonReader json;
  private final byte[] head = new byte[LONGEST_HEAD];
  private final byte[] clear = new byte[BLOCK];
  private int headBytes;
  private long frameStart;
  // of the frame whose payload comes
  private long left;
  private long position;
  private boolean control;
  private boolean fin;
  // of the message that is read
  private boolean inMessage;
  private boolean readable;
  private boolean whole;
  private long messageStart;
  private long messageBytes;
  private long budget;
  private long time;
  private boolean lost; // no frame will be found again
  private boolean compressed; // said once

  MessageReader(Limits limits, boolean fromClient, Sink sink) {
    this.limits = limits;
    this.fromClient = fromClient;
    this.sink = sink;
    this.json =
        new JsonReader(limits, JsonShape.MESSAGES, document -> sink.document(document, time));
  }

  /** Nothing more will be read of this direction. */
  boolean lost() {
    return lost;
  }

  void data(byte[] bytes, int offset, int length, long time) {
    this.time = time;
    int at = offset;
    int end = offset + length;
    while (at < end && !lost) {
      if (left > 0) {
        int count = (int) Math.min(left, end - at);
        payload(bytes, at, count);
        at += count;
      } else {
        head(bytes[at++]);
      }
    }
  }

  /** Bytes are missing: within a payload they are passed over, else the frames behind them are not found again. */
  void gap(long missing, long time) {
    this.time = time;
    if (lost) {
      return;
    }
    if (left == 0 || missing > left) {
      lose(Anomaly.WEBSOCKET_LOST);
      return;
    }
    if (!control) {
      whole = false;
      messageBytes += missing;
      stopReading();
    }
    advance(missing);
  }

  private void head(byte next) {
    if (headBytes == 0) {
      frameStart = time;
    }
    head[headBytes++] = next;
    if (headBytes >= 2 && headBytes == headLength()) {
      begin();
    }
  }

  private int headLength() {
    int length = head[1] & 0x7f;
    return 2
        + (length == 126 ? 2 : length == 127 ? 8 : 0)
        + ((head[1] & 0x80) != 0 ? MASK_BYTES : 0);
  }

  private void begin() {
    int opcode = head[0] & 0x0f;
    int reserved = head[0] >> 4 & 7;
    boolean first = opcode == TEXT || opcode == BINARY;
    fin = (head[0] & 0x80) != 0;
    control = opcode >= FIRST_CONTROL;
    left = length();
    position = 0;
    boolean sound = (head[1] & 0x80) != 0 == fromClient
        && left >= 0
        && (control
            ? opcode <= LAST_CONTROL && fin && reserved == 0 && left <= LONGEST_CONTROL
            : (first || opcode == CONTINUATION)
                && first != inMessage
                && (reserved == 0 || reserved == 4 && first));
    if (!sound) {
      lose(Anomaly.WEBSOCKET_INVALID_FRAME);
      return;
    }
    if (first) {
      beginMessage(opcode == TEXT, reserved != 0);
    }
    if (!control) {
      messageBytes += headBytes;
    }
    if (left == 0) {
      endFrame();
    }
  }

  private long length() {
    int length = head[1] & 0x7f;
    if (length < 126) {
      return length;
    }
    long wide = 0;
    for (int i = 2; i < (length == 126 ? 4 : 10); i++) {
      wide = wide << 8 | head[i] & 0xff;
    }
    return wide;
  }

  private void beginMessage(boolean text, boolean deflated) {
    inMessage = true;
    readable = text && !deflated;
    whole = true;
    messageStart = frameStart;
    messageBytes = 0;
    budget = limits.sseEvent();
    if (deflated && !compressed) {
      compressed = true;
      sink.odd(time, Anomaly.WEBSOCKET_COMPRESSED);
    }
  }

  private void payload(byte[] bytes, int offset, int count) {
    if (!control) {
      messageBytes += count;
      if (readable) {
        read(bytes, offset, count);
      }
    }
    advance(count);
  }

  private void read(byte[] bytes, int offset, int count) {
    int wanted = (int) Math.min(count, budget);
    budget -= wanted;
    for (int done = 0; done < wanted; ) {
      int block = Math.min(BLOCK, wanted - done);
      for (int i = 0; i < block; i++) {
        clear[i] = (byte) (bytes[offset + done + i] ^ mask(position + done + i));
      }
      json.feed(clear, 0, block);
      done += block;
    }
    if (json.failure() != null) {
      stopReading(); // a text that is no JSON
    } else if (wanted < count) {
      sink.odd(time, Anomaly.BODY_LIMIT);
      stopReading();
    }
  }

  private int mask(long at) {
    return fromClient ? head[headBytes - MASK_BYTES + (int) (at & 3)] : 0;
  }

  private void stopReading() {
    if (readable) {
      readable = false;
      json.cut();
    }
  }

  private void advance(long count) {
    left -= count;
    position += count;
    if (left == 0) {
      endFrame();
    }
  }

  private void endFrame() {
    headBytes = 0;
    if (!control && fin) {
      stopReading();
      inMessage = false;
      sink.messageEnd(messageStart, time, messageBytes, whole);
    }
  }

  private void lose(Anomaly why) {
    lost = true;
    left = 0;
    readable = false;
    sink.odd(time, why);
  }
}
