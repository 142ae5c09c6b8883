package io.sidewire.processor.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.processor.Capture;
import io.sidewire.processor.Flow;
import io.sidewire.schemas.EpochState;
import io.sidewire.schemas.PacketBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdmitFoldTest implements AdmitFold.Out {
  private final List<String> told = new ArrayList<>();
  private final MemoryMap<EpochState> epochs = new MemoryMap<>();
  private final Flow flow = Flow.tcp("f");
  private long wall = 1_000_000;
  private AdmitFold fold;

  @BeforeEach
  void open() {
    fold = new AdmitFold(Duration.ofMinutes(10), Duration.ofDays(1), 2, epochs, this);
  }

  private Capture live(String epoch) {
    return new Capture("h", epoch, false, this::append);
  }

  private Capture file(String epoch) {
    return new Capture("file:x", epoch, true, this::append);
  }

  private void append(PacketBatch batch) {
    fold.accept(batch, wall, wall);
  }

  @Override
  public void batch(Scope scope, PacketBatch batch) {
    told.add("batch " + batch.getSequence());
  }

  @Override
  public void tick(Scope scope, HealthChange health) {
    told.add("tick -" + health.missing() + " +" + health.duplicates() + " x" + health.liveEpochs());
  }

  @Override
  public void end(Scope scope, boolean endOfFile) {
    told.add(endOfFile ? "end" : "swept");
  }

  @Override
  public void repeated(Scope scope, long duplicates) {
    told.add("repeated " + duplicates);
  }

  @Override
  public void forget(Scope scope) {
    told.add("forgotten " + scope.epoch());
  }

  @Test
  void repeatsAreDroppedAndGapsAreCounted() {
    var sent = new ArrayList<PacketBatch>();
    var capture = new Capture("h", "e", false, batch -> {
      sent.add(batch);
      append(batch);
    });
    capture.at("00:00.000").sees(flow).sees(flow);
    append(sent.get(1));
    append(sent.get(0));
    capture.loses(3);
    capture.at("00:01.000").sees(flow).ticks();
    capture.at("00:02.000").ticks();
    assertThat(told)
        .containsExactly("batch 0", "batch 1", "batch 5", "tick -3 +2 x1", "tick -0 +0 x1");
  }

  @Test
  void whatWasMissingIsLetInWhenItComesAfterAllAndOnlyOnce() {
    var sent = new ArrayList<PacketBatch>();
    var capture = new Capture("h", "e", false, sent::add);
    for (int i = 0; i < 7; i++) {
      capture.at("00:00.000").sees(flow);
    }
    append(sent.get(0));
    append(sent.get(6));
    live("e").loses(7).at("00:01.000").ticks();
    for (int late : new int[] {3, 3, 1, 5, 5, 2, 4, 1}) {
      append(sent.get(late));
    }
    live("e").loses(8).at("00:02.000").ticks();
    assertThat(told)
        .containsExactly(
            "batch 0",
            "batch 6",
            "tick -5 +0 x1",
            "batch 3",
            "batch 1",
            "batch 5",
            "batch 2",
            "batch 4",
            "tick --5 +3 x1");
    assertThat(epochs.get(Scope.key("h", "e", 0)).getHoles()).isEmpty();
  }

  @Test
  void soManyHolesAreRemembered() {
    Capture capture = live("e");
    capture.at("00:00.000").sees(flow);
    for (int i = 0; i < 2 * Holes.RANGES; i++) {
      capture.loses(1).at("00:00.000").sees(flow);
    }
    assertThat(epochs.get(Scope.key("h", "e", 0)).getHoles()).hasSize(2 * Holes.RANGES);
    told.clear();
    live("e").loses(1).at("00:00.000").sees(flow); // forgotten: as good as a repeat
    live("e").loses(4 * Holes.RANGES - 1).at("00:00.000").sees(flow);
    assertThat(told).containsExactly("batch " + (4 * Holes.RANGES - 1));
  }

  @Test
  void anEpochThatEndedTakesNothingMore() {
    Capture capture = file("e");
    capture.at("00:00.000").sees(flow);
    capture.loses(1).at("00:01.000").ends();
    told.clear();
    file("e").loses(1).at("00:00.000").sees(flow);
    assertThat(told).isEmpty();
  }

  @Test
  void readingMayStartAnywhere() {
    Capture capture = live("e");
    capture.loses(1000);
    capture.at("00:00.000").sees(flow).ticks();
    assertThat(told).containsExactly("batch 1000", "tick -0 +0 x1");
  }

  @Test
  void aFileThatIsSentAgainIsRecognised() {
    for (int i = 0; i < 2; i++) {
      Capture capture = file("hash");
      capture.at("00:00.000").sees(flow).ticks();
      capture.at("00:01.000").ends();
    }
    assertThat(told)
        .containsExactly("batch 0", "tick -0 +0 x1", "tick -0 +0 x1", "end", "repeated 3");
  }

  @Test
  void aFileThatBrokeOffIsContinued() {
    Capture first = file("hash");
    first.at("00:00.000").sees(flow).sees(flow);
    Capture second = file("hash");
    second.at("00:00.000").sees(flow).sees(flow).sees(flow);
    second.at("00:01.000").ends();
    assertThat(told).containsExactly("batch 0", "batch 1", "batch 2", "tick -0 +2 x1", "end");
  }

  @Test
  void aRestartIsNotTwoAtOnce() {
    live("a").at("00:00.000").ticks();
    wall += 1000;
    live("b").at("00:01.000").ticks();
    wall += 1000;
    assertThat(told).containsExactly("tick -0 +0 x1", "tick -0 +0 x1");
  }

  @Test
  void twoAtOnceAreFlagged() {
    Capture a = live("a");
    Capture b = live("b");
    for (int i = 0; i < 3; i++) {
      a.at("00:00.000").ticks();
      wall += 500;
      b.at("00:00.500").ticks();
      wall += 500;
    }
    assertThat(told).last().isEqualTo("tick -0 +0 x2");
    wall += 20_000; // b alone goes on
    b.at("00:30.000").ticks();
    assertThat(told).last().isEqualTo("tick -0 +0 x1");
  }

  @Test
  void aSilentEpochIsSweptByWallTimeAndMayComeBack() {
    Capture capture = live("e");
    capture.at("00:00.000").sees(flow);
    wall += 599_000;
    fold.sweep(wall);
    assertThat(told).containsExactly("batch 0");
    wall += 2_000;
    fold.sweep(wall);
    fold.sweep(wall);
    assertThat(told).containsExactly("batch 0", "swept");
    capture.at("20:00.000").sees(flow);
    assertThat(told).last().isEqualTo("batch 1");
  }

  @Test
  void afterARestartEachEpochGetsItsWholeTimeAgain() {
    live("e").at("00:00.000").sees(flow);
    wall += 3_600_000; // the processor was down, not the capture
    open();
    fold.sweep(wall);
    fold.sweep(wall + 599_000);
    assertThat(told).containsExactly("batch 0");
    fold.sweep(wall + 601_000);
    assertThat(told).containsExactly("batch 0", "swept");
  }

  @Test
  void endedEpochsAreForgottenByAgeAndNumber() {
    for (String epoch : List.of("a", "b", "c")) {
      file(epoch).at("00:00.000").ends();
      wall += 1000;
    }
    fold.sweep(wall);
    assertThat(told).last().isEqualTo("forgotten a");
    assertThat(epochs.size()).isEqualTo(2);
    wall += Duration.ofDays(2).toMillis();
    fold.sweep(wall);
    assertThat(epochs.size()).isZero();
  }

  @Test
  void theClockNeverGoesBack() {
    Capture capture = live("e");
    capture.at("01:00.000").ticks();
    capture.at("00:30.000").ticks();
    assertThat(epochs.get(Scope.key("h", "e", 0)).getClock())
        .isEqualTo(Capture.micros("01:00.000"));
  }
}
