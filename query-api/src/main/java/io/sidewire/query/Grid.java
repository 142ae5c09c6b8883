package io.sidewire.query;

import io.sidewire.query.store.ReadModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A span cut into steps of equal length, as series and heat maps show it.
 *
 * @param begin start of the first step, a multiple of {@code step}
 * @param step in microseconds
 */
record Grid(Span span, long begin, long step, int points) {
  private static final int MOST_POINTS = 2_000;
  private static final int USUAL_POINTS = 120;
  private static final long[] USUAL_STEPS = {
    10, 30, 60, 300, 900, 3_600, 3 * 3_600, 6 * 3_600, 86_400, 7 * 86_400, 31 * 86_400
  };

  /** @param asked length of a step in microseconds; 0: chosen */
  static Grid of(ReadModel model, Span span, long asked) {
    Span whole = span.wholeWindows();
    Optional<long[]> extent = model.trafficExtent(whole.from(), whole.to());
    // "All there is" begins where there is something; a span that was asked for keeps its length.
    Span clipped = extent
        .filter(found -> whole.seconds() > MOST_POINTS * (double) USUAL_STEPS[0])
        .map(found -> new Span(found[0], found[1] + Span.WINDOW))
        .orElse(whole);
    long step = asked == 0 ? usualStep(clipped) : checked(asked, clipped);
    long begin = Math.floorDiv(clipped.from(), step) * step;
    return new Grid(clipped, begin, step, (int) ((clipped.to() - begin + step - 1) / step));
  }

  /** The step that a moment falls into. */
  int at(long micros) {
    return (int) ((micros - begin) / step);
  }

  List<Long> times() {
    List<Long> times = new ArrayList<>(points);
    for (int i = 0; i < points; i++) {
      times.add(begin + i * step);
    }
    return times;
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
