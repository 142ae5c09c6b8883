package io.sidewire.wire.http;

/** Where in the sequence space of a direction bytes were lost in which whole messages may have been. */
final class LostRegions {
  private static final int MOST = 16;

  private final long[] from = new long[MOST];
  private final long[] to = new long[MOST];
  private int count;

  /** Bytes from {@code start} up to {@code end} are lost. */
  void add(long start, long end) {
    if (count > 0 && to[count - 1] == start) {
      to[count - 1] = end;
      return;
    }
    if (count
        == MOST) { // the two oldest become one, with what lies between: rather too much than too
      // little
      from[1] = from[0];
      System.arraycopy(from, 1, from, 0, MOST - 1);
      System.arraycopy(to, 1, to, 0, MOST - 1);
      count--;
    }
    from[count] = start;
    to[count] = end;
    count++;
  }

  /** True where something is lost at or behind {@code start} and before {@code end}. */
  boolean between(long start, long end) {
    for (int i = 0; i < count; i++) {
      if (Sequence.after(to[i], start) && Sequence.after(end, from[i])) {
        return true;
      }
    }
    return false;
  }

  /** True where something is lost at or behind {@code start}. */
  boolean since(long start) {
    return count > 0 && Sequence.after(to[count - 1], start);
  }

  void clear() {
    count = 0;
  }
}
