package io.sidewire.wire.flow;

import io.sidewire.wire.link.IpLayer;

/**
 * Which flow a packet belongs to: both endpoints in an order that does not depend on who sent, the protocol, and whether
 * the packet counts in sums. Mutable, so that a lookup allocates nothing.
 */
final class FlowKey {
  /*
   * Addresses are two longs, an IPv4 address in the lower half of the second. `kind` packs
   *   bits 0..7 protocol, bit 8 IPv6, bit 9 within a tunnel.
   * Outer and plain packets of one tuple are one flow, as are mid and inner ones: else an outer flow would fall apart
   * where some of its packets carry nothing that can be read.
   */
  static final int IPV6 = 0x100;
  static final int WITHIN = 0x200;

  long highA;
  long lowA;
  long highB;
  long lowB;
  int portA;
  int portB;
  int kind;

  /** The packet's sender is endpoint A. */
  boolean fromA;

  void set(IpLayer layer, boolean within) {
    int protocol = layer.protocol & 0xff;
    boolean six = layer.version == 6;
    kind = protocol | (six ? IPV6 : 0) | (within ? WITHIN : 0);
    byte[] bytes = layer.bytes;
    long sourceHigh = six ? long64(bytes, layer.sourceOffset) : 0;
    long sourceLow = six ? long64(bytes, layer.sourceOffset + 8) : int32(bytes, layer.sourceOffset);
    long targetHigh = six ? long64(bytes, layer.destinationOffset) : 0;
    long targetLow =
        six ? long64(bytes, layer.destinationOffset + 8) : int32(bytes, layer.destinationOffset);
    int sourcePort = layer.sourcePort;
    int targetPort = layer.destinationPort;
    fromA = inOrder(sourceHigh, sourceLow, sourcePort, targetHigh, targetLow, targetPort);
    highA = fromA ? sourceHigh : targetHigh;
    lowA = fromA ? sourceLow : targetLow;
    portA = fromA ? sourcePort : targetPort;
    highB = fromA ? targetHigh : sourceHigh;
    lowB = fromA ? targetLow : sourceLow;
    portB = fromA ? targetPort : sourcePort;
  }

  private static boolean inOrder(
      long sourceHigh, long sourceLow, int sourcePort, long high, long low, int port) {
    if (sourceHigh != high) {
      return sourceHigh < high;
    }
    return sourceLow != low ? sourceLow < low : sourcePort <= port;
  }

  long hash(long seed) {
    long hash = mix(seed ^ lowA) + highA;
    hash = mix(hash ^ lowB) + highB;
    return mix(hash ^ ((long) portA << 48 ^ (long) (portB & 0xffff) << 32 ^ kind));
  }

  /** The finalizer of MurmurHash3: each bit of the input changes half of the output. */
  static long mix(long value) {
    long mixed = value;
    mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ mixed >>> 33;
  }

  /** Writes the addresses of both endpoints, A first, and returns the length of one. */
  static int write(Flow flow, byte[] to) {
    boolean six = (flow.kind & IPV6) != 0;
    int at = 0;
    for (long part : six
        ? new long[] {flow.highA, flow.lowA, flow.highB, flow.lowB}
        : new long[] {flow.lowA, flow.lowB}) {
      for (int shift = six ? 56 : 24; shift >= 0; shift -= 8) {
        to[at++] = (byte) (part >>> shift);
      }
    }
    return at / 2;
  }

  private static long int32(byte[] bytes, int at) {
    return (bytes[at] & 0xffL) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | bytes[at + 3] & 0xff;
  }

  private static long long64(byte[] bytes, int at) {
    return int32(bytes, at) << 32 | int32(bytes, at + 4);
  }
}
