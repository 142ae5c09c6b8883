package io.sidewire.wire.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Side;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The reassembly against a model that keeps, for each number of a stream, the first copy that was captured: whatever the
 * cuts, the losses, the order, the overlap and the wrap.
 *
 * <p>Set {@code -Dmodel.rounds} for a longer run.
 */
class TcpConnectionModelTest {
  private static final int ROUNDS = Integer.getInteger("model.rounds", 400);

  /** What the model knows of one stream. */
  private static final class Stream {
    final byte[] sent;
    final int first;
    final byte[] copy;
    final boolean[] cut;
    final long[] time;

    Stream(Random random, int length) {
      sent = new byte[length];
      random.nextBytes(sent);
      first = random.nextBoolean() ? random.nextInt() : -random.nextInt(length + 1);
      copy = new byte[length];
      cut = new boolean[length];
      time = new long[length];
      Arrays.fill(time, -1);
    }

    /** A segment is captured: the first copy of each byte stays, be it cut by the snap length. */
    void capture(int at, byte[] bytes, int captured, long now) {
      for (int i = 0; i < bytes.length; i++) {
        if (time[at + i] < 0) {
          time[at + i] = now;
          cut[at + i] = i >= captured;
          copy[at + i] = bytes[i];
        }
      }
    }
  }

  /** What was delivered, held against the model byte by byte. */
  private static class Check implements TcpSink {
    final Stream[] streams;
    final int[] position = new int[2];
    final long[] missing = new long[2];
    final boolean exact;
    int oddities;

    Check(boolean exact, Stream... streams) {
      this.exact = exact;
      this.streams = streams;
    }

    @Override
    public void onData(Side from, byte[] bytes, int offset, int length, long time, long sequence) {
      Stream stream = streams[from.ordinal()];
      int at = position[from.ordinal()];
      assertThat((int) sequence).isEqualTo(stream.first + at);
      for (int i = 0; i < length; i++) {
        assertThat(stream.cut[at + i]).isFalse();
        assertThat(stream.time[at + i]).as("time of byte %d", at + i).isEqualTo(time);
        assertThat(bytes[offset + i]).as("byte %d", at + i).isEqualTo(stream.copy[at + i]);
      }
      position[from.ordinal()] += length;
    }

    @Override
    public void onGap(Side from, long count, long time) {
      assertThat(count).isPositive();
      Stream stream = streams[from.ordinal()];
      for (int i = 0; exact && i < count; i++) {
        int at = position[from.ordinal()] + i;
        assertThat(stream.time[at]).as("byte %d was captured", at).isNegative();
      }
      position[from.ordinal()] += (int) count;
      missing[from.ordinal()] += count;
    }

    @Override
    public void onCut(Side from, long count, long time) {
      Stream stream = streams[from.ordinal()];
      for (int i = 0; i < count; i++) {
        int at = position[from.ordinal()] + i;
        assertThat(stream.cut[at]).as("byte %d was cut", at).isTrue();
        assertThat(stream.time[at]).isEqualTo(time);
      }
      position[from.ordinal()] += (int) count;
    }

    @Override
    public void onEnd(Side from, boolean reset, long time) {}

    @Override
    public void onFlowEnd(long time) {}

    @Override
    public void onOddity(Anomaly kind, long time) {
      oddities++;
    }
  }

  private record Piece(Side from, int at, byte[] bytes, int acknowledged) {}

  private static TcpSegment segment(
      Piece piece, Stream stream, Stream other, long now, int captured) {
    TcpSegment s = new TcpSegment();
    s.from = piece.from();
    s.timeMicros = now;
    s.flags = piece.acknowledged() < 0 ? 0 : TcpSegment.ACK;
    s.sequence = stream.first + piece.at();
    s.acknowledgment = other.first + Math.max(0, piece.acknowledged());
    s.bytes = piece.bytes();
    s.length = piece.bytes().length;
    s.captured = captured;
    return s;
  }

  private static TcpSegment syn(Side from, Stream stream, Stream other) {
    TcpSegment s = new TcpSegment();
    s.from = from;
    s.flags = TcpSegment.SYN | (from == Side.SERVER ? TcpSegment.ACK : 0);
    s.sequence = stream.first - 1;
    s.acknowledgment = other.first;
    s.bytes = new byte[0];
    return s;
  }

  /** Segments that cover a part of the stream, some more than once, some with other bytes than were sent. */
  private static List<Piece> pieces(Random random, Stream stream) {
    List<Piece> pieces = new ArrayList<>();
    int length = stream.sent.length;
    for (int at = 0; at < length; ) {
      int size = Math.min(length - at, 1 + random.nextInt(random.nextInt(4) == 0 ? 60 : 9));
      int begin = random.nextInt(4) == 0 ? Math.max(0, at - random.nextInt(12)) : at;
      byte[] bytes = Arrays.copyOfRange(stream.sent, begin, at + size);
      if (random.nextInt(10) == 0) {
        bytes[random.nextInt(bytes.length)]++;
      }
      if (random.nextInt(8) != 0) {
        pieces.add(new Piece(Side.CLIENT, begin, bytes, -1));
      }
      at += size;
    }
    return pieces;
  }

