package io.sidewire.query.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Map;
import java.util.Optional;

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

  /** URL of an Apicurio Registry, where values are in Confluent's wire format. */
  Optional<String> schemaRegistry();

  /**
   * Any property of the registry's client, e.g. {@code
   * sidewire.kafka.registry-properties."apicurio.registry.auth.username"}.
   */
  Map<String, String> registryProperties();
}
