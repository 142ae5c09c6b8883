package io.sidewire.wire.link;

/** Ethernet and its relatives: addresses, EtherTypes, tags, 802.2. */
final class MacHeaders {
  /** Smaller values of a type field are lengths. */
  static final int FIRST_ETHER_TYPE = 0x600;

  static final int IPV4 = 0x0800;
  static final int IPV6 = 0x86dd;
  static final int ETHERNET = 0x6558;
  static final int PPP = 0x880b;
  static final int MPLS = 0x8847;
  static final int MPLS_MULTICAST = 0x8848;
  private static final int ARP = 0x0806;
  private static final int VLAN = 0x8100;
  private static final int SERVICE_VLAN = 0x88a8;
  private static final int MAX_802_3_LENGTH = 1500;

  private MacHeaders() {}

  static Header ethernet(Cursor c) {
    if (!c.has(14)) {
      return c.stop("ethernet_header_truncated");
    }
    c.number = c.u16(12);
    c.skip(14);
    return Header.ETHER_TYPE;
  }

  /** True where a frame could begin at {@code offset}: its type or length is one that is seen in practice. */
  static boolean plausibleEthernet(Cursor c, int offset) {
    if (!c.has(offset + 14)) {
      return false;
    }
    int type = c.u16(offset + 12);
    return switch (type) {
      case IPV4, IPV6, ARP, VLAN, SERVICE_VLAN, MPLS, 0x8863, 0x8864, 0x88cc, 0x9000, 0x8902 ->
        true;
      default -> type > 2 && type <= Math.min(MAX_802_3_LENGTH, c.wireLeft() - offset - 14);
    };
  }

  static Header etherType(Cursor c) {
    int type = c.number;
    return switch (type) {
      case IPV4 -> Header.IPV4;
      case IPV6 -> Header.IPV6;
      case VLAN, SERVICE_VLAN, 0x9100, 0x9200, 0x9300 -> vlan(c);
      case MPLS, MPLS_MULTICAST -> Header.MPLS;
      case 0x8864 -> PointToPoint.pppoe(c);
      case ETHERNET -> Header.ETHERNET;
      case PPP -> PointToPoint.ppp(c);
      case 0x8909 -> tag(c, 6); // Cisco metadata: version, length, one security group option
      case 0x8926 -> tag(c, 4); // VN-Tag
      case 0x893f -> tag(c, 6); // 802.1BR E-Tag
      case 0x892f, 0x88fb -> tag(c, 4); // HSR, PRP supervision with it
      case 0x8903 -> fabric(c, 2); // FabricPath: tree and hops, then a whole frame
      case 0x88e7 -> fabric(c, 4); // 802.1ah: service instance, then a whole frame
      case 0x22f3 -> trill(c);
      case 0x88e5 -> macsec(c);
      case 0x894f -> networkServiceHeader(c);
      case 0xdada -> etherTypedDsaTag(c);
      default -> {
        if (type <= MAX_802_3_LENGTH) {
          c.limit(type);
          yield Header.LLC;
        }
        yield c.stop(nameOf(type));
      }
    };
  }

  private static String nameOf(int type) {
    return switch (type) {
      case ARP -> "arp";
      case 0x8035 -> "rarp";
      case 0x8863 -> "pppoe_discovery";
      case 0x8137 -> "ipx";
      case 0x809b, 0x80f3 -> "appletalk";
      case 0x8808 -> "ethernet_flow_control";
      case 0x8809 -> "slow_protocols";
      case 0x888e -> "eapol";
      case 0x8892 -> "profinet";
      case 0x88cc -> "lldp";
      case 0x88f7 -> "ptp";
      case 0x8902 -> "cfm";
      case 0x9000 -> "ethernet_loopback";
      default -> type < FIRST_ETHER_TYPE ? "ethernet_length_invalid" : "ethertype_unknown";
    };
  }

  private static Header vlan(Cursor c) {
    if (!c.has(4)) {
      return c.stop("vlan_tag_truncated");
    }
    c.out.addVlan(c.u16(0) & 0xfff);
    return tag(c, 2);
  }

  /** A tag of {@code length} bytes, then the type of what follows. */
  private static Header tag(Cursor c, int length) {
    if (!c.has(length + 2)) {
      return c.stop("ethernet_tag_truncated");
    }
    c.number = c.u16(length);
    c.skip(length + 2);
    return Header.ETHER_TYPE;
  }

  private static Header fabric(Cursor c, int length) {
    if (!c.has(length)) {
      return c.stop("ethernet_tag_truncated");
    }
    c.skip(length);
    return Header.ETHERNET;
  }

  private static Header trill(Cursor c) {
    if (!c.has(6)) {
      return c.stop("ethernet_tag_truncated");
    }
    int optionWords = c.u16(0) >> 6 & 0x1f;
    return fabric(c, 6 + 4 * optionWords);
  }

