package io.sidewire.query.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sidewire.query.store.News;
import io.sidewire.schemas.CaptureHealth;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/** What each capturing host received and lost since this replica started, and when it was last heard of. */
@Singleton
public class HostMetrics implements News {
  private static final int MOST_HOSTS = 1_000;
  private static final double MILLIS = 1_000;

  private static final Map<String, ToLongFunction<CaptureHealth>> LOSSES = Map.of(
      "kernel", CaptureHealth::getDroppedByKernel,
      "interface", CaptureHealth::getDroppedByInterface,
      "queue", CaptureHealth::getDroppedByQueue,
      "kafka", CaptureHealth::getDroppedBeforeKafka);

  private final MeterRegistry registry;
  private final BoundedLabels labels = new BoundedLabels(MOST_HOSTS);
  private final Map<String, Host> hosts = new ConcurrentHashMap<>();

  public HostMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void health(CaptureHealth before, CaptureHealth row, long arrived) {
    hosts
        .computeIfAbsent(labels.value("host", row.getHost()), this::host)
        .add(before, row, arrived);
  }

  private Host host(String name) {
    var host = new Host();
    counter("sidewire.host.packets.received", name, "Packets after the filter", host.received);
    counter(
        "sidewire.host.missing.batches",
        name,
        "Batches that were sent and never came",
        host.missingBatches);
    host.lost.forEach((where, grown) -> FunctionCounter.builder(
            "sidewire.host.packets.lost", grown, Grown::highest)
        .description("Packets lost on the host, by where")
        .tags("host", name, "where", where)
        .register(registry));
    Gauge.builder("sidewire.host.last.heard.seconds", host.heard, at -> at.get() / MILLIS)
        .description("When a health row of the host last arrived, in epoch seconds")
        .tags("host", name)
        .register(registry);
    return host;
  }

  private void counter(String name, String host, String what, Grown grown) {
    FunctionCounter.builder(name, grown, Grown::highest)
        .description(what)
        .tags("host", host)
        .register(registry);
  }

  private static final class Host {
    private final Grown received = new Grown();
    private final Grown missingBatches = new Grown();
    private final Map<String, Grown> lost = new ConcurrentHashMap<>();
    private final AtomicLong heard = new AtomicLong();

    Host() {
      LOSSES.keySet().forEach(where -> lost.put(where, new Grown()));
    }

    void add(CaptureHealth before, CaptureHealth row, long arrived) {
      received.add(growth(before, row, CaptureHealth::getPacketsReceived));
      missingBatches.add(growth(before, row, CaptureHealth::getMissingBatches));
      LOSSES.forEach((where, part) -> lost.get(where).add(growth(before, row, part)));
      heard.set(arrived);
    }

    private static long growth(
        CaptureHealth before, CaptureHealth row, ToLongFunction<CaptureHealth> part) {
      return part.applyAsLong(row) - (before == null ? 0 : part.applyAsLong(before));
    }
  }
}
