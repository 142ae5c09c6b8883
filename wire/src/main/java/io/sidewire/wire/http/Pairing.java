package io.sidewire.wire.http;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.Outcome;
import java.util.ArrayDeque;

/**
 * Says which request an answer belongs to, and never shifts a pair because another was lost.
 *
 * <p>Without loss the oldest request that waits is the one. After a loss it may not be, and then:
 *
 * <ul>
 *   <li>an answer belongs to no request that the server had not received when it sent it (acknowledgment numbers, else
 *       times);
 *   <li>a client that had received server bytes since its last request had received that one's answer, so where answers
 *       were lost the older requests are given up;
 *   <li>where requests were pipelined this is not known: answers go to nobody until the connection was quiet.
 * </ul>
 *
 * <p>An answer that nobody waits for may have overtaken its request on the way to the capture: it waits for the next one.
 */
final class Pairing {

  /** How much earlier than its request an answer may be captured, where acknowledgment numbers do not tell. */
  private static final long REORDER_MICROS = 1_000;

  /** After so long without an answer, the requests before are answered or never will be. */
  private static final long QUIET_MICROS = 100_000;

  private final Limits limits;
  private final ArrayDeque<HttpExchange> waiting = new ArrayDeque<>(2);
  private HttpExchange early; // an answer that nobody asked for yet
  private Message earlyAnswer;
  private long earlyReceived;
  private boolean requestsLost;
  private boolean answersLost;
  private boolean pipelined;
  private long lastAnswer = Long.MIN_VALUE; // time of its last byte
  private HttpExchange lastRequest;

  Pairing(Limits limits) {
    this.limits = limits;
  }

  /** The answer that was captured before this request; null: there is none. */
  HttpExchange overtaken(Message request) {
    HttpExchange answered = early;
    if (answered == null) {
      return null;
    }
    boolean received = earlyReceived >= 0 && request.sequence >= 0
        ? after(earlyReceived, request.sequence)
        : request.start <= earlyAnswer.start + REORDER_MICROS;
    if (!received || requestsLost) {
      disownEarly();
      return null;
    }
    early = null;
    return answered;
  }

  /** A request waits for its answer. {@code answering}: an answer is on its way now. */
  void requested(HttpExchange request, boolean answering) {
    HttpExchange before = waiting.peekLast();
    boolean acknowledged = lastRequest != null && lastRequest.acknowledged >= 0;
    request.followsAnswer =
        acknowledged && !answering && after(request.acknowledged, lastRequest.acknowledged);
    lastRequest = request;
    long start = request.requestMessage().start;
    if (before != null && before.uncertain) {
      boolean quiet = !answering && start - lastAnswer >= QUIET_MICROS;
      request.uncertain = !quiet;
      if (quiet) {
        giveUpAll(start);
      }
    } else if (before != null && answersLost) {
      boolean serial = acknowledged ? request.followsAnswer : !pipelined;
      request.uncertain = !serial;
      if (serial) {
        giveUpAll(start);
      } else {
        waiting.forEach(each -> each.uncertain = true);
      }
    } else if (requestsLost && (before != null || answering || pipelined)) {
      request.uncertain = true;
    } else if (before != null && !request.followsAnswer) {
      pipelined = true;
    }
    if (before == null) {
      answersLost = false;
    }
    requestsLost = false;
    waiting.add(request);
    if (waiting.size() > limits.pipelined()) {
      request.odd(start, Anomaly.HTTP_PIPELINE_LIMIT);
      waiting.poll().unanswered(Outcome.GAP, start);
    }
  }

  /**
   * The request that an answer belongs to; null where it is not known or was not seen.
   *
   * @param received client bytes that the server had acknowledged; -1 where it is not known
   */
  HttpExchange answered(Message answer, long received) {
    HttpExchange first = waiting.peek();
    if (first == null || first.uncertain) {
      return null;
    }
    Message request = first.requestMessage();
    boolean had = received >= 0 && request.sequence >= 0
        ? after(received, request.sequence)
        : request.start <= answer.start + REORDER_MICROS;
    if (!had) {
      return null;
    }
    answersLost = false;
    return waiting.poll();
  }

  /** An answer was given to nobody. {@code unseen}: the server had received client bytes that were not captured yet. */
  void unasked(HttpExchange exchange, Message answer, long received, boolean unseen) {
    disownEarly();
    if (waiting.isEmpty() && unseen && !requestsLost) {
      early = exchange;
      earlyAnswer = answer;
      earlyReceived = received;
    } else {
      exchange.odd(answer.start, Anomaly.HTTP_UNASKED_RESPONSE);
    }
  }

  /** The request whose answer comes next, if nothing is lost; null: none. */
  HttpExchange next() {
    return waiting.peek();
  }

  void answerEnded(long time) {
    lastAnswer = Math.max(lastAnswer, time);
  }

  /** Client bytes are missing in which requests may have been. */
  void requestsLost() {
    requestsLost = true;
    disownEarly();
  }

  /** Server bytes are missing in which answers may have been. */
  void answersLost(long time) {
    if (waiting.isEmpty()) {
      return; // a request that comes later is answered later
    }
    answersLost = true;
    while (waiting.size() > 1 && secondFollowsAnswer()) {
      waiting.poll().unanswered(Outcome.GAP, time);
    }
    if (waiting.size() > 1) {
      waiting.forEach(each -> each.uncertain = true);
    }
  }

  /** No answer will come any more. */
  void end(Outcome outcome, long time) {
    disownEarly();
    for (HttpExchange each : waiting) {
      each.unanswered(each.uncertain || answersLost ? Outcome.GAP : outcome, time);
    }
    waiting.clear();
  }

  private boolean secondFollowsAnswer() {
    var each = waiting.iterator();
    each.next();
    return each.next().followsAnswer;
  }

  private void giveUpAll(long time) {
    for (HttpExchange each : waiting) {
      each.unanswered(Outcome.GAP, time);
    }
    waiting.clear();
    answersLost = false;
  }

  private void disownEarly() {
    if (early != null) {
      early.odd(earlyAnswer.start, Anomaly.HTTP_UNASKED_RESPONSE);
      early = null;
    }
  }

  /** {@code a} lies behind {@code b} in the sequence space. */
  private static boolean after(long a, long b) {
    return a >= 0 && b >= 0 && (int) (a - b) > 0;
  }
}
