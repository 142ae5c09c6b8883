package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KernelDropsTest {
  @Test
  void onLoopbackTwoLostAreOne() {
    KernelDrops drops = new KernelDrops(true);
    drops.update(20_000, 200, 0, 9_900, false);
    assertThat(drops.takeKernel()).isEqualTo(100);
    assertThat(drops.takeKernel()).isZero();
  }

  @Test
  void elsewhereEachLostIsOne() {
    KernelDrops drops = new KernelDrops(false);
    drops.update(20_000, 200, 7, 19_800, true);
    assertThat(drops.takeKernel()).isEqualTo(200);
    assertThat(drops.takeInterface()).isEqualTo(7);
    assertThat(drops.takeInterface()).isZero();
  }

  @Test
  void onAllInterfacesTheMixtureIsLearnedWhenTheRingIsEmpty() {
    KernelDrops drops = new KernelDrops(false);
    drops.update(40_000, 0, 0, 30_000, true); // half of them of lo
    drops.update(80_000, 4_000, 0, 30_000, false); // more, not read yet
    assertThat(drops.takeKernel()).isEqualTo(3_000);
  }

  @Test
  void fewPacketsSayNothingOfTheMixture() {
    KernelDrops drops = new KernelDrops(false);
    drops.update(10, 2, 0, 4, true);
    assertThat(drops.takeKernel()).isEqualTo(2);
  }

  @Test
  void totalsWrapAtThirtyTwoBits() {
    KernelDrops drops = new KernelDrops(false);
    drops.update(0xFFFFFFF0L, 0xFFFFFFFFL, 0, 0, false);
    drops.takeKernel();
    drops.update(0x10L, 1, 0, 0, false);
    assertThat(drops.takeKernel()).isEqualTo(2);
  }

  @Test
  void halvesAreNotLost() {
    KernelDrops drops = new KernelDrops(true);
    long sum = 0;
    for (int i = 1; i <= 1_001; i++) {
      drops.update(10 * i, i, 0, 0, false);
      sum += drops.takeKernel();
    }
    assertThat(sum).isBetween(500L, 501L);
  }
}
