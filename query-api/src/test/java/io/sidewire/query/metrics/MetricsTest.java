package io.sidewire.query.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sidewire.query.Samples;
import io.sidewire.schemas.Evidence;
import io.sidewire.schemas.Exchange;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final TrafficMetrics metrics = new TrafficMetrics(registry);

  @Test
  void aModelCallThatWasReadIsGenAi() {
    metrics.exchangeEnded(modelCall(Evidence.DECRYPTED)
        .setInputTokens(812L)
        .setOutputTokens(40L)
        .setStreamed(true)
        .setFirstChunkMicros(50_000L)
        .build());
    var duration = registry
        .get("gen_ai.client.operation.duration")
        .tag("gen_ai.operation.name", "chat")
        .tag("gen_ai.provider.name", "azure.ai.openai")
        .tag("gen_ai.request.model", "gpt-4o")
        .timer();
    assertThat(duration.count()).isEqualTo(1);
    assertThat(
            registry.get("gen_ai.client.operation.time_to_first_chunk").timer().count())
        .isEqualTo(1);
    assertThat(registry
            .get("gen_ai.client.token.usage")
            .tag("gen_ai.token.type", "input")
            .summary()
            .totalAmount())
        .isEqualTo(812);
  }

  @Test
  void nothingInferredIsGenAi() {
    metrics.exchangeEnded(modelCall(Evidence.INFERRED).setInputTokens(5L).build());
    assertThat(names()).noneMatch(name -> name.startsWith("gen_ai") || name.startsWith("http"));
    assertThat(registry.get("sidewire.exchange.duration").timer().count()).isEqualTo(1);
  }

  @Test
  void noTokensWithoutUsageOnTheWire() {
    metrics.exchangeEnded(modelCall(Evidence.DECODED).build());
    assertThat(names()).doesNotContain("gen_ai.client.token.usage");
  }

  @Test
  void oneCallOverTwoLegsCountsOnce() {
    metrics.exchangeEnded(modelCall(Evidence.DECODED).setLeg("inner").build());
    assertThat(names()).isEmpty();
  }

  @Test
  void volumeThatMovesAwayNeverMakesACounterFall() {
    var before = Samples.volume(0, "other").build();
    metrics.traffic(null, before);
    var counter = registry
        .get("sidewire.packets")
        .tag("flow_type", "other")
        .tag("direction", "to_server")
        .functionCounter();
    assertThat(counter.count()).isEqualTo(6);
    metrics.traffic(before, Samples.volume(0, "other").setPacketsToServer(0).build());
    assertThat(counter.count()).isEqualTo(6);
    metrics.traffic(null, Samples.volume(10, "other").setPacketsToServer(9).build());
    assertThat(counter.count()).isEqualTo(9);
  }

  @Test
  void hostsCountWhatTheyReceivedAndLost() {
    var hosts = new HostMetrics(registry);
    var first = Samples.health(0).setDroppedByKernel(3).build();
    hosts.health(null, first, 5_000);
    hosts.health(first, Samples.health(0).setDroppedByKernel(5).build(), 7_500);
    assertThat(registry.get("sidewire.host.packets.received").functionCounter().count())
        .isEqualTo(100);
    assertThat(registry
            .get("sidewire.host.packets.lost")
            .tag("where", "kernel")
            .functionCounter()
            .count())
        .isEqualTo(5);
    assertThat(registry
            .get("sidewire.host.last.heard.seconds")
            .tag("host", "laptop")
            .gauge()
            .value())
        .isEqualTo(7.5);
  }

  @Test
  void labelsAreBounded() {
    var labels = new BoundedLabels(2);
    assertThat(List.of(labels.value("a", "1"), labels.value("a", "2"), labels.value("a", "3")))
        .containsExactly("1", "2", "_other");
    assertThat(labels.value("a", "2")).isEqualTo("2");
    assertThat(labels.value("b", "3")).isEqualTo("3");
    assertThat(labels.value("a", null)).isEmpty();
  }

  @Test
  void tokenBucketsGoUpByFour() {
    assertThat(OtelNames.TOKEN_BUCKETS).hasSize(14).startsWith(1, 4, 16).endsWith(67_108_864);
  }

  private List<String> names() {
    return registry.getMeters().stream()
        .map(Meter::getId)
        .map(Meter.Id::getName)
        .toList();
  }

  private static Exchange.Builder modelCall(Evidence evidence) {
    return Samples.exchange("f-0", 0)
        .setFlowType("azure_openai")
        .setProtocol("http/1.1")
        .setEvidence(evidence)
        .setOperation("chat")
        .setMethod(evidence == Evidence.INFERRED ? null : "POST")
        .setModel("gpt-4o");
  }
}
