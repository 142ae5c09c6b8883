package io.sidewire.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.assertj.core.api.Assertions;

/**
 * Feeds the same bytes to a parser, cut in every place, and demands the same answer each time.
 *
 * <p>{@code run} makes a fresh parser, gives it the pieces in order, and returns what it answered, in a form that has
 * {@code equals}.
 */
public final class EverySplit {
  /** Up to here each byte is a place to cut; beyond, each byte of both ends and a sample between. */
  private static final int EACH_BYTE = 4096;

  private static final int STRIDE = 61;
  private static final int RANDOM_CUTS = 20;

  private EverySplit() {}

  /** What one side said, as bytes in one piece. */
  public record Said(boolean client, byte[] bytes) {
    public static Said client(byte[] bytes) {
      return new Said(true, bytes);
    }

    public static Said server(byte[] bytes) {
      return new Said(false, bytes);
    }

    public static Said client(String text) {
      return client(Frames.ascii(text));
    }

    public static Said server(String text) {
      return server(Frames.ascii(text));
    }
  }

  /** Asserts one answer for all ways to cut {@code wire}, and returns it. */
  public static <R> R assertSame(byte[] wire, Function<List<byte[]>, R> run) {
    R whole = run.apply(List.of(wire));
    for (int cut = 1; cut < wire.length; cut = next(cut, wire.length)) {
      same(whole, run.apply(pieces(wire, cut)), "cut at byte " + cut);
    }
    same(whole, run.apply(every(wire, 1)), "one byte at a time");
    same(whole, run.apply(every(wire, 7)), "seven bytes at a time");
    for (int seed = 0; seed < RANDOM_CUTS; seed++) {
      same(whole, run.apply(random(wire, new Random(seed))), "random cuts of seed " + seed);
    }
    return whole;
  }

  /** The same for a conversation: each of its turns is cut in every place while the others stay whole. */
  public static <R> R assertSameTalk(List<Said> talk, Function<List<Said>, R> run) {
    R whole = run.apply(talk);
    for (int turn = 0; turn < talk.size(); turn++) {
      byte[] bytes = talk.get(turn).bytes();
      for (int cut = 1; cut < bytes.length; cut = next(cut, bytes.length)) {
        List<Said> cutTalk = replaced(talk, turn, pieces(bytes, cut));
        same(whole, run.apply(cutTalk), "turn " + turn + " cut at byte " + cut);
      }
    }
    same(whole, run.apply(mapped(talk, bytes -> every(bytes, 1))), "one byte at a time");
    same(whole, run.apply(mapped(talk, bytes -> every(bytes, 7))), "seven bytes at a time");
    for (int seed = 0; seed < RANDOM_CUTS; seed++) {
      Random random = new Random(seed);
      same(
          whole,
          run.apply(mapped(talk, bytes -> random(bytes, random))),
          "random cuts of seed " + seed);
    }
    return whole;
  }

  /** Bytes cut in two; in one where the cut is no inner place. */
  public static List<byte[]> pieces(byte[] bytes, int cut) {
    if (cut <= 0 || cut >= bytes.length) {
      return List.of(bytes);
    }
    return List.of(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length));
  }

  /** Bytes in pieces of {@code size}, the last one shorter. */
  public static List<byte[]> every(byte[] bytes, int size) {
    List<byte[]> pieces = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += size) {
      pieces.add(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
    }
    return pieces;
  }

  /** Bytes in pieces of random sizes, mostly small ones. */
  public static List<byte[]> random(byte[] bytes, Random random) {
    List<byte[]> pieces = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      int most = random.nextInt(4) == 0 ? bytes.length : 16;
      int end = Math.min(bytes.length, at + 1 + random.nextInt(Math.max(1, most)));
      pieces.add(Arrays.copyOfRange(bytes, at, end));
      at = end;
    }
    return pieces;
  }

  private static int next(int cut, int length) {
    boolean inner = cut > EACH_BYTE / 2 && cut < length - EACH_BYTE / 2;
    return cut + (length > EACH_BYTE && inner ? STRIDE : 1);
  }

  private static List<Said> replaced(List<Said> talk, int turn, List<byte[]> pieces) {
    List<Said> out = new ArrayList<>(talk.subList(0, turn));
    pieces.forEach(piece -> out.add(new Said(talk.get(turn).client(), piece)));
    out.addAll(talk.subList(turn + 1, talk.size()));
    return out;
  }

  private static List<Said> mapped(List<Said> talk, Function<byte[], List<byte[]>> cut) {
    List<Said> out = new ArrayList<>();
    for (Said said : talk) {
      cut.apply(said.bytes()).forEach(piece -> out.add(new Said(said.client(), piece)));
    }
    return out;
  }

  private static <R> void same(R whole, R cut, String how) {
    Assertions.assertThat(cut).as(how).isEqualTo(whole);
  }
}
