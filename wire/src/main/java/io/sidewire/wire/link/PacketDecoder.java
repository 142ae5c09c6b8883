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

  /** Gives up datagrams that wait for fragments longer than packet time allows; see {@link #pollAbandoned}. */
  public void tick(long nowMicros) {}

  /** Gives up every datagram that still waits for fragments; see {@link #pollAbandoned}. */
  public void end() {}

  /**
   * Takes a fragment that was {@linkplain IpLayer#pending pending} and whose flow will never be known.
   *
   * @return false: there is none, and {@code out} is unchanged
   */
  public boolean pollAbandoned(HeldFragment out) {
    return false;
  }
}
