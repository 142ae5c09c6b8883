package io.sidewire.wire.tcp;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Side;

/**
 * One direction of a TCP connection: segments in any order in, each byte once and in order out.
 *
 * <p>Bytes that come in order pass through from the frame; only what waits is copied, into a {@link ReorderBuffer}. The
 * first copy of a byte wins. When a hole is given up is decided by {@link TcpConnection}, which sees both directions.
 */
final class HalfStream {
  /*
   *        start                next                     highest
   *          |  delivered        |  hole  | kept | hole | kept |
   *          +-------------------+--------+------+------+------+
   *
   * A segment may lie at most AHEAD before or BEHIND after `next`. What lies elsewhere is a stray, of another connection
   * or damaged, unless a second one continues it: then the stream is there, and the numbers between are a gap.
   */
  /** The largest window that TCP can have. */
  private static final int AHEAD = 1 << 30;

  /** Far more than retransmissions reach back. */
  private static final int BEHIND = 1 << 26;

  private static final int BEGUN = 1;
  private static final int CERTAIN = 2;
  private static final int SYN_SEEN = 4;
  private static final int DATA_SEEN = 8;
  private static final int FIN_SEEN = 16;
  private static final int ENDED = 32;
  private static final int STRAYED = 64;
  private static final int SEEN = 128;

  Side side;

  /** Number of the first byte that was not delivered. */
  private int next;

  /** Number after the last one seen. */
  private int highest;

  /** Highest number that the other side acknowledged. */
  private int acknowledged;

  /** Number of the first byte of the stream, where {@link #CERTAIN}; else of the first one seen. */
  private int start;

  private int end;
  private int strayEnd;
  private short flags;
  private long recent = RecentBytes.NONE;

  /** Null while nothing waits. */
  private ReorderBuffer kept;

  HalfStream(Side side) {
    this.side = side;
  }

  private boolean is(int flag) {
    return (flags & flag) != 0;
  }

  private void set(int flag) {
    flags |= (short) flag;
  }

  /** A first number is known. */
  boolean begun() {
    return is(BEGUN);
  }

  /** A packet of this side was captured. */
  boolean seen() {
    return is(SEEN);
  }

  void see() {
    set(SEEN);
  }

  boolean synSeen() {
    return is(SYN_SEEN);
  }

  boolean finSeen() {
    return is(FIN_SEEN);
  }

  /** No more bytes will be delivered. */
  boolean ended() {
    return is(ENDED);
  }

  /** No payload was seen. */
  boolean silent() {
    return !is(DATA_SEEN);
  }

  int next() {
    return next;
  }

  int start() {
    return start;
  }

  int highest() {
    return highest;
  }

  int acknowledged() {
    return acknowledged;
  }

  /** Where the stream stands is known: from its SYN, or from payload. */
  boolean placed() {
    return is(BEGUN) && (is(CERTAIN) || is(DATA_SEEN));
  }

  ReorderBuffer kept() {
    return kept;
  }

  /** Bytes wait. */
  boolean keeps() {
    return kept != null && !kept.isEmpty();
  }

  // ------------------------------------------------------------------ where the stream stands

  /** The stream begins at {@code first}; a SYN (or what follows from one) says so for certain. */
  void begin(int first, boolean certain) {
    next = first;
    highest = first;
    acknowledged = first;
    start = first;
    set(certain ? BEGUN | CERTAIN : BEGUN);
  }

  /** Takes the SYN of this side. One that comes late does not move what was already delivered. */
  void syn(int sequence) {
    int first = SeqNum.plus(sequence, 1);
    if (!is(BEGUN) || !is(DATA_SEEN) && !is(CERTAIN)) {
      begin(first, true);
    } else if (!is(CERTAIN)) {
      start = first;
      set(CERTAIN);
    }
    set(SYN_SEEN);
  }

  /** A capture that began in the middle: the first payload says where. Before it there may be keep-alives. */
  void beginAtData(int sequence) {
    if (!is(BEGUN) || !is(CERTAIN) && !is(DATA_SEEN)) {
      begin(sequence, false);
    }
  }

  /** True where {@code sequence} cannot belong to what was seen of this stream. */
  boolean isStray(int sequence) {
    int distance = SeqNum.distance(next, sequence);
    return is(BEGUN) && (distance > AHEAD || distance < -BEHIND);
  }

  /** Bytes up to {@code number}, which the other side acknowledged, that were not delivered; 0 for a side never seen. */
  int missingBefore(int number) {
    if (!is(BEGUN) || !is(SEEN) || is(ENDED)) {
      return 0;
    }
    int missing = SeqNum.distance(next, number);
    if (missing <= 0 || missing > BEHIND) {
      return 0;
    }
    if (is(FIN_SEEN)) {
      return Math.min(missing, SeqNum.distance(next, end));
    }
    // One number that nothing follows: most likely a FIN that was not captured.
    return missing == 1 && !keeps() ? 0 : missing;
  }

