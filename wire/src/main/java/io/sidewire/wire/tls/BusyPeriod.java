package io.sidewire.wire.tls;

import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.Side;
import io.sidewire.wire.tls.InferredExchange.Rec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Level L4 of the inference: several streams at once on one HTTP/2 connection.
 *
 * <p>Requests can be counted, but which part of what follows answers which cannot be told. Exchanges that overlap form a
 * busy period: all of them end with it, and only its first has the time of a first byte.
 *
 * <p>Overlap shows in one of three ways: a request while another waits; answer data after the empty frame that ended a
 * stream; a stream that goes on in its rhythm after the next request.
 */
final class BusyPeriod {
  private static final int MOST_ABSORBED = 64;

  private final ExchangeReports reports;
  private final Session session;
  private final int most;

  /** Exchanges of the period before the current one; empty unless streams overlap. */
  private final List<InferredExchange> open = new ArrayList<>();

  /** Records taken for more of the request in hand, any of which may be a request of its own. */
  private final Deque<Rec> absorbed = new ArrayDeque<>();

  /** The same, of this request and earlier ones, where the record came late: likelier, but it takes a proof. */
  private final Deque<Rec> late = new ArrayDeque<>();

  /** The exchange before the current one: its end may have been seen too early. */
  private InferredExchange previous;

  private boolean multiplexed;
  private int requests; // of the period
  private int streamEnds; // of the period
  private boolean lastWasEnd;
  private int style; // records of one request of this client, 0 while unknown
  private int stylePlain; // and its bytes
  private int allRequests; // since the connection was last silent
  private int allEnds;
  private long lastAnswer = -1;

  BusyPeriod(ExchangeReports reports, Session session, int most) {
    this.reports = reports;
    this.session = session;
    this.most = most;
  }

  // Evidence.

  /** A client record while {@code waiting} has no answer: is it another request, rather than more of that one? */
  boolean anotherRequest(InferredExchange waiting, Rec record, int plain) {
    if (waiting.lastRequestRecord >= InferenceRules.BULK_RECORD || waiting.requestRecords < style) {
      return false;
    }
    if (record.length() >= InferenceRules.BULK_RECORD
        && waiting.requestPlain < InferenceRules.HEADERS) {
      return false; // the body that those headers announced
    }
    long gap = record.start() - waiting.requestEnd;
    if (multiplexed) {
      return gap > InferenceRules.BURST || style > 0;
    }
    return gap > InferenceRules.REQUEST_QUIET
        || gap > InferenceRules.BURST && alike(waiting, plain);
  }

  /** This client sends a request in one record, and both are as long as such a request. */
  private boolean alike(InferredExchange waiting, int plain) {
    return style == 1
        && waiting.requestRecords == 1
        && waiting.requestPlain * InferenceRules.INDEXED >= stylePlain
        && plain * InferenceRules.INDEXED >= stylePlain;
  }

  /** Answer data of {@code current}: does it show that another stream is alive? */
  boolean anotherStream(InferredExchange current, Rec record) {
    if (current.answered() && current.streamEnds > 0 && noEnd(record)) {
      current.streamEnds--;
      streamEnds--;
      allEnds--;
    }
    countAnswers();
    if (multiplexed) {
      return false;
    }
    if (current.answered()) {
      return current.streamEnds > 0;
    }
    if (previous == null || !previous.streaming() || previous.streamEnds > 0) {
      return false;
    }
    long since = record.start() - current.requestEnd;
    boolean rhythm = record.start() - previous.responseEnd <= 2 * previous.longestGap
        && since <= InferenceRules.STREAM_RHYTHM
        && since * 2 <= previous.responseStart - previous.requestEnd;
    return rhythm
        && record.length() * 2 > previous.lastRecord
        && record.length() * 2 < previous.lastRecord * 3;
  }

  /** What looked like the end of a stream was the header of this data. */
  private boolean noEnd(Rec record) {
    boolean follows = lastWasEnd && record.start() - lastAnswer <= InferenceRules.FRAME_SPLIT;
    return follows || lastWasEnd && record.length() >= InferenceRules.FULL_RECORD;
  }

  /** From here on the connection is known to carry several streams at once. */
  void overlap(boolean withPrevious) {
    if (multiplexed) {
      return;
    }
    multiplexed = true;
    if (withPrevious && previous != null) {
      open.add(previous);
      requests++;
      streamEnds += previous.streamEnds;
    }
    previous = null;
    reports.nowAmbiguous();
  }

