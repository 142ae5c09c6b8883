package io.sidewire.wire.http2;

/** The nine bytes before the payload of a frame, and where they stood. */
final class FrameHeader {
  static final int LENGTH = 9;

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  private static final int END_STREAM = 0x01; // ACK in SETTINGS and PING
  private static final int END_HEADERS = 0x04;
  private static final int PADDED = 0x08;
  private static final int PRIORITY_FIELDS = 0x20;

  int length;
  int type;
  int flags;
  int stream;

  /** Time and TCP sequence number of its first byte. */
  long start;

  long sequence;

  private boolean reserved;

  void read(byte[] in, int at, long start, long sequence) {
    length = (in[at] & 0xff) << 16 | (in[at + 1] & 0xff) << 8 | in[at + 2] & 0xff;
    type = in[at + 3] & 0xff;
    flags = in[at + 4] & 0xff;
    reserved = in[at + 5] < 0;
    stream = int31(in, at + 5);
    this.start = start;
    this.sequence = sequence;
  }

  static int int31(byte[] in, int at) {
    return (in[at] & 0x7f) << 24
        | (in[at + 1] & 0xff) << 16
        | (in[at + 2] & 0xff) << 8
        | in[at + 3] & 0xff;
  }

  boolean endStream() {
    return (flags & END_STREAM) != 0;
  }

  boolean endHeaders() {
    return (flags & END_HEADERS) != 0;
  }

  boolean padded() {
    return (flags & PADDED) != 0;
  }

  boolean prioritised() {
    return (flags & PRIORITY_FIELDS) != 0;
  }

  /** On a stream where it must be, on the connection where it must be. */
  boolean placed() {
    return switch (type) {
      case DATA, HEADERS, PRIORITY, RST_STREAM, PUSH_PROMISE, CONTINUATION -> stream != 0;
      case SETTINGS, PING, GOAWAY -> stream == 0;
      default -> true;
    };
  }

  /** Nothing in it speaks against a frame: enough to believe it in the middle of other bytes. */
  boolean plausible(int longest) {
    if (reserved || length > longest || !placed()) {
      return false;
    }
    return switch (type) {
      case DATA -> flags(END_STREAM | PADDED);
      case HEADERS -> flags(END_STREAM | END_HEADERS | PADDED | PRIORITY_FIELDS) && length > 0;
      case PRIORITY -> length == 5 && flags(0);
      case RST_STREAM -> length == 4 && flags(0);
      case SETTINGS -> length % 6 == 0 && length <= 6 * 32 && flags(END_STREAM);
      case PUSH_PROMISE -> length > 4 && flags(END_HEADERS | PADDED);
      case PING -> length == 8 && flags(END_STREAM);
      case GOAWAY -> length >= 8 && flags(0);
      case WINDOW_UPDATE -> length == 4 && flags(0);
      case CONTINUATION -> flags(END_HEADERS);
      default -> false;
    };
  }

  private boolean flags(int allowed) {
    return (flags & ~allowed) == 0;
  }
}