  // |V|ES|SC|SCB|E|C| AN | short length | packet number (4) | channel (8, with SC)
  private static Header macsec(Cursor c) {
    final int encryptedOrChanged = 0x0c;
    if (!c.has(6)) {
      return c.stop("ethernet_tag_truncated");
    }
    if ((c.u8(0) & encryptedOrChanged) != 0) {
      return c.stop("macsec_encrypted");
    }
    return tag(c, (c.u8(0) & 0x20) != 0 ? 14 : 6);
  }

  static Header networkServiceHeader(Cursor c) {
    if (!c.has(8)) {
      return c.stop("nsh_truncated");
    }
    int length = (c.u8(1) & 0x3f) * 4;
    int next = c.u8(3);
    if (length < 8 || !c.has(length)) {
      return c.stop("nsh_truncated");
    }
    c.skip(length);
    return nextProtocol(c, next);
  }

  /** The next-protocol numbers that VXLAN-GPE and the network service header share. */
  static Header nextProtocol(Cursor c, int number) {
    return switch (number) {
      case 1 -> Header.IPV4;
      case 2 -> Header.IPV6;
      case 3 -> Header.ETHERNET;
      case 4 -> networkServiceHeader(c);
      case 5 -> Header.MPLS;
      default -> c.stop("tunnel_payload_unknown");
    };
  }

  // --- 802.2 ---

  static Header llc(Cursor c) {
    if (!c.has(3)) {
      return c.stop("llc_truncated");
    }
    int saps = c.u16(0);
    boolean unnumbered = c.u8(2) == 0x03;
    if (saps == 0xaaaa && unnumbered) {
      return snap(c);
    }
    if (saps == 0x0606 && unnumbered) {
      c.skip(3);
      return Header.IPV4;
    }
    if (saps == 0xfefe && unnumbered && c.has(4)) {
      c.skip(3);
      return PointToPoint.networkLayerId(c);
    }
    return c.stop(saps == 0x4242 ? "stp" : saps == 0xffff ? "ipx" : "llc");
  }

  private static Header snap(Cursor c) {
    if (!c.has(8)) {
      return c.stop("llc_truncated");
    }
    c.skip(3);
    return organization(c);
  }

  /** Organization code and a type that belongs to it. */
  static Header organization(Cursor c) {
    if (!c.has(5)) {
      return c.stop("llc_truncated");
    }
    int organization = c.u16(0) << 8 | c.u8(2);
    int type = c.u16(3);
    c.skip(5);
    return switch (organization) {
      case 0x000000, 0x0000f8 -> {
        c.number = type;
        yield type < FIRST_ETHER_TYPE ? c.stop("snap_type_invalid") : Header.ETHER_TYPE;
      }
      // Bridged Ethernet, with its checksum at the end or without.
      case 0x0080c2 -> type == 1 || type == 7 ? Header.ETHERNET : c.stop("snap_bridged");
      case 0x00000c -> c.stop("cisco_discovery");
      default -> c.stop("snap_unknown");
    };
  }

  static Header tokenRing(Cursor c) {
    if (!c.has(15)) {
      return c.stop("link_header_truncated");
    }
    // The top bit of the source address says that routing information follows, with its own length.
    int routing = (c.u8(8) & 0x80) == 0 ? 0 : c.u8(14) & 0x1f;
    return skipTo(c, 14 + routing, Header.LLC);
  }

  // --- Tags that switches put in on the way to their own host ---

  static Header broadcomTag(Cursor c, int before) {
    return before == 0 ? skipTo(c, 4, Header.ETHERNET) : addressesAndTag(c, 4);
  }

  /** Marvell's tag in the place of an 802.1Q tag. */
  static Header dsa(Cursor c, int tagAt) {
    if (!c.has(tagAt + 6)) {
      return c.stop("dsa_tag_truncated");
    }
    addDsaVlan(c, tagAt);
    return addressesAndTag(c, 4);
  }

  static Header etherTypedDsa(Cursor c) {
    if (!c.has(22)) {
      return c.stop("dsa_tag_truncated");
    }
    c.skip(14);
    return etherTypedDsaTag(c);
  }

  /** Two reserved bytes and Marvell's tag, after an EtherType of their own. */
  private static Header etherTypedDsaTag(Cursor c) {
    if (!c.has(8)) {
      return c.stop("dsa_tag_truncated");
    }
    addDsaVlan(c, 2);
    return tag(c, 6);
  }

  private static void addDsaVlan(Cursor c, int tagAt) {
    boolean tagged = (c.u8(tagAt) & 0x20) != 0;
    if (tagged) {
      c.out.addVlan(c.u16(tagAt + 2) & 0xfff);
    }
  }

  private static Header addressesAndTag(Cursor c, int tagLength) {
    if (!c.has(14 + tagLength)) {
      return c.stop("dsa_tag_truncated");
    }
    c.number = c.u16(12 + tagLength);
    c.skip(14 + tagLength);
    return Header.ETHER_TYPE;
  }

  private static Header skipTo(Cursor c, int length, Header next) {
    if (!c.has(length)) {
      return c.stop("link_header_truncated");
    }
    c.skip(length);
    return next;
  }
}
