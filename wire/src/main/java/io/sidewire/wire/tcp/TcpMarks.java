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

  private TcpMarks() {}
}
