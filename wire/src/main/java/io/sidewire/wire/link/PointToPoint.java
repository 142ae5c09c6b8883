package io.sidewire.wire.link;

/** Serial links and label switching: PPP, PPPoE, Cisco HDLC, frame relay, MPLS. */
final class PointToPoint {
  private static final int HDLC_UNICAST = 0x0f;
  private static final int HDLC_MULTICAST = 0x8f;

  private PointToPoint() {}

  /** PPP with its HDLC address and control, without, or Cisco HDLC: one link type stands for all three. */
  static Header ppp(Cursor c) {
    if (!c.has(2)) {
      return c.stop("ppp_header_truncated");
    }
    if (c.u16(0) == 0xff03) {
      c.skip(2);
      return Header.PPP;
    }
    int address = c.u8(0);
    return address == HDLC_UNICAST || address == HDLC_MULTICAST ? hdlc(c) : Header.PPP;
  }

  /** A byte that tells the direction, in the place of the address or before it. */
  static Header pppWithDirection(Cursor c) {
    if (!c.has(2)) {
      return c.stop("ppp_header_truncated");
    }
    c.skip(c.u8(1) == 0x03 ? 2 : 1);
    return ppp(c);
  }

  static Header pppProtocol(Cursor c) {
    if (!c.has(1)) {
      return c.stop("ppp_header_truncated");
    }
    int protocol = c.u8(0);
    int length = 1;
    // Only the last byte of a protocol number is odd: an odd first byte is a compressed number.
    if ((protocol & 1) == 0) {
      if (!c.has(2)) {
        return c.stop("ppp_header_truncated");
      }
      protocol = c.u16(0);
      length = 2;
    }
    c.skip(length);
    return switch (protocol) {
      case 0x0021 -> Header.IPV4;
      case 0x0057 -> Header.IPV6;
      case 0x0281, 0x0283 -> Header.MPLS;
      case 0x002d, 0x002f -> c.stop("ppp_compressed_header");
      case 0x003d -> multilink(c);
      case 0x00fd, 0x00fb -> c.stop("ppp_compressed");
      case 0x0053, 0x0055 -> c.stop("ppp_encrypted");
      default -> c.stop(protocol >= 0x8000 ? "ppp_control" : "ppp_protocol_unknown");
    };
  }

  /** A multilink frame with the long header; only one that is whole can be read alone. */
  private static Header multilink(Cursor c) {
    final int beginAndEnd = 0xc0;
    if (!c.has(4) || (c.u8(0) & beginAndEnd) != beginAndEnd) {
      return c.stop("ppp_multilink");
    }
    c.skip(4);
    return Header.PPP;
  }

  //  0         1         2                   4                   6
  // |ver, type|  code   |      session      |      length       | PPP
  static Header pppoe(Cursor c) {
    if (!c.has(6)) {
      return c.stop("pppoe_header_truncated");
    }
    int code = c.u8(1);
    int length = c.u16(4);
    c.skip(6);
    if (code != 0) {
      return c.stop("pppoe_discovery");
    }
    if (length > 0) {
      c.limit(length);
    }
    return Header.PPP;
  }

  static Header hdlc(Cursor c) {
    if (!c.has(4)) {
      return c.stop("hdlc_header_truncated");
    }
    c.number = c.u16(2);
    c.skip(4);
    return switch (c.number) {
      case 0x8035 -> c.stop("slarp");
      case 0x2000 -> c.stop("cisco_discovery");
      case 0xfefe -> c.has(1) ? networkLayerId(c) : c.stop("hdlc_header_truncated");
      default -> Header.ETHER_TYPE;
    };
  }

  static Header frameRelay(Cursor c) {
    int address = 0;
    // The low bit marks the last byte of the address, which has two to four.
    while (c.has(address + 1) && (c.u8(address) & 1) == 0 && address < 4) {
      address++;
    }
    address++;
    if (address < 2 || address > 4 || !c.has(address + 2)) {
      return c.stop("frame_relay_header_invalid");
    }
    c.skip(address);
    if (c.u8(0) != 0x03) {
      // Cisco's encapsulation: an EtherType at once.
      c.number = c.u16(0);
      c.skip(2);
      return c.number < MacHeaders.FIRST_ETHER_TYPE
          ? c.stop("frame_relay_payload_unknown")
          : Header.ETHER_TYPE;
    }
    c.skip(1);
    if (c.u8(0) == 0 && c.has(2)) {
      c.skip(1); // padding to an even length
    }
    return networkLayerId(c);
  }

  /** ISO's network layer protocol identifier, one byte of which was captured. */
  static Header networkLayerId(Cursor c) {
    int id = c.u8(0);
    c.skip(1);
    return switch (id) {
      case 0xcc -> Header.IPV4;
      case 0x8e -> Header.IPV6;
      case 0x80 -> MacHeaders.organization(c);
      case 0xcf -> Header.PPP;
      default -> c.stop("osi");
    };
  }

  /** Labels up to the bottom of the stack; what follows says nowhere what it is. */
  static Header mpls(Cursor c) {
    boolean bottom = false;
    while (!bottom) {
      if (!c.has(4)) {
        return c.stop("mpls_label_truncated");
      }
      bottom = (c.u8(2) & 1) != 0;
      c.skip(4);
    }
    if (!c.has(1)) {
      return c.stop("mpls_payload_truncated");
    }
    int nibble = c.u8(0) >> 4;
    if ((nibble == 4 || nibble == 6)
        && (IpHeaders.plausible(c, 0) || !MacHeaders.plausibleEthernet(c, 0))) {
      return Header.IP;
    }
    if (nibble == 0 && MacHeaders.plausibleEthernet(c, 4)) {
      c.skip(4); // control word of a pseudo-wire
      return Header.ETHERNET;
    }
    if (MacHeaders.plausibleEthernet(c, 0)) {
      return Header.ETHERNET;
    }
    return c.stop(nibble == 1 ? "mpls_control" : "mpls_payload_unknown");
  }
}
