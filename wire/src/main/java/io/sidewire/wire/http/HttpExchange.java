package io.sidewire.wire.http;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.Evidence;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.Observation.Request;
import io.sidewire.wire.Observation.ResponseEnd;
import io.sidewire.wire.Observation.ResponseStart;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.jsonrpc.RpcMessage;

/** One request and its answer while they are on the wire; reports both. */
final class HttpExchange {
  private final long number;
  private final Limits limits;
  private final ObservationSink sink;
  private final FlowMemory memory;
  private RequestContent request; // null: not seen
  private Message requestMessage;
  private AnswerContent answer; // null: not seen yet
  private boolean requestOver;
  private boolean requestWhole;
  private boolean ended;

  /** It cannot be told which answer is this request's: see {@link Pairing}. */
  boolean uncertain;

  /** Server bytes that the client had when it sent the request; -1 where it is not known. */
  long acknowledged = Sequence.UNKNOWN;

  HttpExchange(long number, Limits limits, ObservationSink sink, FlowMemory memory) {
    this.number = number;
    this.limits = limits;
    this.sink = sink;
    this.memory = memory;
  }

  void odd(long time, Anomaly kind) {
    sink.observe(new Odd(time, number, kind));
  }

  // ---------------------------------------------------------------- request

  void requestHead(HttpHead head, Message message) {
    requestMessage = message;
    request = new RequestContent(limits, memory, head, kind -> odd(message.end, kind));
    if (answer != null) {
      answer.known(request);
    }
  }

  boolean asked() {
    return request != null;
  }

  /** Method of the request; null where it was not seen. */
  String method() {
    return request == null ? null : request.head().method();
  }

  HttpHead requestHead() {
    return request.head();
  }

  Message requestMessage() {
    return requestMessage;
  }

  /** Nothing more of the request will be seen. */
  boolean requestOver() {
    return requestOver;
  }

  /** The request was seen up to its end. */
  boolean requestWhole() {
    return requestWhole;
  }

  /** Sequence number behind what was seen of the request; -1 where it is not known. */
  long requestEndSequence() {
    return Sequence.plus(requestMessage.sequence, requestMessage.bytes);
  }

  RequestContent requestBody() {
    return request;
  }

  void requestEnd(boolean whole) {
    requestOver = true;
    requestWhole = whole;
    request.end();
    HttpHead head = request.head();
    Message message = requestMessage;
    boolean bodyKnown = !head.cut() && message.complete;
    sink.observe(new Request(
        number,
        head.protocol(),
        Evidence.DECODED,
        null,
        false,
        whole && message.complete,
        message.start,
        message.end,
        message.sequence,
        message.bytes,
        bodyKnown ? message.bodyBytes : null,
        head.method(),
        head.target(),
        head.authority(),
        head.value(FieldName.CONTENT_TYPE),
        request.session(memory.mcp()),
        head.value(FieldName.MCP_PROTOCOL_VERSION),
        head.value(FieldName.MCP_METHOD),
        head.value(FieldName.MCP_NAME),
        RateLimits.retryCount(head),
        request.count(RpcMessage.Kind.REQUEST),
        request.count(RpcMessage.Kind.NOTIFICATION),
        request.count(RpcMessage.Kind.RESULT)));
    request.report(sink, number, message);
  }

  // ---------------------------------------------------------------- answer

  void answerHead(HttpHead head, Message message) {
    answer = new AnswerContent(
        limits, sink, memory, number, head, request, kind -> odd(message.end, kind));
    if (head.has(FieldName.MCP_SESSION_ID)) {
      memory.showsMcp(message.start);
    }
    sink.observe(new ResponseStart(
        number,
        message.start,
        message.sequence,
        Evidence.DECODED,
        head.status() == 0 ? null : head.status(),
        head.value(FieldName.CONTENT_TYPE),
        head.value(FieldName.MCP_SESSION_ID),
        RateLimits.retryAfterMicros(head),
        RateLimits.remainingRequests(head),
        RateLimits.remainingTokens(head)));
  }

  AnswerContent answerBody() {
    return answer;
  }

  void answerEnd(Message message, Outcome outcome) {
    ended = true;
    answer.end();
    answer.reportEnd(message);
    sink.observe(new ResponseEnd(
        number,
        message.end,
        Evidence.DECODED,
        outcome,
        message.complete && outcome != Outcome.GAP && outcome != Outcome.CAPTURE_ENDED,
        false,
        null,
        message.bytes,
        message.complete ? message.bodyBytes : null,
        answer.streamed(),
        answer.chunks(),
        answer.firstChunk(),
        answer.firstToken()));
  }

  /** No answer will be seen. */
  void unanswered(Outcome outcome, long time) {
    if (!ended && answer == null) {
      ended = true;
      sink.observe(new ResponseEnd(
          number,
          time,
          Evidence.DECODED,
          outcome,
          outcome == Outcome.RESET,
          false,
          null,
          0,
          null,
          false,
          null,
          null,
          null));
    }
  }
}
