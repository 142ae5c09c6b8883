package io.sidewire.wire.tls;

import static io.sidewire.wire.tls.InferenceRules.BULK_ANSWER;
import static io.sidewire.wire.tls.InferenceRules.STREAM_GAP;
import static io.sidewire.wire.tls.InferenceRules.STREAM_GAPS;
import static io.sidewire.wire.tls.InferenceRules.STREAM_RECORDS;
import static io.sidewire.wire.tls.InferenceRules.STREAM_SMALL;
import static io.sidewire.wire.tls.InferenceRules.STREAM_SMALL_RECORDS;

import io.sidewire.wire.Observation.Evidence;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.Observation.Request;
import io.sidewire.wire.Observation.ResponseEnd;
import io.sidewire.wire.Observation.ResponseStart;

/** An exchange under inference: the records taken for its request and its answer, as sums and times. */
final class InferredExchange {

  /** An application-data record; {@code length} without its header. */
  record Rec(int length, long start, long end) {}

  private static final String PROTOCOL = "tls";

  /** -1 until the request is reported. */
  long number = -1;

  final long start;
  long requestEnd;
  long requestBytes;
  int requestPlain;
  int requestRecords;

  /** Of these, the ones that followed each other at once. */
  int burstRecords;

  int burstPlain;

  int lastRequestRecord;

  /** The first record may be the preface of HTTP/2 rather than a request of HTTP/1.1. */
  boolean maybePreface;

  /** Small enough to be a control frame: believed only once the server answers. */
  boolean tentative;

  /** Nothing of it was lost. */
  boolean complete = true;

  boolean ambiguous;
  boolean startReported;

  long responseStart = -1;
  long responseEnd = -1;
  long responseBytes;
  int responseRecords;

  /** Empty frames behind answer data: ends of streams, on servers that send them apart. */
  int streamEnds;

  long longestGap;
  int lastRecord;
  private int gaps;
  private int smallRecords;
  private int firstRecord;
  private long secondStart;

  /** What the last report of the end said; another is due once this grew. */
  private long reportedBytes = -1;

  private long reportedEnd;
  private long reportedRequest = -1;
  private boolean reportedAmbiguous;

  InferredExchange(Rec first, int plain) {
    start = first.start;
    ask(first, plain);
  }

  void ask(Rec record, int plain) {
    if (requestRecords == 0 || record.start - requestEnd <= InferenceRules.BURST) {
      burstRecords++;
      burstPlain += plain;
    }
    requestEnd = Math.max(requestEnd, record.end);
    requestBytes += TlsRecords.HEADER + record.length;
    requestPlain += plain;
    requestRecords++;
    lastRequestRecord = record.length;
  }

  boolean answered() {
    return responseStart >= 0;
  }

  void answer(Rec record, int plain) {
    if (!answered()) {
      responseStart = record.start;
      firstRecord = record.length;
    } else {
      if (responseRecords == 1) {
        secondStart = record.start;
      }
      long gap = record.start - responseEnd;
      longestGap = Math.max(longestGap, gap);
      boolean bulk = Math.max(record.length, lastRecord) >= BULK_ANSWER
          || record.length == lastRecord && record.length >= STREAM_SMALL;
      if (gap > STREAM_GAP && !bulk) {
        gaps++;
      }
    }
    if (plain < STREAM_SMALL) {
      smallRecords++;
    }
    responseRecords++;
    lastRecord = record.length;
    extend(record);
  }

  /** A record that belongs to the answer but carries none of it. */
  void extend(Rec record) {
    responseEnd = Math.max(responseEnd, record.end);
    responseBytes += TlsRecords.HEADER + record.length;
  }

  boolean streamed() {
    boolean paced = responseRecords >= STREAM_RECORDS && gaps >= STREAM_GAPS;
    boolean fine = smallRecords >= STREAM_SMALL_RECORDS && smallRecords * 5 >= responseRecords * 4;
    return paced || fine;
  }

  /** Records come in a rhythm: the answer is a stream that goes on. */
  boolean streaming() {
    return responseRecords >= 3 && gaps >= 2;
  }

  /** The first record holds the head and often the first event too; then it is longer than those behind it. */
  private Long firstChunk() {
    if (!streamed()) {
      return null;
    }
    return firstRecord * 4 > lastRecord * 5 ? responseStart : secondStart;
  }

  boolean requestDue() {
    return reportedRequest != requestBytes;
  }

  Request request(float confidence) {
    reportedRequest = requestBytes;
    return new Request(
        number,
        PROTOCOL,
        Evidence.INFERRED,
        confidence,
        ambiguous,
        complete,
        start,
        requestEnd,
        -1,
        requestBytes,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        -1,
        0,
        0);
  }

  ResponseStart answerStart() {
    startReported = true;
    return new ResponseStart(
        number, responseStart, -1, Evidence.INFERRED, null, null, null, null, null, null);
  }

  /** An end that says more than the last one reported is due. */
  boolean endDue(long time) {
    return (reportedBytes != responseBytes
        || reportedAmbiguous != ambiguous
        || reportedEnd != time);
  }

  /** @param time the last byte of the answer, or of the busy period it lies in */
  ResponseEnd answerEnd(Outcome outcome, long time, float confidence) {
    reportedBytes = responseBytes;
    reportedAmbiguous = ambiguous;
    reportedEnd = time;
    boolean streamed = streamed();
    return new ResponseEnd(
        number,
        time,
        Evidence.INFERRED,
        outcome,
        complete,
        ambiguous,
        confidence,
        responseBytes,
        null,
        streamed,
        streamed ? responseRecords : null,
        firstChunk(),
        null);
  }
}
