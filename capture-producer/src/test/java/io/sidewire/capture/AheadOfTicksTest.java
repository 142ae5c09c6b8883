package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.capture.process.ProcessLookup;
import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Observation;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When something waits for a tick: from an observation to the next tick. */
class AheadOfTicksTest {
  private static final long T = 1_700_000_000_000_000L;

  private final BatchEncoder encoder = encoder();
  private final FakeFlow flow = new FakeFlow(1, "10.0.0.1");

  private static BatchEncoder encoder() {
    CaptureConfig config = CaptureConfig.of(Map.of());
    return new BatchEncoder(
        new CaptureInput("host-a", "epoch-1", false, Map.of()),
        config,
        PipelineParts.of(config),
        ProcessLookup.none(),
        new CollectingSink(),
        new CaptureCounters(),
        false);
  }

  @Test
  void packetsAloneWaitForNone() {
    flow.firstSeen = T;
    encoder.flowStarted(flow);
    encoder.packet(flow, FakeFlow.packet(T, true, 100));
    assertThat(encoder.isAheadOfTicks()).isFalse();
  }

  @Test
  void anObservationWaitsForTheNextOne() {
    packetsAloneWaitForNone();
    encoder.observed(flow, new Observation.Odd(T, -1, Anomaly.TCP_GAP));
    assertThat(encoder.isAheadOfTicks()).isTrue();
    encoder.tick(T - 40_000, false);
    assertThat(encoder.isAheadOfTicks()).isFalse();
    assertThat(encoder.packetClock())
        .as("its clock has reached what was observed")
        .isEqualTo(T);
  }
}
