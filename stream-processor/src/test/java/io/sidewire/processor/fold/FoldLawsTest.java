package io.sidewire.processor.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.schemas.SketchState;
import io.sidewire.schemas.SpanState;
import io.sidewire.schemas.Volume;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The laws that the folds' values keep. */
class FoldLawsTest {
  private final Random random = new Random(7);

  private SketchState sketch() {
    SketchState sketch = Sketches.empty();
    int values = random.nextInt(50);
    for (int i = 0; i < values; i++) {
      Sketches.add(sketch, random.nextInt(5) == 0 ? 0 : random.nextInt(1 << random.nextInt(30)), 1);
    }
    return sketch;
  }

  private static SketchState merged(SketchState a, SketchState b) {
    SketchState sum = Sketches.empty();
    Sketches.merge(sum, a);
    Sketches.merge(sum, b);
    return sum;
  }

  @Test
  void mergingSketchesIsAssociativeAndHasANeutralElement() {
    for (int i = 0; i < 200; i++) {
      SketchState a = sketch();
      SketchState b = sketch();
      SketchState c = sketch();
      assertThat(merged(a, merged(b, c))).isEqualTo(merged(merged(a, b), c));
      assertThat(merged(Sketches.empty(), a)).isEqualTo(merged(a, Sketches.empty()));
    }
  }

  @Test
  void whatIsTakenBackLeavesNoTrace() {
    for (int i = 0; i < 200; i++) {
      SketchState before = sketch();
      SketchState after = merged(before, Sketches.empty());
      double value = random.nextInt(1 << 20);
      Sketches.add(after, value, 1);
      Sketches.add(after, value, -1);
      assertThat(Sketches.count(after)).isEqualTo(Sketches.count(before));
      assertThat(after.getSum()).isEqualTo(before.getSum());
      if (Sketches.count(before) == 0) {
        assertThat(Sketches.toRow(after)).isNull();
      }
    }
  }

  @Test
  void spansAreAUnionInAnyOrder() {
    for (int i = 0; i < 200; i++) {
      var spans = new ArrayList<long[]>();
      for (int n = random.nextInt(20); n > 0; n--) {
        long start = random.nextInt(100);
        spans.add(new long[] {start, start + random.nextInt(30)});
      }
      long covered = 0;
      for (long at = 0; at < 200; at++) {
        long moment = at;
        covered += spans.stream().anyMatch(s -> s[0] <= moment && moment < s[1]) ? 1 : 0;
      }
      SpanState one = union(spans);
      Collections.shuffle(spans, random);
      assertThat(Spans.total(one)).isEqualTo(covered);
      assertThat(union(spans)).isEqualTo(one);
    }
  }

  private static SpanState union(List<long[]> spans) {
    SpanState union = Spans.empty();
    spans.forEach(span -> Spans.add(union, span[0], span[1]));
    return union;
  }

  @Test
  void spansPastTheirCapAreFoldedWithoutLoss() {
    SpanState spans = Spans.empty();
    int count = 10 * Spans.KEPT;
    for (int i = 0; i < count; i++) {
      Spans.add(spans, i * 10L, i * 10L + 3);
    }
    assertThat(Spans.total(spans)).isEqualTo(count * 3L);
    assertThat(spans.getBounds()).hasSize(2 * Spans.KEPT);
  }

  @Test
  void swappingAVolumeTwiceChangesNothing() {
    var volume = new Volume(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    assertThat(Volumes.swapped(Volumes.swapped(volume))).isEqualTo(volume);
    var sum = new Volume();
    Volumes.add(sum, volume, 1);
    Volumes.add(sum, Volumes.negated(volume), 1);
    assertThat(sum).isEqualTo(new Volume());
  }

  @Test
  void keysSortAsTheirNumbersDo() {
    List<Long> numbers = new ArrayList<>(List.of(0L, 1L, 15L, 16L, 255L, 1L << 40, Long.MAX_VALUE));
    for (int i = 1; i < numbers.size(); i++) {
      assertThat(StateKeys.number(numbers.get(i - 1))).isLessThan(StateKeys.number(numbers.get(i)));
      assertThat(StateKeys.toNumber(StateKeys.number(numbers.get(i)))).isEqualTo(numbers.get(i));
    }
    String prefix = StateKeys.prefix("a", "b");
    assertThat(StateKeys.of("a", "b", "\uD83D\uDE00")).isLessThan(StateKeys.after(prefix));
    assertThat(StateKeys.of("a", "b\u0002")).isGreaterThan(StateKeys.after(prefix));
  }
}
