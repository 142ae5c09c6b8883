package io.sidewire.wire.link;

import io.sidewire.wire.Limits;

/**
 * Frames to IP layers: link types, VLAN and MPLS, tunnels, IPv4 and IPv6 with fragments, transport headers.
 *
 * <p>Holds the fragments that wait for the rest of their datagram; apart from those it allocates nothing.
 */
public final class PacketDecoder {
  /** Headers of one frame before its IP transport; more are an attack on the reader. */
  private static final int MAX_HEADERS = 64;

  private final Cursor cursor = new Cursor();
  private final Fragments fragments;
  private final IpHeaders ip;

  public PacketDecoder(Limits limits) {
    fragments = new Fragments(limits.fragmentBytesTotal());
    ip = new IpHeaders(fragments);
  }

  /** Decodes one frame into {@code out}. Never throws; see {@link DecodedFrame#reason} where there is no IP layer. */
  public void decode(
      int linkType,
      byte[] frame,
      int offset,
      int capturedLength,
      int wireLength,
      long timeMicros,
      DecodedFrame out) {
    out.clear();
    Cursor c = cursor;
    c.begin(frame, offset, capturedLength, wireLength, timeMicros, out);
    c.number = linkType;
    Header next = Header.LINK;
    for (int headers = 0; next != Header.DONE; headers++) {
      next = headers == MAX_HEADERS ? c.stop("too_many_headers") : read(next, c);
    }
  }

  private Header read(Header header, Cursor c) {
    return switch (header) {
      case LINK -> LinkHeaders.read(c);
      case ETHERNET -> MacHeaders.ethernet(c);
      case ETHER_TYPE -> MacHeaders.etherType(c);
      case LLC -> MacHeaders.llc(c);
      case PPP -> PointToPoint.pppProtocol(c);
      case MPLS -> PointToPoint.mpls(c);
      case IP -> IpHeaders.byVersion(c);
      case IPV4 -> ip.ipv4(c);
      case IPV6 -> ip.ipv6(c);
      case PROTOCOL -> Transport.read(c);
      case GRE -> Tunnels.gre(c);
      case DONE -> Header.DONE;
    };
  }

  /** Gives up datagrams that wait for fragments longer than packet time allows; see {@link #pollAbandoned}. */
  public void tick(long nowMicros) {
    fragments.tick(nowMicros);
  }

  /** Gives up every datagram that still waits for fragments; see {@link #pollAbandoned}. */
  public void end() {
    fragments.end();
  }

  /**
   * Takes a fragment that was {@linkplain IpLayer#pending pending} and whose flow will never be known.
   *
   * @return false: there is none, and {@code out} is unchanged
   */
  public boolean pollAbandoned(HeldFragment out) {
    HeldFragment held = fragments.pollAbandoned();
    if (held == null) {
      return false;
    }
    out.timeMicros = held.timeMicros;
    out.frameBytes = held.frameBytes;
    out.ipBytes = held.ipBytes;
    out.level = held.level;
    return true;
  }

  /** Memory that waiting fragments hold, nearly. */
  public long fragmentBytes() {
    return fragments.bytes();
  }
}
