package io.sidewire.wire.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentBytesTest {

  /** Two streams in one ring, through many of its wraps: equal bytes never differ, recent other bytes always do. */
  @Test
  void tellsOtherBytesFromTheSameOnes() {
    Random random = new Random(1);
    RecentBytes recent = new RecentBytes();
    long[] last = {RecentBytes.NONE, RecentBytes.NONE};
    int[] next = {Integer.MAX_VALUE - 500, -700};
    byte[][] before = new byte[2][];
    for (int i = 0; i < 20_000; i++) {
      int side = random.nextInt(2);
      byte[] bytes = new byte[1 + random.nextInt(1460)];
      random.nextBytes(bytes);
      if (before[side] != null) {
        byte[] both = Arrays.copyOf(before[side], before[side].length);
        int first = next[side] - both.length;
        assertThat(recent.differ(last[side], first, both, 0, both.length)).isFalse();
        int at = random.nextInt(both.length);
        both[at]++;
        assertThat(recent.differ(last[side], first, both, 0, both.length)).isTrue();
        assertThat(recent.differ(last[side], first, both, 0, at)).isFalse();
        assertThat(recent.differ(last[side], first + at, both, at, 1)).isTrue();
      }
      last[side] = recent.add(last[side], next[side], bytes, 0, bytes.length);
      next[side] += bytes.length;
      before[side] = bytes;
    }
  }

  @Test
  void whatIsNoLongerThereIsNoDifference() {
    RecentBytes recent = new RecentBytes();
    long last = recent.add(RecentBytes.NONE, 0, new byte[10], 0, 10);
    long other = RecentBytes.NONE;
    byte[] noise = new byte[1000];
    Arrays.fill(noise, (byte) 7);
    for (int i = 0; i < 1048; i++) {
      other = recent.add(other, 1000 * i, noise, 0, noise.length);
    }
    assertThat(recent.differ(last, 0, noise, 0, 10)).isTrue();
    recent.add(other, 0, noise, 0, noise.length);
    assertThat(recent.differ(last, 0, noise, 0, 10)).isFalse();
    assertThat(recent.differ(RecentBytes.NONE, 0, noise, 0, 10)).isFalse();
  }
}
