package io.sidewire.wire.tls;

/**
 * The record layer of one direction of a TLS connection: finds each record over any cuts, and finds its way back after a
 * gap.
 *
 * <pre>
 * 0      1            3            5
 * | type | version    | length     | length bytes …
 * </pre>
 *
 * A gap inside a record is bridged by the record's length. A gap over a header loses the way: then each later chunk (they
 * begin where segments begin, and senders like to begin a record there) is tried until one begins with a header.
 */
final class TlsRecords {
  static final int HEADER = 5;
  static final int CHANGE_CIPHER_SPEC = 20;
  static final int ALERT = 21;
  static final int HANDSHAKE = 22;
  static final int APPLICATION_DATA = 23;
  static final int HEARTBEAT = 24;

  static final int MAX_PLAINTEXT = 1 << 14;

  /** What RFC 5246 allows a protected record to grow to; RFC 8446 allows less. */
  static final int MAX_PROTECTED = MAX_PLAINTEXT + 2048;

  /** Takes the records of one direction as they pass. */
  interface Listener {
    /** A header was read; its first byte came at {@code time}. */
    void recordBegins(int type, int version, int length, long time);

    /** Some bytes of the record that began; of application data only where they were asked for. */
    void recordContent(byte[] bytes, int offset, int length);

    /** The record is over; {@code whole} is false where bytes of it were not captured. */
    void recordEnds(long time, boolean whole);

    /** Bytes are missing, and perhaps whole records with them. */
    void recordsLost(long time);

    /** These bytes are no records. */
    void notRecords(long time);
  }

  private final Listener listener;
  private final boolean withData;
  private final byte[] header = new byte[HEADER];
  private int headerFill;
  private long headerTime;
  private int type;
  private int left; // of the record that is open
  private boolean open;
  private boolean whole;
  private boolean lost; // do not know where the next header is
  private long lastTime;
  private long passed; // bytes of the stream before those that are read now
  private long headerAt;

  TlsRecords(Listener listener) {
    this(listener, false);
  }

  /** @param withData tell the content of application data too */
  TlsRecords(Listener listener, boolean withData) {
    this.listener = listener;
    this.withData = withData;
  }

  /** Where in the stream, lost bytes included, the record stands that began last. */
  long recordAt() {
    return headerAt;
  }

  void onData(byte[] bytes, int offset, int length, long time) {
    read(bytes, offset, length, time);
    passed += length;
  }

  private void read(byte[] bytes, int offset, int length, long time) {
    int at = offset;
    int end = offset + length;
    // Reordered segments keep their own, earlier times; a record must not end before it began.
    lastTime = Math.max(lastTime, time);
    if (lost) {
      if (!chainPlausible(bytes, at, end)) {
        return;
      }
      lost = false;
    }
    while (at < end) {
      if (open) {
        int taken = Math.min(left, end - at);
        if (withData || type != APPLICATION_DATA) {
          listener.recordContent(bytes, at, taken);
        }
        at += taken;
        left -= taken;
        closeWhenDone(time);
        continue;
      }
      if (headerFill == 0) {
        headerTime = time;
        headerAt = passed + at - offset;
      }
      header[headerFill++] = bytes[at++];
      if (headerFill == HEADER && !begin(time)) {
        return;
      }
    }
  }

  private boolean begin(long time) {
    headerFill = 0;
    if (!plausible(header, 0, HEADER)) {
      lost = true;
      listener.notRecords(time);
      return false;
    }
    type = header[0];
    left = u16(header, 3);
    open = true;
    whole = true;
    listener.recordBegins(type, u16(header, 1), left, headerTime);
    closeWhenDone(time);
    return true;
  }

  private void closeWhenDone(long time) {
    if (open && left == 0) {
      open = false;
      listener.recordEnds(Math.max(time, headerTime), whole);
    }
  }

  void onGap(long missing, long time) {
    passed += missing;
    if (lost) {
      return;
    }
    lastTime = Math.max(lastTime, time);
    if (open) {
      whole = false;
      if (missing <= left) {
        left -= (int) missing;
        closeWhenDone(time);
        return;
      }
      open = false;
      listener.recordEnds(Math.max(time, headerTime), false);
    }
    headerFill = 0;
    left = 0;
    lost = true;
    listener.recordsLost(time);
  }

  /** No byte will follow: a record that is cut short ends with its last byte. */
  void onEnd() {
    if (open) {
      open = false;
      lost = true;
      listener.recordEnds(Math.max(lastTime, headerTime), false);
    }
  }

  boolean inRecord() {
    return open;
  }

  /** Every header that can be seen from {@code at} on is plausible, and at least one is. */
  private static boolean chainPlausible(byte[] bytes, int at, int end) {
    if (end - at < HEADER) {
      return false;
    }
    for (int next = at; next < end; next += HEADER + u16(bytes, next + 3)) {
      if (!plausible(bytes, next, end)) {
        return false;
      }
      if (end - next < HEADER) {
        break;
      }
    }
    return true;
  }

  /** The bytes from {@code at}, as far as they are there, could be a record header. */
  static boolean plausible(byte[] bytes, int at, int end) {
    if (at >= end) {
      return true;
    }
    int type = bytes[at];
    if (type < CHANGE_CIPHER_SPEC || type > HEARTBEAT) {
      return false;
    }
    if (end - at > 1 && bytes[at + 1] != 3 || end - at > 2 && (bytes[at + 2] & 0xff) > 4) {
      return false;
    }
    if (end - at < HEADER) {
      return true;
    }
    int length = u16(bytes, at + 3);
    return switch (type) {
      case CHANGE_CIPHER_SPEC -> length == 1 || length > 16 && length < 128;
      case ALERT -> length == 2 || length > 16 && length < 512;
      default -> length > 0 && length <= MAX_PROTECTED;
    };
  }

  static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }
}
