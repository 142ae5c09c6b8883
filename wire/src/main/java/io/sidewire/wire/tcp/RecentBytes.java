package io.sidewire.wire.tcp;

import java.util.Arrays;

/**
 * The bytes that all connections delivered last, to tell a retransmission from other bytes under the same numbers.
 *
 * <p>One ring for all: what it costs does not grow with the connections, and how far it reaches back depends on how much
 * came since.
 */
public final class RecentBytes {
  /*
   * Entry e stands at e % ENTRIES of the arrays and is there while it is one of the last ENTRIES, and its bytes while no
   * more than the ring's length came after them. Each names the entry before it of the same direction; as bytes are
   * delivered in order, walking that chain goes back in sequence numbers.
   */
  private static final int ENTRIES = 1 << 12;
  private static final int BYTES = 1 << 20;

  /** Segments to look back. */
  private static final int STEPS = 64;

  /** A direction of which nothing was delivered. */
  static final long NONE = -1;

  private final long[] previous = new long[ENTRIES];
  private final long[] position = new long[ENTRIES];
  private final int[] sequence = new int[ENTRIES];
  private final int[] length = new int[ENTRIES];
  private final byte[] ring = new byte[BYTES];
  private long entries;
  private long head;

  /**
   * Remembers bytes that are delivered now.
   *
   * @param last what this method returned for the bytes before them
   */
  long add(long last, int first, byte[] bytes, int offset, int count) {
    if (count > BYTES) {
      return last;
    }
    int at = (int) head & (BYTES - 1);
    if (at + count > BYTES) { // no entry wraps around
      head += BYTES - at;
      at = 0;
    }
    System.arraycopy(bytes, offset, ring, at, count);
    int i = (int) entries & (ENTRIES - 1);
    previous[i] = last;
    position[i] = head;
    sequence[i] = first;
    length[i] = count;
    head += count;
    return entries++;
  }

  /** True where {@code count} bytes from number {@code first} on are known to differ from those that were delivered. */
  boolean differ(long last, int first, byte[] bytes, int offset, int count) {
    int end = SeqNum.plus(first, count);
    long entry = last;
    for (int steps = 0; steps < STEPS && entry != NONE && entries - entry <= ENTRIES; steps++) {
      int i = (int) entry & (ENTRIES - 1);
      if (head - position[i] > BYTES) {
        return false;
      }
      int from = SeqNum.later(first, sequence[i]);
      int to = SeqNum.earlier(end, SeqNum.plus(sequence[i], length[i]));
      if (SeqNum.before(from, to)) {
        int mine = offset + SeqNum.distance(first, from);
        int theirs = ((int) position[i] & (BYTES - 1)) + SeqNum.distance(sequence[i], from);
        int both = SeqNum.distance(from, to);
        if (!Arrays.equals(bytes, mine, mine + both, ring, theirs, theirs + both)) {
          return true;
        }
      }
      if (!SeqNum.before(first, sequence[i])) {
        return false;
      }
      entry = previous[i];
    }
    return false;
  }
}
