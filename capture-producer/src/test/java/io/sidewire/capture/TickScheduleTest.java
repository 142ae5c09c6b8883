package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TickScheduleTest {
  private static final long MS = 1_000_000;
  private static final long T0 = -300 * MS; // nanoTime may be negative

  private final TickSchedule schedule = new TickSchedule(T0);

  @Test
  void eachSecondWhereNobodyWaits() {
    assertThat(schedule.take(T0 + 999 * MS, false)).isFalse();
    assertThat(schedule.take(T0 + 1005 * MS, false)).isTrue();
    assertThat(schedule.due(false)).as("in its rhythm").isEqualTo(T0 + 2000 * MS);
  }

  @Test
  void afterHalfASecondWhereSomebodyWaits() {
    assertThat(schedule.take(T0 + 499 * MS, true)).isFalse();
    assertThat(schedule.take(T0 + 510 * MS, true)).isTrue();
    assertThat(schedule.take(T0 + 1009 * MS, true)).as("no oftener").isFalse();
    assertThat(schedule.take(T0 + 1010 * MS, true)).isTrue();
    assertThat(schedule.take(T0 + 2009 * MS, false)).isFalse();
    assertThat(schedule.take(T0 + 2010 * MS, false)).isTrue();
  }

  @Test
  void lateOnesAreNotMadeUp() {
    assertThat(schedule.take(T0 + 5700 * MS, false)).isTrue();
    assertThat(schedule.take(T0 + 5701 * MS, false)).isFalse();
    assertThat(schedule.due(false)).isEqualTo(T0 + 6700 * MS);
  }
}
