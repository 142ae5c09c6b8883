package io.sidewire.wire.flow;

import io.sidewire.wire.ExcerptSink;
import io.sidewire.wire.Limits;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import io.sidewire.wire.dns.DnsStream;
import io.sidewire.wire.http.FlowMemory;
import io.sidewire.wire.http.HeldSegments;
import io.sidewire.wire.http.HttpConnection;
import io.sidewire.wire.http.StreamPositions;
import io.sidewire.wire.http2.Http2Connection;
import io.sidewire.wire.tls.TlsAnalyzer;
import io.sidewire.wire.tls.decrypt.Decryption;
import io.sidewire.wire.websocket.RealtimeConnection;
import java.util.function.LongSupplier;

/**
 * Both directions of one TCP connection: sniffs the protocol from the first bytes, feeds its parser, follows CONNECT,
 * STARTTLS and Upgrade, and numbers the exchanges.
 *
 * <pre>
 * SNIFF ─┬─ TLS            to the end
 *   ▲    ├─ DNS            to the end
 *   │    ├─ HTTP ──────────┬─ after CONNECT, 101, TLS where a request should be: SNIFF
 *   │    │                 ├─ HTTP/2   to the end
 *   │    │                 └─ WebSocket: responses of models, else volume
 *   │    ├─ HTTP/2         to the end
 *   │    └─ UNKNOWN ─ at each boundary that looks like one of them: SNIFF
 *   └──────────────────────┘
 * </pre>
 */
public final class FlowAnalyzer implements StreamConsumer {
  private static final int DNS_PORT = 53;
  private static final int NO_PORT = -1;
  private static final int HELD_BYTES = 64 << 10;
  private static final int HELD_EVENTS = 4096;
  private static final int MOST_ATTEMPTS = 1000;

  /** A real connection has two or three (CONNECT, then TLS); each takes bytes, so that more cost time and nothing else. */
  private static final int MOST_HANDOVERS = 32;

  /** TLS through a proxy that is spoken to in TLS has two layers. */
  private static final int MOST_LAYERS = 3;

  private enum Mode {
    SNIFF,
    /** The consumer has the flow to its end. */
    SETTLED,
    HTTP,
    UNKNOWN
  }

  private final Limits limits;
  private final int serverPort;
  private final ObservationSink sink;
  private FlowMemory memory;
  private final LongSupplier numbers;
  private final Decryption decryption;
  private final ExcerptSink excerpts;
  private final int depth; // of TLS around these bytes
  private final StreamPositions positions = new StreamPositions();
  private Mode mode = Mode.SNIFF;
  private boolean turned;
  private boolean clientKnown;
  private Sniffer sniffer; // in SNIFF
  private HeldSegments held; // in SNIFF; as the caller names the sides, like the queue
  private final HeldSegments queue = new HeldSegments(); // decided upon, and to be given on
  private boolean replaying;
  private StreamConsumer consumer; // in the other modes
  private HttpConnection http; // the consumer in HTTP and in UNKNOWN
  private Boundaries boundaries; // in UNKNOWN, as what follows
  private HttpConnection guess;
  private Deferred deferred;
  private FlowMemory deferredMemory;
  private boolean tlsOnly; // in SNIFF
  private boolean neverTls; // HTTP took for TLS what is none
  private int attempts; // to recognise something in an unknown flow
  private int handovers; // from HTTP to something else

  /** @param serverPort a hint only: for DNS over TCP */
  public FlowAnalyzer(Limits limits, int serverPort, ObservationSink sink) {
    this(limits, serverPort, sink, Decryption.off());
  }

  /** The same, reading TLS with keys where there are some. */
  public FlowAnalyzer(Limits limits, int serverPort, ObservationSink sink, Decryption decryption) {
    this(limits, serverPort, sink, decryption, null);
  }

  /**
   * The same.
   *
   * @param excerpts takes what is said in calls of models; null: it is never kept
   */
  public FlowAnalyzer(
      Limits limits,
      int serverPort,
      ObservationSink sink,
      Decryption decryption,
      ExcerptSink excerpts) {
    this(limits, serverPort, sink, new Numbers(), decryption, excerpts, 0);
  }

  private FlowAnalyzer(
      Limits limits,
      int serverPort,
      ObservationSink sink,
      LongSupplier numbers,
      Decryption decryption,
      ExcerptSink excerpts,
      int depth) {
    this.limits = limits;
    this.serverPort = serverPort;
    this.sink = sink;
    this.numbers = numbers;
    this.decryption = depth < MOST_LAYERS ? decryption : Decryption.off();
    this.depth = depth;
    this.excerpts = excerpts;
    this.memory = new FlowMemory(sink, excerpts);
    sniff(true);
  }

