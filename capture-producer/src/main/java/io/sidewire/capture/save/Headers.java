package io.sidewire.capture.save;

import io.sidewire.wire.link.DecodedFrame;
import io.sidewire.wire.link.IpLayer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Cuts frames down to headers, and masks those that carry no TCP or UDP payload that can be read. */
final class Headers {
  private static final int ETHERNET = 1;
  private static final int SLL = 113;
  private static final int SLL2 = 276;
  private static final int ICMP6 = 58;
  private static final int ICMP_HEADER = 8;
  private static final int QUOTED = 8; // ports, and for TCP the sequence number

  private Headers() {}

  /** A frame without IP that can be read: ARP stays, of others only the link's header does. */
  static void maskUnread(SavedFrame frame, String reason) {
    if (!"arp".equals(reason)) {
      zeroFrom(frame, linkHeader(frame.linkType));
    }
  }

  private static int linkHeader(int linkType) {
    return switch (linkType) {
      case ETHERNET -> 14;
      case SLL -> 16;
      case SLL2 -> 20;
      default -> 0;
    };
  }

  /** A piece of a datagram: what stands behind its IP header has no context. */
  static void maskFragment(SavedFrame frame, DecodedFrame decoded) {
    int end = linkHeader(frame.linkType);
    for (int i = 0; i < decoded.layerCount; i++) {
      IpLayer layer = decoded.layers[i];
      if (layer.bytes == frame.bytes) {
        end = Math.max(end, ipEnd(layer) + (layer.version == 6 ? 8 : 0)); // its fragment header
      }
    }
    zeroFrom(frame, end);
  }

  /** End of the IP header, extension headers excluded. */
  static int ipEnd(IpLayer layer) {
    if (layer.version == 6) {
      return layer.destinationOffset + 16;
    }
    int start = layer.sourceOffset - 12;
    return start + 4 * (layer.bytes[start] & 15);
  }

  static void zeroFrom(SavedFrame frame, int from) {
    if (from < frame.length) {
      Arrays.fill(frame.bytes, from, frame.length, (byte) 0);
    }
  }

  /** Padding behind the IP packet may hold anything. */
  static void zeroRest(SavedFrame frame, int from) {
    zeroFrom(frame, Math.max(0, from));
  }

  /** Errors quote the packet that they are about: its headers stay. Echoes carry data: it does not. */
  static void maskIcmp(SavedFrame frame, IpLayer layer) {
    int from = layer.transportOffset;
    if (frame.length < from + ICMP_HEADER) {
      return;
    }
    int type = frame.bytes[from] & 0xff;
    boolean six = layer.protocol == ICMP6;
    if (six && type >= 130 && type <= 137) {
      return; // groups and neighbours
    }
    boolean error =
        six ? type < 128 : type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
    int keep = from + ICMP_HEADER;
    if (error && keep < frame.length) {
      int quoted = frame.bytes[keep] & 0xff;
      keep += (quoted >> 4 == 6 ? 40 : 4 * (quoted & 15)) + QUOTED;
    }
    if (keep < frame.length) {
      frame.zero(keep, frame.length, from, from + 2);
    }
  }

  /** Only headers are kept: cuts the frame behind those of its innermost transport. */
  static void cut(SavedFrame frame, DecodedFrame decoded) {
    IpLayer inner = decoded.layerCount == 0 ? null : decoded.layers[decoded.layerCount - 1];
    int end;
    if (inner == null) {
      maskUnread(frame, decoded.reason);
      return;
    } else if (inner.bytes != frame.bytes || inner.fragment) {
      maskFragment(frame, decoded);
      return;
    } else if (inner.transportProblem != null) {
      end = ipEnd(inner);
    } else if (inner.protocol == 6 || inner.protocol == 17) {
      end = inner.payloadOffset;
    } else if (inner.protocol == 1 || inner.protocol == ICMP6) {
      end = inner.transportOffset + ICMP_HEADER;
    } else {
      end = inner.transportOffset;
    }
    frame.length = Math.min(frame.length, end);
  }

  /** An endpoint as text. */
  static String address(IpLayer layer, boolean source) {
    int from = source ? layer.sourceOffset : layer.destinationOffset;
    byte[] raw = Arrays.copyOfRange(layer.bytes, from, from + (layer.version == 4 ? 4 : 16));
    try {
      return InetAddress.getByAddress(raw).getHostAddress() + " "
          + (source ? layer.sourcePort : layer.destinationPort);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }
}
