package io.sidewire.examples;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Prints each exchange when it has ended: type, operation, target, milliseconds.
 *
 * <p>Usage: {@code PlainConsumer HOST:PORT [REGISTRY]}, where REGISTRY is the URL of an Apicurio Registry, for topics in
 * Confluent's wire format. It ends after some seconds without a record, or half a
 * minute where none came at all.
 */
public final class PlainConsumer {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PATIENCE_AT_FIRST = Duration.ofSeconds(30);

  private PlainConsumer() {}

  public static void main(String[] args) {
    Topics topics = Topics.withDefaultPrefix();
    Deserializer<Exchange> values =
        args.length > 1 ? apicurio(args[1]) : topics.exchanges().value().deserializer();
    var config = new Properties();
    config.put("bootstrap.servers", args[0]);
    config.put("group.id", "example-plain");
    config.put("isolation.level", "read_committed"); // the writers use transactions
    config.put("auto.offset.reset", "earliest");
    Map<String, Integer> seen = new HashMap<>();
    try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), values)) {
      consumer.subscribe(List.of(topics.exchanges().name()));
      long heard = System.nanoTime();
      while (System.nanoTime() - heard
          < (seen.isEmpty() ? PATIENCE_AT_FIRST : PATIENCE).toNanos()) {
        for (var record : consumer.poll(Duration.ofMillis(500))) {
          heard = System.nanoTime();
          Exchange exchange = record.value();
          // An exchange is told again as more of it is known: its highest revision counts.
          Integer before = seen.put(exchange.getExchangeId(), exchange.getRevision());
          if (exchange.getOutcome() != Outcome.OPEN
              && (before == null || before < exchange.getRevision())) {
            System.out.printf(
                "%s %s %s %.1f ms%n",
                exchange.getFlowType(),
                exchange.getOperation(),
                exchange.getTarget(),
                exchange.getTotalMicros() == null ? Double.NaN : exchange.getTotalMicros() / 1e3);
          }
        }
      }
    }
  }

  /** Any client of the registry reads the values; this is Apicurio's own. */
  private static Deserializer<Exchange> apicurio(String url) {
    var deserializer = new AvroKafkaDeserializer<Exchange>();
    deserializer.configure(
        Map.of(
            "apicurio.registry.url", url,
            "apicurio.registry.use-specific-avro-reader", "true",
            "apicurio.registry.http.adapter", "JDK"),
        false);
    return deserializer;
  }
}
