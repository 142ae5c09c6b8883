package io.sidewire.wire.tcp;

import java.util.Arrays;

/**
 * The bytes of one direction that wait, sorted by sequence number and free of overlap, and how long the hole before them
 * has been acknowledged.
 *
 * <p>Exists only while something waits.
 */
final class ReorderBuffer {

  /** A run of one segment's bytes that waits. */
  static final class Chunk {
    final int sequence;

    /** Numbers it spans; beyond {@code bytes.length} the snap length cut it. */
    final int length;

    final byte[] bytes;
    final long timeMicros;

    /** Its segment acknowledged the other direction up to {@link #needs}: deliver it after those bytes. */
    final boolean acknowledges;

    final int needs;

    Chunk(
        int sequence, int length, byte[] bytes, long timeMicros, boolean acknowledges, int needs) {
      this.sequence = sequence;
      this.length = length;
      this.bytes = bytes;
      this.timeMicros = timeMicros;
      this.acknowledges = acknowledges;
      this.needs = needs;
    }

    int end() {
      return SeqNum.plus(sequence, length);
    }
  }

  private static final byte[] NOTHING = {};

  private Chunk[] chunks = new Chunk[8];
  private int head;
  private int size;
  private long cost;
  private long bytes;

  /** The hole before {@link #waitTarget} was acknowledged at {@link #waitSince}. */
  boolean waiting;

  int waitTarget;
  long waitSince;

  /** How often the other side has asked for the hole, by acknowledging the same number again. */
  int asked;

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** Bytes kept. */
  long bytes() {
    return bytes;
  }

  /** What these chunks take of the {@link ReassemblyBudget}. */
  long cost() {
    return cost;
  }

  Chunk first() {
    return chunks[head];
  }

  Chunk removeFirst() {
    Chunk first = chunks[head];
    chunks[head++] = null;
    size--;
    bytes -= first.bytes.length;
    cost -= first.bytes.length + ReassemblyRules.SEGMENT_COST;
    if (size == 0) {
      head = 0;
    }
    return first;
  }

  /**
   * Keeps those bytes of a segment that are not kept yet.
   *
   * @return false where bytes that were kept differ from those of this segment
   */
  boolean add(
      int sequence,
      int length,
      byte[] from,
      int offset,
      int captured,
      long timeMicros,
      boolean acknowledges,
      int needs) {
    boolean same = true;
    int end = SeqNum.plus(sequence, length);
    int at = sequence;
    int i = firstEndingAfter(sequence);
    while (SeqNum.before(at, end)) {
      Chunk next = i < size ? chunks[head + i] : null;
      int skipped = SeqNum.distance(sequence, at);
      if (next != null && !SeqNum.before(at, next.sequence)) {
        int to = SeqNum.earlier(end, next.end());
        same &= equal(next, at, to, from, offset + skipped, captured - skipped);
        at = to;
      } else {
        int to = next == null ? end : SeqNum.earlier(end, next.sequence);
        int run = SeqNum.distance(at, to);
        int there = Math.max(0, Math.min(run, captured - skipped));
        insert(
            i,
            new Chunk(
                at, run, copy(from, offset + skipped, there), timeMicros, acknowledges, needs));
        at = to;
      }
      i++;
    }
    return same;
  }

  /** True where each number from {@code sequence} to before {@code end} is kept. */
  boolean covers(int sequence, int end) {
    int at = sequence;
    for (int i = firstEndingAfter(sequence); SeqNum.before(at, end); i++) {
      if (i == size || SeqNum.before(at, chunks[head + i].sequence)) {
        return false;
      }
      at = chunks[head + i].end();
    }
    return true;
  }

  /** When the hole at {@code sequence} became known: the time of the first kept bytes after it. */
  long holeSince(int sequence) {
    int i = firstEndingAfter(sequence);
    return i < size ? chunks[head + i].timeMicros : Long.MAX_VALUE;
  }

  private int firstEndingAfter(int sequence) {
    if (size == 0 || !SeqNum.before(sequence, chunks[head + size - 1].end())) {
      return size;
    }
    int low = 0;
    int high = size - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (SeqNum.before(sequence, chunks[head + middle].end())) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private void insert(int i, Chunk chunk) {
    if (head > 0 && i == 0) {
      head--;
    } else {
      if (head + size == chunks.length) {
        Chunk[] target = size * 2 > chunks.length ? new Chunk[chunks.length * 2] : chunks;
        System.arraycopy(chunks, head, target, 0, size);
        Arrays.fill(target, size, Math.min(target.length, head + size), null);
        chunks = target;
        head = 0;
      }
      System.arraycopy(chunks, head + i, chunks, head + i + 1, size - i);
    }
    chunks[head + i] = chunk;
    size++;
    bytes += chunk.bytes.length;
    cost += chunk.bytes.length + ReassemblyRules.SEGMENT_COST;
  }

  private static byte[] copy(byte[] from, int offset, int length) {
    return length == 0 ? NOTHING : Arrays.copyOfRange(from, offset, offset + length);
  }

  /** Compares a kept chunk from {@code at} to before {@code to} with {@code captured} bytes of a segment. */
  private static boolean equal(Chunk kept, int at, int to, byte[] from, int offset, int captured) {
    int start = SeqNum.distance(kept.sequence, at);
    int most = Math.min(captured, kept.bytes.length - start);
    int length = Math.min(SeqNum.distance(at, to), most);
    return length <= 0
        || Arrays.equals(kept.bytes, start, start + length, from, offset, offset + length);
  }
}
