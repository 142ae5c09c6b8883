package io.sidewire.wire.http;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.Outcome;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Says which request an answer belongs to, and never shifts a pair because another was lost.
 *
 * <p>Without loss the oldest request that waits is the one. After a loss it may not be. What helps then is what each side
 * had acknowledged when it spoke:
 *
 * <ul>
 *   <li>an answer belongs to no request that the server had not received, and to none whose client already had the
 *       answer's first byte;
 *   <li>a client that does not pipeline and had received lost bytes since its last request had received that one's answer
 *       in them;
 *   <li>where requests are pipelined it is not known what the lost bytes were: answers go to nobody until the connection
 *       was quiet.
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
  private final LostRegions lostAnswers = new LostRegions();
  private HttpExchange early; // an answer that nobody asked for yet
  private Message earlyAnswer;
  private long earlyReceived;
  private boolean requestsLost;
  private boolean answersLost; // while somebody waited
  private boolean pipelined;
  private long lastAnswer = Long.MIN_VALUE; // time of its last byte

  Pairing(Limits limits) {
    this.limits = limits;
  }

  // ---------------------------------------------------------------- requests

  /** The answer that was captured before this request; null: there is none. */
  HttpExchange overtaken(Message request) {
    HttpExchange answered = early;
    if (answered == null) {
      return null;
    }
    if (requestsLost || !received(request, earlyAnswer, earlyReceived)) {
      disownEarly();
      return null;
    }
    early = null;
    return answered;
  }

  /**
   * A request waits for its answer.
   *
   * @param answering an answer is on its way now
   * @param serverEnd behind the last server byte that was seen or is known to be lost
   */
  void requested(HttpExchange request, boolean answering, long serverEnd) {
    long start = request.requestMessage().start;
    HttpExchange before = waiting.peekLast();
    if (before != null && before.uncertain) {
      request.uncertain = answering || start - lastAnswer < QUIET_MICROS;
      if (!request.uncertain) {
        giveUpAll(start);
      }
    } else if (before != null) {
      behind(before, request, serverEnd);
    } else if (requestsLost) {
      boolean during = answering && !Sequence.after(request.acknowledged, serverEnd);
      request.uncertain = pipelined || during && request.acknowledged != serverEnd;
    }
    if (waiting.isEmpty()) {
      answersLost = false;
    }
    requestsLost = false;
    waiting.add(request);
    if (waiting.size() > limits.pipelined()) {
      request.odd(start, Anomaly.HTTP_PIPELINE_LIMIT);
      waiting.poll().unanswered(Outcome.GAP, start);
    }
  }

  /** A request behind one that still waits: pipelined, or the answer between them was lost. */
  private void behind(HttpExchange before, HttpExchange request, long serverEnd) {
    long had = before.acknowledged;
    long has = request.acknowledged;
    boolean known = had >= 0 && has >= 0;
    boolean lost = known ? lostAnswers.between(had, has) : answersLost;
    if (lost && !pipelined) {
      giveUpAll(request.requestMessage().start);
    } else if (lost) {
      waiting.forEach(each -> each.uncertain = true);
      request.uncertain = true;
    } else {
      // Nothing is lost, and all that the client had was seen: it did not wait for the answer.
      pipelined |= !known || has == had || serverEnd >= 0 && !Sequence.after(has, serverEnd);
      request.uncertain = requestsLost && pipelined;
    }
  }

  // ---------------------------------------------------------------- answers

  /**
   * The request that an answer belongs to; null where it is not known or was not seen.
   *
   * @param received client bytes that the server had acknowledged; -1 where it is not known
   */
  HttpExchange answered(Message answer, long received) {
    HttpExchange first = waiting.peek();
    if (first == null || first.uncertain || !mayAnswer(answer, first, received)) {
      return null;
    }
    boolean lost = first.acknowledged >= 0
        ? lostAnswers.between(first.acknowledged, answer.sequence)
        : answersLost;
    if (lost && !onlyOneMay(answer, received)) {
      return null;
    }
    answersLost = false;
    return waiting.poll();
  }

  private static boolean mayAnswer(Message answer, HttpExchange asked, long received) {
    return received(asked.requestMessage(), answer, received)
        && !Sequence.after(asked.acknowledged, answer.sequence);
  }

  /** The server had received the request when it sent the answer. */
  private static boolean received(Message request, Message answer, long received) {
    return received >= 0 && request.sequence >= 0
        ? Sequence.after(received, request.sequence)
        : request.start <= answer.start + REORDER_MICROS;
  }

  /** After a loss: leaves the one request first that the answer can belong to; false where it may be any of several. */
  private boolean onlyOneMay(Message answer, long received) {
    int may = 0;
    boolean serial = !pipelined;
    HttpExchange last = null;
    for (HttpExchange each : waiting) {
      if (!mayAnswer(answer, each, received)) {
        break;
      }
      serial &= last == null || lostAnswers.between(last.acknowledged, each.acknowledged);
      last = each;
      may++;
    }
    // The server had a later request, which was not captured: a client that does not pipeline sent
    // it
    // with the answer to this one in hand.
    boolean another = last.requestOver() && Sequence.after(received, last.requestEndSequence());
    if (another && !last.requestWhole() || !serial && (may > 1 || another)) {
      waiting.forEach(each -> each.uncertain = true);
      return false;
    }
    for (int lost = another ? may : may - 1; lost > 0; lost--) {
      waiting.poll().unanswered(Outcome.GAP, answer.start);
    }
    return !another;
  }

  /** An answer was given to nobody. {@code unseen}: the server had received client bytes that were not captured yet. */
  void unasked(HttpExchange exchange, Message answer, long received, boolean unseen) {
    disownEarly();
    if (waiting.isEmpty() && unseen && !requestsLost) {
      early = exchange;
      earlyAnswer = answer;
      earlyReceived = received;
    } else {
      disown(exchange, answer);
    }
  }

  /** The request whose answer comes next, if nothing is lost; null: none. */
  HttpExchange next() {
    return waiting.peek();
  }

  void answerEnded(long time) {
    lastAnswer = Math.max(lastAnswer, time);
  }

  // ---------------------------------------------------------------- loss

  /** Client bytes are missing in which requests may have been. */
  void requestsLost() {
    requestsLost = true;
    disownEarly();
  }

  /** Server bytes are missing in which answers may have been; their sequence numbers are -1 where they are not known. */
  void answersLost(long from, long to) {
    answersLost |= !waiting.isEmpty();
    if (from >= 0) {
      lostAnswers.add(from, to);
    }
  }

  /** The first server bytes that were seen: what the client lacked of them when it asked is lost. */
  void firstServerByte(long sequence) {
    HttpExchange first = waiting.peek();
    if (first != null && Sequence.after(sequence, first.acknowledged)) {
      answersLost(first.acknowledged, sequence);
    }
  }

  /** No answer will come any more. */
  void end(Outcome outcome, long time) {
    disownEarly();
    for (HttpExchange each : waiting) {
      boolean lost = each.uncertain
          || (each.acknowledged >= 0 ? lostAnswers.since(each.acknowledged) : answersLost);
      each.unanswered(lost ? Outcome.GAP : outcome, time);
    }
    waiting.clear();
  }

  private void giveUpAll(long time) {
    for (Iterator<HttpExchange> each = waiting.iterator(); each.hasNext(); each.remove()) {
      each.next().unanswered(Outcome.GAP, time);
    }
    answersLost = false;
  }

  private void disownEarly() {
    if (early != null) {
      disown(early, earlyAnswer);
      early = null;
    }
  }

  /** The answer stays without a request; the one that it belongs to, if it is seen yet, has had its answer. */
  private void disown(HttpExchange exchange, Message answer) {
    exchange.odd(answer.start, Anomaly.HTTP_UNASKED_RESPONSE);
    if (answer.sequence >= 0) {
      lostAnswers.add(answer.sequence, Sequence.plus(answer.sequence, 1));
    }
  }
}
