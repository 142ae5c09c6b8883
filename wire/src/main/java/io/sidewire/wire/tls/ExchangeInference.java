package io.sidewire.wire.tls;

import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.tls.InferredExchange.Rec;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Infers exchanges from the direction, size and time of application-data records, as they come. The rules stand in
 * {@link InferenceRules}; this is the machine that applies them.
 *
 * <p>A request is reported when its answer begins, or after a silence; an answer when the next request begins, the flow
 * ends, or after a silence. What comes after a report by silence revises it.
 */
final class ExchangeInference implements RecordWatch {
  private final Session session;
  private final ExchangeReports reports;
  private final HandshakeTail tail;
  private final BusyPeriod busy;

  private LeadFilter lead;
  private boolean leadOver;
  private InferredExchange current;
  private int requests;
  private boolean prefaceSeen; // in a record of its own
  private boolean emptyFrameSeen;
  private Rec small; // the client's last record of the size of control frames
  private boolean lossy;
  private long lastClient;
  private boolean clientEndedFirst;
  private boolean ended;

  ExchangeInference(ObservationSink sink, LongSupplier nextExchange, int most) {
    session = new Session();
    reports = new ExchangeReports(sink, nextExchange, session);
    tail = new HandshakeTail(session, this::data);
    busy = new BusyPeriod(reports, session, most);
  }

  @Override
  public void handshakeBegan() {
    session.handshakeSeen = true;
  }

  @Override
  public void clientHello(Hello hello, long time) {
    session.clientHello(hello, time);
  }

  @Override
  public void serverHello(ServerHelloMessage answer, Hello hello, long time) {
    session.serverHello(answer, hello, time);
  }

  @Override
  public void handshakeRecord(Side side) {
    tail.handshakeRecord(side);
  }

  @Override
  public void record(Side side, int length, long start, long end) {
    if (!session.noHttp) {
      tail.record(side, new Rec(length, start, end));
    }
  }

  /** Bytes of this side are missing, inside a record or beyond: of what is open, or of the request to come. */
  @Override
  public void onGap(Side side) {
    if (current == null || side == Side.CLIENT && current.answered()) {
      lossy = true;
    } else {
      current.complete = false;
    }
  }

  @Override
  public void recordsLost(Side side) {
    lossy = true;
    onGap(side);
    tail.lost(side);
  }

  private void data(Side side, Rec record) {
    int plain = session.plain(side, record.length());
    learn(side, plain);
    if (side == Side.CLIENT) {
      request(record, plain);
      lastClient = Math.max(lastClient, record.end());
    } else {
      fromServer(record, plain);
    }
  }

  /** Only HTTP/2 has records of one control frame. */
  private void learn(Side side, int plain) {
    boolean frame = session.holds(side, plain, InferenceRules.EMPTY_FRAME)
        || side == Side.CLIENT
            && (plain == InferenceRules.UPDATE_FRAME || plain == InferenceRules.PING_FRAME);
    if (!frame || session.http != Http.UNKNOWN) {
      return;
    }
    session.http = Http.TWO;
    if (current != null
        && current.maybePreface
        && current.requestRecords == 1
        && !current.answered()) {
      current = null;
      requests--;
      prefaceSeen = true;
    }
  }

  // What the client sends.

  private void request(Rec record, int plain) {
    if (session.http == Http.ONE) {
      if (current != null && !answeredBefore(record)) {
        grow(record, plain);
      } else if (plain >= InferenceRules.SHORTEST_H1) {
        open(record, plain);
      }
      return;
    }
    if (plain < InferenceRules.CLIENT_CONTROL) {
      if (smallRequest(record, plain)) {
        open(record, plain);
        current.tentative = true;
      } else {
        small = record;
        endsRequest(record, plain);
      }
      return;
    }
    boolean preface = current == null
        && requests == 0
        && !prefaceSeen
        && plain <= InferenceRules.CLIENT_PREFACE
        && session.handshakeSeen;
    if (preface && session.http == Http.TWO) {
      prefaceSeen = true;
      return;
    }
    if (current == null || answeredBefore(record)) {
      open(record, plain);
      current.maybePreface = preface;
    } else if (session.http == Http.TWO && busy.anotherRequest(current, record, plain)) {
      busy.overlap(false);
      open(record, plain);
    } else {
      grow(record, plain);
    }
  }

  /** An empty DATA frame ends a request, but the first of such records is the acknowledgement of SETTINGS. */
  private void endsRequest(Rec record, int plain) {
    if (session.http != Http.TWO
        || !session.holds(Side.CLIENT, plain, InferenceRules.EMPTY_FRAME)) {
      return;
    }
    boolean first = !emptyFrameSeen;
    emptyFrameSeen = true;
    if (!first
        && current != null
        && !current.answered()
        && record.start() - current.requestEnd <= InferenceRules.BURST) {
      current.ask(record, plain);
    }
  }

  /**
   * Is what was open over before this record of the client? What the lead holds may be its answer, or tell that it was
   * no request.
   */
  private boolean answeredBefore(Rec record) {
    if (!current.answered() && lead != null && lead.heldIsAnswer(record.start() - lastClient)) {
      answer(lead.began());
    }
    return current == null || current.answered();
  }

  private void grow(Rec record, int plain) {
    if (session.http == Http.TWO) {
      busy.absorbed(current, record);
    }
    current.ask(record, plain);
  }

