package io.sidewire.query;

import io.sidewire.query.sketch.Distribution;
import io.sidewire.schemas.Sketch;
import io.sidewire.schemas.TrafficWindow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * A figure that a series can show: a sum over rows, the largest of them, or a percentile of their merged sketches.
 *
 * @param ofVolume true: taken from volume rows, else from exchange rows
 */
public record Metric(
    String name, String unit, boolean ofVolume, java.util.function.Supplier<Point> points) {

  /** One point of one line while rows are added to it. */
  interface Point {
    void add(TrafficWindow row);

    Number value();
  }

  private static final Map<String, Metric> ALL = new LinkedHashMap<>();
  private static final Map<String, Function<TrafficWindow, Sketch>> SKETCHES =
      new LinkedHashMap<>();

  static {
    volume("packets", "packets", row -> row.getPacketsToServer() + row.getPacketsToClient());
    volume("packetsToServer", "packets", TrafficWindow::getPacketsToServer);
    volume("packetsToClient", "packets", TrafficWindow::getPacketsToClient);
    volume("frameBytes", "bytes", row -> row.getFrameBytesToServer() + row.getFrameBytesToClient());
    volume("frameBytesToServer", "bytes", TrafficWindow::getFrameBytesToServer);
    volume("frameBytesToClient", "bytes", TrafficWindow::getFrameBytesToClient);
    volume(
        "payloadBytes",
        "bytes",
        row -> row.getPayloadBytesToServer() + row.getPayloadBytesToClient());
    volume("payloadBytesToServer", "bytes", TrafficWindow::getPayloadBytesToServer);
    volume("payloadBytesToClient", "bytes", TrafficWindow::getPayloadBytesToClient);
    volume("flows", "flows", TrafficWindow::getFlows);
    calls("exchanges", "exchanges", TrafficWindow::getExchanges);
    calls(
        "errors",
        "exchanges",
        row -> row.getErrors().values().stream().mapToLong(Long::longValue).sum());
    calls("inputTokens", "tokens", TrafficWindow::getInputTokens);
    calls("outputTokens", "tokens", TrafficWindow::getOutputTokens);
    calls("requestBytes", "bytes", TrafficWindow::getRequestBytes);
    calls("responseBytes", "bytes", TrafficWindow::getResponseBytes);
    put("inFlightPeak", "exchanges", false, Peak::new);
    sketch("ttfb", "micros", TrafficWindow::getTtfb);
    sketch("firstChunk", "micros", TrafficWindow::getFirstChunk);
    sketch("total", "micros", TrafficWindow::getTotal);
    sketch("requestBytes", "bytes", TrafficWindow::getRequestSize);
    sketch("responseBytes", "bytes", TrafficWindow::getResponseSize);
  }

  /** The metric of that name; null where there is none. */
  public static Metric of(String name) {
    return ALL.get(name);
  }

  /** The names of what there are distributions of. */
  public static List<String> distributions() {
    return new ArrayList<>(SKETCHES.keySet());
  }

  /** The distribution of that name in a row. */
  static Function<TrafficWindow, Sketch> distribution(String name) {
    return SKETCHES.get(name);
  }

  public static List<String> names() {
    return new ArrayList<>(ALL.keySet());
  }

  Point point() {
    return points.get();
  }

  /** What a step without rows shows: none of something is 0, a percentile of nothing is not a number. */
  Number nothing() {
    return points.get() instanceof Sketched ? null : 0L;
  }

  private static void volume(String name, String unit, ToLongFunction<TrafficWindow> part) {
    put(name, unit, true, () -> new Sum(part));
  }

  private static void calls(String name, String unit, ToLongFunction<TrafficWindow> part) {
    put(name, unit, false, () -> new Sum(part));
  }

  private static void sketch(String name, String unit, Function<TrafficWindow, Sketch> part) {
    SKETCHES.put(name, part);
    Stream.of(50, 90, 95, 99)
        .forEach(percent -> put(
            name + ".p" + percent,
            unit,
            false,
            () -> new Sketched(part, all -> all.quantile(percent / 100.0))));
    put(name + ".max", unit, false, () -> new Sketched(part, all -> all.max()));
    put(name + ".mean", unit, false, () -> new Sketched(part, all -> all.mean()));
  }

  private static void put(
      String name, String unit, boolean volume, java.util.function.Supplier<Point> points) {
    ALL.put(name, new Metric(name, unit, volume, points));
  }

  private static final class Sum implements Point {
    private final ToLongFunction<TrafficWindow> part;
    private long sum;

    Sum(ToLongFunction<TrafficWindow> part) {
      this.part = part;
    }

    @Override
    public void add(TrafficWindow row) {
      sum += part.applyAsLong(row);
    }

    @Override
    public Number value() {
      return sum;
    }
  }

  private static final class Peak implements Point {
    private final Map<Long, Long> byWindow = new java.util.HashMap<>();

    @Override
    public void add(TrafficWindow row) {
      // Peaks of operations in one window may fall together; of windows only the highest counts.
      byWindow.merge(row.getWindowStart(), row.getInFlightPeak(), Long::sum);
    }

    @Override
    public Number value() {
      return byWindow.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }
  }

  private static final class Sketched implements Point {
    private final Function<TrafficWindow, Sketch> part;
    private final ToDoubleFunction<Distribution> figure;
    private final Distribution all = new Distribution();

    Sketched(Function<TrafficWindow, Sketch> part, ToDoubleFunction<Distribution> figure) {
      this.part = part;
      this.figure = figure;
    }

    @Override
    public void add(TrafficWindow row) {
      all.add(part.apply(row));
    }

    @Override
    public Number value() {
      return all.count() == 0 ? null : Math.round(figure.applyAsDouble(all));
    }
  }
}