  /** True where the content shows that {@link Side#SERVER}, as the caller names it, is the client: see {@link #turn}. */
  boolean turned() {
    return turned;
  }

  /** True where the content shows which side is the client. */
  boolean clientKnown() {
    return clientKnown;
  }

  /** How often HTTP handed the flow on to something else. */
  int handovers() {
    return handovers;
  }

  /** From now on the caller names the sides the other way. */
  void turn() {
    turned = !turned;
    if (held != null) {
      HeldSegments renamed = new HeldSegments();
      held.giveAll(new Swapped(renamed));
      held = renamed;
    }
  }

  // ---------------------------------------------------------------- stream, as the caller names
  // the sides

  @Override
  public void onData(
      Side from, byte[] bytes, int offset, int length, long timeMicros, long sequence) {
    if (length > 0) {
      data(side(from), bytes, offset, length, timeMicros, sequence);
      replay();
    }
  }

  @Override
  public void onAcknowledged(Side from, long next) {
    (mode == Mode.SNIFF ? held : consumer)
        .onAcknowledged(mode == Mode.SNIFF ? from : side(from), next);
  }

  @Override
  public void onGap(Side from, long missing, long timeMicros) {
    gap(side(from), missing, timeMicros);
    replay();
  }

  @Override
  public void onEnd(Side from, boolean reset, long timeMicros) {
    end(side(from), reset, timeMicros);
    replay();
  }

  @Override
  public void onTime(long nowMicros) {
    if (consumer != null) {
      consumer.onTime(nowMicros);
    }
  }

  @Override
  public void onFlowEnd(long timeMicros) {
    if (mode == Mode.HTTP) {
      http.finishTunnel();
      follow(timeMicros);
      replay();
    }
    while (mode == Mode.SNIFF) {
      decide(sniffer.end(), timeMicros);
      replay();
    }
    boolean oneSided = boundaries != null && boundaries.oneSided();
    if (mode == Mode.UNKNOWN && oneSided && guess.found()) {
      believe(); // the other side, which would have shown it, was not captured
    }
    consumer.onFlowEnd(timeMicros);
  }

  /** The name that the content gives to a side, or the caller's for the content's. */
  private Side side(Side named) {
    return turned ? named.other() : named;
  }

  /** Gives what was held to whatever has the flow now; this may make it held again, once for each boundary. */
  private void replay() {
    if (!replaying) {
      replaying = true;
      while (!queue.isEmpty()) {
        queue.giveOne(this);
      }
      replaying = false;
    }
  }

  // ---------------------------------------------------------------- stream, as the content names
  // the sides

  private void data(Side from, byte[] bytes, int offset, int length, long time, long sequence) {
    switch (mode) {
      case SNIFF -> sniffData(from, bytes, offset, length, time, sequence);
      case UNKNOWN -> unknownData(from, bytes, offset, length, time, sequence);
      case SETTLED -> consumer.onData(from, bytes, offset, length, time, sequence);
      case HTTP -> {
        http.onData(from, bytes, offset, length, time, sequence);
        heard(time);
      }
    }
  }

  private void gap(Side from, long missing, long time) {
    if (mode == Mode.SNIFF) {
      held.onGap(side(from), missing, time);
      decide(sniffer.cut(from), time);
      return;
    }
    consumer.onGap(from, missing, time);
    if (mode == Mode.UNKNOWN) {
      boundaries.gap(from);
    }
    heard(time);
  }

  private void end(Side from, boolean reset, long time) {
    if (mode == Mode.SNIFF) {
      held.onEnd(side(from), reset, time);
      decide(reset ? sniffer.end() : sniffer.cut(from), time);
      return;
    }
    consumer.onEnd(from, reset, time);
    heard(time);
  }

  // ---------------------------------------------------------------- sniffing

  private void sniff(boolean flowStart) {
    mode = Mode.SNIFF;
    sniffer = new Sniffer(limits, flowStart);
    held = new HeldSegments();
  }

  private void sniffData(
      Side from, byte[] bytes, int offset, int length, long time, long sequence) {
    Sniffer.Verdict verdict = sniffer.data(from, bytes, offset, length);
    if (verdict == Sniffer.Verdict.MORE || !held.isEmpty()) {
      held.onData(side(from), bytes, offset, length, time, sequence);
      boolean full = held.bytes() > HELD_BYTES || held.size() > HELD_EVENTS;
      decide(verdict == Sniffer.Verdict.MORE && full ? sniffer.end() : verdict, time);
      return;
    }
    HeldSegments acknowledged = held;
    Side named = side(from);
    become(verdict, time);
    acknowledged.giveAll(this);
    data(side(named), bytes, offset, length, time, sequence); // no copy in the usual case
  }

  private void decide(Sniffer.Verdict verdict, long time) {
    if (verdict != Sniffer.Verdict.MORE) {
      HeldSegments all = held;
      become(verdict, time);
      queue.prepend(all);
    }
  }

