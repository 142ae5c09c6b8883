package io.sidewire.wire.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.Frames;
import io.sidewire.testkit.Links;
import io.sidewire.wire.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Fragments against a model that keeps the first copy of each 8 bytes: whatever the cuts, the losses, the order, the overlap,
 * the repeats and how many datagrams are under way at once.
 *
 * <p>Set {@code -Dmodel.rounds} for a longer run.
 */
class FragmentsModelTest {
  private static final int ROUNDS = Integer.getInteger("model.rounds", 400);
  private static final int UDP = 17;
  private static final int UNIT = 8;

  private record Piece(int id, int at, byte[] bytes, boolean more) {}

  /** What the model knows of one datagram. */
  private static final class Model {
    final byte[] sent;
    byte[] copy;
    boolean[] there;
    boolean last;

    Model(byte[] sent) {
      this.sent = sent;
      clear();
    }

    void clear() {
      copy = new byte[sent.length];
      there = new boolean[(sent.length + UNIT - 1) / UNIT];
      last = false;
    }

    /** @return true where the datagram is whole with it */
    boolean take(Piece piece) {
      for (int unit = piece.at / UNIT; unit * UNIT < piece.at + piece.bytes.length; unit++) {
        if (!there[unit]) {
          there[unit] = true;
          int from = unit * UNIT;
          int to = Math.min(from + UNIT, piece.at + piece.bytes.length);
          System.arraycopy(piece.bytes, from - piece.at, copy, from, to - from);
        }
      }
      last |= !piece.more;
      for (boolean unit : there) {
        if (!unit) {
          return false;
        }
      }
      return last;
    }
  }

  private static List<Piece> pieces(Random random, int id, byte[] sent) {
    List<Piece> pieces = new ArrayList<>();
    for (int at = 0; at < sent.length; ) {
      int size = Math.min(sent.length - at, UNIT * (1 + random.nextInt(6)));
      int begin = random.nextInt(4) == 0 ? Math.max(0, at - UNIT * random.nextInt(4)) : at;
      byte[] bytes = Arrays.copyOfRange(sent, begin, at + size);
      if (random.nextInt(10) == 0 && begin > 0) {
        bytes[random.nextInt(bytes.length)]++;
      }
      if (random.nextInt(12) != 0) {
        pieces.add(new Piece(id, begin, bytes, at + size < sent.length));
      }
      if (random.nextInt(10) == 0) {
        pieces.add(
            pieces.isEmpty()
                ? new Piece(id, begin, bytes, at + size < sent.length)
                : pieces.get(random.nextInt(pieces.size())));
      }
      at += size;
    }
    return pieces;
  }

  @Test
  void whateverTheNetworkDoesToThem() {
    int whole = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      List<Model> models = new ArrayList<>();
      List<Piece> pieces = new ArrayList<>();
      for (int id = 0; id < 1 + random.nextInt(4); id++) {
        byte[] text = new byte[random.nextInt(200)];
        random.nextBytes(text);
        byte[] packet = Frames.udp("10.0.0.1", 4000 + id, "10.0.0.2", 5000, text);
        models.add(new Model(Arrays.copyOfRange(packet, 20, packet.length)));
        pieces.addAll(pieces(random, id, models.get(id).sent));
      }
      int window = 1 + random.nextInt(pieces.size() + 1);
      for (int at = 0; at < pieces.size(); at += window) {
        Collections.shuffle(pieces.subList(at, Math.min(pieces.size(), at + window)), random);
      }
      whole += play(seed, models, pieces);
    }
    assertThat(whole).isGreaterThan(ROUNDS / 2);
  }

  /** @return datagrams that became whole */
  private static int play(int seed, List<Model> models, List<Piece> pieces) {
    Decoding decoding = new Decoding(Limits.DEFAULT);
    int whole = 0;
    int counted = 0;
    for (Piece piece : pieces) {
      byte[] ip = Frames.ipv4(
          "10.0.0.1", "10.0.0.2", UDP, piece.id, piece.at, piece.more, new byte[0], piece.bytes);
      boolean alone = piece.at == 0 && !piece.more;
      Model model = models.get(piece.id);
      boolean expected = alone || model.take(piece);
      decoding.timeMicros++;
      IpLayer layer = decoding.frame(1, Links.ethernet(ip)).layer();
      assertThat(!layer.fragment && !layer.pending).as("seed %d", seed).isEqualTo(expected);
      counted += layer.pending ? 0 : 1 + layer.releasedCount;
      if (expected) {
        whole++;
        byte[] content = alone ? piece.bytes : model.copy;
        assertThat(layer.sourcePort).isEqualTo(4000 + piece.id);
        assertThat(Arrays.copyOfRange(
                layer.bytes, layer.payloadOffset, layer.payloadOffset + layer.payloadCaptured))
            .as("seed %d", seed)
            .isEqualTo(Arrays.copyOfRange(content, UNIT, content.length));
        if (!alone) {
          model.clear();
        }
      }
    }
    decoding.decoder.end();
    HeldFragment held = new HeldFragment();
    while (decoding.decoder.pollAbandoned(held)) {
      counted++;
    }
    assertThat(counted).as("each fragment counts once, seed %d", seed).isEqualTo(pieces.size());
    assertThat(decoding.decoder.fragmentBytes()).isZero();
    return whole;
  }
}