  // ------------------------------------------------------------------ bytes

  /**
   * Takes the payload of a segment: delivers what is next, keeps what is ahead, drops what was there before.
   *
   * @param bound these bytes answer bytes of the other direction that were not delivered yet: keep them
   * @return false where a cap was reached and not all was taken: give something up and call again
   */
  boolean take(TcpSegment s, boolean bound, ReassemblyRules rules, TcpSink sink) {
    int sequence = s.dataSequence();
    if (is(ENDED) || isStray(sequence) && !returnsTo(sequence, s, rules, sink)) {
      return true;
    }
    set(DATA_SEEN);
    int last = SeqNum.plus(sequence, s.length);
    if (is(FIN_SEEN)) {
      last = SeqNum.earlier(last, end);
    }
    int from = SeqNum.later(sequence, next);
    if (from != sequence) {
      compare(s, SeqNum.earlier(from, last), rules, sink);
    }
    if (SeqNum.before(from, last)) {
      if (from == next && !bound) {
        int to =
            kept == null || kept.isEmpty() ? last : SeqNum.earlier(last, kept.first().sequence);
        if (SeqNum.before(from, to)) {
          deliver(s, from, to, rules, sink);
          from = to;
        }
      }
      if (SeqNum.before(from, last) && !keep(s, from, last, rules, sink)) {
        return false;
      }
    }
    highest = SeqNum.later(highest, last);
    return true;
  }

  /** Holds a segment that was delivered up to {@code end} against what was delivered. */
  private void compare(TcpSegment s, int end, ReassemblyRules rules, TcpSink sink) {
    int sequence = s.dataSequence();
    int there = Math.min(s.captured, SeqNum.distance(sequence, end));
    // The byte of a keep-alive means nothing.
    boolean probe = s.length == 1 && SeqNum.plus(sequence, 1) == highest;
    if (!probe && there > 0 && rules.recent().differ(recent, sequence, s.bytes, s.offset, there)) {
      sink.onOddity(Anomaly.TCP_OVERLAP_DIFFERS, s.timeMicros);
    }
  }

  private void deliver(TcpSegment s, int from, int to, ReassemblyRules rules, TcpSink sink) {
    int skipped = SeqNum.distance(s.dataSequence(), from);
    int length = SeqNum.distance(from, to);
    int there = Math.max(0, Math.min(length, s.captured - skipped));
    if (s.has(TcpSegment.ACK)) {
      sink.onAcknowledged(side, SeqNum.unsigned(s.acknowledgment));
    }
    pass(from, s.bytes, s.offset + skipped, there, length, s.timeMicros, rules, sink);
  }

  private boolean keep(TcpSegment s, int from, int to, ReassemblyRules rules, TcpSink sink) {
    if (kept == null) {
      kept = new ReorderBuffer();
    }
    ReorderBuffer.Added added = kept.add(s, from, to, rules);
    if (added == ReorderBuffer.Added.KEPT_AND_DIFFERS) {
      sink.onOddity(Anomaly.TCP_OVERLAP_DIFFERS, s.timeMicros);
    }
    return added != ReorderBuffer.Added.REFUSED;
  }

  /** Delivers kept bytes as far as they follow each other; {@code other}: the direction that they may have to wait for. */
  boolean drain(HalfStream other, ReassemblyRules rules, TcpSink sink) {
    boolean progress = false;
    while (keeps() && !SeqNum.before(next, kept.first().sequence)) {
      ReorderBuffer.Chunk first = kept.first();
      if (first.acknowledges && other.missingBefore(first.needs) > 0) {
        break;
      }
      passFirst(rules, sink);
      progress = true;
    }
    return progress;
  }

  /** Delivers up to {@code number} whatever is there, with what is missing as gaps. */
  void giveUpTo(int number, long timeMicros, ReassemblyRules rules, TcpSink sink) {
    int target = is(FIN_SEEN) ? SeqNum.earlier(number, end) : number;
    while (!is(ENDED) && SeqNum.before(next, target)) {
      boolean any = keeps();
      if (any && SeqNum.before(kept.first().sequence, target)) {
        skipTo(kept.first().sequence, kept.first().timeMicros, sink);
        passFirst(rules, sink);
      } else {
        skipTo(target, any ? kept.first().timeMicros : timeMicros, sink);
      }
    }
  }

  /** Gives up the bytes that the other side acknowledged, or that a FIN follows, and that nothing else follows. */
  void giveUpTail(long timeMicros, ReassemblyRules rules, TcpSink sink) {
    int missing = missingBefore(acknowledged);
    if (is(FIN_SEEN) && !is(ENDED)) {
      missing = SeqNum.distance(next, end);
    }
    giveUpTo(SeqNum.plus(next, missing), timeMicros, rules, sink);
  }

