package io.sidewire.wire.http;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.ObservationSink;

/**
 * One exchange of a connection that carries several at once: the reader of the frames says what belongs to it, and the
 * bodies are read as those of HTTP/1.
 */
public final class StreamExchange {
  private final HttpExchange exchange;
  private Message request; // null: not seen
  private Message answer;
  private boolean requestOver;
  private boolean answerOver;

  public StreamExchange(long number, Limits limits, ObservationSink sink, FlowMemory memory) {
    this(new HttpExchange(number, limits, sink, memory));
  }

  private StreamExchange(HttpExchange exchange) {
    this.exchange = exchange;
  }

  /** An exchange whose request was sent, and reported, before the connection changed its protocol. */
  static StreamExchange asked(HttpExchange exchange) {
    StreamExchange stream = new StreamExchange(exchange);
    stream.request = exchange.requestMessage();
    stream.requestOver = exchange.requestOver();
    return stream;
  }

  public void odd(long time, Anomaly kind) {
    exchange.odd(time, kind);
  }

  // ---------------------------------------------------------------- request

  /** The head of the request was seen. */
  public boolean asked() {
    return request != null;
  }

  public boolean requestOver() {
    return requestOver;
  }

  /** @param whole all fields of the head could be read */
  public void requestHead(HttpHead head, long start, long sequence, boolean whole) {
    request = new Message(start, sequence);
    request.complete = whole;
    exchange.requestHead(head, request);
  }

  /** Counts bytes of the request, framing included. */
  public void requestBytes(int bytes, long time) {
    if (request != null && !requestOver) {
      request.bytes += bytes;
      request.end = time;
    }
  }

  /** Takes bytes of the body, which are counted already. */
  public void requestBody(byte[] bytes, int offset, int length, long time) {
    if (request != null && !requestOver) {
      request.bodyBytes += length;
      exchange.requestBody().data(bytes, offset, length, time);
    }
  }

  /** Bytes of the request are missing: {@code body} of them belong to its body, as far as that is known. */
  public void requestGap(long body) {
    if (request != null && !requestOver) {
      request.complete = false;
      request.bytes += body;
      request.bodyBytes += body;
      exchange.requestBody().gap();
    }
  }

  /** The request is over, or nothing more of it will be seen. */
  public void requestEnd(boolean whole) {
    if (request != null && !requestOver) {
      requestOver = true;
      exchange.requestEnd(whole);
    }
  }

  // ---------------------------------------------------------------- answer

  /** The head of the final answer was seen. */
  public boolean answered() {
    return answer != null;
  }

  public boolean answerOver() {
    return answerOver;
  }

  public void answerHead(HttpHead head, long start, long sequence, boolean whole) {
    answer = new Message(start, sequence);
    answer.complete = whole;
    exchange.answerHead(head, answer);
  }

  public void answerBytes(int bytes, long time) {
    if (answer != null && !answerOver) {
      answer.bytes += bytes;
      answer.end = time;
    }
  }

  public void answerBody(byte[] bytes, int offset, int length, long time) {
    if (answer != null && !answerOver) {
      answer.bodyBytes += length;
      exchange.answerBody().data(bytes, offset, length, time);
    }
  }

  public void answerGap(long body) {
    if (answer != null && !answerOver) {
      answer.complete = false;
      answer.bytes += body;
      answer.bodyBytes += body;
      exchange.answerBody().gap();
    }
  }

  /** The exchange is over. A request that was not seen to its end is given up first. */
  public void end(Outcome outcome, long time) {
    if (answerOver) {
      return;
    }
    requestEnd(false);
    answerOver = true;
    if (answer == null) {
      exchange.unanswered(outcome, time);
      return;
    }
    exchange.answerEnd(answer, outcome);
  }
}
