package io.sidewire.wire.tls;

import io.sidewire.wire.Observation.Evidence;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.Observation.ResponseEnd;
import io.sidewire.wire.ObservationSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Reports inferred exchanges, and revises what was reported: a later report of the same exchange counts.
 *
 * <p>A connection that shows several streams at once has no certain exchanges, also before that was seen: the last {@value
 * #REVISABLE} are then reported again as ambiguous.
 */
final class ExchangeReports {
  private static final int REVISABLE = 64;
  private static final float AMBIGUOUS = 0.4f;

  private final ObservationSink sink;
  private final LongSupplier nextExchange;
  private final Session session;
  private final Deque<ResponseEnd> ended = new ArrayDeque<>();
  private List<Long>
      withdrawable; // numbers of the reported exchanges; null: nothing will be withdrawn
  private boolean ambiguous;

  ExchangeReports(ObservationSink sink, LongSupplier nextExchange, Session session) {
    this.sink = sink;
    this.nextExchange = nextExchange;
    this.session = session;
  }

  /** The request, once, and again where it has grown; it takes its number here. */
  void request(InferredExchange exchange) {
    if (!exchange.requestDue()) {
      return;
    }
    if (exchange.number < 0) {
      exchange.number = nextExchange.getAsLong();
      if (withdrawable != null) {
        withdrawable.add(exchange.number);
      }
    }
    exchange.ambiguous |= ambiguous;
    sink.observe(exchange.request(confidence(exchange)));
  }

  void start(InferredExchange exchange) {
    request(exchange);
    if (!exchange.startReported) {
      sink.observe(exchange.answerStart());
    }
  }

  void end(InferredExchange exchange, Outcome outcome, long time) {
    request(exchange);
    exchange.ambiguous |= ambiguous;
    if (!exchange.endDue(time)) {
      return;
    }
    ResponseEnd end = exchange.answerEnd(outcome, time, confidence(exchange));
    sink.observe(end);
    if (!ambiguous && session.mayBeH2()) {
      ended.removeIf(earlier -> earlier.exchange() == end.exchange());
      ended.add(end);
      if (ended.size() > REVISABLE) {
        ended.remove();
      }
    }
  }

  /** What is reported may be withdrawn, or from now on no more. */
  void withdrawable(boolean may) {
    withdrawable = may ? new ArrayList<>() : null;
  }

  /** Withdraws what was reported. */
  void withdraw(long time) {
    for (long number : withdrawable) {
      sink.observe(new ResponseEnd(
          number,
          time,
          Evidence.INFERRED,
          Outcome.SUPERSEDED,
          false,
          false,
          null,
          0,
          null,
          false,
          null,
          null,
          null));
    }
    withdrawable(false);
  }

  /** Several streams at once were seen. */
  void nowAmbiguous() {
    if (ambiguous) {
      return;
    }
    ambiguous = true;
    for (ResponseEnd end : ended) {
      sink.observe(new ResponseEnd(
          end.exchange(),
          end.time(),
          end.evidence(),
          end.outcome(),
          end.complete(),
          true,
          AMBIGUOUS,
          end.bytes(),
          end.bodyBytes(),
          end.streamed(),
          end.chunks(),
          end.firstChunk(),
          end.firstToken()));
    }
    ended.clear();
  }

  /** Shares of right first bytes over the captures of {@link InferenceRules}, rounded down. */
  private float confidence(InferredExchange exchange) {
    if (exchange.ambiguous) {
      return AMBIGUOUS;
    }
    if (!exchange.complete) {
      return 0.6f;
    }
    if (!session.handshakeSeen) {
      return 0.85f;
    }
    boolean tls13 = session.tls13 == null || session.tls13;
    return switch (session.http) {
      case ONE -> tls13 ? 0.98f : 0.99f;
      case TWO -> 0.95f;
      case UNKNOWN -> 0.9f;
    };
  }
}
