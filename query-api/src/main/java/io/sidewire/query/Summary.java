package io.sidewire.query;

import io.sidewire.query.store.ReadModel;
import io.sidewire.query.store.RollUp;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.HealthKey;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The sums of a span by flow type: volume, calls, errors, latencies, and how much of the traffic they rest on. */
public final class Summary {
  private final Map<String, Totals> byType = new HashMap<>();
  private final Map<String, Set<String>> hostsByType = new HashMap<>();
  private final Map<String, Coverage> healthByHost = new HashMap<>();
  private final Totals all = new Totals();
  private final Coverage whole = new Coverage();
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;

  private Summary() {}

  public static Views.SummaryAnswer of(ReadModel model, Span asked, Filter filter) {
    Span span = asked.wholeWindows();
    var summary = new Summary();
    RollUp.Detail detail = filter.detail();
    List<String> hosts = filter.hosts(model);
    model.trafficSums(span.from(), span.to(), 0, detail, hosts, filter::test, summary::add);
    if (detail == RollUp.Detail.TYPE) {
      model.trafficHosts(span.from(), span.to(), filter::test, summary::addHost);
    }
    model.counted(span.from(), span.to(), hosts, filter.host()::test, summary::add);
    return summary.answer(span, filter.operation().isAll());
  }

  /** The same of rows that someone else has read, over all of their time. */
  public static Views.SummaryAnswer of(
      Map<TrafficKey, TrafficWindow> traffic, Map<HealthKey, CaptureHealth> health) {
    var summary = new Summary();
    traffic.forEach(summary::add);
    health.values().forEach(summary::add);
    boolean any = summary.first < summary.last;
    return summary.answer(new Span(any ? summary.first : 0, any ? summary.last : 0), true);
  }

  private void add(TrafficKey key, TrafficWindow row) {
    byType.computeIfAbsent(key.flowType(), type -> new Totals()).add(row);
    addHost(key);
    all.add(row);
  }

  private void addHost(TrafficKey key) {
    hostsByType.computeIfAbsent(key.flowType(), type -> new HashSet<>()).add(key.host());
  }

  private void add(CaptureHealth health) {
    healthByHost.computeIfAbsent(health.getHost(), host -> new Coverage()).add(health);
    whole.add(health);
    first = Math.min(first, health.getWindowStart());
    last = Math.max(last, health.getWindowStart() + health.getWindowSeconds() * Times.SECOND);
  }

  /** @param volume false: the rows were narrowed to operations */
  private Views.SummaryAnswer answer(Span span, boolean volume) {
    double seconds = seconds(span);
    List<Views.SummaryRow> rows = new ArrayList<>();
    byType.forEach((type, totals) -> {
      if (!totals.isEmpty()) {
        rows.add(totals.view(type, volume, seconds, coverage(hostsByType.get(type), healthByHost)));
      }
    });
    rows.sort(Comparator.comparingLong(Views.SummaryRow::exchanges)
        .thenComparingLong(row -> row.frameBytes() == null ? 0 : row.frameBytes())
        .reversed()
        .thenComparing(Views.SummaryRow::flowType));
    return new Views.SummaryAnswer(
        span.from(),
        span.to(),
        rows,
        all.view(null, volume, seconds, whole.ratio()),
        whole.ratio(),
        whole.loss());
  }

  /** Rates are over the part of the span in which there was a capture. */
  private double seconds(Span span) {
    if (first > last) {
      return span.seconds();
    }
    return new Span(Math.max(first, span.from()), Math.min(last, span.to())).seconds();
  }

  private static Double coverage(Set<String> hosts, Map<String, Coverage> byHost) {
    var sum = new Coverage();
    for (String host : hosts) {
      Coverage one = byHost.get(host);
      if (one != null) {
        sum.add(one);
      }
    }
    return sum.ratio();
  }
}
