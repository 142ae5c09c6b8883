package io.sidewire.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitsTest {
  @Test
  void aSmallHeapHoldsFewerFlowsAndALargeOneNoMoreThanTheCap() {
    assertThat(Limits.DEFAULT.within(152 << 20).flows()).isEqualTo(9_728);
    assertThat(Limits.DEFAULT.within(152 << 20).reassemblyBytesTotal()).isEqualTo(19 << 20);
    assertThat(Limits.DEFAULT.within(1 << 20).flows()).isEqualTo(4096);
    assertThat(Limits.DEFAULT.within(17L << 30)).isEqualTo(Limits.DEFAULT);
    assertThat(Limits.DEFAULT.within(Long.MAX_VALUE)).isEqualTo(Limits.DEFAULT);
  }
}
