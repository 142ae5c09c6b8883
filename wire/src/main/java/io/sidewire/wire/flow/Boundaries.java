package io.sidewire.wire.flow;

import io.sidewire.wire.Side;

/**
 * Finds where in an unrecognised flow a known protocol may begin: a change of speaker, the end of a gap, the end of a line
 * (STARTTLS), the end of MySQL's request for TLS.
 *
 * <p>What depends on a change of speaker does not depend on how either side's bytes were cut.
 */
final class Boundaries {
  private static final int LINES_LOOKED_AT = 64 << 10; // STARTTLS comes early
  private static final int TLS_HANDSHAKE = 0x16;
  private static final int MYSQL_TLS_REQUEST = 36;
  private static final byte[] MYSQL_HEADER = {0x20, 0, 0, 1};

  private static final class Half {
    private boolean fresh = true;
    private boolean tried; // the bytes at this boundary were looked at, in vain
    private long position;
    private boolean mysql = true;
    private byte last;

    /** Looks whether the first bytes of all are those of a request for TLS in MySQL. */
    private void begin(byte[] bytes, int offset, int length) {
      for (int i = 0; mysql && i < length && position + i < MYSQL_HEADER.length; i++) {
        mysql = bytes[offset + i] == MYSQL_HEADER[(int) position + i];
      }
    }
  }

  private final Half client = new Half();
  private final Half server = new Half();
  private Side speaker;

  private Half half(Side side) {
    return side == Side.CLIENT ? client : server;
  }

  /** Bytes of a side are missing: a message may begin behind them. */
  void gap(Side side) {
    Half half = half(side);
    half.fresh = true;
    half.tried = false;
    half.mysql = false;
  }

  /** Only one side has said anything. */
  boolean oneSided() {
    return client.position == 0 || server.position == 0;
  }

  /** Where in the bytes a boundary lies behind which they look like a known protocol; -1: nowhere. */
  int find(Side from, byte[] bytes, int offset, int length) {
    Half half = half(from);
    if (speaker != from) {
      speaker = from;
      half.fresh = true;
      half.tried = false;
    }
    if (half.fresh && !half.tried && plausible(bytes[offset])) {
      return offset;
    }
    if (from == Side.SERVER || half.position > LINES_LOOKED_AT) {
      return -1;
    }
    half.begin(bytes, offset, length);
    byte before = half.last;
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == TLS_HANDSHAKE && !(half.tried && i == offset)) {
        long position = half.position + i - offset;
        if (before == '\n' || half.mysql && position == MYSQL_TLS_REQUEST) {
          return i;
        }
      }
      before = bytes[i];
    }
    return -1;
  }

  /** The bytes at the boundary that was found are looked at now; if they come back, they are nothing. */
  void tried(Side from) {
    half(from).tried = true;
  }

  /** Bytes that are nothing known. */
  void passed(Side from, byte[] bytes, int offset, int length) {
    Half half = half(from);
    half.begin(bytes, offset, length);
    half.position += length;
    half.last = bytes[offset + length - 1];
    half.fresh = false;
    half.tried = false;
  }

  /** A TLS record or an upper-case word may begin with it. */
  private static boolean plausible(byte b) {
    return b >= 0x14 && b <= 0x17 || b >= 'A' && b <= 'Z';
  }
}
