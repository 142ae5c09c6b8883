package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.capture.process.ProcessLookup;
import io.sidewire.schemas.AnomalySeen;
import io.sidewire.schemas.FlowEnd;
import io.sidewire.schemas.FlowStart;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.PacketMeta;
import io.sidewire.schemas.RpcCall;
import io.sidewire.schemas.Tick;
import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Observation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BatchEncoderTest {
  /** A multiple of ten seconds. */
  private static final long T = 1_700_000_000_000_000L;

  private final CollectingSink sink = new CollectingSink();
  private final CaptureCounters counters = new CaptureCounters();

  @Test
  void aFlowsPacketsOfAWhileAreOneBatch() {
    BatchEncoder encoder = encoder(Map.of());
    FakeFlow flow = started(encoder, 1, "10.0.0.1");
    encoder.packet(flow, FakeFlow.packet(T + 5, true, 100));
    encoder.packet(flow, FakeFlow.packet(T + 9, false, 1500));
    assertThat(sink.all()).isEmpty();
    encoder.tick(T + 1_000_000, false);

    PacketBatch batch = sink.all().get(0);
    assertThat(batch.getHost()).isEqualTo("host-a");
    assertThat(batch.getEpoch()).isEqualTo("epoch-1");
    assertThat(batch.getFlow().getFlowId()).isEqualTo("0000000000000001");
    assertThat(batch.getStart()).isEqualTo(T + 5);
    assertThat(batch.getEnd()).isEqualTo(T + 9);
    assertThat(batch.getPackets())
        .containsExactly(new PacketMeta(0, 0x1800, 100, 46), new PacketMeta(4, 0x1801, 1500, 1446));
    assertThat(batch.getVolume().getPacketsToServer()).isEqualTo(1);
    assertThat(batch.getVolume().getFrameBytesToClient()).isEqualTo(1500);
    assertThat(batch.getVolume().getIpBytesToServer()).isEqualTo(86);
    assertThat(batch.getObservations()).containsExactly(new FlowStart(T));
    assertThat(batch.getTcp()).isNull();
    assertThat(sink.all()).hasSize(2);
  }

  @Test
  void noBatchCrossesATenSecondBoundaryInEitherDirection() {
    BatchEncoder encoder = encoder(Map.of());
    FakeFlow flow = started(encoder, 1, "10.0.0.1");
    for (long time : new long[] {T + 9_999_999, T + 10_000_000, T + 9_999_998, T + 10_000_001}) {
      encoder.packet(flow, FakeFlow.packet(time, true, 100));
    }
    encoder.tick(T + 11_000_000, false);
    assertThat(sink.ofFlows()).hasSize(4);
    assertThat(sink.ofFlows())
        .allSatisfy(batch -> assertThat(Math.floorDiv(batch.getStart(), 10_000_000L))
            .isEqualTo(Math.floorDiv(batch.getEnd(), 10_000_000L)));
  }

  @Test
  void aPacketFromThePastDoesNotMakeTimesNegative() {
    BatchEncoder encoder = encoder(Map.of());
    FakeFlow flow = started(encoder, 1, "10.0.0.1");
    encoder.packet(flow, FakeFlow.packet(T + 500, true, 100));
    encoder.packet(flow, FakeFlow.packet(T + 200, true, 100));
    encoder.tick(T + 1_000_000, false);
    PacketBatch batch = sink.ofFlows().get(0);
    assertThat(batch.getStart()).isEqualTo(T + 200);
    assertThat(batch.getEnd()).isEqualTo(T + 500);
    assertThat(batch.getPackets()).extracting(PacketMeta::getOffsetMicros).containsExactly(300, 0);
  }

  @Test
  void aBatchHoldsAtMostSoManyPackets() {
    BatchEncoder encoder = encoder(Map.of("batch-packets", "3"));
    FakeFlow flow = started(encoder, 1, "10.0.0.1");
    for (int i = 0; i < 7; i++) {
      encoder.packet(flow, FakeFlow.packet(T + i, true, 100));
    }
    encoder.tick(T + 1_000_000, false);
    assertThat(sink.ofFlows())
        .extracting(batch -> batch.getPackets().size())
        .containsExactly(3, 3, 1);
  }

  @Test
  void countsHideSinglePackets() {
    BatchEncoder encoder = encoder(Map.of("packet-detail", "counts", "batch-packets", "3"));
    FakeFlow flow = started(encoder, 1, "10.0.0.1");
    for (int i = 0; i < 20; i++) {
      encoder.packet(flow, FakeFlow.packet(T + i, true, 100));
    }
    encoder.tick(T + 1_000_000, false);
    assertThat(sink.ofFlows()).hasSize(1);
    assertThat(sink.ofFlows().get(0).getPackets()).isEmpty();
    assertThat(sink.ofFlows().get(0).getVolume().getPacketsToServer()).isEqualTo(20);
  }

  @Test
  void observationsWaitALittleForMore() {
    BatchEncoder encoder = encoder(Map.of("batch-linger", "20ms"));
    FakeFlow flow = started(encoder, 1, "10.0.0.1");
    encoder.packet(flow, FakeFlow.packet(T, true, 100));
    encoder.observed(flow, odd(T));
    assertThat(encoder.isWaiting()).isTrue();
    encoder.advance(T + 19_999);
    assertThat(sink.all()).isEmpty();
    encoder.advance(T + 20_000);
    assertThat(sink.all()).hasSize(1);
    assertThat(encoder.isWaiting()).isFalse();
  }

  @Test
  void theFirstPacketOfAFlowHurriesNobody() {
    BatchEncoder encoder = encoder(Map.of());
    FakeFlow flow = started(encoder, 1, "10.0.0.1");
    encoder.packet(flow, FakeFlow.packet(T, true, 100));
    encoder.advance(T + 900_000);
    assertThat(sink.all()).isEmpty();
  }

  @Test
  void observationsOfAHostLeaveInTheOrderInWhichTheyWereMade() {
    BatchEncoder encoder = encoder(Map.of());
    FakeFlow first = started(encoder, 1, "10.0.0.1");
    FakeFlow second = started(encoder, 2, "10.0.0.1");
    encoder.packet(first, FakeFlow.packet(T, true, 100));
    encoder.packet(second, FakeFlow.packet(T, true, 100));
    for (int i = 1; i <= 6; i++) {
      encoder.observed(i % 2 == 0 ? first : second, odd(T + i));
    }
    encoder.flowEnded(first, T + 7);
    encoder.tick(T + 1_000_000, false);
    assertThat(sink.observations(AnomalySeen.class))
        .extracting(AnomalySeen::getTime)
        .containsExactly(T + 1, T + 2, T + 3, T + 4, T + 5, T + 6);
    assertThat(sink.observations(FlowEnd.class)).containsExactly(new FlowEnd(T + 7, "open"));
  }

  @Test
  void anEndWaitsForWhatOthersObservedBeforeIt() {
    BatchEncoder encoder = encoder(Map.of());
    FakeFlow answer = started(encoder, 1, "10.0.0.1");
    FakeFlow post = started(encoder, 2, "10.0.0.1");
    encoder.packet(answer, FakeFlow.packet(T, false, 100));
    encoder.observed(answer, odd(T));
    encoder.packet(post, FakeFlow.packet(T + 1, true, 60));
    encoder.flowEnded(post, T + 1);
    assertThat(sink.ofFlows())
        .extracting(batch -> batch.getFlow().getFlowId())
        .containsExactly("0000000000000001", "0000000000000002");
  }

  @Test
  void aBatchHoldsAtMostSoManyObservations() {
    BatchEncoder encoder = encoder(Map.of());
    FakeFlow flow = started(encoder, 1, "10.0.0.1");
    encoder.packet(flow, FakeFlow.packet(T, true, 100));
    for (int i = 0; i < 150; i++) {
      encoder.observed(flow, odd(T));
    }
    encoder.tick(T + 1, false);
    assertThat(sink.ofFlows()).allMatch(batch -> batch.getObservations().size() <= 65);
    assertThat(sink.observations(AnomalySeen.class)).hasSize(150);
    assertThat(counters.refusedParses()).isEqualTo(Map.of("TCP_GAP", 150L));
  }

  @Test
  void aTurnedFlowTurnsWhatWasNotSentYet() {
    BatchEncoder encoder = encoder(Map.of());
    FakeFlow flow = started(encoder, 1, "10.0.0.1");
    encoder.packet(flow, FakeFlow.packet(T, true, 100));
    encoder.packet(flow, FakeFlow.packet(T, true, 200));
    encoder.packet(flow, FakeFlow.packet(T, false, 1000));
    flow.turn();
    encoder.flowTurned(flow);
    encoder.tick(T + 1, false);
    PacketBatch batch = sink.ofFlows().get(0);
    assertThat(batch.getFlow().getClient().getAddress()).isEqualTo("10.0.0.2");
    assertThat(batch.getVolume().getPacketsToClient()).isEqualTo(2);
    assertThat(batch.getVolume().getFrameBytesToClient()).isEqualTo(300);
    assertThat(batch.getVolume().getFrameBytesToServer()).isEqualTo(1000);
    assertThat(batch.getPackets()).extracting(meta -> meta.getFlags() & 1).containsExactly(1, 1, 0);
  }

  @Test
  void tcpCountsAreTheGrowthSinceTheLastBatch() {
    BatchEncoder encoder = encoder(Map.of());
    FakeFlow flow = started(encoder, 1, "10.0.0.1");
    flow.counts.retransmissions = 2;
    flow.counts.gapBytes = 1000;
    encoder.packet(flow, FakeFlow.packet(T, true, 100));
    encoder.tick(T + 1, false);
    flow.counts.retransmissions = 5;
    encoder.packet(flow, FakeFlow.packet(T + 2, true, 100));
    encoder.tick(T + 3, false);
    assertThat(sink.ofFlows())
        .extracting(batch -> batch.getTcp().getRetransmissions())
        .containsExactly(2L, 3L);
    assertThat(sink.ticks())
        .extracting(batch -> batch.getTick().getHealth().getGapBytes())
        .containsExactly(1000L, 0L);
  }

  @Test
  void aTickComesAfterEverythingBeforeIt() {
    BatchEncoder encoder = encoder(Map.of("shards", "2"));
    for (int i = 0; i < 5; i++) {
      FakeFlow flow = started(encoder, i, "10.0.0." + i);
      encoder.packet(flow, FakeFlow.packet(T + i, true, 100));
      encoder.observed(flow, odd(T + i));
    }
    encoder.unflowed(T + 9, 60, false, "arp");
    encoder.tick(T + 1_000_000, true);
    List<PacketBatch> all = sink.all();
    assertThat(all.subList(all.size() - 2, all.size())).allSatisfy(batch -> {
      Tick tick = batch.getTick();
      assertThat(tick.getPacketClock()).isEqualTo(T + 1_000_000);
      assertThat(tick.getEndOfFile()).isTrue();
    });
    assertThat(all.subList(0, all.size() - 2)).allMatch(batch -> batch.getTick() == null);
    assertThat(sink.packets()).isEqualTo(6);
  }

  @Test
  void theTickOfTheFirstShardTellsSettingsAndHealth() {
    counters.droppedByQueue(3, 300);
    BatchEncoder encoder = encoder(Map.of("shards", "2"));
    encoder.tick(T, false);
    encoder.tick(T + 1, false);
    assertThat(sink.all().get(0).getTick().getSettings()).containsEntry("interface", "lo");
    assertThat(sink.all().get(0).getTick().getHealth().getDroppedByQueue()).isEqualTo(3);
    assertThat(sink.all().get(1).getTick().getHealth()).isNull();
    assertThat(sink.all().get(2).getTick().getHealth().getDroppedByQueue()).isZero();
  }

  @Test
  void theSequenceOfEachShardHasNoHoles() {
    BatchEncoder encoder = encoder(Map.of("shards", "3", "batch-packets", "1"));
    for (int i = 0; i < 50; i++) {
      FakeFlow flow = started(encoder, i, "10.0." + i + ".1");
      encoder.packet(flow, FakeFlow.packet(T + i, true, 100));
      encoder.packet(flow, FakeFlow.packet(T + i, true, 100));
      encoder.unflowed(T + i, 60, true, "ip_header_truncated");
      encoder.tick(T + i, false);
    }
    var next = new HashMap<Integer, Long>();
    for (PacketBatch batch : sink.all()) {
      long expected = next.getOrDefault(batch.getShard(), 0L);
      assertThat(batch.getSequence()).isEqualTo(expected);
      next.put(batch.getShard(), expected + 1);
    }
    assertThat(next.keySet()).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(LongStream.of(encoder.sequences()).boxed().toList())
        .containsExactly(next.get(0), next.get(1), next.get(2));
  }

  @Test
  void allFlowsOfAClientShareAShard() {
    BatchEncoder encoder = encoder(Map.of("shards", "16"));
    for (int i = 0; i < 20; i++) {
      FakeFlow flow = started(encoder, i, "10.0.0.1");
      encoder.packet(flow, FakeFlow.packet(T, true, 100));
    }
    encoder.tick(T, false);
    assertThat(sink.ofFlows())
        .extracting(PacketBatch::getShard)
        .containsOnly(sink.ofFlows().get(0).getShard());
  }

  @Test
  void packetsOfNoFlowAreTotalsByReasonAndWindow() {
    BatchEncoder encoder = encoder(Map.of());
    encoder.unflowed(T + 1, 60, false, "arp");
    encoder.unflowed(T + 2, 60, false, "arp");
    encoder.unflowed(T + 3, 20, true, "ip_header_truncated");
    encoder.unflowed(T + 10_000_001, 60, false, "arp");
    encoder.tick(T + 11_000_000, false);
    List<PacketBatch> batches = sink.all();
    assertThat(batches).hasSize(3);
    assertThat(batches.get(0).getUnflowed())
        .extracting("flowType", "reason", "packets", "frameBytes")
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("non_ip", "arp", 2L, 120L),
            org.assertj.core.groups.Tuple.tuple("malformed", "ip_header_truncated", 1L, 20L));
    assertThat(batches.get(0).getEnd()).isEqualTo(T + 3);
    assertThat(batches.get(1).getUnflowed()).hasSize(1);
  }

  @Test
  void namesAreDecidedByWhatTheContentShowedUntilTheBatchLeaves() {
    BatchEncoder encoder = encoder(Map.of());
    FakeFlow flow = started(encoder, 1, "10.0.0.1");
    encoder.packet(flow, FakeFlow.packet(T, true, 100));
    encoder.observed(flow, request("tools.private.example"));
    encoder.observed(flow, new Observation.Content(T, "mcp"));
    FakeFlow other = started(encoder, 2, "10.0.0.1");
    encoder.packet(other, FakeFlow.packet(T, true, 100));
    encoder.observed(other, request("www.private.example"));
    encoder.tick(T + 1, false);
    PacketBatch mcp = sink.ofFlows().get(0);
    assertThat(mcp.getFlow().getServerName()).isEqualTo("tools.private.example");
    assertThat(mcp.getFlow().getContentEvidence()).containsExactly("mcp");
    assertThat(sink.ofFlows().get(1).getFlow().getServerName()).startsWith("~");
  }

  @Test
  void factsOfAFlowStandInEachLaterBatch() {
    BatchEncoder encoder = encoder(Map.of());
    FakeFlow flow = started(encoder, 1, "10.0.0.1");
    encoder.packet(flow, FakeFlow.packet(T, true, 100));
    encoder.observed(
        flow,
        new Observation.ClientHello(
            T,
            "tcp",
            "api.openai.com",
            List.of("h2", "http/1.1"),
            0x0304,
            null,
            "t13d1516h2_8daaf6152771_b186095e22b6",
            false,
            false,
            false,
            new byte[32]));
    encoder.tick(T + 1, false);
    encoder.packet(flow, FakeFlow.packet(T + 2, false, 100));
    encoder.observed(
        flow, new Observation.ServerHello(T + 2, "tcp", 0x0304, 0x1301, null, false, false));
    encoder.tick(T + 3, false);
    encoder.packet(flow, FakeFlow.packet(T + 4, true, 100));
    flow.state = "closed";
    encoder.flowEnded(flow, T + 4);
    assertThat(sink.ofFlows())
        .extracting(batch -> batch.getFlow().getServerName())
        .containsOnly("api.openai.com");
    assertThat(sink.ofFlows())
        .extracting(batch -> batch.getFlow().getTlsVersion())
        .containsExactly(null, "TLSv1.3", "TLSv1.3");
    assertThat(sink.ofFlows())
        .extracting(batch -> batch.getFlow().getState())
        .containsExactly("open", "open", "closed");
    assertThat(sink.observations(RpcCall.class)).isEmpty();
  }

  @Test
  void byFlowObservationsOfSeveralFlowsWaitForTheTick() {
    BatchEncoder encoder = encoder(Map.of(), true);
    FakeFlow one = started(encoder, 1, "10.0.0.1");
    FakeFlow two = started(encoder, 2, "10.0.0.2");
    encoder.observed(one, odd(T));
    encoder.observed(two, odd(T + 1));
    encoder.observed(one, odd(T + 2));
    encoder.advance(T + 1_000_000);
    assertThat(sink.ofFlows()).isEmpty();
    encoder.tick(T + 1_000_000, false);
    assertThat(sink.ofFlows())
        .extracting(batch -> batch.getObservations().size())
        .containsExactly(3, 2); // each with its FlowStart
  }

  private BatchEncoder encoder(Map<String, String> settings) {
    return encoder(settings, false);
  }

  private BatchEncoder encoder(Map<String, String> settings, boolean byFlow) {
    CaptureConfig config = CaptureConfig.of(settings);
    var input = new CaptureInput("host-a", "epoch-1", true, Map.of("interface", "lo"));
    return new BatchEncoder(
        input, config, PipelineParts.of(config), ProcessLookup.none(), sink, counters, byFlow);
  }

  private static FakeFlow started(BatchEncoder encoder, long id, String client) {
    FakeFlow flow = new FakeFlow(id, client);
    flow.firstSeen = T;
    encoder.flowStarted(flow);
    return flow;
  }

  private static Observation odd(long time) {
    return new Observation.Odd(time, -1, Anomaly.TCP_GAP);
  }

  private static Observation request(String authority) {
    return new Observation.Request(
        0,
        "http/1.1",
        Observation.Evidence.DECODED,
        null,
        false,
        true,
        T,
        T,
        1,
        10,
        0L,
        "POST",
        "/mcp",
        authority,
        null,
        null,
        null,
        null,
        null,
        null,
        1,
        0,
        0);
  }
}
