package io.sidewire.processor.fold;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.mapping.LogarithmicMapping;
import com.datadoghq.sketch.ddsketch.store.Store;
import com.datadoghq.sketch.ddsketch.store.UnboundedSizeDenseStore;
import io.sidewire.schemas.Sketch;
import io.sidewire.schemas.SketchState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Sketches of values with a relative error of 1 %, kept as bins.
 *
 * <p>The bins are those of a DDSketch with a logarithmic mapping; kept apart from it, they cost a few bytes in a store,
 * and a value can be taken back when an exchange is revised. Least and greatest value are not taken back.
 */
public final class Sketches {
  private static final LogarithmicMapping MAPPING = new LogarithmicMapping(0.01);

  private Sketches() {}

  static SketchState empty() {
    var sketch = new SketchState();
    sketch.setBins(new ArrayList<>());
    return sketch;
  }

  /** Counts a value {@code times}, or takes it back where that is negative. */
  static void add(SketchState sketch, double value, int times) {
    if (times > 0) {
      boolean first = count(sketch) == 0;
      sketch.setMin(first ? value : Math.min(sketch.getMin(), value));
      sketch.setMax(first ? value : Math.max(sketch.getMax(), value));
    }
    sketch.setSum(sketch.getSum() + times * value);
    if (value < MAPPING.minIndexableValue()) {
      sketch.setZeros(sketch.getZeros() + times);
    } else {
      addBin(sketch, MAPPING.index(value), times);
    }
  }

  /** Adds all of another sketch. */
  static void merge(SketchState sketch, SketchState other) {
    if (count(other) == 0) {
      return;
    }
    boolean first = count(sketch) == 0;
    sketch.setMin(first ? other.getMin() : Math.min(sketch.getMin(), other.getMin()));
    sketch.setMax(first ? other.getMax() : Math.max(sketch.getMax(), other.getMax()));
    sketch.setSum(sketch.getSum() + other.getSum());
    sketch.setZeros(sketch.getZeros() + other.getZeros());
    List<Long> bins = other.getBins();
    for (int i = 0; i < bins.size(); i++) {
      addBin(sketch, other.getFirst() + i, bins.get(i));
    }
  }

  static long count(SketchState sketch) {
    long count = sketch.getZeros();
    for (long bin : sketch.getBins()) {
      count += bin;
    }
    return count;
  }

  /** The sketch as topics carry it; null where it has counted nothing. */
  static Sketch toRow(SketchState sketch) {
    long count = sketch == null ? 0 : count(sketch);
    if (count <= 0) {
      return null;
    }
    Store bins = new UnboundedSizeDenseStore();
    for (int i = 0; i < sketch.getBins().size(); i++) {
      long n = sketch.getBins().get(i);
      if (n > 0) {
        bins.add(sketch.getFirst() + i, (double) n);
      }
    }
    ByteBuffer bytes = DDSketch.of(
            MAPPING, new UnboundedSizeDenseStore(), bins, Math.max(0, sketch.getZeros()))
        .serialize();
    return new Sketch(count, sketch.getSum(), sketch.getMin(), sketch.getMax(), bytes);
  }

  private static void addBin(SketchState sketch, int index, long times) {
    if (times == 0) {
      return;
    }
    List<Long> bins = sketch.getBins();
    if (bins.isEmpty()) {
      sketch.setFirst(index);
      bins.add(times);
    } else if (index < sketch.getFirst()) {
      var grown = new ArrayList<Long>(bins.size() + sketch.getFirst() - index);
      grown.add(times);
      for (int i = index + 1; i < sketch.getFirst(); i++) {
        grown.add(0L);
      }
      grown.addAll(bins);
      sketch.setBins(grown);
      sketch.setFirst(index);
    } else {
      int at = index - sketch.getFirst();
      while (bins.size() <= at) {
        bins.add(0L);
      }
      bins.set(at, bins.get(at) + times);
    }
  }
}
