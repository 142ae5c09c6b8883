package io.sidewire.wire.link;

/** IPv4 and IPv6 headers with extension headers, and what becomes of fragments. */
final class IpHeaders {
  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int AUTHENTICATION = 51;
  private static final int NO_NEXT_HEADER = 59;
  private static final int DESTINATION_OPTIONS = 60;
  private static final int MOBILITY = 135;
  private static final int HIP = 139;
  private static final int SHIM6 = 140;

  private static final int MAX_EXTENSIONS = 16;

  private final Fragments fragments;

  IpHeaders(Fragments fragments) {
    this.fragments = fragments;
  }

  /** True where an IP header could stand at {@code offset}: lengths fit what is there. */
  static boolean plausible(Cursor c, int offset) {
    int left = c.wireLeft() - offset;
    if (!c.has(offset + 20)) {
      return false;
    }
    int first = c.u8(offset);
    if (first >> 4 == 4) {
      int header = (first & 15) * 4;
      int total = c.u16(offset + 2);
      return header >= 20 && total >= header && total <= left;
    }
    return first >> 4 == 6 && 40 + c.u16(offset + 4) <= left;
  }

  static Header byVersion(Cursor c) {
    if (!c.has(1)) {
      return c.broken("ip_header_truncated");
    }
    return switch (c.u8(0) >> 4) {
      case 4 -> Header.IPV4;
      case 6 -> Header.IPV6;
      default -> c.broken("ip_version_invalid");
    };
  }

  //  0                   1                   2                   3
  // |Version|  IHL  |Type of Service|          Total Length         |
  // |         Identification        |Flags|      Fragment Offset    |
  // |  Time to Live |    Protocol   |         Header Checksum       |
  // |                       Source Address                          |
  // |                    Destination Address                        |
  Header ipv4(Cursor c) {
    if (!c.has(20)) {
      return c.broken("ip_header_truncated");
    }
    int first = c.u8(0);
    if (first >> 4 != 4) {
      return c.broken("ip_version_invalid");
    }
    int header = (first & 15) * 4;
    int total = c.u16(2);
    if (total == 0) {
      total = c.wireLeft(); // left to the card by segmentation offload
    }
    if (header < 20 || total < header) {
      return c.broken("ip_length_invalid");
    }
    if (!c.has(header)) {
      return c.broken("ip_header_truncated");
    }
    IpLayer layer = c.out.addLayer();
    if (layer == null) {
      return c.stop("too_many_layers");
    }
    layer.version = 4;
    layer.bytes = c.bytes;
    layer.sourceOffset = c.at + 12;
    layer.destinationOffset = c.at + 16;
    layer.ipBytes = total;
    int protocol = c.u8(9);
    layer.protocol = protocol;
    int flags = c.u16(6);
    int identification = c.u16(4);
    c.limit(total);
    c.skip(header);
    c.number = protocol;
    layer.transportOffset = c.at;
    if ((flags & 0x3fff) != 0) {
      layer.fragmentId = identification;
      return fragment(c, layer, (flags & 0x1fff) * 8, (flags & 0x2000) != 0);
    }
    return Header.PROTOCOL;
  }

  //  0                   1                   2                   3
  // |Version| Traffic Class |           Flow Label                  |
  // |         Payload Length        |  Next Header  |   Hop Limit   |
  // |                  Source Address (16 bytes)                    |
  // |               Destination Address (16 bytes)                  |
  Header ipv6(Cursor c) {
    if (!c.has(40)) {
      return c.broken("ip_header_truncated");
    }
    if (c.u8(0) >> 4 != 6) {
      return c.broken("ip_version_invalid");
    }
    IpLayer layer = c.out.addLayer();
    if (layer == null) {
      return c.stop("too_many_layers");
    }
    int payload = c.u16(4);
    int next = c.u8(6);
    // No length: a jumbogram, or left to the card by segmentation offload. Either way it is what
    // was on the wire.
    int total = payload == 0 && next != NO_NEXT_HEADER ? c.wireLeft() : 40 + payload;
    layer.version = 6;
    layer.bytes = c.bytes;
    layer.sourceOffset = c.at + 8;
    layer.destinationOffset = c.at + 24;
    layer.ipBytes = total;
    c.limit(total);
    c.skip(40);
    c.number = next;
    return extensions(c, layer);
  }

