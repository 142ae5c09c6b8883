package io.sidewire.wire.json;

import io.sidewire.wire.Excerpt;

/** The first {@link Excerpt#MOST_BYTES} bytes of texts that come one after another. */
public final class Beginning {
  private final byte[] bytes = new byte[Excerpt.MOST_BYTES];
  private int length;
  private boolean cut;

  void clear() {
    length = 0;
    cut = false;
  }

  void become(Beginning other) {
    clear();
    add(other);
  }

  /** Adds what another one holds. */
  public void add(Beginning other) {
    add(other.bytes, other.length);
    cut |= other.cut;
  }

  void add(byte[] more, int count) {
    int room = cut ? 0 : Math.min(count, bytes.length - length);
    System.arraycopy(more, 0, bytes, length, room);
    length += room;
    cut |= room < count;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  /** The text went on behind what is kept. */
  public boolean cut() {
    return cut;
  }

  /** What is kept, without a character at its end that was cut in two. */
  public String text() {
    return JsonDocument.decode(bytes, length);
  }
}
