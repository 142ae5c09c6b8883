package io.sidewire.wire.tls;

/**
 * Says from the first bytes of a direction whether they are TLS: by content alone, never by port.
 *
 * <p>Each check looks at a prefix that may still grow. A {@link Verdict#YES} or {@link Verdict#NO} never changes when more
 * bytes come.
 */
public final class TlsSniff {

  /** What a prefix shows. */
  public enum Verdict {
    YES,
    NO,
    /** The prefix fits so far: ask again with more bytes. */
    MORE
  }

  /** Longest prefix that a verdict on a hello may need: six bytes of handshake, each in a record of its own. */
  public static final int HELLO_PREFIX = 6 * (TlsRecords.HEADER + 1);

  private static final int CLIENT_HELLO = 1;
  private static final int SERVER_HELLO = 2;

  /** Version, random, session id length, one cipher suite and one compression method of SSLv3. */
  private static final int SHORTEST_HELLO = 38;

  private TlsSniff() {}

  /** A client hello of SSLv3 or TLS 1.0 to 1.3 in records, however finely these cut it. */
  public static Verdict clientHello(byte[] bytes, int offset, int length) {
    return hello(bytes, offset, length, CLIENT_HELLO);
  }

  /** A server hello (HelloRetryRequest included), for a connection whose client was not seen. */
  public static Verdict serverHello(byte[] bytes, int offset, int length) {
    return hello(bytes, offset, length, SERVER_HELLO);
  }

  private static Verdict hello(byte[] bytes, int offset, int length, int type) {
    int end = offset + length;
    int at = offset;
    int seen = 0; // handshake bytes: type, 3 of length, 2 of version
    int bodyLength = 0;
    while (seen < 6) {
      if (!fits(bytes, at, end, TlsRecords.HANDSHAKE)) {
        return Verdict.NO;
      }
      if (end - at < TlsRecords.HEADER) {
        return Verdict.MORE;
      }
      int record = u16(bytes, at + 3);
      if (record == 0 || record > TlsRecords.MAX_PLAINTEXT) {
        return Verdict.NO;
      }
      at += TlsRecords.HEADER;
      for (int left = record; left > 0 && seen < 6; left--, seen++, at++) {
        if (at == end) {
          return Verdict.MORE;
        }
        int b = bytes[at] & 0xff;
        boolean good =
            switch (seen) {
              case 0 -> b == type;
              case 1 -> b == 0; // a hello of 64 KiB and more is none
              case 4 -> b == 3 || b == 0x7f; // 0x7f: drafts of TLS 1.3
              default -> true;
            };
        if (!good) {
          return Verdict.NO;
        }
        if (seen == 2 || seen == 3) {
          bodyLength = bodyLength << 8 | b;
        }
        if (seen == 3 && bodyLength < SHORTEST_HELLO) {
          return Verdict.NO;
        }
      }
    }
    return Verdict.YES;
  }

  /** A client hello in the format of SSLv2, which old clients send to offer SSLv3 or TLS too. */
  public static Verdict sslv2Hello(byte[] bytes, int offset, int length) {
    return Sslv2Hello.sniff(bytes, offset, length);
  }

  /**
   * Records of a TLS connection whose beginning was not captured; to be asked at the start of a segment of an unrecognised
   * flow, of either direction.
   *
   * <p>One header of application data (23, 3, 3 and a possible length) is 24 fixed bits and more than most protocols could
   * ever send in this place, yet it takes a second header or a record that ends with the segment to be sure; a record longer
   * than the segment is believed alone, because bulk data would never be recognised otherwise.
   */
  public static Verdict records(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int at = offset;
    int headers = 0;
    while (at < end) {
      if (!TlsRecords.plausible(bytes, at, end)) {
        return Verdict.NO;
      }
      if (end - at < TlsRecords.HEADER) {
        return headers > 0 ? Verdict.YES : Verdict.MORE;
      }
      if (headers == 0 && bytes[at] == TlsRecords.HANDSHAKE) {
        return Verdict.NO; // the beginning is there: the hello decides
      }
      headers++;
      if (headers > 1) {
        return Verdict.YES;
      }
      at += TlsRecords.HEADER + u16(bytes, at + 3);
    }
    boolean data =
        length > 2 && bytes[offset] == TlsRecords.APPLICATION_DATA && bytes[offset + 2] == 3;
    return data ? Verdict.YES : headers > 0 ? Verdict.NO : Verdict.MORE;
  }

  /** As far as they are there, the first three bytes of a record header fit. */
  private static boolean fits(byte[] bytes, int at, int end, int type) {
    return (at >= end || bytes[at] == type)
        && (at + 1 >= end || bytes[at + 1] == 3)
        && (at + 2 >= end || (bytes[at + 2] & 0xff) <= 4);
  }

  private static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }
}
