package io.sidewire.query.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import io.sidewire.query.Samples;
import io.sidewire.query.Views;
import io.sidewire.schemas.Sketch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DistributionTest {
  private static final double TOLERANCE =
      0.021; // 1 % of each sketch, and 1 % where it is counted again in ours

  @Test
  void anyMergeOrderGivesTheSameFigures() {
    Sketch a = Samples.sketch(values(1, 500));
    Sketch b = Samples.sketch(values(2, 70));
    Sketch c = Samples.sketch(values(3, 3));
    assertThat(merged(a, b, c)).isEqualTo(merged(c, a, b)).isEqualTo(merged(b, c, a));
  }

  @Test
  void nothingIsNeutral() {
    Sketch a = Samples.sketch(values(1, 50));
    assertThat(merged(a, null, new Sketch(0L, 0.0, 0.0, 0.0, ByteBuffer.allocate(0))))
        .isEqualTo(merged(a));
    assertThat(new Distribution().stats())
        .isEqualTo(new Views.Stats(0, null, null, null, null, null));
  }

  @Test
  void percentilesOfMergedPartsAreThoseOfAllValues() {
    for (int seed = 0; seed < 20; seed++) {
      double[] fast = values(seed, 40 + seed);
      double[] slow =
          Arrays.stream(values(seed + 100, 7)).map(value -> value * 50).toArray();
      double[] all = concat(fast, slow);
      Arrays.sort(all);
      var distribution = new Distribution();
      distribution.add(Samples.sketch(fast));
      distribution.add(Samples.sketch(slow));
      for (double quantile : new double[] {0.5, 0.9, 0.95, 0.99}) {
        double exact = all[(int) Math.max(0, Math.ceil(quantile * all.length) - 1)];
        assertThat(distribution.quantile(quantile)).isEqualTo(exact, within(exact * TOLERANCE));
      }
      assertThat(distribution.max()).isEqualTo(all[all.length - 1]);
      assertThat(distribution.count()).isEqualTo(all.length);
    }
  }

  @Test
  void oneSlowCallAmongFewIsSeen() {
    var distribution = new Distribution();
    distribution.add(Samples.sketch(10, 10, 10, 10, 5_000));
    assertThat(distribution.stats().p99()).isEqualTo(5_000);
    assertThat(distribution.stats().p50()).isEqualTo(10);
  }

  @Test
  void readsWhatTheLibraryWritesWhateverTheMapping() {
    for (DDSketch written : new DDSketch[] {
      DDSketches.unboundedDense(0.01),
      DDSketches.logarithmicUnboundedDense(0.02),
      DDSketches.sparse(0.01)
    }) {
      for (double value : new double[] {0, 1, 3.5, 900, 1e9}) {
        written.accept(value);
      }
      DDSketch read = SketchCodec.decode(written.serialize());
      assertThat(read.getCount()).isEqualTo(written.getCount());
      assertThat(read.getIndexMapping()).isEqualTo(written.getIndexMapping());
      assertThat(read.getValueAtQuantile(0.5)).isEqualTo(written.getValueAtQuantile(0.5));
      var distribution = new Distribution();
      distribution.add(new Sketch(5L, 0.0, 0.0, 1e9, written.serialize()));
      assertThat(distribution.quantile(0.2)).isZero();
      assertThat(distribution.quantile(0.6)).isEqualTo(3.5, within(3.5 * 0.04));
    }
  }

  @Test
  void whatIsNoSketchIsRefusedAtEveryCut() {
    ByteBuffer whole = Samples.sketch(1, 2, 3, 4e6).getDdsketch();
    for (int cut = 1; cut < whole.remaining(); cut++) {
      ByteBuffer part = whole.slice(0, cut);
      try {
        SketchCodec.decode(part); // a cut between fields is a smaller sketch
      } catch (IllegalArgumentException expected) {
        assertThat(expected).hasMessageStartingWith("sketch");
      }
    }
    var random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      byte[] noise = new byte[random.nextInt(40)];
      random.nextBytes(noise);
      try {
        SketchCodec.decode(ByteBuffer.wrap(noise));
      } catch (IllegalArgumentException expected) {
        assertThat(expected.getMessage()).isNotBlank();
      }
    }
    assertThatThrownBy(() -> SketchCodec.decode(ByteBuffer.allocate(0)))
        .hasMessage("sketch without a mapping");
  }

  private static Views.Stats merged(Sketch... parts) {
    var distribution = new Distribution();
    for (Sketch part : parts) {
      distribution.add(part);
    }
    return distribution.stats();
  }

  private static double[] values(int seed, int count) {
    var random = new Random(seed);
    return random.doubles(count).map(value -> 100 + Math.floor(value * 100_000)).toArray();
  }

  private static double[] concat(double[] a, double[] b) {
    double[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  @Test
  void writesWhatItReads() {
    for (int values : new int[] {0, 1, 2, 11, 3_000}) {
      var merged = new Distribution();
      merged.add(Samples.sketch(values(1, 1 + values)));
      merged.add(Samples.sketch(0, 7, 1e12));
      Sketch row = merged.toRow();
      var again = new Distribution();
      again.add(row);
      assertThat(again.stats()).isEqualTo(merged.stats());
      assertThat(again.count()).isEqualTo(values + 4);
      assertThat(SketchCodec.decode(row.getDdsketch()).getCount()).isEqualTo(values + 4);
    }
    assertThat(new Distribution().toRow()).isNull();
    var few = new Distribution();
    few.add(Samples.sketch(10, 1_000_000));
    assertThat(few.toRow().getDdsketch().remaining()).isLessThan(100);
  }
}
