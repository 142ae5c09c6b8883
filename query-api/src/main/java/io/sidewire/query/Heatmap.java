package io.sidewire.query;

import io.sidewire.query.sketch.Distribution;
import io.sidewire.query.store.ReadModel;
import io.sidewire.schemas.Sketch;
import io.sidewire.schemas.TrafficWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** How the values of a latency or a size are spread in each step of a span, from the merged sketches of that step. */
public final class Heatmap {
  /*
   * Row r holds the values from 10^(r/8) up to 10^((r+1)/8), 33 % more; row 0 those below too. Eight a power of ten tell
   * 100 ms from 140 ms and stay wider than what a sketch may be off by (1 %).
   */
  private static final int ROWS_A_DECADE = 8;
  private static final int ROWS = 12 * ROWS_A_DECADE;

  private final ReadModel model;
  private final Filter filter;
  private final String name;
  private final Function<TrafficWindow, Sketch> part;

  /** @param name one of {@link Metric#distributions} */
  public Heatmap(ReadModel model, Filter filter, String name) {
    this.model = model;
    this.filter = filter;
    this.name = name;
    this.part = Metric.distribution(name);
  }

  /** @param asked length of a step in microseconds; 0: chosen */
  public Views.HeatmapAnswer answer(Span span, long asked) {
    Grid grid = Grid.of(model, span, asked);
    var merged = new Distribution[grid.points()];
    model.trafficSums(
        grid.span().from(),
        grid.span().to(),
        grid.step(),
        filter.detail(),
        filter.hosts(model),
        key -> !key.volumeRow() && filter.test(key),
        (key, row) -> {
          int i = grid.at(row.getWindowStart());
          if (merged[i] == null) {
            merged[i] = new Distribution();
          }
          merged[i].add(part.apply(row));
        });
    long[][] cells = new long[merged.length][];
    int low = ROWS;
    int high = -1;
    long count = 0;
    for (int i = 0; i < merged.length; i++) {
      if (merged[i] == null || merged[i].count() == 0) {
        continue;
      }
      long[] column = new long[ROWS];
      merged[i].each((value, times) -> column[row(value)] += Math.round(times));
      cells[i] = column;
      for (int r = 0; r < ROWS; r++) {
        if (column[r] > 0) {
          low = Math.min(low, r);
          high = Math.max(high, r);
          count += column[r];
        }
      }
    }
    return new Views.HeatmapAnswer(
        grid.span().from(),
        grid.span().to(),
        name,
        Metric.of(name + ".max").unit(),
        grid.step(),
        grid.times(),
        bounds(low, high),
        counts(cells, low, high),
        count,
        Coverage.of(model, grid.span(), filter).ratio());
  }

  private static int row(double value) {
    if (value < 1) {
      return 0;
    }
    int row = (int) Math.floor(Math.log10(value) * ROWS_A_DECADE);
    return Math.min(ROWS - 1, row);
  }

  private static List<Long> bounds(int low, int high) {
    List<Long> bounds = new ArrayList<>();
    for (int r = low; high >= 0 && r <= high + 1; r++) {
      bounds.add(Math.round(Math.pow(10, r / (double) ROWS_A_DECADE)));
    }
    return bounds;
  }

  private static List<List<Long>> counts(long[][] cells, int low, int high) {
    List<List<Long>> counts = new ArrayList<>(cells.length);
    for (long[] column : cells) {
      if (column == null) {
        counts.add(null);
        continue;
      }
      List<Long> one = new ArrayList<>(high - low + 1);
      for (int r = low; r <= high; r++) {
        one.add(column[r]);
      }
      counts.add(one);
    }
    return counts;
  }
}
