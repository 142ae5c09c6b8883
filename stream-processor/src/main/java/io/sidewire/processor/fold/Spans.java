package io.sidewire.processor.fold;

import io.sidewire.schemas.SpanState;
import java.util.ArrayList;
import java.util.List;

/**
 * The union of spans of time, so that what overlaps is counted once.
 *
 * <p>Spans may be added in any order. Beyond a cap the earliest are folded into their sum; what is added before that
 * point later counts no more.
 */
final class Spans {
  /** Disjoint spans kept; calls of one agent that are open at once are far fewer. */
  static final int KEPT = 64;

  private Spans() {}

  static SpanState empty() {
    var spans = new SpanState();
    spans.setBounds(new ArrayList<>());
    return spans;
  }

  static void add(SpanState spans, long from, long to) {
    long start = Math.max(from, spans.getFoldedUntil());
    long end = to;
    if (end <= start) {
      return;
    }
    List<Long> bounds = spans.getBounds();
    var merged = new ArrayList<Long>(bounds.size() + 2);
    int i = 0;
    while (i < bounds.size() && bounds.get(i + 1) < start) {
      merged.add(bounds.get(i));
      merged.add(bounds.get(i + 1));
      i += 2;
    }
    while (i < bounds.size() && bounds.get(i) <= end) {
      start = Math.min(start, bounds.get(i));
      end = Math.max(end, bounds.get(i + 1));
      i += 2;
    }
    merged.add(start);
    merged.add(end);
    merged.addAll(bounds.subList(i, bounds.size()));
    while (merged.size() > 2 * KEPT) {
      spans.setFoldedMicros(spans.getFoldedMicros() + merged.get(1) - merged.get(0));
      spans.setFoldedUntil(merged.get(1));
      merged.subList(0, 2).clear();
    }
    spans.setBounds(merged);
  }

  /** Sum of the union. */
  static long total(SpanState spans) {
    long sum = spans.getFoldedMicros();
    List<Long> bounds = spans.getBounds();
    for (int i = 0; i < bounds.size(); i += 2) {
      sum += bounds.get(i + 1) - bounds.get(i);
    }
    return sum;
  }

  static boolean overlaps(SpanState spans, long from, long to) {
    List<Long> bounds = spans.getBounds();
    for (int i = 0; i < bounds.size(); i += 2) {
      if (bounds.get(i) < to && from < bounds.get(i + 1)) {
        return true;
      }
    }
    return false;
  }
}
