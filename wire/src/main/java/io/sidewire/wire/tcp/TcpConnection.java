package io.sidewire.wire.tcp;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Side;

/**
 * Both directions of one TCP connection: what each segment was, the bytes in order, and how the connection stands.
 *
 * <p>For each segment call {@link #marksOf}, then {@link #take}; {@link #expire} as time passes; {@link #finish} once.
 *
 * <p>A hole is given up, and announced as a gap, when
 *
 * <ul>
 *   <li>the other side acknowledged bytes beyond it and did so {@link ReassemblyRules#acknowledgedWaitMicros} ago,
 *   <li>or the other side was never captured and the bytes after it have waited {@link
 *       ReassemblyRules#oneSidedWaitMicros},
 *   <li>or what waits reaches a cap, or the connection is reset, or the flow ends.
 * </ul>
 */
public final class TcpConnection {
  private static final int RESET_WINDOW = 4 << 20;
  private static final int LATE_SYN_WINDOW = 1 << 20;

  /** How the connection stands. */
  public enum State {
    OPEN,
    CLOSED,
    RESET
  }

  private final ReassemblyRules rules;
  private final TcpSink sink;
  private HalfStream client = new HalfStream(Side.CLIENT);
  private HalfStream server = new HalfStream(Side.SERVER);
  private long synTime = -1;
  private long handshakeRtt = -1;
  private boolean synAnswered;
  private boolean reset;

  public TcpConnection(ReassemblyRules rules, TcpSink sink) {
    this.rules = rules;
    this.sink = sink;
  }

  public State state() {
    if (reset) {
      return State.RESET;
    }
    boolean closed = (client.finSeen() || !client.seen()) && (server.finSeen() || !server.seen());
    return closed && (client.finSeen() || server.finSeen()) ? State.CLOSED : State.OPEN;
  }

  /** Packets of both sides were seen, or payload of one. */
  public boolean answered() {
    return client.seen() && server.seen() || !client.silent() || !server.silent();
  }

  /** Both directions were delivered to their ends: nothing will follow. */
  public boolean ended() {
    return client.ended() && server.ended();
  }

  /** From the last SYN of the client to the acknowledgment that ended its handshake; -1 while unknown. */
  public long handshakeRttMicros() {
    return handshakeRtt;
  }

  /** Client and server were mistaken for each other. */
  public void turn() {
    HalfStream was = client;
    client = server;
    server = was;
    client.side = Side.CLIENT;
    server.side = Side.SERVER;
  }

  private HalfStream half(Side side) {
    return side == Side.CLIENT ? client : server;
  }

  /** True where {@code s} belongs to a new connection between the same two ports. */
  public boolean startsAnew(TcpSegment s) {
    HalfStream half = half(s.from);
    HalfStream other = half(s.from.other());
    if (!s.has(TcpSegment.SYN)) {
      return s.length > 0 && half.isStray(s.sequence) && state() != State.OPEN;
    }
    if (!half.begun()) {
      return !s.has(TcpSegment.ACK) && state() != State.OPEN;
    }
    int first = s.dataSequence();
    if (half.synSeen()) {
      // Two answers to one SYN may differ; both are of this connection.
      boolean answer = s.has(TcpSegment.ACK) && other.begun();
      return first != half.start() && !(answer && s.acknowledgment == other.start());
    }
    int early = SeqNum.distance(first, half.start());
    return early < 0 || early > LATE_SYN_WINDOW;
  }

  /** What {@code s} is besides new bytes in order; see {@link TcpMarks}. */
  public int marksOf(TcpSegment s) {
    return TcpMarks.of(half(s.from), s, handshakeRtt);
  }

  /** Takes a segment in capture order. */
  public void take(TcpSegment s) {
    HalfStream half = half(s.from);
    HalfStream other = half(s.from.other());
    half.see();
    if (waits()) {
      expire(s.timeMicros);
    }
    if (s.has(TcpSegment.RST)) {
      takeReset(s, half, other);
      return;
    }
    begin(s, half, other);
    if (s.has(TcpSegment.ACK)) {
      other.acknowledge(s.acknowledgment, s.span() == 0, s.timeMicros);
    }
    if (s.length > 0) {
      takePayload(s, half, other);
    }
    if (s.has(TcpSegment.FIN)) {
      half.fin(SeqNum.plus(s.dataSequence(), s.length));
    }
    settle(s.timeMicros);
  }

  private void begin(TcpSegment s, HalfStream half, HalfStream other) {
    boolean ack = s.has(TcpSegment.ACK);
    if (s.has(TcpSegment.SYN)) {
      half.syn(s.sequence);
      if (!ack) {
        synTime = s.timeMicros;
      } else {
        synAnswered = true;
      }
    } else if (s.length > 0 || !half.begun()) {
      half.beginAtData(s.sequence);
    }
    if (ack && !other.begun() && half.synSeen() && half.silent()) {
      // The first acknowledgment of a handshake whose other half was not captured.
      other.begin(s.acknowledgment, true);
    }
    if (synAnswered && synTime >= 0 && half == client && ack && !s.has(TcpSegment.SYN)) {
      // A later acknowledgment than that of the handshake says nothing about the round trip.
      handshakeRtt = s.acknowledgment == other.start() ? Math.max(-1, s.timeMicros - synTime) : -1;
      synTime = -1;
    }
  }

