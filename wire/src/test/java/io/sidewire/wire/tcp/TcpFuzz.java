package io.sidewire.wire.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.FuzzTarget;
import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Side;
import java.util.ArrayList;
import java.util.List;

/**
 * Segments of one connection in any order, of any numbers: what is delivered are the bytes that belong at their place, in
 * order, and what waits stays within its cap. The first byte says how much may wait; a segment takes 6 bytes: flags and
 * side, number (2), acknowledgment (2), length.
 */
final class TcpFuzz implements FuzzTarget {
  private static final int SEGMENT = 6;
  private static final int SERVER = 0x80;
  private static final int CUT = 0x40;
  private static final int LATER = 0x20;
  private static final int FIRST = -3000; // so that numbers pass zero
  private static final int BUDGET = 5000;

  private static byte at(Side from, int sequence) {
    int mixed = (sequence + from.ordinal()) * 0x9e3779b1;
    return (byte) (mixed >>> 24);
  }

  private static final class Check implements TcpSink {
    final int[] next = new int[2];
    final boolean[] placed = new boolean[2];
    final boolean[] ended = new boolean[2];

    @Override
    public void onData(Side from, byte[] bytes, int offset, int length, long time, long sequence) {
      int me = from.ordinal();
      assertThat(length).isPositive();
      assertThat(ended[me]).isFalse();
      assertThat(sequence).isBetween(0L, 0xffffffffL);
      if (placed[me]) {
        assertThat((int) sequence).as("place of the next byte").isEqualTo(next[me]);
      }
      for (int i = 0; i < length; i++) {
        assertThat(bytes[offset + i]).isEqualTo(at(from, (int) sequence + i));
      }
      placed[me] = true;
      next[me] = (int) sequence + length;
    }

    @Override
    public void onGap(Side from, long missing, long time) {
      assertThat(missing).isPositive();
      assertThat(ended[from.ordinal()]).isFalse();
      next[from.ordinal()] += (int) missing;
    }

    @Override
    public void onCut(Side from, long missing, long time) {
      onGap(from, missing, time);
    }

    @Override
    public void onEnd(Side from, boolean reset, long time) {
      assertThat(ended[from.ordinal()]).as("ended before").isFalse();
      ended[from.ordinal()] = true;
    }

    @Override
    public void onFlowEnd(long time) {}

    @Override
    public void onOddity(Anomaly kind, long time) {}
  }

  @Override
  public void run(byte[] input) {
    if (input.length == 0) {
      return;
    }
    ReassemblyRules rules = ReassemblyRules.of(1 + 20 * (input[0] & 0xff), BUDGET);
    Check check = new Check();
    TcpConnection connection = new TcpConnection(rules, check);
    long time = 1_000_000;
    for (int at = 1; at + SEGMENT <= input.length; at += SEGMENT) {
      TcpSegment s = segment(input, at);
      time += (input[at] & LATER) == 0 ? 100 : 150_000;
      s.timeMicros = time;
      if (connection.startsAnew(s)) {
        continue;
      }
      connection.marksOf(s);
      connection.take(s);
      assertThat(rules.budget().used()).isBetween(0L, (long) BUDGET);
    }
    connection.finish(time);
    assertThat(rules.budget().used()).isZero();
  }

  private static int number(byte[] input, int at) {
    return FIRST + ((input[at] & 0xff) << 8 | input[at + 1] & 0xff);
  }

  private static TcpSegment segment(byte[] input, int at) {
    TcpSegment s = new TcpSegment();
    s.from = (input[at] & SERVER) == 0 ? Side.CLIENT : Side.SERVER;
    s.flags = input[at] & 0x17;
    s.sequence = number(input, at + 1);
    s.acknowledgment = number(input, at + 3);
    s.length = input[at + 5] & 0xff;
    s.captured = (input[at] & CUT) == 0 ? s.length : s.length / 2;
    s.bytes = new byte[s.captured];
    for (int i = 0; i < s.captured; i++) {
      s.bytes[i] = at(s.from, s.dataSequence() + i);
    }
    return s;
  }

  @Override
  public List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    int[][][] talks = {
      {
        {2, 0, 0, 0},
        {0x92, 0, 1, 0},
        {16, 1, 1, 0},
        {16, 1, 1, 50},
        {0x90, 1, 51, 90},
        {17, 51, 91, 0},
        {0x91, 91, 52, 0}
      },
      {
        {2, 2990, 0, 0},
        {16, 3041, 0, 50},
        {16, 2991, 0, 50},
        {0x90, 500, 3091, 9},
        {0xb0, 600, 3091, 9},
        {16, 3000, 0, 30}
      },
      {
        {16, 100, 0, 200},
        {16, 400, 0, 200},
        {48, 700, 0, 200},
        {0x50, 1000, 0, 200},
        {20, 1200, 0, 0},
        {16, 300, 0, 120}
      },
    };
    for (int[][] talk : talks) {
      byte[] seed = new byte[1 + SEGMENT * talk.length];
      seed[0] = 100;
      int at = 1;
      for (int[] s : talk) {
        byte[] bytes = {
          (byte) s[0], (byte) (s[1] >> 8), (byte) s[1], (byte) (s[2] >> 8), (byte) s[2], (byte) s[3]
        };
        System.arraycopy(bytes, 0, seed, at, SEGMENT);
        at += SEGMENT;
      }
      seeds.add(seed);
      byte[] tight = seed.clone();
      tight[0] = 5;
      seeds.add(tight);
    }
    return seeds;
  }
}
