package io.sidewire.wire.link;

/** The headers of link types, from their DLT or LINKTYPE number on. */
final class LinkHeaders {
  private static final int ARPHRD_FRAME_RELAY = 770;
  private static final int ARPHRD_WIFI = 801;
  private static final int ARPHRD_RADIOTAP = 803;
  private static final int ARPHRD_NETLINK = 824;

  private LinkHeaders() {}

  static Header read(Cursor c) {
    return switch (c.number) {
      case 1 -> Header.ETHERNET;
      case 113 -> sll(c);
      case 276 -> sll2(c);
      case 0, 108 -> family(c, 4);
      case 12, 14, 101 -> Header.IP;
      case 228 -> Header.IPV4;
      case 229 -> Header.IPV6;
      case 9, 50 -> PointToPoint.ppp(c);
      case 51 -> PointToPoint.pppoe(c);
      case 166, 204 -> PointToPoint.pppWithDirection(c);
      case 104 -> PointToPoint.hdlc(c);
      case 107 -> PointToPoint.frameRelay(c);
      case 6 -> MacHeaders.tokenRing(c);
      case 8 -> skip(c, 16, Header.IP);
      case 10 -> skip(c, 13, Header.LLC);
      case 11, 100 -> Header.LLC;
      case 122 -> skip(c, 16, Header.LLC);
      case 105 -> WifiHeaders.wifi(c, false);
      case 119 -> WifiHeaders.prism(c);
      case 127 -> WifiHeaders.radiotap(c);
      case 163 -> WifiHeaders.avs(c);
      case 192 -> perPacketInformation(c);
      case 123 -> sunAtm(c);
      case 109 -> family(c, 12);
      case 117 -> pflog(c);
      case 138 -> typed(c, 16, 18);
      case 149, 258 -> pktap(c);
      case 239 -> nflog(c);
      case 242 -> typed(c, 40, 44); // InfiniBand: global route header, EtherType, two reserved
      case 281 -> MacHeaders.broadcomTag(c, 12);
      case 282 -> MacHeaders.broadcomTag(c, 0);
      case 284 -> MacHeaders.dsa(c, 12);
      case 285 -> MacHeaders.etherTypedDsa(c);
      default -> c.stop("link_type_unknown");
    };
  }

  private static Header skip(Cursor c, int length, Header next) {
    if (!c.has(length)) {
      return c.stop("link_header_truncated");
    }
    c.skip(length);
    return next;
  }

  /** A header of {@code length} bytes with an EtherType in it. */
  private static Header typed(Cursor c, int typeAt, int length) {
    if (!c.has(length)) {
      return c.stop("link_header_truncated");
    }
    c.number = c.u16(typeAt);
    c.skip(length);
    return Header.ETHER_TYPE;
  }

  //  0         2         4         6                   14        16
  // |  packet |  ARPHRD |  length |  address           |protocol |
  private static Header sll(Cursor c) {
    if (!c.has(16)) {
      return c.stop("link_header_truncated");
    }
    int hardware = c.u16(2);
    int protocol = c.u16(14);
    c.skip(16);
    return cooked(c, hardware, protocol);
  }

  //  0         2         4              8         10   11   12                20
  // |protocol |reserved | interface    |  ARPHRD |pack|len | address          |
  private static Header sll2(Cursor c) {
    if (!c.has(20)) {
      return c.stop("link_header_truncated");
    }
    int hardware = c.u16(8);
    int protocol = c.u16(0);
    c.skip(20);
    return cooked(c, hardware, protocol);
  }

  private static Header cooked(Cursor c, int hardware, int protocol) {
    switch (hardware) {
      case ARPHRD_NETLINK -> {
        return c.stop("netlink");
      }
      case ARPHRD_FRAME_RELAY -> {
        return PointToPoint.frameRelay(c);
      }
      case ARPHRD_WIFI -> {
        return WifiHeaders.wifi(c, false);
      }
      case ARPHRD_RADIOTAP -> {
        return WifiHeaders.radiotap(c);
      }
      default -> {}
    }
    // Below 0x600 these are Linux's own numbers: 4 is a frame with 802.2 inside.
    if (protocol == 4) {
      return Header.LLC;
    }
    if (protocol < MacHeaders.FIRST_ETHER_TYPE) {
      return c.stop("sll_protocol_unknown");
    }
    c.number = protocol;
    return Header.ETHER_TYPE;
  }

  /** BSD loopback: an address family, in the byte order of the host that captured. */
  private static Header family(Cursor c, int length) {
    if (!c.has(length)) {
      return c.stop("link_header_truncated");
    }
    int family = c.i32(0);
    if ((family & 0xffff0000) != 0) {
      family = Integer.reverseBytes(family);
    }
    c.skip(length);
    return switch (family) {
      case 2 -> Header.IPV4;
      // Linux, Windows, NetBSD and OpenBSD, FreeBSD, macOS.
      case 10, 23, 24, 28, 30 -> Header.IPV6;
      default -> c.stop("address_family_unknown");
    };
  }

  private static Header sunAtm(Cursor c) {
    final int llc = 2;
    if (!c.has(4) || (c.u8(0) & 15) != llc) {
      return c.stop("atm");
    }
    c.skip(4);
    return Header.LLC;
  }

  private static Header pflog(Cursor c) {
    if (!c.has(4)) {
      return c.stop("link_header_truncated");
    }
    int length = c.u8(0) + 3 & ~3;
    return skip(c, Math.max(length, 4), Header.IP);
  }

  private static Header perPacketInformation(Cursor c) {
    if (!c.has(8) || c.u16le(2) < 8) {
      return c.stop("link_header_truncated");
    }
    c.number = c.i32le(4);
    return skip(c, c.u16le(2), Header.LINK);
  }

  /** Apple's header: its length, the kind of what follows, and the DLT of that; all little-endian. */
  private static Header pktap(Cursor c) {
    if (!c.has(12)) {
      return c.stop("link_header_truncated");
    }
    int length = c.i32le(0);
    // 149 is a number for private use: hold whatever does not look like this header to be something
    // else.
    if (length < 12 || length > 1024 || c.i32le(4) != 1) {
      return c.stop("link_type_unknown");
    }
    c.number = c.i32le(8);
    return skip(c, length, Header.LINK);
  }

  /** Netfilter log: family, version, resource, then attributes in the byte order of the host that captured. */
  private static Header nflog(Cursor c) {
    final int payload = 9;
    if (!c.has(4)) {
      return c.stop("link_header_truncated");
    }
    c.skip(4);
    while (c.has(4)) {
      int length = c.u16le(0);
      int type = c.u16le(2);
      if (length < 4 || length > c.wireLeft()) {
        length = c.u16(0);
        type = c.u16(2);
      }
      if (length < 4 || length > c.wireLeft()) {
        return c.stop("nflog_attribute_invalid");
      }
      if ((type & 0x7fff) == payload) {
        c.limit(length);
        c.skip(4);
        return Header.IP;
      }
      int padded = length + 3 & ~3;
      if (!c.has(padded)) {
        break;
      }
      c.skip(padded);
    }
    return c.stop("nflog_without_payload");
  }
}
