package io.sidewire.wire.link;

/** Packets inside packets: by IP protocol number, or over UDP by port and a look at what is there. */
final class Tunnels {
  private static final int GTP_USER = 2152;
  private static final int USER_DATA = 255;
  private static final int L2TP = 1701;
  private static final int TEREDO = 3544;
  private static final int LISP = 4341;
  private static final int VXLAN = 4789;
  private static final int VXLAN_GPE = 4790;
  private static final int GTP_VERSION_0 = 3386;
  private static final int GRE_IN_UDP = 4754;
  private static final int AYIYA = 5072;
  private static final int GENEVE = 6081;
  private static final int MPLS_IN_UDP = 6635;
  private static final int VXLAN_LINUX = 8472;

  private Tunnels() {}

  static Header byProtocol(Cursor c, IpLayer layer) {
    return switch (c.number) {
      case 4 -> Header.IPV4;
      case 41 -> Header.IPV6;
      case 47 -> Header.GRE;
      case 51 -> authentication(c, layer);
      case 97 -> etherIp(c);
      case 137 -> Header.MPLS;
      case 143 -> Header.ETHERNET;
      default -> Header.DONE;
    };
  }

  /** An authentication header in IPv4: signed, not encrypted. */
  private static Header authentication(Cursor c, IpLayer layer) {
    if (!c.has(12) || !c.has((c.u8(1) + 2) * 4)) {
      layer.transportProblem = "ah_header_truncated";
      return Header.DONE;
    }
    c.number = c.u8(0);
    c.skip((c.u8(1) + 2) * 4);
    layer.protocol = c.number;
    layer.transportOffset = c.at;
    return Header.PROTOCOL;
  }

  private static Header etherIp(Cursor c) {
    final int version3 = 0x3000;
    if (!c.has(2) || c.u16(0) != version3) {
      return c.stop("etherip_header_invalid");
    }
    c.skip(2);
    return Header.ETHERNET;
  }

  //  0                   1                   2                   3
  // |C|R|K|S|s|Recur|A| Flags | Ver |         Protocol Type         |
  // |    Checksum, Offset (C or R)   |  Key (K)  |  Sequence (S) | …
  static Header gre(Cursor c) {
    if (!c.has(4)) {
      return c.stop("gre_header_truncated");
    }
    int flags = c.u16(0);
    int type = c.u16(2);
    int version = flags & 7;
    boolean checksum = (flags & 0x8000) != 0;
    boolean routing = (flags & 0x4000) != 0;
    boolean sequence = (flags & 0x1000) != 0;
    int length = 4;
    length += checksum || routing ? 4 : 0;
    length += (flags & 0x2000) != 0 ? 4 : 0;
    length += sequence ? 4 : 0;
    length += version == 1 && (flags & 0x0080) != 0 ? 4 : 0; // acknowledgment
    if (version > 1 || !c.has(length)) {
      return c.stop(version > 1 ? "gre_version_unknown" : "gre_header_truncated");
    }
    c.skip(length);
    if (routing && version == 0 && !skipRoutes(c)) {
      return c.stop("gre_header_truncated");
    }
    if (c.wireLeft() == 0) {
      return Header.DONE; // a bare acknowledgment or keep-alive
    }
    return switch (type) {
      case 0x88be -> erspan(c, sequence ? 8 : 0);
      case 0x22eb -> erspan(c, c.has(12) && (c.u8(11) & 1) != 0 ? 20 : 12);
      case 0x883e -> webCache(c);
      case 0x8909 -> ciscoMetadata(c);
      default -> {
        if (isAruba(type)) {
          yield WifiHeaders.wifi(c, false);
        }
        c.number = type;
        yield type < MacHeaders.FIRST_ETHER_TYPE
            ? c.stop("gre_payload_unknown")
            : Header.ETHER_TYPE;
      }
    };
  }

  /** Types by which Aruba's access points carry 802.11 frames. */
  private static boolean isAruba(int type) {
    return type == 0x9000 || (type >= 0x8200 && type <= 0x83f0 && (type & 0x0f) == 0);
  }

