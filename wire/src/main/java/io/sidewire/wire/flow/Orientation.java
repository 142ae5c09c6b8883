package io.sidewire.wire.flow;

import io.sidewire.wire.link.IpLayer;
import io.sidewire.wire.tcp.TcpSegment;
import java.util.Arrays;

/** Who is the client: certain from a handshake or from content, else a guess from the ports. */
final class Orientation {
  /** The sender of the packet is the client, for certain. */
  static final int CLIENT_SENT = 1;

  /** The sender of the packet is the server, for certain. */
  static final int SERVER_SENT = -1;

  static final int UNCERTAIN = 0;

  /** Ports above 1023 on which servers are common. */
  private static final int[] SERVER_PORTS = {
    1080, 1433, 1521, 1883, 2049, 2375, 2379, 3000, 3128, 3306, 3389, 4317, 4318, 5000, 5001, 5060,
    5173, 5353, 5432, 5671, 5672, 5900, 6379, 6443, 7420, 7687, 8000, 8001, 8008, 8080, 8081, 8086,
    8088, 8123, 8200, 8443, 8500, 8787, 8888, 9000, 9042, 9090, 9092, 9093, 9200, 9300, 9418, 10250,
    11211, 11434, 15672, 27017
  };

  private static final int FIRST_EPHEMERAL = 32768;

  private static final String[] METHODS = {
    "GET ", "POST ", "PUT ", "HEAD ", "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE ", "PRI *"
  };

  private Orientation() {}

  /** What one packet says for certain: {@link #CLIENT_SENT}, {@link #SERVER_SENT} or {@link #UNCERTAIN}. */
  static int evidence(IpLayer layer) {
    if (layer.fragment) {
      return UNCERTAIN;
    }
    return switch (layer.protocol) {
      case Transport.TCP -> {
        if ((layer.tcpFlags & TcpSegment.SYN) != 0) {
          yield (layer.tcpFlags & TcpSegment.ACK) == 0 ? CLIENT_SENT : SERVER_SENT;
        }
        yield layer.transportProblem == null
            ? ofStart(layer.bytes, layer.payloadOffset, layer.payloadCaptured)
            : UNCERTAIN;
      }
      case Transport.ICMP -> ofIcmp(layer.icmpType, 8, 0);
      case Transport.ICMP6 -> ofIcmp(layer.icmpType, 128, 129);
      default -> UNCERTAIN;
    };
  }

  private static int ofIcmp(int type, int request, int reply) {
    return type == request ? CLIENT_SENT : type == reply ? SERVER_SENT : UNCERTAIN;
  }

  /** What the first bytes of a TCP payload say of their sender. */
  static int ofStart(byte[] bytes, int offset, int length) {
    if (length < 5) {
      return UNCERTAIN;
    }
    int first = bytes[offset] & 0xff;
    if (first == 0x16) {
      // A TLS handshake record: its version, its length, then the type of the message.
      boolean record = bytes[offset + 1] == 3 && (bytes[offset + 2] & 0xff) <= 4 && length > 5;
      int message = record ? bytes[offset + 5] : -1;
      return message == 1 ? CLIENT_SENT : message == 2 ? SERVER_SENT : UNCERTAIN;
    }
    if (first < 'C' || first > 'T') {
      return UNCERTAIN;
    }
    if (starts(bytes, offset, length, "HTTP/")) {
      return SERVER_SENT;
    }
    for (String method : METHODS) {
      if (starts(bytes, offset, length, method)) {
        return CLIENT_SENT;
      }
    }
    return UNCERTAIN;
  }

  private static boolean starts(byte[] bytes, int offset, int length, String text) {
    if (length < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (bytes[offset + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The guess from ports alone; the sender of the first packet where they say nothing. */
  static boolean senderIsClient(int protocol, int sourcePort, int destinationPort) {
    if (sourcePort < 0 || destinationPort < 0 || sourcePort == destinationPort) {
      return true;
    }
    int source = likelihood(sourcePort);
    int destination = likelihood(destinationPort);
    if (source != destination) {
      return source < destination;
    }
    // In UDP and SCTP the first to speak mostly asks; TCP was caught in the middle of a talk.
    return protocol != Transport.TCP || destinationPort < sourcePort;
  }

  /** How much a port looks like that of a server. */
  private static int likelihood(int port) {
    if (port < 1024) {
      return 3;
    }
    if (Arrays.binarySearch(SERVER_PORTS, port) >= 0) {
      return 2;
    }
    return port < FIRST_EPHEMERAL ? 1 : 0;
  }
}
