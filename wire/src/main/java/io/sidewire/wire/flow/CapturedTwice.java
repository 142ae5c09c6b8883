package io.sidewire.wire.flow;

import io.sidewire.wire.link.IpLayer;

/**
 * Tells a packet that was captured twice from bytes that were sent twice: the copy has the IP identification and the
 * checksum of the packet before it.
 */
final class CapturedTwice {
  /** Two captures of one packet are a switch or an interface apart; a sender waits longer. */
  private static final long SOON_MICROS = 100_000;

  /** The same where there is no IP identification to compare. */
  private static final long AT_ONCE_MICROS = 5_000;

  /** True where the packet is a copy of the last one of its sender; remembers it for the next. */
  boolean is(Flow flow, IpLayer layer, boolean fromA, long timeMicros) {
    long facts;
    if (layer.protocol == Transport.TCP) {
      facts = layer.tcpSequence << 32 | layer.tcpAcknowledgment & 0xffffffffL;
      facts ^= (long) layer.tcpFlags << 56 ^ (long) layer.tcpWindow << 40;
      facts = FlowKey.mix(facts) + u16(layer.bytes, layer.transportOffset + 16);
    } else if (layer.protocol == Transport.UDP) {
      facts = u16(layer.bytes, layer.transportOffset + 6);
    } else {
      return false;
    }
    int identification = layer.version == 4 ? u16(layer.bytes, layer.sourceOffset - 8) : 0;
    facts = FlowKey.mix(facts ^ (long) identification << 16 ^ (long) layer.payloadLength << 32);
    int fingerprint = (int) facts | 1;
    int before = fromA ? flow.fingerprintA : flow.fingerprintB;
    if (fromA) {
      flow.fingerprintA = fingerprint;
    } else {
      flow.fingerprintB = fingerprint;
    }
    if (fingerprint != before) {
      return false;
    }
    long apart = Math.abs(timeMicros - flow.activity);
    return identification != 0
        ? apart <= SOON_MICROS
        : apart <= AT_ONCE_MICROS && layer.payloadLength > 0;
  }

  private static int u16(byte[] bytes, int at) {
    return at >= 0 && at + 1 < bytes.length ? (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff : 0;
  }
}
