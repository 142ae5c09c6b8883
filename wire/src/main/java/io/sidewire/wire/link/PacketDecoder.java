package io.sidewire.wire.link;

import io.sidewire.wire.Limits;

/** Frames to IP layers: link types, VLAN and MPLS, tunnels, IPv4 and IPv6 with fragments, transport headers. */
public final class PacketDecoder {

  public PacketDecoder(Limits limits) {}

  /** Decodes one frame into {@code out}. Never throws; see {@link DecodedFrame#reason} where there is no IP layer. */
  public void decode(
      int linkType,
      byte[] frame,
      int offset,
      int capturedLength,
      int wireLength,
      long timeMicros,
      DecodedFrame out) {}
}
