package io.sidewire.query.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RequestRateTest {
  private static final long T0 = -5; // nanoTime may be negative

  private final RequestRate rate = new RequestRate(10, 3);

  @Test
  void twoSecondsAtOnceAndThenAsManyAsAreDue() {
    assertThat(taken("a", T0, 30)).isEqualTo(20);
    assertThat(taken("a", T0 + TimeUnit.MILLISECONDS.toNanos(500), 30)).isEqualTo(5);
    assertThat(taken("a", T0 + TimeUnit.MILLISECONDS.toNanos(500), 1)).isZero();
    assertThat(taken("a", T0 + TimeUnit.HOURS.toNanos(1), 30)).isEqualTo(20);
    assertThat(rate.refused()).isEqualTo(10 + 25 + 1 + 10);
  }

  @Test
  void oneClientDoesNotCostAnotherOne() {
    taken("a", T0, 30);
    assertThat(taken("b", T0, 1)).isEqualTo(1);
  }

  @Test
  void whoAskedLongestAgoIsForgottenFirst() {
    taken("a", T0, 30);
    taken("b", T0, 30);
    taken("c", T0, 30);
    assertThat(taken("a", T0, 1)).isZero();
    taken("d", T0, 1);
    assertThat(taken("a", T0, 1)).isZero();
    assertThat(taken("b", T0, 1)).isEqualTo(1);
  }

  @Test
  void lessThanOneASecondIsRefusedByName() {
    assertThatThrownBy(() -> new RequestRate(0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sidewire.api.requests-per-second (0) must be at least 1");
  }

  private int taken(String client, long nanos, int asked) {
    int taken = 0;
    for (int i = 0; i < asked; i++) {
      taken += rate.take(client, nanos) ? 1 : 0;
    }
    return taken;
  }
}
