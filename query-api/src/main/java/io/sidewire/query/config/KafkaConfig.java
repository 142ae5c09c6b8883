package io.sidewire.query.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Map;

/** How to reach Kafka. */
@ConfigMapping(prefix = "sidewire.kafka")
public interface KafkaConfig {
  /** Brokers to begin with, as host:port, comma-separated. */
  @WithDefault("localhost:9092")
  String bootstrapServers();

  /** What the names of all topics begin with. */
  @WithDefault("sidewire.")
  String topicPrefix();

  /** Any further property of the Kafka clients, e.g. {@code sidewire.kafka.properties."security.protocol"}. */
  Map<String, String> properties();
}
