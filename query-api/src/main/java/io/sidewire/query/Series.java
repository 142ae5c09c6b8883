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
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** One figure over time, one line a group: a sum for each step, or a percentile of the merged sketches of that step. */
public final class Series {
  static final String OTHER = "_other";
  public static final List<String> GROUPS =
      List.of("none", "flowType", "host", "server", "operation");

  private static final int MOST_LINES = 20;

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
    Grid grid = Grid.of(model, span, asked);
    return new Views.SeriesAnswer(
        grid.span().from(),
        grid.span().to(),
        metric.name(),
        metric.unit(),
        group,
        grid.step(),
        grid.times(),
        lines(grid),
        Coverage.of(model, grid.span(), filter).ratio());
  }

  private List<Views.Line> lines(Grid grid) {
    Span span = grid.span();
    Function<TrafficKey, String> keyOf = keyOf();
    Set<String> largest = largest(span, keyOf);
    Map<String, Metric.Point[]> lines = new HashMap<>();
    List<String> hosts = filter.hosts(model);
    long step = grid.step();
    model.trafficSums(span.from(), span.to(), step, detail(), hosts, this::wanted, (key, row) -> {
      String own = keyOf.apply(key);
      String line = largest.contains(own) ? own : OTHER;
      Metric.Point[] at = lines.computeIfAbsent(line, any -> new Metric.Point[grid.points()]);
      int i = grid.at(row.getWindowStart());
      if (at[i] == null) {
        at[i] = metric.point();
      }
      at[i].add(row);
    });
    List<Views.Line> answer = new ArrayList<>();
    new TreeMap<>(lines).forEach((line, at) -> {
      List<Number> values = new ArrayList<>(grid.points());
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
        filter.hosts(model),
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
    return key.volumeRow() == metric.ofVolume()
        && filter.test(key)
        && !(group.equals("host") && ReadModel.takesBack(key));
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
}
