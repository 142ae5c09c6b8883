package io.sidewire.wire.flow;

/**
 * How long a flow may be silent before it is over, in microseconds of packet time.
 *
 * @param closed a TCP connection after both FINs or a reset, whose late packets still count for it: twice the time for
 *     which Linux keeps the ports from being used again. Its analyzers are let go at once
 * @param datagrams UDP, ICMP and all others; a QUIC connection mostly speaks each 30 s
 * @param unanswered a TCP connection without payload of which one side was seen; SYNs are repeated up to 64 s apart
 * @param open any other TCP connection: longer than clients wait for a model's answer (10 minutes is common)
 */
record FlowTimeouts(long closed, long datagrams, long unanswered, long open) {
  private static final long SECOND = 1_000_000;

  static final FlowTimeouts DEFAULT =
      new FlowTimeouts(120 * SECOND, 120 * SECOND, 120 * SECOND, 900 * SECOND);

  /** Kinds of silence, by which {@link FlowTable} keeps its lists. */
  static final int KINDS = 4;

  static final int CLOSED = 0;
  static final int DATAGRAMS = 1;
  static final int UNANSWERED = 2;
  static final int OPEN = 3;

  long of(int kind) {
    return switch (kind) {
      case CLOSED -> closed;
      case DATAGRAMS -> datagrams;
      case UNANSWERED -> unanswered;
      default -> open;
    };
  }
}