  private static void jumble(Random random, List<Piece> pieces) {
    int window = 1 + random.nextInt(pieces.size());
    for (int at = 0; at < pieces.size(); at += window) {
      List<Piece> part = pieces.subList(at, Math.min(pieces.size(), at + window));
      Collections.shuffle(part, random);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneDirectionInAnyOrder(boolean roomy) {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      Stream stream = new Stream(random, 1 + random.nextInt(400));
      Stream other = new Stream(random, 1);
      ReassemblyRules rules = roomy
          ? ReassemblyRules.of(1 << 20, 1 << 20)
          : ReassemblyRules.of(1 + random.nextInt(700), 1 + random.nextInt(900));
      Check check = new Check(roomy, stream, other);
      TcpConnection connection = new TcpConnection(rules, check);
      connection.take(syn(Side.CLIENT, stream, other));
      List<Piece> pieces = pieces(random, stream);
      if (pieces.isEmpty()) {
        continue;
      }
      jumble(random, pieces);
      long now = 0;
      for (Piece piece : pieces) {
        now++;
        int captured = piece.bytes().length
            - (random.nextInt(20) == 0 ? 1 + random.nextInt(piece.bytes().length) : 0);
        stream.capture(piece.at(), piece.bytes(), captured, now);
        connection.take(segment(piece, stream, other, now, captured));
        assertThat(rules.budget().used()).isBetween(0L, roomy ? 1L << 20 : 900L);
      }
      connection.finish(now);
      int last = pieces.stream().mapToInt(p -> p.at() + p.bytes().length).max().getAsInt();
      assertThat(check.position[0]).as("seed %d", seed).isEqualTo(last);
      assertThat(rules.budget().used()).isZero();
    }
  }

  /** A talk in which each side answers what it has heard, captured by something that reorders. */
  @ParameterizedTest
  @ValueSource(ints = {0, 12})
  void aTalkIsHeardInTheOrderOfCauseAndEffect(int lossPercent) {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      Stream[] streams = {new Stream(random, 600), new Stream(random, 600)};
      List<Piece> pieces = new ArrayList<>();
      int[] said = new int[2];
      while (said[0] < 580 && said[1] < 580) {
        Side from = random.nextBoolean() ? Side.CLIENT : Side.SERVER;
        int me = from.ordinal();
        // Never 1: a single number that is acknowledged and missing is taken for a FIN.
        int size = random.nextInt(5) == 0 ? 0 : 2 + random.nextInt(20);
        byte[] bytes = Arrays.copyOfRange(streams[me].sent, said[me], said[me] + size);
        pieces.add(new Piece(from, said[me], bytes, said[1 - me]));
        said[me] += size;
      }
      boolean lossy = lossPercent > 0;
      Check check = new Check(!lossy, streams[0], streams[1]) {
        @Override
        public void onData(
            Side from, byte[] bytes, int offset, int length, long time, long sequence) {
          int at = position[from.ordinal()];
          super.onData(from, bytes, offset, length, time, sequence);
          for (Piece piece : pieces) {
            boolean holds = piece.at() <= at && at < piece.at() + piece.bytes().length;
            if (!lossy && piece.from() == from && holds) {
              assertThat(position[1 - from.ordinal()])
                  .as("heard before the answer")
                  .isGreaterThanOrEqualTo(piece.acknowledged());
            }
          }
        }
      };
      ReassemblyRules rules = ReassemblyRules.of(1 << 20, 1 << 20);
      TcpConnection connection = new TcpConnection(rules, check);
      connection.take(syn(Side.CLIENT, streams[0], streams[1]));
      connection.take(syn(Side.SERVER, streams[1], streams[0]));
      List<Piece> captured = new ArrayList<>(pieces);
      captured.removeIf(piece -> random.nextInt(100) < lossPercent);
      jumble(random, captured);
      long now = 0;
      for (Piece piece : captured) {
        now += lossy ? 20_000 : 1;
        Stream mine = streams[piece.from().ordinal()];
        mine.capture(piece.at(), piece.bytes(), piece.bytes().length, now);
        Stream other = streams[1 - piece.from().ordinal()];
        connection.take(segment(piece, mine, other, now, piece.bytes().length));
      }
      connection.finish(now);
      for (int me = 0; me < 2 && !lossy; me++) {
        assertThat(check.position[me]).as("seed %d", seed).isEqualTo(said[me]);
        assertThat(check.missing[me]).isZero();
      }
      assertThat(rules.budget().used()).isZero();
    }
  }
}