  /** Takes the end of this direction: the FIN that follows byte {@code number}. */
  void fin(int number) {
    if (!is(FIN_SEEN) && !isStray(number) && !SeqNum.before(number, highest)) {
      set(FIN_SEEN);
      end = number;
      highest = SeqNum.later(highest, SeqNum.plus(number, 1));
    }
  }

  /** Reports the end once all before it was delivered, and lets go of an empty buffer. */
  void settle(long timeMicros, TcpSink sink) {
    if (kept != null && kept.isEmpty()) {
      if (kept.waiting && missingBefore(kept.waitTarget) == 0) {
        kept.waiting = false;
      }
      if (!kept.waiting) {
        kept = null;
      }
    }
    if (is(FIN_SEEN) && !is(ENDED) && next == end && !keeps()) {
      stop(false, timeMicros, sink);
    }
  }

  /** Nothing of this direction is delivered from here on. */
  void stop(boolean reset, long timeMicros, TcpSink sink) {
    if (!is(ENDED)) {
      set(ENDED);
      sink.onEnd(side, reset, timeMicros);
    }
  }

  /** Forgets what is kept. */
  void drop(ReassemblyRules rules) {
    if (kept != null) {
      kept.clear(rules);
      kept = null;
    }
  }

  private void passFirst(ReassemblyRules rules, TcpSink sink) {
    ReorderBuffer.Chunk chunk = kept.removeFirst(rules);
    int skipped = SeqNum.distance(chunk.sequence, next);
    if (skipped < chunk.length) {
      int there = Math.max(0, chunk.bytes.length - skipped);
      int at = Math.min(skipped, chunk.bytes.length);
      if (chunk.acknowledges) {
        sink.onAcknowledged(side, SeqNum.unsigned(chunk.needs));
      }
      pass(next, chunk.bytes, at, there, chunk.length - skipped, chunk.timeMicros, rules, sink);
    }
  }

  private void pass(
      int sequence,
      byte[] bytes,
      int offset,
      int there,
      int length,
      long time,
      ReassemblyRules rules,
      TcpSink sink) {
    next = SeqNum.plus(sequence, length);
    highest = SeqNum.later(highest, next);
    if (there > 0) {
      recent = rules.recent().add(recent, sequence, bytes, offset, there);
      sink.onData(side, bytes, offset, there, time, SeqNum.unsigned(sequence));
    }
    if (there < length) {
      sink.onCut(side, length - there, time);
    }
  }

  private void skipTo(int number, long timeMicros, TcpSink sink) {
    if (SeqNum.before(next, number)) {
      long missing = SeqNum.distance(next, number);
      next = number;
      highest = SeqNum.later(highest, next);
      sink.onGap(side, missing, timeMicros);
    }
  }

  /** A second stray that continues the first shows that the stream is there now. */
  private boolean returnsTo(int sequence, TcpSegment s, ReassemblyRules rules, TcpSink sink) {
    boolean again = is(STRAYED) && strayEnd == sequence;
    strayEnd = SeqNum.plus(sequence, s.length);
    set(STRAYED);
    if (again) {
      giveUpTo(highest, s.timeMicros, rules, sink);
      drop(rules);
      long missing = SeqNum.unsigned(SeqNum.distance(next, sequence));
      next = sequence;
      highest = sequence;
      acknowledged = sequence;
      sink.onGap(side, missing, s.timeMicros);
    }
    return again;
  }

  // ------------------------------------------------------------------ acknowledgments

  /** Takes an acknowledgment by the other side; {@code bare}: of a segment that brings nothing else. */
  void acknowledge(int number, boolean bare, long timeMicros) {
    if (!is(BEGUN) || !is(SEEN)) {
      return;
    }
    if (SeqNum.before(acknowledged, number) && SeqNum.distance(next, number) <= BEHIND) {
      acknowledged = number;
      if (kept != null) {
        kept.asked = 0;
      }
      await(timeMicros);
    } else if (kept != null && bare && number == acknowledged) {
      kept.asked++;
    }
  }

  /** Starts the wait for a hole that was acknowledged, unless it runs. */
  void await(long timeMicros) {
    if (is(ENDED) || kept != null && kept.waiting && missingBefore(kept.waitTarget) > 0) {
      return;
    }
    if (missingBefore(acknowledged) > 0) {
      if (kept == null) {
        kept = new ReorderBuffer();
      }
      kept.waiting = true;
      kept.waitTarget = acknowledged;
      kept.waitSince = timeMicros;
    } else if (kept != null) {
      kept.waiting = false;
    }
  }
}
