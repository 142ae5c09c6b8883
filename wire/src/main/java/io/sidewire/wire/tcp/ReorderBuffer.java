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

  Chunk first() {
    return chunks[head];
  }

  Chunk removeFirst(ReassemblyRules rules) {
    Chunk first = chunks[head];
    chunks[head++] = null;
    size--;
    int freed = first.bytes.length + ReassemblyRules.SEGMENT_COST;
    bytes -= first.bytes.length;
    cost -= freed;
    rules.budget().give(freed);
    if (size == 0) {
      head = 0;
    }
    return first;
  }

  /** Forgets all that is kept. */
  void clear(ReassemblyRules rules) {
    rules.budget().give(cost);
    cost = 0;
    bytes = 0;
    size = 0;
    head = 0;
    chunks = new Chunk[8];
  }

  /** What became of bytes that were offered. */
  enum Added {
    KEPT,
    /** Kept, but what was there before under the same numbers differs. */
    KEPT_AND_DIFFERS,
    /** A cap was reached; nothing was kept. */
    REFUSED
  }

  /** Keeps those of the bytes numbered {@code from} to before {@code to} of a segment that are not kept yet. */
  Added add(TcpSegment s, int from, int to, ReassemblyRules rules) {
    int skipped = SeqNum.distance(s.dataSequence(), from);
    int captured = s.captured - skipped;
    int there = Math.max(0, Math.min(SeqNum.distance(from, to), captured));
    // Each chunk that is kept may have a hole before it, so one segment can become several.
    long most = there + (size + 1L) * ReassemblyRules.SEGMENT_COST;
    if (bytes + there > rules.bytesDirection()
        || size >= rules.segmentsDirection()
        || !rules.budget().take(most)) {
      return Added.REFUSED;
    }
    long before = cost;
    boolean same = fill(s, from, to);
    rules.budget().give(most - (cost - before));
    return same ? Added.KEPT : Added.KEPT_AND_DIFFERS;
  }

  private boolean fill(TcpSegment s, int from, int to) {
    boolean same = true;
    int at = from;
    for (int i = firstEndingAfter(from); SeqNum.before(at, to); i++) {
      Chunk next = i < size ? chunks[head + i] : null;
      int skipped = SeqNum.distance(s.dataSequence(), at);
      int captured = s.captured - skipped;
      if (next != null && !SeqNum.before(at, next.sequence)) {
        int until = SeqNum.earlier(to, next.end());
        same &= equal(next, at, until, s.bytes, s.offset + skipped, captured);
        at = until;
      } else {
        int until = next == null ? to : SeqNum.earlier(to, next.sequence);
        int run = SeqNum.distance(at, until);
        byte[] copy = copy(s.bytes, s.offset + skipped, Math.max(0, Math.min(run, captured)));
        boolean acknowledges = s.has(TcpSegment.ACK);
        insert(i, new Chunk(at, run, copy, s.timeMicros, acknowledges, s.acknowledgment));
        at = until;
      }
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
