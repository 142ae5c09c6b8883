package io.sidewire.wire.tls;

import java.util.Arrays;

/**
 * The clear handshake messages of one direction, put together from any number of records.
 *
 * <p>Only hellos are kept; other messages are skipped by their length. A message longer than the limit is refused as soon as
 * its header says so, whatever the cuts.
 */
final class HandshakeMessages {
  private static final int HEADER = 4;
  static final int HELLO_REQUEST = 0;
  static final int CLIENT_HELLO = 1;
  static final int SERVER_HELLO = 2;

  /** Takes the messages in order. */
  interface Listener {
    /** @param cut only the beginning was captured */
    void message(int type, byte[] bytes, int offset, int length, boolean cut);

    /** A message longer than {@code limit}: nothing more is read. */
    void tooLong();
  }

  private final int limit;
  private final Listener listener;
  private final byte[] header = new byte[HEADER];
  private int headerFill;
  private byte[] body = {};
  private int bodyFill;
  private int bodyLength;
  private boolean keep;
  private boolean done;

  HandshakeMessages(int limit, Listener listener) {
    this.limit = limit;
    this.listener = listener;
  }

  boolean done() {
    return done;
  }

  /** The next byte begins a message. */
  boolean atStart() {
    return headerFill == 0;
  }

  /** No more clear messages are expected, or none can be read. */
  void stop() {
    done = true;
    body = new byte[0];
  }

  void onContent(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end && !done) {
      if (headerFill < HEADER) {
        header[headerFill++] = bytes[at++];
        if (headerFill == HEADER && !begin()) {
          return;
        }
        continue;
      }
      int taken = Math.min(bodyLength - bodyFill, end - at);
      if (keep) {
        append(bytes, at, taken);
      }
      bodyFill += taken;
      at += taken;
      finishWhenWhole();
    }
  }

  private boolean begin() {
    int type = header[0];
    bodyLength = (header[1] & 0xff) << 16 | TlsRecords.u16(header, 2);
    bodyFill = 0;
    keep = type == CLIENT_HELLO || type == SERVER_HELLO;
    if (keep && bodyLength > limit) {
      stop();
      listener.tooLong();
      return false;
    }
    body = new byte[0];
    finishWhenWhole();
    return !done;
  }

  private void append(byte[] bytes, int offset, int length) {
    if (bodyFill + length > body.length) {
      // What is announced may never come: grow with what has come.
      body =
          Arrays.copyOf(body, Math.min(bodyLength, Math.max(bodyFill + length, body.length * 2)));
    }
    System.arraycopy(bytes, offset, body, bodyFill, length);
  }

  private void finishWhenWhole() {
    if (bodyFill < bodyLength) {
      return;
    }
    headerFill = 0;
    listener.message(header[0], body, 0, keep ? bodyLength : 0, false);
    body = new byte[0];
  }

  /** Bytes are missing: hand over the beginning of what was under way, and read no further. */
  void onLoss() {
    if (!done && headerFill == HEADER && keep && bodyFill > 0) {
      byte[] beginning = body;
      int length = bodyFill;
      stop();
      listener.message(header[0], beginning, 0, length, true);
    }
    stop();
  }
}