  /** Source route entries: family, offset, length, then that many bytes; one without family and length is the last. */
  private static boolean skipRoutes(Cursor c) {
    while (c.has(4)) {
      int length = c.u8(3);
      boolean last = length == 0 && c.u16(0) == 0;
      if (!c.has(4 + length)) {
        return false;
      }
      c.skip(4 + length);
      if (last) {
        return true;
      }
    }
    return false;
  }

  private static Header erspan(Cursor c, int length) {
    if (!c.has(length)) {
      return c.stop("erspan_header_truncated");
    }
    c.skip(length);
    return Header.ETHERNET;
  }

  /** Here, other than in Ethernet, the type of what follows stands before the metadata. */
  private static Header ciscoMetadata(Cursor c) {
    if (!c.has(8)) {
      return c.stop("gre_header_truncated");
    }
    c.number = c.u16(0);
    c.skip(8);
    return Header.ETHER_TYPE;
  }

  /** WCCP: version 2 puts four bytes before the packet, version 1 none. */
  private static Header webCache(Cursor c) {
    if (c.has(5) && c.u8(0) >> 4 != 4) {
      c.skip(4);
    }
    return Header.IP;
  }

  static Header byPort(Cursor c, IpLayer layer) {
    int from = layer.sourcePort;
    int to = layer.destinationPort;
    // Encapsulations that choose their source port by hash are known by the destination alone.
    switch (to) {
      case VXLAN, VXLAN_GPE, VXLAN_LINUX -> {
        return vxlan(c, to);
      }
      case GRE_IN_UDP -> {
        // No port of its own says GRE: only version 0 without flags that do not exist.
        return c.has(4) && (c.u16(0) & 0x4fff) == 0 ? Header.GRE : Header.DONE;
      }
      case GENEVE -> {
        return geneve(c);
      }
      case LISP -> {
        return lisp(c);
      }
      case MPLS_IN_UDP -> {
        return c.has(8) ? Header.MPLS : Header.DONE;
      }
      default -> {}
    }
    if (to == GTP_USER || from == GTP_USER) {
      return gtp(c);
    }
    if (to == GTP_VERSION_0 || from == GTP_VERSION_0) {
      return gtpVersion0(c);
    }
    if (to == AYIYA || from == AYIYA) {
      return ayiya(c);
    }
    if (to == TEREDO || from == TEREDO) {
      return teredo(c);
    }
    if (to == L2TP || from == L2TP) {
      return l2tp(c);
    }
    return Header.DONE;
  }

  // |flags: 00001P00|   reserved     | next protocol (P) |
  // |          network identifier            |reserved|
  private static Header vxlan(Cursor c, int port) {
    if (!c.has(8) || (c.u8(0) & 0x08) == 0 || c.u8(7) != 0) {
      return Header.DONE;
    }
    // Linux's own port is registered for something else: only what looks right in every bit.
    if (port == VXLAN_LINUX && ((c.u8(0) & 0x7f) != 0x08 || !MacHeaders.plausibleEthernet(c, 8))) {
      return Header.DONE;
    }
    boolean typed = (c.u8(0) & 0x04) != 0;
    int next = typed ? c.u8(3) : 3;
    if (!typed && c.wireLeft() < 8 + 14) {
      return Header.DONE;
    }
    c.skip(8);
    return MacHeaders.nextProtocol(c, next);
  }

  // |Ver| length |O|C|   reserved   |          protocol type        |
  // |          network identifier                     |  reserved   |
  private static Header geneve(Cursor c) {
    if (!c.has(8) || c.u8(0) >> 6 != 0 || c.u8(7) != 0) {
      return Header.DONE;
    }
    int length = 8 + 4 * (c.u8(0) & 0x3f);
    int type = c.u16(2);
    if (type < MacHeaders.FIRST_ETHER_TYPE || !c.has(length)) {
      return Header.DONE;
    }
    c.skip(length);
    c.number = type;
    return Header.ETHER_TYPE;
  }

  private static Header lisp(Cursor c) {
    if (!IpHeaders.plausible(c, 8)) {
      return Header.DONE;
    }
    c.skip(8);
    return Header.IP;
  }

