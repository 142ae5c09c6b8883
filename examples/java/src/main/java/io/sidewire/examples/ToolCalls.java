package io.sidewire.examples;

import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.WireFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;

/**
 * Counts the calls of each MCP tool with Kafka Streams, and prints a tool's count as it changes.
 *
 * <p>Usage: {@code ToolCalls HOST:PORT [REGISTRY]}; it goes on until it is stopped.
 */
public final class ToolCalls {
  private ToolCalls() {}

  public static void main(String[] args) throws Exception {
    Path state = Files.createTempDirectory("tool-calls");
    var config = new Properties();
    config.put("application.id", "example-tool-calls");
    config.put("bootstrap.servers", args[0]);
    config.put("state.dir", state.toString());
    config.put("auto.offset.reset", "earliest");
    config.put("isolation.level", "read_committed");
    config.put("commit.interval.ms", "1000"); // how old a count is at most
    Topics topics = Topics.withPrefix(
        Topics.DEFAULT_PREFIX, WireFormat.of(args.length > 1 ? args[1] : null, Map.of()));
    try (var streams = new KafkaStreams(topology(topics), config)) {
      streams.start();
      new CountDownLatch(1).await();
    }
  }

  static Topology topology(Topics topics) {
    var builder = new StreamsBuilder();
    // 1. The topic's key is the flow: many exchanges. By their own id, the highest revision of each
    // stays.
    KTable<String, Exchange> latest = builder.stream(
            topics.exchanges().name(),
            Consumed.with(topics.exchanges().key(), topics.exchanges().value()))
        .filter((flow, exchange) -> "tools/call".equals(exchange.getOperation()))
        .groupBy(
            (flow, exchange) -> exchange.getExchangeId(),
            Grouped.with(Serdes.String(), topics.exchanges().value()))
        .reduce(
            (one, other) -> other.getRevision() >= one.getRevision() ? other : one,
            Materialized.with(Serdes.String(), topics.exchanges().value()));
    // 2. What a later revision says of a call replaces what was counted for it.
    latest
        .filter((id, exchange) -> exchange.getOutcome() != Outcome.OPEN)
        .groupBy(
            (id, exchange) -> KeyValue.pair(exchange.getTarget(), exchange),
            Grouped.with(Serdes.String(), topics.exchanges().value()))
        .count(Materialized.with(Serdes.String(), Serdes.Long()))
        .toStream()
        .foreach((tool, calls) -> System.out.println("tool " + tool + " " + calls));
    return builder.build();
  }
}
