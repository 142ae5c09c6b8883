package io.sidewire.wire.http2;

import static io.sidewire.wire.http2.Frames2.join;

import io.sidewire.testkit.FuzzTarget;
import java.util.ArrayList;
import java.util.List;

/**
 * Header blocks of one direction: each a length (1 byte) and so many bytes; a length of 0 is a loss. A reader that lost
 * something tells the same fields as one that did not, or that it does not know them.
 */
final class HpackFuzz implements FuzzTarget {
  private static final int TABLE = 4096;
  private static final String PLACEHOLDER = "?";

  private static final class Fields implements HeaderReader.Sink {
    private final List<String[]> list = new ArrayList<>();
    private long size;

    @Override
    public void field(String name, String value) {
      list.add(new String[] {name, value});
      size = Math.max(size, name.length() + (long) value.length());
    }

    @Override
    public void unknown() {
      list.add(null);
    }
  }

  @Override
  public void run(byte[] input) {
    var whole = new HeaderReader(TABLE);
    var lossy = new HeaderReader(TABLE);
    boolean comparable = true;
    for (int at = 0; at < input.length; ) {
      int length = Math.min(input[at] & 0xff, input.length - at - 1);
      at++;
      if (length == 0) {
        lossy.lost();
        continue;
      }
      var all = new Fields();
      var some = new Fields();
      boolean good = whole.read(input, at, length, all);
      boolean alsoGood = lossy.read(input, at, length, some);
      at += length;
      // Huffman's shortest codes have 5 bits, and what was added before is no longer than the
      // table.
      long most = Math.max(TABLE, 8L * length / 5) + TABLE;
      if (all.list.size() > length || all.size > most || some.size > most) {
        throw new AssertionError("more than the block can hold");
      }
      comparable &= good && alsoGood;
      if (comparable) {
        compare(all.list, some.list);
      }
    }
  }

  private static void compare(List<String[]> all, List<String[]> some) {
    if (all.size() != some.size()) {
      throw new AssertionError(all.size() + " fields, " + some.size() + " after a loss");
    }
    for (int i = 0; i < all.size(); i++) {
      String[] one = all.get(i);
      String[] other = some.get(i);
      if (one == null || other == null) {
        continue;
      }
      boolean sameName = other[0].equals(one[0]) || other[0].equals(PLACEHOLDER);
      if (!sameName || !other[1].equals(one[1])) {
        throw new AssertionError("field " + i + " is another one after a loss");
      }
    }
  }

  @Override
  public List<byte[]> seeds() {
    var frames = new Frames2();
    byte[] first = frames.block(":method", "POST", ":path", "/v1/chat/completions", "x-one", "1");
    byte[] second =
        frames.block(":method", "POST", ":path", "/v1/messages", "x-one", "1", "x-two", "2");
    byte[] third = frames.block("x-two", "2", "x-one", "1", "x-three", "y".repeat(60));
    byte[] resize = {0x20, (byte) 0x82, 0x3f, (byte) 0xe1, 0x1f, (byte) 0xbe};
    return List.of(
        join(block(first), block(second), block(third)),
        join(block(first), new byte[] {0}, block(second), block(third)),
        join(block(first), block(second), new byte[] {0}, block(third), block(third)),
        join(block(first), block(resize), block(second)));
  }

  private static byte[] block(byte[] bytes) {
    return join(new byte[] {(byte) bytes.length}, bytes);
  }
}
