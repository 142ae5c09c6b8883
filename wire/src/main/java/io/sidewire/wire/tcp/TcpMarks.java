package io.sidewire.wire.tcp;

/** What a segment was besides new bytes in order, as bits. */
public final class TcpMarks {
  /** Brings nothing that was not captured before, or fills a hole so late that it must have been sent again. */
  public static final int RETRANSMISSION = 1;

  /** Bytes before it have not been captured (yet). */
  public static final int GAP_BEFORE = 2;

  /** Fills a hole within the time in which networks reorder. */
  public static final int OUT_OF_ORDER = 4;

  /** The same packet was captured twice. */
  public static final int DUPLICATE = 8;

  /** A probe that repeats the last number without need. */
  public static final int KEEP_ALIVE = 16;

  /** A retransmission of what had already been acknowledged. */
  public static final int SPURIOUS = 32;

  /** Below this a late segment was reordered rather than sent again, as tshark has it. */
  private static final long REORDERING_MICROS = 3_000;

  /** So many repeated acknowledgments, and the one before them, make a sender send again at once. */
  private static final int FAST_RETRANSMIT = 2;

  private TcpMarks() {}

  /** The marks of a segment that its direction has not taken yet. */
  static int of(HalfStream half, TcpSegment s, long handshakeRttMicros) {
    int span = s.span();
    if (!half.placed() || half.isStray(s.sequence)) {
      return 0;
    }
    int ahead = SeqNum.distance(half.highest(), s.sequence);
    boolean quiet = half.acknowledged() == half.highest();
    if (ahead == -1 && s.length <= 1 && span == s.length && quiet) {
      return KEEP_ALIVE;
    }
    if (span == 0 || ahead == 0 || s.has(TcpSegment.SYN) && !half.synSeen()) {
      return 0;
    }
    if (ahead > 0) {
      return GAP_BEFORE;
    }
    int end = SeqNum.plus(s.sequence, span);
    if (half.keeps() && !SeqNum.before(s.sequence, half.next())) {
      ReorderBuffer kept = half.kept();
      if (!kept.covers(s.sequence, SeqNum.earlier(end, half.highest()))) {
        long waited = s.timeMicros - kept.holeSince(s.sequence);
        boolean soon = waited < Math.max(REORDERING_MICROS, handshakeRttMicros);
        boolean asked = kept.asked >= FAST_RETRANSMIT && s.sequence == half.acknowledged();
        return soon && !asked ? OUT_OF_ORDER : RETRANSMISSION;
      }
    }
    boolean needless = SeqNum.distance(end, half.acknowledged()) >= 0;
    return RETRANSMISSION | (needless ? SPURIOUS : 0);
  }
}
