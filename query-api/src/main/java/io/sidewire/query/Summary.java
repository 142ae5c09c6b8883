package io.sidewire.query;

import io.sidewire.query.store.ReadModel;
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
  private final Totals all = new Totals();
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;

  private Summary() {}

  public static Views.SummaryAnswer of(ReadModel model, Span asked, Filter filter) {
    Span span = asked.wholeWindows();
    var summary = new Summary();
    model.traffic(span.from(), span.to(), filter::test, (key, row) -> {
      summary.byType.computeIfAbsent(key.flowType(), type -> new Totals()).add(row);
      summary
          .hostsByType
          .computeIfAbsent(key.flowType(), type -> new HashSet<>())
          .add(key.host());
      summary.all.add(row);
    });
    return summary.answer(model, span, filter);
  }

  private Views.SummaryAnswer answer(ReadModel model, Span span, Filter filter) {
    var healthByHost = new HashMap<String, Coverage>();
    var whole = new Coverage();
    model.health(span.from(), span.to(), filter.host()::test, (key, health) -> {
      healthByHost.computeIfAbsent(key.host(), host -> new Coverage()).add(health);
      whole.add(health);
      first = Math.min(first, health.getWindowStart());
      last = Math.max(last, health.getWindowStart() + health.getWindowSeconds() * Times.SECOND);
    });
    boolean volume = filter.operation().isAll();
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