  // |Ver|P|*|E|S|N| message type  |            length             |
  // |                     tunnel identifier                       |
  // | sequence number (E, S or N)   | N-PDU number  | next header |
  private static Header gtp(Cursor c) {
    final int version1 = 0x30; // and the bit that tells GTP from GTP'
    if (!c.has(8) || (c.u8(0) & 0xf0) != version1 || c.u8(1) != USER_DATA) {
      return Header.DONE;
    }
    int length = 8;
    boolean fits = c.u16(2) == c.wireLeft() - 8;
    if ((c.u8(0) & 7) != 0) {
      length = 12;
      boolean extended = (c.u8(0) & 4) != 0;
      while (c.has(length) && extended && c.u8(length - 1) != 0) {
        int words = c.has(length + 1) ? c.u8(length) : 0;
        if (words == 0) {
          return Header.DONE;
        }
        length += 4 * words;
      }
    }
    return userData(c, length, fits);
  }

  // |Ver|P|* * *|S| message type  |            length             |
  // | sequence | flow label | N-PDU | reserved | tunnel identifier (8 bytes)
  private static Header gtpVersion0(Cursor c) {
    final int version0 = 0x10;
    if (!c.has(20) || (c.u8(0) & 0xf0) != version0 || c.u8(1) != USER_DATA) {
      return Header.DONE;
    }
    return userData(c, 20, c.u16(2) == c.wireLeft() - 20);
  }

  /** IP that fits, or in a message whose own length fits something that begins like IP. */
  private static Header userData(Cursor c, int at, boolean fits) {
    if (!c.has(at + 20)) {
      return Header.DONE;
    }
    int version = c.u8(at) >> 4;
    if (!IpHeaders.plausible(c, at) && !(fits && (version == 4 || version == 6))) {
      return Header.DONE;
    }
    c.skip(at);
    return Header.IP;
  }

  /** IPv6 behind an authentication header, an origin indication, both, or neither. */
  private static Header teredo(Cursor c) {
    int at = 0;
    if (c.has(13) && c.u16(0) == 0x0001) {
      at = 13 + c.u8(2) + c.u8(3);
    }
    if (c.has(at + 8) && c.u16(at) == 0x0000) {
      at += 8;
    }
    if (!c.has(at + 20) || c.u8(at) >> 4 != 6 || !IpHeaders.plausible(c, at)) {
      return Header.DONE;
    }
    c.skip(at);
    return Header.IPV6;
  }

  // |T|L|*|*|S|*|O|P|*|*|*|*|  Ver  |   length (L)   | tunnel | session | … PPP
  private static Header l2tp(Cursor c) {
    final int version2 = 2;
    if (!c.has(6)) {
      return Header.DONE;
    }
    int flags = c.u16(0);
    boolean control = (flags & 0x8000) != 0;
    if (control || (flags & 0x0f) != version2 || (flags & 0x34f0) != 0) {
      return Header.DONE;
    }
    int length = 6;
    length += (flags & 0x4000) != 0 ? 2 : 0;
    length += (flags & 0x0800) != 0 ? 4 : 0;
    if ((flags & 0x0200) != 0) {
      if (!c.has(length + 2)) {
        return Header.DONE;
      }
      length += 2 + c.u16(length);
    }
    if (!c.has(length + 2)) {
      return Header.DONE;
    }
    c.skip(length);
    return c.u16(0) == 0xff03 ? PointToPoint.ppp(c) : Header.PPP;
  }

  // |id length, type|signature, hash|authentication,|  next header  |
  // |                             time                              | identity, signature
  private static Header ayiya(Cursor c) {
    final int forward = 1;
    if (!c.has(8) || (c.u8(2) & 15) != forward) {
      return Header.DONE;
    }
    int length = 8 + (1 << (c.u8(0) >> 4)) + 4 * (c.u8(1) >> 4);
    int next = c.u8(3);
    if ((next != 4 && next != 41) || !IpHeaders.plausible(c, length)) {
      return Header.DONE;
    }
    c.skip(length);
    return Header.IP;
  }
}