  /**
   * On a warm HTTP/2 connection a GET may be smaller than some control frames: believed where it has the size of none, the
   * answer before it is over, and the server then answers it.
   */
  private boolean smallRequest(Rec record, int plain) {
    return session.http == Http.TWO
        && requests > 0
        && session.slack(Side.CLIENT) == 0
        && plain >= InferenceRules.SHORTEST_H1
        && !InferenceRules.controlFrames(plain)
        && current != null
        && current.answered()
        && (current.streamEnds > 0 || !current.streamed());
  }

  private void open(Rec record, int plain) {
    small = null;
    if (current != null) {
      busy.requestFollows(current, record);
    }
    requests++;
    current = new InferredExchange(record, plain);
    current.complete = !lossy;
    lossy = false;
    busy.opened();
  }

  // What the server sends.

  private void fromServer(Rec record, int plain) {
    if (lead == null) {
      boolean tickets =
          session.handshakeSeen && session.tls13 != null && session.tls13 && session.ticketsOffered;
      lead = new LeadFilter(
          tickets, session.earlyTicket, session.resumed, session.finishedTime, session.roundTrip());
      leadOver = !session.handshakeSeen; // in the middle of a connection there is no lead
    }
    if (current == null) {
      if (!leadOver) {
        lead.beforeRequest(record, plain, session.mayBeH2());
      }
      return;
    }
    boolean upload = session.mayBeH2() && current.requestBytes >= InferenceRules.UPLOAD;
    if (!current.answered() && upload && InferenceRules.windowUpdates(plain)) {
      return;
    }
    if (leadOver) {
      answer(record, plain);
    } else {
      answer(lead.offer(record, plain, session.slack(Side.SERVER), session.http));
    }
  }

  private void answer(List<Rec> records) {
    leadOver |= !records.isEmpty();
    for (Rec record : records) {
      if (current == null) {
        return; // the first told that there was no request
      }
      answer(record, session.plain(Side.SERVER, record.length()));
    }
  }

  private void answer(Rec record, int plain) {
    boolean control = plain < InferenceRules.SERVER_CONTROL + session.slack(Side.SERVER);
    if (!current.answered()) {
      if (control && !shortHeaders(plain)) {
        return; // 100 Continue, acknowledgements
      }
      begin(record, plain);
      return;
    }
    if (session.mayBeH2() && control) {
      trailing(record, plain);
      return;
    }
    if (session.http == Http.TWO && busy.anotherStream(current, record)) {
      if (small != null && small.start() >= current.responseEnd) {
        // It was no control frame that followed the end of the stream, but a request as short as
        // one.
        open(small, session.plain(Side.CLIENT, small.length()));
        begin(record, plain);
        return;
      }
      busy.overlap(true);
    }
    current.answer(record, plain);
    busy.continued(record);
  }

  private boolean shortHeaders(int plain) {
    return session.http == Http.TWO
        && requests > 1
        && session.slack(Side.SERVER) == 0
        && plain > InferenceRules.EMPTY_FRAME
        && !InferenceRules.controlFrames(plain);
  }

  private void begin(Rec record, int plain) {
    if (!believed()) {
      current = null;
      requests--;
      return;
    }
    if (session.http == Http.TWO && busy.anotherStream(current, record)) {
      busy.overlap(true);
    }
    current.tentative = false;
    current.answer(record, plain);
    busy.began(current, record);
  }

  /** Too small for a request on a cold HTTP/2 connection: the preface. */
  private boolean believed() {
    boolean cold = session.http == Http.TWO && requests <= 1 && !prefaceSeen;
    return !cold || current.requestPlain >= InferenceRules.SHORTEST_REQUEST;
  }

  /** A control frame, or the empty frame that ends a stream: that one belongs to the answer. */
  private void trailing(Rec record, int plain) {
    boolean late = record.start() - current.responseEnd > InferenceRules.TRAILING_CONTROL;
    boolean steers = session.holds(Side.SERVER, plain, InferenceRules.UPDATE_FRAME)
        || session.holds(Side.SERVER, plain, InferenceRules.PING_FRAME);
    if (late || steers) {
      return;
    }
    boolean empty = session.holds(Side.SERVER, plain, InferenceRules.EMPTY_FRAME);
    if (!empty || current.streamEnds == 0) {
      current.extend(record);
    }
    if (empty) {
      current.streamEnds++;
      busy.streamEnded(record);
    }
  }

  // Time and ends.

  @Override
  public void onTime(long now) {
    if (current == null) {
      return;
    }
    if (!current.answered()) {
      boolean quiet = now - lastClient >= InferenceRules.REQUEST_QUIET;
      if (quiet && !current.tentative && !current.maybePreface && believed()) {
        reports.request(current);
      }
      return;
    }
    if (now - current.responseEnd >= InferenceRules.ANSWER_QUIET) {
      busy.quiet(current, now);
    }
  }

  @Override
  public void onEnd(Side side) {
    clientEndedFirst |= side == Side.CLIENT && !ended;
    ended = true;
  }

  @Override
  public void onFlowEnd(long time) {
    tail.onFlowEnd();
    if (current == null) {
      return;
    }
    if (!current.answered()
        && lead != null
        && lead.holds()
        && !lead.heldIsTicket(clientEndedFirst)) {
      answer(lead.began());
    }
    if (current == null) {
      return;
    }
    if (!current.answered() && (current.tentative || current.maybePreface || !believed())) {
      current = null;
    }
    busy.finish(current, time, ended ? Outcome.RESET : Outcome.CAPTURE_ENDED);
    current = null;
  }

  /** Keys may come later, and then {@link #withdraw} will be called; or from now on no more. */
  void withdrawable(boolean may) {
    reports.withdrawable(may);
  }

  /** The connection is read with its keys from its beginning: what was inferred of it does not count. */
  void withdraw(long time) {
    current = null;
    reports.withdraw(time);
  }
}
