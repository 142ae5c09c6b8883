package io.sidewire.wire.flow;

/** A flow as its listener sees it. Addresses are text (RFC 5952 for IPv6), made at each call. */
public interface FlowView {
  /** 64-bit hash of salt, tuple, tunnel level and first packet time: the same in a live run and its replay. */
  long id();

  /** tcp, udp, icmp, icmp6, sctp, else the IP protocol number as text. */
  String transport();

  String clientAddress();

  /** -1 where the transport has no ports. */
  int clientPort();

  String serverAddress();

  int serverPort();

  boolean clientKnown();

  /** Community ID v1, seed 0. Computed at each call: keep it. */
  String communityId();

  /** "none", "outer", "mid" or "inner"; only none and outer count in sums. */
  String tunnel();

  int[] vlans();

  long firstSeen();

  long lastSeen();

  /** From the client's last SYN to the acknowledgment that ended its handshake; -1 while unknown. */
  long handshakeRttMicros();

  /** open, closed, reset, idle, evicted, capture_ended. */
  String state();

  /** Running totals since the flow began. */
  FlowCounts counts();

  /** A slot for the listener's own bookkeeping. */
  Object attachment();

  void attach(Object attachment);
}
