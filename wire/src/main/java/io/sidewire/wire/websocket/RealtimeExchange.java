package io.sidewire.wire.websocket;

import io.sidewire.wire.Observation.Evidence;
import io.sidewire.wire.Observation.LlmRequest;
import io.sidewire.wire.Observation.LlmUsage;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.Observation.Request;
import io.sidewire.wire.Observation.ResponseEnd;
import io.sidewire.wire.Observation.ResponseStart;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.llm.LlmAnswerReader;
import io.sidewire.wire.llm.LlmApi;

/** One response of a model over a WebSocket: what asked for it, and the events that belong to it. */
final class RealtimeExchange {
  private static final long NO_SEQUENCE = -1;

  private final long number;
  private final ObservationSink sink;
  final LlmAnswerReader reader = new LlmAnswerReader(LlmApi.REALTIME);
  /** The event that is read ends it. */
  boolean over;

  /** The event that is read carries something that the model generated. */
  boolean generated;

  private boolean answered;
  private boolean complete = true;
  private long bytes;
  private int chunks;
  private Long firstChunk;
  private Long firstToken;
  private long end;

  RealtimeExchange(long number, ObservationSink sink) {
    this.number = number;
    this.sink = sink;
  }

  void asked(
      long start, long end, long bytes, boolean whole, String target, String host, String model) {
    sink.observe(new Request(
        number,
        "websocket",
        Evidence.DECODED,
        null,
        false,
        whole,
        start,
        end,
        NO_SEQUENCE,
        bytes,
        null,
        null,
        target,
        host,
        null,
        null,
        null,
        null,
        null,
        null,
        -1,
        0,
        0));
    sink.observe(new LlmRequest(number, LlmApi.REALTIME.id(), model, true));
  }

  /** An event of the answer is over. */
  void event(long start, long end, long bytes, boolean whole) {
    if (!answered) {
      answered = true;
      firstChunk = start;
      sink.observe(new ResponseStart(
          number, start, NO_SEQUENCE, Evidence.DECODED, null, null, null, null, null, null));
    }
    this.bytes += bytes;
    this.end = end;
    chunks++;
    complete &= whole;
    if (generated && firstToken == null) {
      firstToken = end;
    }
    generated = false;
    if (over) {
      ended(Outcome.ANSWERED, end);
    }
  }

  /** Nothing more will be seen of it. */
  void ended(Outcome outcome, long time) {
    LlmUsage usage = reader.usage(number);
    if (usage != null) {
      sink.observe(usage);
    }
    boolean whole = complete && outcome != Outcome.GAP && outcome != Outcome.CAPTURE_ENDED;
    sink.observe(new ResponseEnd(
        number,
        outcome == Outcome.ANSWERED || !answered ? time : end,
        Evidence.DECODED,
        outcome,
        whole,
        false,
        null,
        bytes,
        null,
        answered,
        answered ? chunks : null,
        firstChunk,
        firstToken));
  }
}
