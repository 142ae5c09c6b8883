package io.sidewire.wire.link;

/** Transport headers: ports, TCP fields, ICMP types, and where the payload lies. */
final class Transport {
  static final int ICMP = 1;
  static final int TCP = 6;
  static final int UDP = 17;
  static final int DCCP = 33;
  static final int ICMP6 = 58;
  static final int SCTP = 132;
  static final int UDP_LITE = 136;

  private Transport() {}

  /** Reads the protocol in {@link Cursor#number}; inside may be a tunnel. */
  static Header read(Cursor c) {
    IpLayer layer = c.out.layers[c.out.layerCount - 1];
    return switch (c.number) {
      case TCP -> tcp(c, layer);
      case UDP -> udp(c, layer);
      case ICMP, ICMP6, UDP_LITE -> {
        ports(c, layer);
        yield Header.DONE;
      }
      case SCTP, DCCP -> {
        // Without a whole common header it belongs to no association.
        if (c.wireLeft() < 12) {
          layer.transportProblem = "transport_header_invalid";
        } else {
          ports(c, layer);
        }
        yield Header.DONE;
      }
      default -> Tunnels.byProtocol(c, layer);
    };
  }

  /** Reads ports, or type and code, and nothing else: all that is needed of a first fragment. */
  static void ports(Cursor c, IpLayer layer) {
    switch (c.number) {
      case ICMP, ICMP6 -> types(c, layer);
      case TCP, UDP, UDP_LITE, SCTP, DCCP -> {
        if (c.has(4)) {
          layer.sourcePort = c.u16(0);
          layer.destinationPort = c.u16(2);
        } else {
          layer.transportProblem = "transport_header_truncated";
        }
      }
      default -> {}
    }
  }

  private static void types(Cursor c, IpLayer layer) {
    if (c.has(2)) {
      layer.icmpType = c.u8(0);
      layer.icmpCode = c.u8(1);
    } else {
      layer.transportProblem = "icmp_header_truncated";
    }
  }

  //  0                   1                   2                   3
  // |          Source Port          |       Destination Port        |
  // |                        Sequence Number                        |
  // |                    Acknowledgment Number                      |
  // | Offset|  Res. |     Flags     |            Window             |
  // |           Checksum            |         Urgent Pointer        |
  private static Header tcp(Cursor c, IpLayer layer) {
    if (c.wireLeft() < 20) {
      ports(c, layer);
      layer.transportProblem = "tcp_header_invalid";
      return Header.DONE;
    }
    if (!c.has(20)) {
      return cutTcp(c, layer);
    }
    layer.sourcePort = c.u16(0);
    layer.destinationPort = c.u16(2);
    layer.tcpSequence = c.u32(4);
    layer.tcpAcknowledgment = c.u32(8);
    layer.tcpFlags = c.u8(13);
    layer.tcpWindow = c.u16(14);
    int header = c.u8(12) >> 4 << 2;
    if (header < 20 || header > c.wireLeft()) {
      layer.transportProblem = "tcp_header_invalid";
      layer.payloadOffset = c.at;
      return Header.DONE;
    }
    payload(c, layer, header);
    return Header.DONE;
  }

  /** A TCP header that the snap length cut: what is there is true, and the payload's length follows from it. */
  private static Header cutTcp(Cursor c, IpLayer layer) {
    layer.transportProblem = "tcp_header_truncated";
    if (c.has(4)) {
      layer.sourcePort = c.u16(0);
      layer.destinationPort = c.u16(2);
    }
    if (c.has(14)) {
      layer.tcpSequence = c.u32(4);
      layer.tcpAcknowledgment = c.u32(8);
      layer.tcpFlags = c.u8(13);
    }
    int header = c.has(13) ? c.u8(12) >> 4 << 2 : 20;
    layer.payloadOffset = c.end;
    length(layer, c.wireLeft() - Math.max(header, 20));
    return Header.DONE;
  }

  private static Header udp(Cursor c, IpLayer layer) {
    ports(c, layer);
    if (c.wireLeft() < 8) {
      layer.transportProblem = "udp_header_invalid";
      return Header.DONE;
    }
    if (!c.has(8)) {
      layer.transportProblem = "udp_header_truncated";
      layer.payloadOffset = c.end;
      length(layer, (c.has(6) ? udpLength(c) : c.wireLeft()) - 8);
      return Header.DONE;
    }
    int length = udpLength(c);
    if (length < 8) {
      layer.transportProblem = "udp_length_invalid";
      layer.payloadOffset = c.at + 8;
      return Header.DONE;
    }
    c.limit(length);
    payload(c, layer, 8);
    c.skip(8);
    return c.has(1) ? Tunnels.byPort(c, layer) : Header.DONE;
  }

  /** The length field, at most what IP carries; 0 says a jumbogram or segmentation offload. */
  private static int udpLength(Cursor c) {
    int length = c.u16(4);
    return length == 0 ? c.wireLeft() : Math.min(length, c.wireLeft());
  }

  private static void payload(Cursor c, IpLayer layer, int header) {
    layer.payloadOffset = Math.min(c.at + header, c.end);
    layer.payloadCaptured = c.end - layer.payloadOffset;
    length(layer, c.wireLeft() - header);
  }

  private static void length(IpLayer layer, int length) {
    layer.payloadLength = Math.max(0, length);
    if (!layer.reassembled) {
      layer.payloadBytes = layer.payloadLength;
    }
  }

  /** Bytes of the transport header here, as far as can be seen; negative where no payload is counted. */
  static int headerLength(Cursor c) {
    return switch (c.number) {
      case TCP -> c.has(13) ? Math.max(20, c.u8(12) >> 4 << 2) : 20;
      case UDP -> 8;
      default -> -1;
    };
  }
}
