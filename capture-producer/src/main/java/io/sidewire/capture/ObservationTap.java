package io.sidewire.capture;

import io.sidewire.wire.Observation;
import io.sidewire.wire.flow.FlowView;

/**
 * Looks on at what the analysis sees, raw, for a reader of one's own capture files; nothing of it may reach Kafka. Called
 * on the decode thread.
 */
public interface ObservationTap {
  void observed(FlowView flow, Observation observation);

  /** No observation of this flow will follow. */
  void ended(FlowView flow);
}
