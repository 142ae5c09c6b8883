package io.sidewire.wire.flow;

/** The transports that are told apart, by their IP protocol number. */
final class Transport {
  static final int ICMP = 1;
  static final int TCP = 6;
  static final int UDP = 17;
  static final int ICMP6 = 58;
  static final int SCTP = 132;

  private Transport() {}

  /** tcp, udp, icmp, icmp6, sctp, else the number. */
  static String nameOf(int protocol) {
    return switch (protocol) {
      case TCP -> "tcp";
      case UDP -> "udp";
      case ICMP -> "icmp";
      case ICMP6 -> "icmp6";
      case SCTP -> "sctp";
      default -> Integer.toString(protocol);
    };
  }
}
