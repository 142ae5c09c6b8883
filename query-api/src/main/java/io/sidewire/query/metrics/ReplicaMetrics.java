package io.sidewire.query.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.sidewire.query.live.LiveReader;
import io.sidewire.query.store.StreamsEngine;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** How this replica itself is. */
@Singleton
public class ReplicaMetrics {
  private final MeterRegistry registry;
  private final StreamsEngine engine;
  private final LiveReader live;

  public ReplicaMetrics(MeterRegistry registry, StreamsEngine engine, LiveReader live) {
    this.registry = registry;
    this.engine = engine;
    this.live = live;
  }

  void register(@Observes StartupEvent event) {
    Gauge.builder("sidewire.read.model.ready", engine, it -> it.ready() ? 1 : 0)
        .description("1: the read model is whole")
        .register(registry);
    Gauge.builder("sidewire.read.model.bytes", engine, StreamsEngine::bytes)
        .description("Bytes of all rows, as of the last time they were added up")
        .register(registry);
    Gauge.builder("sidewire.live.streams", live, LiveReader::listeners)
        .description("Open live streams")
        .register(registry);
    FunctionCounter.builder(
            "sidewire.unreadable.records",
            engine,
            it -> it.quarantine().counts().values().stream()
                .mapToLong(Long::longValue)
                .sum())
        .description("Records that could not be read, sent to dead-letters")
        .register(registry);
  }
}
