package io.sidewire.wire.http;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Both directions of an HTTP/1.x connection; {@link Side#CLIENT} is the one that asks. */
public final class HttpConnection implements StreamConsumer {

  /** What a connection turned into. */
  public enum Next {
    /** Still HTTP. */
    HTTP,
    /** Anything: look at the bytes. */
    ANYTHING,
    /** TLS, or nothing that can be read. */
    TLS,
    WEBSOCKET,
    /** Behind the first line of its preface. */
    HTTP2,
    /** The server changed to it, and answers what was asked there: see {@link #upgraded}. */
    HTTP2_UPGRADE
  }

  private static final long SPECULATIVE_BUDGET = 64 << 10;

  private static final long TURN_BUDGET = 4 << 10;

  private final Limits limits;
  private final ObservationSink sink;
  private final LongSupplier nextExchange;
  private final FlowMemory memory;
  private final Pairing pairing;
  private final Requests asking = new Requests();
  private final Answers answering = new Answers();
  private final HttpParser requests;
  private final HttpParser answers;
  private final Chunk asked = new Chunk();
  private final Chunk answered = new Chunk();
  private final HeldSegments held = new HeldSegments();
  private Side lastSpeaker;
  private final StreamPositions at;
  private long gapStart = Sequence.UNKNOWN; // of the gap that is told to the parser of the answers
  private Outcome closing = Outcome.CAPTURE_ENDED;
  private boolean speculative;
  private boolean certain;
  private Next next = Next.HTTP;

  public HttpConnection(
      Limits limits,
      ObservationSink sink,
      LongSupplier nextExchange,
      FlowMemory memory,
      StreamPositions positions) {
    this.limits = limits;
    this.sink = sink;
    this.nextExchange = nextExchange;
    this.memory = memory;
    this.at = positions;
    this.pairing = new Pairing(limits);
    this.requests = new HttpParser(limits, true, asking);
    this.answers = new HttpParser(limits, false, answering);
  }

  /** For a connection that is not known to be HTTP: looks for messages in it, and says nothing until there is one. */
  public void speculate() {
    speculative = true;
    requests.seek(SPECULATIVE_BUDGET);
    answers.seek(SPECULATIVE_BUDGET);
  }

  /** What the client sends turned out to be no TLS: {@link #next} will not be {@link Next#TLS}. */
  public void neverTls() {
    requests.neverTls();
  }

  /** A message was found. */
  public boolean found() {
    return !speculative;
  }

  /** A request was found and its answer, or an event stream: it is HTTP beyond doubt. */
  public boolean certain() {
    return certain;
  }

  /** What the connection turned into; then {@link #giveRest} has the bytes that belong to it. */
  public Next next() {
    return next;
  }

  /** The exchange that goes on in HTTP/2; null where its request was not seen. */
  public StreamExchange upgraded() {
    return answering.changing == null ? null : StreamExchange.asked(answering.changing);
  }

  /** Head of the request that changed the connection to what it is now; null where it was not seen. */
  public HttpHead upgradeHead() {
    HttpExchange upgraded = answering.upgraded;
    return upgraded != null && upgraded.asked() ? upgraded.requestHead() : null;
  }

  /** Gives on what came after the last byte of HTTP. */
  public void giveRest(StreamConsumer consumer) {
    held.giveAll(consumer);
  }

  /** The answer to a CONNECT was not captured: what the client sent since shows what it was. */
  public void finishTunnel() {
    if (requests.paused() && held.bytes() > 0) {
      next = Next.ANYTHING;
    }
  }

  // ---------------------------------------------------------------- stream

  @Override
  public void onData(
      Side from, byte[] bytes, int offset, int length, long timeMicros, long sequence) {
    if (next != Next.HTTP) {
      held.onData(from, bytes, offset, length, timeMicros, sequence);
      return;
    }
    turn(from);
    if (from == Side.CLIENT) {
      at.clientEnd = Sequence.plus(sequence, length);
      if (requests.paused()) {
        hold(bytes, offset, length, timeMicros, sequence);
        return;
      }
      asked.set(bytes, offset, length, timeMicros, sequence);
      requests.feed(asked);
      int rest = asked.remaining();
      if (rest > 0 && next == Next.HTTP && requests.paused()) {
        hold(bytes, asked.position, rest, timeMicros, asked.sequence());
      } else {
        holdRest(from, asked);
      }
      return;
    }
    if (at.serverEnd < 0) {
      pairing.firstServerByte(sequence);
    }
    at.serverEnd = Sequence.plus(sequence, length);
    requests.finishBareRequest();
    answered.set(bytes, offset, length, timeMicros, sequence);
    answers.feed(answered);
    while (resumeRequests() && next == Next.HTTP && answered.hasRemaining()) {
      turn(from);
      requests.finishBareRequest();
      answers.feed(answered);
    }
    holdRest(from, answered);
  }

  private void turn(Side from) {
    if (from != lastSpeaker) {
      lastSpeaker = from;
      (from == Side.CLIENT ? requests : answers).turn(TURN_BUDGET);
    }
  }

  private void holdRest(Side from, Chunk chunk) {
    if (chunk.hasRemaining() && next != Next.HTTP) {
      held.onData(
          from, chunk.bytes, chunk.position, chunk.remaining(), chunk.time, chunk.sequence());
    }
  }

  /** What the client sends behind CONNECT belongs to whatever the answer makes of the connection. */
  private void hold(byte[] bytes, int offset, int length, long time, long sequence) {
    held.onData(Side.CLIENT, bytes, offset, length, time, sequence);
    if (held.bytes() > limits.headBytes()) {
      next = Next.ANYTHING; // the answer is not captured: nobody sends so much to a closed door
    }
  }

  /**
   * CONNECT was refused: what the client sent since is HTTP, and is read before the rest of the answer, wherever the answer
   * was cut. False where it was not refused.
   */
  private boolean resumeRequests() {
    if (!asking.refused) {
      return false;
    }
    asking.refused = false;
    answers.resume();
    requests.resume();
    held.giveAll(this);
    return true;
  }

  @Override
  public void onAcknowledged(Side from, long next) {
    if (from == Side.CLIENT) {
      at.clientReceived = Sequence.later(at.clientReceived, next);
    } else {
      at.serverReceived = Sequence.later(at.serverReceived, next);
    }
  }

  @Override
  public void onGap(Side from, long missing, long timeMicros) {
    if (next != Next.HTTP || from == Side.CLIENT && requests.paused()) {
      held.onGap(from, missing, timeMicros);
      return;
    }
    if (from == Side.CLIENT) {
      at.clientEnd = Sequence.plus(at.clientEnd, missing);
      requests.gap(missing, timeMicros);
    } else {
      gapStart = at.serverEnd;
      at.serverEnd = Sequence.plus(at.serverEnd, missing);
      answers.gap(missing, timeMicros);
    }
    resumeRequests();
  }

  @Override
  public void onEnd(Side from, boolean reset, long timeMicros) {
    if (next != Next.HTTP) {
      held.onEnd(from, reset, timeMicros);
      return;
    }
    closing = Outcome.RESET;
    if (reset) {
      end(timeMicros, false);
    } else if (from == Side.CLIENT) {
      requests.end(timeMicros, true);
    } else {
      requests.finishBareRequest();
      answers.end(timeMicros, true);
      pairing.end(Outcome.RESET, timeMicros);
    }
  }

  @Override
  public void onFlowEnd(long timeMicros) {
    end(timeMicros, false);
  }

  private void end(long time, boolean gracefully) {
    requests.end(time, gracefully);
    answers.end(time, gracefully);
    pairing.end(closing, time);
  }

  private Outcome outcome(MessageHandler.Ending ending) {
    return switch (ending) {
      case WHOLE -> Outcome.ANSWERED;
      case LOST -> Outcome.GAP;
      case CLOSED -> closing;
    };
  }

  private void confirm(long time) {
    speculative = false;
    memory.shows("http", time);
  }

  /** Reports a loss once, however many gaps it is made of. */
  private void lost(Handler of, long time, Anomaly kind) {
    if (!speculative && !of.lost) {
      of.lost = true;
      sink.observe(new Odd(time, -1, kind));
    }
  }

  // ---------------------------------------------------------------- directions

  private abstract class Handler implements MessageHandler {
    HttpExchange exchange; // of the message that is read; null between messages
    boolean lost;

    @Override
    public void odd(long time, Anomaly kind) {
      if (exchange != null) {
        exchange.odd(time, kind);
      } else if (!speculative) {
        sink.observe(new Odd(time, -1, kind));
      }
    }

    @Override
    public void handedOver(MessageHandler.Handover why) {
      next = switch (why) {
        case HTTP2 -> Next.HTTP2;
        case TLS -> Next.TLS;
        case TUNNEL, UPGRADE -> Next.ANYTHING;
      };
    }
  }

  private final class Requests extends Handler {
    private boolean refused;

    @Override
    public Framing head(HttpHead head, Message message) {
      confirm(message.start);
      lost = false;
      exchange = pairing.overtaken(message);
      boolean answered = exchange != null;
      if (!answered) {
        exchange = new HttpExchange(nextExchange.getAsLong(), limits, sink, memory);
      }
      exchange.acknowledged = at.clientReceived;
      exchange.requestHead(head, message);
      if (!answered) {
        pairing.requested(exchange, answers.busy(), at.serverEnd);
        if (head.method().equals("CONNECT")) {
          requests.pause();
        }
      }
      return Framing.of(head, null);
    }

    @Override
    public void body(byte[] bytes, int offset, int length, long time) {
      exchange.requestBody().data(bytes, offset, length, time);
    }

    @Override
    public void bodyGap(long missing) {
      exchange.requestBody().gap();
    }

    @Override
    public void end(Message message, MessageHandler.Ending ending) {
      HttpExchange ended = exchange;
      exchange = null;
      ended.requestEnd(ending == MessageHandler.Ending.WHOLE);
    }

    @Override
    public void lost(long time, boolean gap) {
      HttpConnection.this.lost(this, time, Anomaly.HTTP_REQUEST_LOST);
      if (gap) {
        pairing.requestsLost();
      }
    }
  }

  private final class Answers extends Handler {
    private HttpExchange refusing; // CONNECT that got another answer than 2xx

    @Override
    public Framing head(HttpHead head, Message message) {
      confirm(message.start);
      lost = false;
      if (head.status() / 100 == 1 && head.status() != 101) {
        return Framing.of(head, null); // the real answer is still to come
      }
      exchange = pairing.answered(message, at.serverReceived);
      if (exchange == null) {
        exchange = new HttpExchange(nextExchange.getAsLong(), limits, sink, memory);
        if (head.status() != 0) { // else its beginning, and whatever asked for it, were not seen
          pairing.unasked(exchange, message, at.serverReceived, unseenRequest());
        }
      }
      certain |= exchange.asked() || head.status() == 0;
      if (toHttp2(head) && exchange.asked()) {
        changing = exchange; // its answer comes in HTTP/2
        exchange = null;
        return Framing.of(head, null);
      }
      exchange.answerHead(head, message);
      Framing framing = Framing.of(head, exchange.method());
      if (exchange.asked()) {
        answerTo(head, framing);
      }
      return framing;
    }

    /** The server had received client bytes that were not captured so far. */
    private boolean unseenRequest() {
      return at.serverReceived < 0
          || at.clientEnd < 0
          || Sequence.after(at.serverReceived, at.clientEnd);
    }

    private void answerTo(HttpHead head, Framing framing) {
      if (exchange == asking.exchange && exchange.requestHead().has(FieldName.EXPECT)) {
        requests.abandonBody();
      }
      if ("CONNECT".equals(exchange.method()) && framing.kind() != Framing.Kind.TUNNEL) {
        asking.refused = true;
        answers.pause();
      }
    }

    @Override
    public boolean headless() {
      HttpExchange asked = pairing.next();
      // HTTP/0.9 has no CONNECT; and what the client sent behind one waits for an answer with a
      // head, however the beginning of this one is cut.
      return asked != null
          && asked.requestHead().versionless()
          && !"CONNECT".equals(asked.method());
    }

    @Override
    public void body(byte[] bytes, int offset, int length, long time) {
      exchange.answerBody().data(bytes, offset, length, time);
    }

    @Override
    public void bodyGap(long missing) {
      exchange.answerBody().gap();
    }

    @Override
    public void end(Message message, MessageHandler.Ending ending) {
      HttpExchange ended = exchange;
      exchange = null;
      if (ended != null) {
        ended.answerEnd(message, outcome(ending));
        pairing.answerEnded(message.end);
        upgraded = ended;
      }
    }

    private HttpExchange upgraded;
    private HttpExchange changing;
    private boolean http2;

    private boolean toHttp2(HttpHead head) {
      String protocol = head.status() == 101 ? head.value(FieldName.UPGRADE) : null;
      http2 = protocol != null && protocol.strip().equalsIgnoreCase("h2c");
      return http2;
    }

    @Override
    public void handedOver(MessageHandler.Handover why) {
      super.handedOver(why);
      String protocol =
          why == MessageHandler.Handover.UPGRADE && upgraded != null && upgraded.asked()
              ? upgraded.requestHead().value(FieldName.UPGRADE)
              : null;
      if (protocol != null && protocol.toLowerCase(Locale.ROOT).contains("websocket")) {
        next = Next.WEBSOCKET;
      } else if (why == MessageHandler.Handover.UPGRADE && http2) {
        next = Next.HTTP2_UPGRADE;
      }
    }

    @Override
    public void lost(long time, boolean gap) {
      HttpConnection.this.lost(this, time, Anomaly.HTTP_RESPONSE_LOST);
      if (gap) {
        pairing.answersLost(gapStart, at.serverEnd);
      }
    }
  }
}