  private void takePayload(TcpSegment s, HalfStream half, HalfStream other) {
    boolean bound = s.has(TcpSegment.ACK) && other.missingBefore(s.acknowledgment) > 0;
    boolean limited = false;
    while (!half.take(s, bound, rules, sink)) {
      if (!limited) {
        sink.onOddity(Anomaly.REASSEMBLY_LIMIT, s.timeMicros);
        limited = true;
      }
      if (half.keeps()) {
        force(half, other, s.timeMicros);
      } else if (bound) {
        other.giveUpTo(s.acknowledgment, s.timeMicros, rules, sink);
      } else {
        half.giveUpTo(s.dataSequence(), s.timeMicros, rules, sink);
      }
      drain();
      bound = bound && other.missingBefore(s.acknowledgment) > 0;
    }
  }

  /** Delivers the first of what {@code half} keeps, with all that was missing before it as gaps. */
  private void force(HalfStream half, HalfStream other, long timeMicros) {
    ReorderBuffer.Chunk first = half.kept().first();
    if (first.acknowledges && other.missingBefore(first.needs) > 0) {
      other.giveUpTo(first.needs, first.timeMicros, rules, sink);
    }
    half.giveUpTo(first.end(), timeMicros, rules, sink);
  }

  private void takeReset(TcpSegment s, HalfStream half, HalfStream other) {
    boolean over = state() != State.OPEN || client.ended() && server.ended();
    if (over || !plausible(s, half, other)) {
      return;
    }
    if (s.has(TcpSegment.ACK)) {
      other.acknowledge(s.acknowledgment, s.span() == 0, s.timeMicros);
    }
    flush(s.timeMicros);
    reset = true;
    half.stop(true, s.timeMicros, sink);
    other.stop(true, s.timeMicros, sink);
    settle(s.timeMicros);
  }

  /** A reset far from where its sender stands was made by somebody who guessed. */
  private static boolean plausible(TcpSegment s, HalfStream half, HalfStream other) {
    return !half.begun()
        || Math.abs((long) SeqNum.distance(half.next(), s.sequence)) <= RESET_WINDOW
        || half.acknowledged() == s.sequence
        || s.has(TcpSegment.ACK) && other.begun() && other.next() == s.acknowledgment;
  }

  // ------------------------------------------------------------------ waiting and giving up

  /** Bytes wait, or bytes are waited for: call {@link #expire} as time passes. */
  public boolean waits() {
    return client.kept() != null || server.kept() != null;
  }

  /** Gives up the holes that were open for too long at {@code nowMicros}. */
  public void expire(long nowMicros) {
    while (expired(client, server, nowMicros) || expired(server, client, nowMicros)) {
      drain();
    }
    settle(nowMicros);
  }

  private boolean expired(HalfStream half, HalfStream other, long nowMicros) {
    ReorderBuffer kept = half.kept();
    if (kept == null) {
      return false;
    }
    if (kept.waiting && half.missingBefore(kept.waitTarget) > 0) {
      long due = kept.waitSince + rules.acknowledgedWaitMicros();
      if (nowMicros >= due) {
        half.giveUpTo(kept.waitTarget, kept.waitSince, rules, sink);
        half.await(due);
        return true;
      }
    } else if (!other.seen() && !kept.isEmpty()) {
      long since = kept.first().timeMicros;
      if (nowMicros - since >= rules.oneSidedWaitMicros()) {
        force(half, other, since);
        return true;
      }
    }
    return false;
  }

  private void drain() {
    boolean progress;
    do {
      progress = client.drain(server, rules, sink);
      progress |= server.drain(client, rules, sink);
    } while (progress);
  }

  private void settle(long timeMicros) {
    if (waits()) {
      drain();
      client.await(timeMicros);
      server.await(timeMicros);
    }
    client.settle(timeMicros, sink);
    server.settle(timeMicros, sink);
  }

  /** Delivers all that waits, oldest first. */
  private void flush(long timeMicros) {
    drain();
    while (true) {
      HalfStream oldest = older(client, server);
      if (oldest == null) {
        break;
      }
      int size = oldest.kept().size();
      force(oldest, oldest == client ? server : client, timeMicros);
      drain();
      if (oldest.keeps() && oldest.kept().size() == size) {
        oldest.drop(rules); // cannot be: but a loop without end would be worse
      }
    }
    client.giveUpTail(timeMicros, rules, sink);
    server.giveUpTail(timeMicros, rules, sink);
  }

  private static HalfStream older(HalfStream a, HalfStream b) {
    if (a.keeps() && b.keeps()) {
      return a.kept().first().timeMicros <= b.kept().first().timeMicros ? a : b;
    }
    return a.keeps() ? a : b.keeps() ? b : null;
  }

  /** The flow is over: delivers what waits and lets go of it. */
  public void finish(long timeMicros) {
    flush(timeMicros);
    client.settle(timeMicros, sink);
    server.settle(timeMicros, sink);
    client.drop(rules);
    server.drop(rules);
  }
}
