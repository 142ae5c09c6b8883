package io.sidewire.processor.step;

import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/** Builds a {@link KeptStore} over a store of Kafka Streams. */
final class KeptStoreBuilder<V> implements StoreBuilder<KeptStore<V>> {
  private final StoreBuilder<KeyValueStore<String, V>> below;
  private final int capacity;

  KeptStoreBuilder(StoreBuilder<KeyValueStore<String, V>> below, int capacity) {
    this.below = below;
    this.capacity = capacity;
  }

  @Override
  public KeptStore<V> build() {
    return new KeptStore<>(below.build(), capacity);
  }

  /** Has no effect: it keeps entries itself. */
  @Override
  public StoreBuilder<KeptStore<V>> withCachingEnabled() {
    return this;
  }

  /** Has no effect: it keeps entries itself. */
  @Override
  public StoreBuilder<KeptStore<V>> withCachingDisabled() {
    return this;
  }

  @Override
  public StoreBuilder<KeptStore<V>> withLoggingEnabled(Map<String, String> config) {
    below.withLoggingEnabled(config);
    return this;
  }

  @Override
  public StoreBuilder<KeptStore<V>> withLoggingDisabled() {
    below.withLoggingDisabled();
    return this;
  }

  @Override
  public Map<String, String> logConfig() {
    return below.logConfig();
  }

  @Override
  public boolean loggingEnabled() {
    return below.loggingEnabled();
  }

  @Override
  public String name() {
    return below.name();
  }
}
