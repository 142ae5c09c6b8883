package io.sidewire.capture.save;

import io.sidewire.wire.dns.DnsForm;
import io.sidewire.wire.link.IpLayer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Masks UDP: DNS, QUIC and DTLS stay, for names and handshakes are meant to be read; all else is zeroed. */
final class DatagramMask {
  private static final int MOST_QUIC = 4096;
  private static final int DTLS_HEADER = 13;

  /** Flows that began with a long header of QUIC: short headers tell nothing of themselves. */
  private final Set<Object> quic = Collections.newSetFromMap(new LinkedHashMap<>(64, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<Object, Boolean> eldest) {
      return size() > MOST_QUIC;
    }
  });

  void mask(SavedFrame frame, IpLayer layer, Object key) {
    int from = layer.payloadOffset;
    int length = layer.payloadCaptured;
    if (length <= 0 || stays(frame.bytes, from, length, layer, key)) {
      return;
    }
    int checksum = layer.transportOffset + 6;
    boolean none = frame.bytes[checksum] == 0 && frame.bytes[checksum + 1] == 0;
    frame.zero(from, from + length, layer.transportOffset, none ? -1 : checksum);
  }

  private boolean stays(byte[] bytes, int from, int length, IpLayer layer, Object key) {
    if (DnsForm.is(bytes, from, length, length < layer.payloadLength)) {
      return true;
    }
    if (isDtls(bytes, from, length)) {
      return true;
    }
    if (isQuicLong(bytes, from, length)) {
      quic.add(key);
      return true;
    }
    return (bytes[from] & 0xc0) == 0x40 && quic.contains(key);
  }

  private static boolean isDtls(byte[] bytes, int from, int length) {
    int at = from;
    int end = from + length;
    while (at < end) {
      if (end - at < DTLS_HEADER
          || (bytes[at] & 0xff) < 20
          || (bytes[at] & 0xff) > 26
          || (bytes[at + 1] & 0xff) != 0xfe
          || (bytes[at + 2] & 0xff) < 0xfc) {
        return false;
      }
      at += DTLS_HEADER + ((bytes[at + 11] & 0xff) << 8 | bytes[at + 12] & 0xff);
    }
    return at == end;
  }

  /** A long header of a version that is known: 1, 2, a draft, or negotiation. */
  private static boolean isQuicLong(byte[] bytes, int from, int length) {
    if (length < 7 || (bytes[from] & 0x80) == 0) {
      return false;
    }
    int version = 0;
    for (int i = 1; i <= 4; i++) {
      version = version << 8 | bytes[from + i] & 0xff;
    }
    boolean known = version == 1
        || version == 0x6b3343cf
        || version >>> 8 == 0xff0000
        || (version & 0x0f0f0f0f) == 0x0a0a0a0a;
    return (known || version == 0) && (bytes[from + 5] & 0xff) <= 20;
  }
}
