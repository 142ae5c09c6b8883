package io.sidewire.capture;

import io.sidewire.wire.Observation;
import io.sidewire.wire.flow.FlowView;
import io.sidewire.wire.flow.PacketView;
import io.sidewire.wire.flow.WireListener;

/** Hands everything on to the encoder, and tells a tap of the observations first. */
record TappedListener(WireListener encoder, ObservationTap tap) implements WireListener {
  @Override
  public void flowStarted(FlowView flow) {
    encoder.flowStarted(flow);
  }

  @Override
  public void packet(FlowView flow, PacketView packet) {
    encoder.packet(flow, packet);
  }

  @Override
  public void observed(FlowView flow, Observation observation) {
    tap.observed(flow, observation);
    encoder.observed(flow, observation);
  }

  @Override
  public void flowTurned(FlowView flow) {
    encoder.flowTurned(flow);
  }

  @Override
  public void flowEnded(FlowView flow, long timeMicros) {
    tap.ended(flow);
    encoder.flowEnded(flow, timeMicros);
  }

  @Override
  public void unflowed(long timeMicros, int frameBytes, boolean malformed, String reason) {
    encoder.unflowed(timeMicros, frameBytes, malformed, reason);
  }
}