  /** Steps over extension headers to the transport header, or to the fragment header. */
  private Header extensions(Cursor c, IpLayer layer) {
    for (int i = 0; i < MAX_EXTENSIONS; i++) {
      if (c.number == FRAGMENT) {
        Header next = fragmentHeader(c, layer);
        if (next != Header.IPV6) {
          return next;
        }
        continue; // a fragment that is whole by itself
      }
      int length = extensionLength(c);
      if (length == 0) {
        layer.protocol = c.number;
        layer.transportOffset = c.at;
        return Header.PROTOCOL;
      }
      if (length < 0) {
        return unread(c, layer, "ip_extension_truncated");
      }
      c.number = c.u8(0);
      c.skip(length);
    }
    return unread(c, layer, "ip_extension_limit");
  }

  private static Header unread(Cursor c, IpLayer layer, String problem) {
    layer.protocol = c.number;
    layer.transportOffset = c.at;
    layer.transportProblem = problem;
    return Header.DONE;
  }

  /** Bytes of the extension header here; 0 where this is none, negative where it was not captured. */
  private static int extensionLength(Cursor c) {
    int length =
        switch (c.number) {
          case HOP_BY_HOP, ROUTING, DESTINATION_OPTIONS, MOBILITY, HIP, SHIM6 ->
            c.has(2) ? (c.u8(1) + 1) * 8 : -1;
          case AUTHENTICATION -> c.has(2) ? (c.u8(1) + 2) * 4 : -1;
          default -> 0;
        };
    return length > 0 && !c.has(length) ? -1 : length;
  }

  private Header fragmentHeader(Cursor c, IpLayer layer) {
    if (!c.has(8)) {
      return unread(c, layer, "ip_extension_truncated");
    }
    int offsetAndFlags = c.u16(2);
    int identification = c.i32(4);
    c.number = c.u8(0);
    c.skip(8);
    if ((offsetAndFlags & 0xfff9) == 0) {
      return Header.IPV6;
    }
    layer.protocol = c.number;
    layer.transportOffset = c.at;
    layer.fragmentId = identification;
    return fragment(c, layer, offsetAndFlags & 0xfff8, (offsetAndFlags & 1) != 0);
  }

  private Header fragment(Cursor c, IpLayer layer, int offset, boolean more) {
    int size = c.wireLeft();
    Datagram datagram = fragments.add(c, layer, offset, more);
    boolean whole = datagram.whole();
    if (whole) {
      c.enter(datagram.bytes(), Datagram.PAYLOAD, datagram.captured(), datagram.length());
      c.number = datagram.nextHeader();
      layer.reassembled = true;
      layer.bytes = datagram.bytes();
      layer.sourceOffset = 0;
      layer.destinationOffset = layer.version == 4 ? 4 : 16;
      layer.transportOffset = c.at;
    }
    Header next = Header.DONE;
    // Whose packet it is stands in the first fragment only, behind extension headers where there
    // are some.
    if (whole || offset == 0) {
      int start = c.at;
      next = layer.version == 4 ? Header.PROTOCOL : beyondFragment(c, layer);
      int header = -1;
      if (next == Header.PROTOCOL) {
        Transport.ports(c, layer);
        header = Transport.headerLength(c);
      }
      datagram.learn(layer, header < 0 ? Datagram.MAX_LENGTH : c.at - start + header);
    }
    layer.fragment = !whole;
    if (datagram.known()) {
      datagram.tell(layer, offset, size);
      datagram.release(layer);
    } else {
      fragments.hold(datagram, c, layer, offset, size);
      layer.pending = true;
    }
    if (!whole) {
      return Header.DONE;
    }
    fragments.done(datagram);
    return next;
  }

  private Header beyondFragment(Cursor c, IpLayer layer) {
    return c.number == FRAGMENT ? unread(c, layer, "ip_fragment_nested") : extensions(c, layer);
  }
}