  // The course of events.

  /** {@code current} is followed by another request. */
  void requestFollows(InferredExchange current, Rec next) {
    countAnswers();
    if (current.requestBytes < InferenceRules.BULK_RECORD
        && (style == 0 || current.burstRecords <= style)) {
      style = current.burstRecords;
      stylePlain = current.burstPlain;
    }
    boolean quiet = lastAnswer >= 0 && next.start() - lastAnswer >= InferenceRules.BUSY_QUIET;
    if (!multiplexed) {
      reports.end(current, Outcome.ANSWERED, current.responseEnd);
      previous = current;
      restart(quiet);
      return;
    }
    reports.request(current);
    open.add(current);
    if (streamEnds >= requests || quiet || open.size() >= most) {
      close(Outcome.ANSWERED, lastAnswer, quiet);
    }
  }

  private void restart(boolean silent) {
    requests = 0;
    streamEnds = 0;
    absorbed.clear();
    if (silent) {
      late.clear();
      allRequests = 0;
      allEnds = 0;
    }
  }

  void opened() {
    requests++;
    allRequests++;
  }

  /** A record was taken for more of {@code waiting}, which it came after. */
  void absorbed(InferredExchange waiting, Rec record) {
    boolean apart = record.start() - waiting.requestEnd > InferenceRules.BURST;
    Deque<Rec> taken = apart ? late : absorbed;
    if (taken.size() < MOST_ABSORBED && record.length() < InferenceRules.BULK_RECORD) {
      taken.add(record);
    }
  }

  /** More answers ended than requests were counted: some of these were taken for more of others. */
  private void countAnswers() {
    while (allEnds > allRequests && promote()) {
      overlap(true);
    }
  }

  /** Makes a request of its own of a record that was taken for more of another. */
  private boolean promote() {
    Rec hidden = late.isEmpty() ? absorbed.poll() : late.poll();
    if (hidden == null) {
      return false;
    }
    InferredExchange exchange =
        new InferredExchange(hidden, session.plain(Side.CLIENT, hidden.length()));
    reports.request(exchange);
    open.add(exchange);
    opened();
    return true;
  }

  /** The first record after the request of {@code current}. */
  void began(InferredExchange current, Rec record) {
    lastWasEnd = false;
    lastAnswer = Math.max(lastAnswer, record.end());
    if (open.isEmpty()) {
      reports.start(current);
      return;
    }
    InferredExchange first = open.get(0);
    reports.request(current);
    if (!first.answered()) {
      first.answer(record, session.plain(Side.SERVER, record.length()));
      reports.start(first);
    }
  }

  void continued(Rec record) {
    lastWasEnd = false;
    lastAnswer = Math.max(lastAnswer, record.end());
    if (multiplexed && streamEnds >= requests) {
      promote(); // a stream of which no request was counted
    }
  }

  void streamEnded(Rec record) {
    lastAnswer = Math.max(lastAnswer, record.end());
    if (lastWasEnd && !multiplexed) {
      return; // nothing came that it could end
    }
    streamEnds++;
    allEnds++;
    lastWasEnd = true;
  }

  /** Silence after an answer: report its end so far. */
  void quiet(InferredExchange current, long now) {
    if (!multiplexed || open.isEmpty()) {
      reports.end(current, Outcome.ANSWERED, current.responseEnd);
      return;
    }
    for (InferredExchange exchange : open) {
      reports.end(exchange, Outcome.ANSWERED, lastAnswer);
    }
    reports.end(current, Outcome.ANSWERED, lastAnswer);
  }

  /**
   * The flow is over.
   *
   * @param current null where what was open was no request after all
   * @param unanswered how an exchange ended to which no answer came
   */
  void finish(InferredExchange current, long time, Outcome unanswered) {
    countAnswers();
    if (current != null) {
      boolean answered = current.answered() || !open.isEmpty() && lastAnswer > current.requestEnd;
      long end = open.isEmpty() ? current.responseEnd : lastAnswer;
      reports.end(current, answered ? Outcome.ANSWERED : unanswered, answered ? end : time);
    }
    close(
        lastAnswer >= 0 ? Outcome.ANSWERED : unanswered, lastAnswer >= 0 ? lastAnswer : time, true);
  }

  private void close(Outcome outcome, long time, boolean silent) {
    for (InferredExchange exchange : open) {
      reports.end(exchange, outcome, time);
    }
    open.clear();
    restart(silent);
  }
}
