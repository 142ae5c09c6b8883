package io.sidewire.wire.fuzz;

import io.sidewire.testkit.Frames;
import io.sidewire.wire.Side;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A conversation as bytes, so that a fuzzer may change it: steps of a kind (1 byte), a length (2 bytes) and so many bytes,
 * or as many as there are.
 */
public final class TalkBytes {
  public static final int DATA = 0;
  public static final int GAP = 1;
  public static final int END = 2;
  public static final int RESET = 3;
  public static final int TIME = 4;

  private static final int SERVER = 0x80;
  private static final int HEADER = 3;

  /**
   * One event.
   *
   * @param kind one of the constants, or other data
   * @param bytes of DATA; empty in the others
   * @param number the length that stands there
   */
  public record Step(int kind, Side from, byte[] bytes, int number) {}

  private TalkBytes() {}

  public static List<Step> read(byte[] in, int offset) {
    List<Step> steps = new ArrayList<>();
    int at = offset;
    while (at + HEADER <= in.length) {
      int kind = in[at] & 0x0f;
      Side from = (in[at] & SERVER) == 0 ? Side.CLIENT : Side.SERVER;
      int number = (in[at + 1] & 0xff) << 8 | in[at + 2] & 0xff;
      at += HEADER;
      boolean event = kind >= GAP && kind <= TIME;
      int length = event ? 0 : Math.min(number, in.length - at);
      steps.add(new Step(kind, from, Arrays.copyOfRange(in, at, at + length), number));
      at += length;
    }
    return steps;
  }

  public static byte[] client(byte[]... bytes) {
    return step(DATA, bytes);
  }

  public static byte[] server(byte[]... bytes) {
    return step(SERVER, bytes);
  }

  public static byte[] client(String text) {
    return client(Frames.ascii(text));
  }

  public static byte[] server(String text) {
    return server(Frames.ascii(text));
  }

  public static byte[] event(int kind, Side from, int number) {
    byte first = (byte) (kind | (from == Side.SERVER ? SERVER : 0));
    return new byte[] {first, (byte) (number >>> 8), (byte) number};
  }

  /** Bytes of another kind than plain data; what kinds there are is the target's. */
  public static byte[] kind(int kind, Side from, byte[]... bytes) {
    return step(kind | (from == Side.SERVER ? SERVER : 0), bytes);
  }

  private static byte[] step(int first, byte[]... bytes) {
    byte[] all = Frames.concat(bytes);
    byte[] header = {(byte) first, (byte) (all.length >>> 8), (byte) all.length};
    return Frames.concat(header, all);
  }
}
