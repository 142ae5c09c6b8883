package io.sidewire.wire.tls;

import io.sidewire.wire.Observation.ClientHello;
import io.sidewire.wire.tls.TlsSniff.Verdict;
import java.util.List;

/**
 * A client hello in the format of SSLv2, with which clients of the 1990s and 2000s offered SSLv3 and TLS too (RFC 5246
 * appendix E.2).
 *
 * <pre>
 * 0            2    3         5              7            9             11
 * | 0x80 length | 1 | version | cipher bytes | id bytes   | challenge   | ciphers, id, challenge
 * </pre>
 */
final class Sslv2Hello {
  private static final int HEAD = 11;
  private static final int FIXED = 9; // of the message, which begins after the length

  private Sslv2Hello() {}

  static Verdict sniff(byte[] bytes, int offset, int length) {
    if (length >= 1 && (bytes[offset] & 0x80) == 0 || length >= 3 && bytes[offset + 2] != 1) {
      return Verdict.NO;
    }
    if (length >= 5) {
      int version = TlsRecords.u16(bytes, offset + 3);
      if (version != 2 && (version < 0x300 || version > 0x304)) {
        return Verdict.NO;
      }
    }
    if (length < HEAD) {
      return Verdict.MORE;
    }
    int ciphers = TlsRecords.u16(bytes, offset + 5);
    int id = TlsRecords.u16(bytes, offset + 7);
    int challenge = TlsRecords.u16(bytes, offset + 9);
    boolean sums = messageLength(bytes, offset) == FIXED + ciphers + id + challenge;
    boolean good = sums
        && ciphers > 0
        && ciphers % 3 == 0
        && (id == 0 || id == 16)
        && challenge >= 16
        && challenge <= 32;
    return good ? Verdict.YES : Verdict.NO;
  }

  /** Bytes after the two of the length; the prefix must have these two. */
  static int messageLength(byte[] bytes, int offset) {
    return TlsRecords.u16(bytes, offset) & 0x7fff;
  }

  /** The version offered is all that such a hello says; it has neither name nor random of 32 bytes. */
  static ClientHello observation(byte[] bytes, long time) {
    int version = TlsRecords.u16(bytes, 3);
    return new ClientHello(
        time, "tcp", null, List.of(), version, null, null, false, false, false, null);
  }
}
