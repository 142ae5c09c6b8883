package io.sidewire.schemas;

import java.util.Map;
import org.apache.kafka.common.serialization.Serde;

/**
 * A topic: its name with the serdes of its keys and values, and the settings it is created with.
 *
 * @param settings topic-level Kafka configuration, e.g. {@code cleanup.policy}
 */
public record Topic<K, V>(
    String name, Serde<K> key, Serde<V> value, Map<String, String> settings) {}