  private void become(Sniffer.Verdict seen, long time) {
    boolean refused = tlsOnly && seen != Sniffer.Verdict.TLS;
    Sniffer.Verdict verdict = refused ? Sniffer.Verdict.NOTHING : seen;
    neverTls |= refused; // else HTTP, found by the other side's bytes, would hand them on again
    tlsOnly = false;
    if (verdict != Sniffer.Verdict.NOTHING && sniffer.client() != null && !clientKnown) {
      clientKnown = true;
      turned ^= sniffer.client() == Side.SERVER;
    }
    sniffer = null;
    held = null;
    switch (verdict) {
      case TLS -> settle(new TlsAnalyzer(limits, sink, numbers, decryption, this::inside));
      case HTTP -> {
        http = connection(sink, memory);
        consumer = http;
        mode = Mode.HTTP;
      }
      case HTTP2 -> settle(http2(Http2Connection.Beginning.PREFACE));
      default -> {
        if (serverPort == DNS_PORT && boundaries == null) {
          settle(new DnsStream(limits, sink, numbers));
        } else {
          unknown();
        }
      }
    }
  }

  /** A reader of what is inside TLS. */
  private StreamConsumer inside(ObservationSink to) {
    return new FlowAnalyzer(limits, NO_PORT, to, numbers, decryption, excerpts, depth + 1);
  }

  private Http2Connection http2(Http2Connection.Beginning beginning) {
    return new Http2Connection(limits, sink, numbers, memory, beginning);
  }

  private HttpConnection connection(ObservationSink to, FlowMemory with) {
    HttpConnection made = new HttpConnection(limits, to, numbers, with, positions);
    if (neverTls) {
      made.neverTls();
    }
    return made;
  }

  private void settle(StreamConsumer to) {
    consumer = to;
    mode = Mode.SETTLED;
  }

  private void unknown() {
    mode = Mode.UNKNOWN;
    if (boundaries == null) {
      boundaries = new Boundaries();
      deferred = new Deferred(sink);
      deferredMemory = new FlowMemory(deferred, excerpts);
      guess = connection(deferred, deferredMemory);
      guess.speculate();
    }
    http = guess;
    consumer = guess;
  }

  /** Sees what has become of HTTP: it was found where nothing was known, or it turned into something else. */
  private void heard(long time) {
    if (mode == Mode.UNKNOWN && http.certain()) {
      believe();
    }
    if (mode == Mode.HTTP) {
      follow(time);
    }
  }

  /** What was found in the middle of an unknown flow is HTTP, not a text about it. */
  private void believe() {
    mode = Mode.HTTP;
    clientKnown = true;
    memory = deferredMemory;
    deferred.release();
  }

  private void follow(long time) {
    HttpConnection.Next next = http.next();
    if (next == HttpConnection.Next.HTTP) {
      return;
    }
    HttpConnection before = http;
    HeldSegments rest = new HeldSegments();
    before.giveRest(side(Side.CLIENT) == Side.CLIENT ? rest : new Swapped(rest));
    before.onFlowEnd(time);
    boundaries = null;
    if (++handovers > MOST_HANDOVERS) {
      settle(new Volume());
      return; // what is left is counted in bytes and packets, and not read
    }
    switch (next) {
      case WEBSOCKET ->
        settle(new RealtimeConnection(limits, sink, numbers, memory, before.upgradeHead()));
      case HTTP2 -> settle(http2(Http2Connection.Beginning.PREFACE_BEGUN));
      case HTTP2_UPGRADE -> {
        Http2Connection upgraded = http2(Http2Connection.Beginning.PREFACE);
        upgraded.upgraded(before.upgraded());
        settle(upgraded);
      }
      default -> sniff(false);
    }
    tlsOnly = next == HttpConnection.Next.TLS; // else the same bytes would come back for ever
    queue.prepend(rest);
  }

  // ---------------------------------------------------------------- unknown

  private void unknownData(
      Side from, byte[] bytes, int offset, int length, long time, long sequence) {
    int at = attempts < MOST_ATTEMPTS ? boundaries.find(from, bytes, offset, length) : -1;
    int before = at < 0 ? length : at - offset;
    if (before > 0) {
      boundaries.passed(from, bytes, offset, before);
      http.onData(from, bytes, offset, before, time, sequence);
      heard(time);
    }
    if (at >= 0) {
      if (mode == Mode.UNKNOWN) {
        attempts++;
        boundaries.tried(from);
        sniff(false);
      }
      data(from, bytes, at, length - before, time, sequence + before & 0xffffffffL);
    }
  }

  private static final class Numbers implements LongSupplier {
    private long next;

    @Override
    public long getAsLong() {
      return next++;
    }
  }
}
