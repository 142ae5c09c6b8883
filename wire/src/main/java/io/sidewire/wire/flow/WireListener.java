package io.sidewire.wire.flow;

import io.sidewire.wire.Observation;

/** Takes what {@link WireAnalyzer} sees, in packet order, on the analyzer's thread. */
public interface WireListener {
  /** The first packet of a flow was seen; {@link #packet} for it follows. */
  void flowStarted(FlowView flow);

  /** A packet was added to a flow. IP fragments are added to the flow of their datagram when it is known. */
  void packet(FlowView flow, PacketView packet);

  void observed(FlowView flow, Observation observation);

  /** Client and server changed places, on later and stronger evidence; totals are already swapped. */
  void flowTurned(FlowView flow);

  /** No packet of this flow will follow; see {@link FlowView#state()}. */
  void flowEnded(FlowView flow, long timeMicros);

  /**
   * A packet that belongs to no flow.
   *
   * @param malformed true: IP was begun and could not be read; false: not IP
   * @param reason short name, e.g. arp, llc, ip_header_truncated
   */
  void unflowed(long timeMicros, int frameBytes, boolean malformed, String reason);
}
