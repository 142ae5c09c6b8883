package io.sidewire.query.sketch;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.mapping.LogarithmicMapping;
import com.datadoghq.sketch.ddsketch.store.Bin;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import com.datadoghq.sketch.ddsketch.store.Store;
import io.sidewire.query.Views;
import io.sidewire.schemas.Sketch;
import java.util.HashMap;
import java.util.Iterator;

/**
 * A distribution of latencies or sizes that merges: a DDSketch with 1 % relative error, and the exact count, sum and
 * extremes beside it.
 */
public final class Distribution {
  private static final double ACCURACY = 0.01;
  private static final int MOST_BINS = 4096;

  /** Takes a value and how often it is there. */
  public interface Use {
    void accept(double value, double count);
  }

  private final DDSketch sketch = empty();
  /** What is to be taken back from it; null: nothing. */
  private DDSketch less;

  private long count;
  private double sum;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  /** Adds what a traffic row holds; null adds nothing. */
  public void add(Sketch row) {
    if (row == null || row.getCount() == 0) {
      return;
    }
    DDSketch other = SketchCodec.decode(row.getDdsketch());
    if (row.getCount() < 0) {
      less = less == null ? empty() : less;
      merge(less, other);
    } else {
      merge(sketch, other);
    }
    count += row.getCount();
    sum += row.getSum();
    min = Math.min(min, row.getMin());
    max = Math.max(max, row.getMax());
  }

  /** A row that takes one value back from whatever it is added to: its count is negative, its bins are not. */
  public static Sketch takenBack(double value) {
    DDSketch one = empty();
    one.accept(value);
    return new Sketch(
        -1L, -value, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, SketchCodec.encode(one));
  }

  public long count() {
    return count;
  }

  /** The smallest value that at least the share {@code quantile} of all does not exceed; null where there is nothing. */
  public Double quantile(double quantile) {
    DDSketch sketch = less == null ? this.sketch : difference(this.sketch, less);
    if (count <= 0 || sketch.isEmpty()) {
      return null;
    }
    // Nearest rank. The sketch takes q * (n - 1) and rounds down, which hides the one slow call
    // among few.
    double all = sketch.getCount();
    double rank = Math.max(0, Math.ceil(quantile * all) - 1);
    double asked = all <= 1 ? 1 : Math.min(1, (rank + 0.5) / (all - 1));
    // The sketch may be off by 1 %; what is known exactly bounds it.
    return Math.max(min, Math.min(max, sketch.getValueAtQuantile(asked)));
  }

  public Double max() {
    return count <= 0 ? null : max;
  }

  public Double mean() {
    return count <= 0 ? null : sum / count;
  }

  /** Hands out what is in it: values, each off by 1 % at most, with how many there are. */
  public void each(Use use) {
    DDSketch sketch = less == null ? this.sketch : difference(this.sketch, less);
    double counted = 0;
    var bins = sketch.getPositiveValueStore().getAscendingIterator();
    while (bins.hasNext()) {
      Bin bin = bins.next();
      double value = sketch.getIndexMapping().value(bin.getIndex());
      use.accept(Math.max(min, Math.min(max, value)), bin.getCount());
      counted += bin.getCount();
    }
    if (sketch.getCount() > counted) {
      use.accept(0, sketch.getCount() - counted);
    }
  }

  public Views.Stats stats() {
    return new Views.Stats(
        Math.max(0, count),
        rounded(quantile(0.5)),
        rounded(quantile(0.9)),
        rounded(quantile(0.95)),
        rounded(quantile(0.99)),
        rounded(max()));
  }

  /** The same as a row holds it; null where there is nothing. */
  public Sketch toRow() {
    if (count == 0) {
      return null;
    }
    DDSketch left =
        less == null ? sketch : count > 0 ? difference(sketch, less) : difference(less, sketch);
    return new Sketch(count, sum, min, max, SketchCodec.encode(left));
  }

  private static DDSketch empty() {
    return new DDSketch(
        new LogarithmicMapping(ACCURACY), () -> new CollapsingLowestDenseStore(MOST_BINS));
  }

  /** What is left bin by bin: bins of the same value have the same index. */
  private static DDSketch difference(DDSketch from, DDSketch less) {
    var lessBins = new HashMap<Integer, Double>();
    less.getPositiveValueStore()
        .getAscendingIterator()
        .forEachRemaining(bin -> lessBins.put(bin.getIndex(), bin.getCount()));
    DDSketch left = empty();
    double[] counted = new double[2];
    from.getPositiveValueStore().getAscendingIterator().forEachRemaining(bin -> {
      counted[0] += bin.getCount();
      double rest = bin.getCount() - lessBins.getOrDefault(bin.getIndex(), 0.0);
      if (rest > 0) {
        left.getPositiveValueStore().add(bin.getIndex(), rest);
      }
    });
    lessBins.values().forEach(count -> counted[1] += count);
    double zeros = from.getCount() - counted[0] - (less.getCount() - counted[1]);
    if (zeros > 0) {
      left.accept(0, zeros);
    }
    return left;
  }

  private static void merge(DDSketch into, DDSketch other) {
    if (other.getIndexMapping().equals(into.getIndexMapping())) {
      into.mergeWith(other);
    } else {
      rebin(into, other);
    }
  }

  /** Written with another mapping (another accuracy): its bins' middles are counted in ours. */
  private static void rebin(DDSketch sketch, DDSketch other) {
    Store bins = other.getPositiveValueStore();
    double counted = 0;
    for (Iterator<Bin> all = bins.getAscendingIterator(); all.hasNext(); ) {
      Bin bin = all.next();
      sketch.accept(other.getIndexMapping().value(bin.getIndex()), bin.getCount());
      counted += bin.getCount();
    }
    double zeros = other.getCount() - counted;
    if (zeros > 0) {
      sketch.accept(0, zeros);
    }
  }

  private static Long rounded(Double value) {
    return value == null ? null : Math.round(value);
  }
}
