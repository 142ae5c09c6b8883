package io.sidewire.query.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.sidewire.query.store.News;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.TrafficWindow;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/** Counts what arrived since this replica started: each exchange when it ends, volume as its rows grow. */
@Singleton
public class TrafficMetrics implements News {
  private static final int MOST_VALUES = 100;

  private final MeterRegistry registry;
  private final BoundedLabels labels = new BoundedLabels(MOST_VALUES);
  private final Map<String, Volume> volumes = new ConcurrentHashMap<>();

  public TrafficMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void exchangeEnded(Exchange exchange) {
    if (exchange.getLeg() != null && !exchange.getLeg().equals("outer")) {
      return; // one call that crosses the wire more than once counts once
    }
    own(exchange);
    String operation = OtelNames.genAiOperation(exchange);
    if (operation != null) {
      genAi(exchange, operation);
    }
    if ("mcp".equals(exchange.getProtocol()) && exchange.getOperation() != null) {
      mcp(exchange);
    }
    if (OtelNames.wasRead(exchange) && exchange.getMethod() != null) {
      http(exchange);
    }
  }

  private void own(Exchange exchange) {
    Tags tags = Tags.of(
        "flow_type", label("flow_type", exchange.getFlowType()),
        "evidence", exchange.getEvidence().name().toLowerCase(Locale.ROOT));
    String outcome = exchange.getOutcome().name().toLowerCase(Locale.ROOT);
    registry.counter("sidewire.exchanges", tags.and("outcome", outcome)).increment();
    if (exchange.getError() != null) {
      registry
          .counter(
              "sidewire.exchange.errors",
              tags.and("error_type", label("error.type", exchange.getError())))
          .increment();
    }
    time("sidewire.exchange.duration", OtelNames.GEN_AI_BUCKETS, tags, exchange.getTotalMicros());
    time("sidewire.exchange.ttfb", OtelNames.GEN_AI_BUCKETS, tags, exchange.getTtfbMicros());
  }

  private void genAi(Exchange exchange, String operation) {
    Tags shared = Tags.of(
        "gen_ai.operation.name", operation,
        "gen_ai.provider.name", label("provider", OtelNames.provider(exchange.getFlowType())),
        "gen_ai.request.model", label("model", exchange.getModel()),
        "server.address", label("server", exchange.getServerName()));
    if (exchange.getOutcome() == Outcome.ANSWERED) {
      time(
          OtelNames.GEN_AI_DURATION,
          OtelNames.GEN_AI_BUCKETS,
          shared.and("error.type", label("error.type", exchange.getError())),
          exchange.getTotalMicros());
    }
    if (Boolean.TRUE.equals(exchange.getStreamed())) {
      time(
          OtelNames.GEN_AI_FIRST_CHUNK,
          OtelNames.GEN_AI_BUCKETS,
          shared,
          exchange.getFirstChunkMicros());
    }
    tokens(shared.and("gen_ai.token.type", "input"), exchange.getInputTokens());
    tokens(shared.and("gen_ai.token.type", "output"), exchange.getOutputTokens());
  }

  private void mcp(Exchange exchange) {
    String operation = exchange.getOperation();
    String error = exchange.getError();
    Tags tags = Tags.of(
            "mcp.method.name", label("mcp.method", operation),
            "mcp.protocol.version", label("mcp.version", exchange.getProtocolVersion()),
            "gen_ai.tool.name",
                label("tool", operation.equals("tools/call") ? exchange.getTarget() : null),
            "gen_ai.prompt.name",
                label("prompt", operation.equals("prompts/get") ? exchange.getTarget() : null))
        .and("error.type", label("error.type", error))
        .and(
            "rpc.response.status_code",
            label("rpc", error != null && error.startsWith("rpc:") ? error.substring(4) : null))
        .and("network.transport", "tcp");
    time(OtelNames.MCP_DURATION, OtelNames.MCP_BUCKETS, tags, exchange.getTotalMicros());
  }

  private void http(Exchange exchange) {
    Integer status = exchange.getStatus();
    Tags tags = Tags.of(
        "http.request.method", label("http.method", exchange.getMethod()),
        "http.response.status_code",
            label("http.status", status == null ? null : Integer.toString(status)),
        "flow_type", label("flow_type", exchange.getFlowType()),
        "error.type", label("error.type", exchange.getError()));
    time(OtelNames.HTTP_DURATION, OtelNames.HTTP_BUCKETS, tags, exchange.getTotalMicros());
  }

  @Override
  public void traffic(TrafficWindow before, TrafficWindow row) {
    if (row.getVolumeRow()) {
      String type = label("flow_type", row.getFlowType());
      volumes.computeIfAbsent(type, this::volume).add(before, row);
    }
  }

  private Volume volume(String flowType) {
    var volume = new Volume();
    counter("sidewire.packets", flowType, "to_server", volume.packetsToServer);
    counter("sidewire.packets", flowType, "to_client", volume.packetsToClient);
    counter("sidewire.frame.bytes", flowType, "to_server", volume.bytesToServer);
    counter("sidewire.frame.bytes", flowType, "to_client", volume.bytesToClient);
    return volume;
  }

  private void counter(String name, String flowType, String direction, Grown grown) {
    FunctionCounter.builder(name, grown, Grown::highest)
        .tags("flow_type", flowType, "direction", direction)
        .register(registry);
  }

  private void time(String name, Duration[] buckets, Tags tags, Long micros) {
    if (micros != null && micros >= 0) {
      Timer.builder(name)
          .tags(tags)
          .serviceLevelObjectives(buckets)
          .register(registry)
          .record(Duration.ofNanos(micros * 1_000));
    }
  }

  private void tokens(Tags tags, Long count) {
    if (count != null) {
      DistributionSummary.builder(OtelNames.GEN_AI_TOKENS)
          .tags(tags)
          .serviceLevelObjectives(OtelNames.TOKEN_BUCKETS)
          .register(registry)
          .record(count);
    }
  }

  private String label(String name, String value) {
    return labels.value(name, value);
  }

  /** Volume of one flow type since start. */
  private static final class Volume {
    private final Grown packetsToServer = new Grown();
    private final Grown packetsToClient = new Grown();
    private final Grown bytesToServer = new Grown();
    private final Grown bytesToClient = new Grown();

    void add(TrafficWindow before, TrafficWindow row) {
      packetsToServer.add(growth(before, row, TrafficWindow::getPacketsToServer));
      packetsToClient.add(growth(before, row, TrafficWindow::getPacketsToClient));
      bytesToServer.add(growth(before, row, TrafficWindow::getFrameBytesToServer));
      bytesToClient.add(growth(before, row, TrafficWindow::getFrameBytesToClient));
    }

    private static long growth(
        TrafficWindow before, TrafficWindow row, ToLongFunction<TrafficWindow> part) {
      return part.applyAsLong(row) - (before == null ? 0 : part.applyAsLong(before));
    }
  }
}
