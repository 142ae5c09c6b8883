package io.sidewire.query;

import io.sidewire.query.store.ReadModel;
import io.sidewire.query.store.RollUp;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** One figure over time, one line a group: a sum for each step, or a percentile of the merged sketches of that step. */
public final class Series {
  static final String OTHER = "_other";
  public static final List<String> GROUPS =
      List.of("none", "flowType", "host", "server", "operation");

  private static final int MOST_POINTS = 2_000;
  private static final int USUAL_POINTS = 120;
  private static final int MOST_LINES = 20;
  private static final long[] USUAL_STEPS = {
    10, 30, 60, 300, 900, 3_600, 3 * 3_600, 6 * 3_600, 86_400, 7 * 86_400, 31 * 86_400
  };

  private final ReadModel model;
  private final Filter filter;
  private final Metric metric;
  private final String group;

  public Series(ReadModel model, Filter filter, Metric metric, String group) {
    this.model = model;
    this.filter = filter;
    this.metric = metric;
    this.group = group;
  }

  /** @param asked length of a point in microseconds; 0: chosen */
  public Views.SeriesAnswer answer(Span span, long asked) {
    Span whole = span.wholeWindows();
    Optional<long[]> extent = model.trafficExtent(whole.from(), whole.to());
    // "All there is" begins where there is something; a span that was asked for keeps its length.
    Span clipped = extent
        .filter(found -> whole.seconds() > MOST_POINTS * (double) USUAL_STEPS[0])
        .map(found -> new Span(found[0], found[1] + Span.WINDOW))
        .orElse(whole);
    long step = asked == 0 ? usualStep(clipped) : checked(asked, clipped);
    long begin = Math.floorDiv(clipped.from(), step) * step;
    int points = (int) ((clipped.to() - begin + step - 1) / step);
    List<Long> times = new ArrayList<>(points);
    for (int i = 0; i < points; i++) {
      times.add(begin + i * step);
    }
    return new Views.SeriesAnswer(
        clipped.from(),
        clipped.to(),
        metric.name(),
        metric.unit(),
        group,
        step,
        times,
        lines(clipped, begin, step, points),
        Coverage.of(model, clipped, filter.host()::test).ratio());
  }

  private List<Views.Line> lines(Span span, long begin, long step, int points) {
    Function<TrafficKey, String> keyOf = keyOf();
    Set<String> largest = largest(span, keyOf);
    Map<String, Metric.Point[]> lines = new HashMap<>();
    model.trafficSums(span.from(), span.to(), step, detail(), this::wanted, (key, row) -> {
      String own = keyOf.apply(key);
      String line = largest.contains(own) ? own : OTHER;
      Metric.Point[] at = lines.computeIfAbsent(line, any -> new Metric.Point[points]);
      int i = (int) ((row.getWindowStart() - begin) / step);
      if (at[i] == null) {
        at[i] = metric.point();
      }
      at[i].add(row);
    });
    List<Views.Line> answer = new ArrayList<>();
    new TreeMap<>(lines).forEach((line, at) -> {
      List<Number> values = new ArrayList<>(points);
      for (Metric.Point point : at) {
        values.add(point == null ? metric.nothing() : point.value());
      }
      answer.add(new Views.Line(group.equals("none") ? null : line, values));
    });
    return answer;
  }

  /** The groups with the most; the rest are added up, so that an answer stays small. */
  private Set<String> largest(Span span, Function<TrafficKey, String> keyOf) {
    if (group.equals("none")) {
      return Set.of("");
    }
    Map<String, Long> weight = new HashMap<>();
    model.trafficSums(
        span.from(),
        span.to(),
        0,
        detail(),
        this::wanted,
        (key, row) -> weight.merge(keyOf.apply(key), weight(row), Long::sum));
    var largest = new HashSet<String>();
    weight.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
            .thenComparing(Map.Entry.comparingByKey()))
        .limit(weight.size() > MOST_LINES ? MOST_LINES - 1 : MOST_LINES)
        .forEach(entry -> largest.add(entry.getKey()));
    return largest;
  }

  private RollUp.Detail detail() {
    RollUp.Detail filtered = filter.detail();
    RollUp.Detail grouped =
        switch (group) {
          case "host" -> RollUp.Detail.HOST;
          case "server", "operation" -> RollUp.Detail.ALL;
          default -> RollUp.Detail.TYPE;
        };
    return filtered.compareTo(grouped) > 0 ? filtered : grouped;
  }

  private static long weight(TrafficWindow row) {
    return row.getVolumeRow()
        ? row.getFrameBytesToServer() + row.getFrameBytesToClient()
        : row.getExchanges();
  }

  private boolean wanted(TrafficKey key) {
    return key.volumeRow() == metric.ofVolume() && filter.test(key);
  }

  private Function<TrafficKey, String> keyOf() {
    return switch (group) {
      case "flowType" -> TrafficKey::flowType;
      case "host" -> TrafficKey::host;
      case "server" -> TrafficKey::serverName;
      case "operation" -> TrafficKey::operation;
      default -> key -> "";
    };
  }

  private static long usualStep(Span span) {
    for (long seconds : USUAL_STEPS) {
      if (span.seconds() / seconds <= USUAL_POINTS) {
        return seconds * Times.SECOND;
      }
    }
    return USUAL_STEPS[USUAL_STEPS.length - 1] * Times.SECOND;
  }

  private static long checked(long step, Span span) {
    double points = (span.to() - span.from()) / (double) step;
    if (points > MOST_POINTS) {
      long least = (long) Math.ceil(span.seconds() / MOST_POINTS / 10) * 10;
      throw Problem.parameter(
          Param.STEP,
          "%.0f points are too many (at most %d); write step=%ds or longer, or a shorter span"
              .formatted(points, MOST_POINTS, least));
    }
    return step;
  }
}
