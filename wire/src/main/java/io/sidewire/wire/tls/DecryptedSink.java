package io.sidewire.wire.tls;

import io.sidewire.wire.Observation;
import io.sidewire.wire.Observation.Content;
import io.sidewire.wire.Observation.Evidence;
import io.sidewire.wire.Observation.Request;
import io.sidewire.wire.Observation.ResponseEnd;
import io.sidewire.wire.Observation.ResponseStart;
import io.sidewire.wire.ObservationSink;
import java.util.Set;

/**
 * Marks as decrypted what is read inside TLS. The flow stays one of TLS: that there is HTTP inside is no news of its kind.
 * Positions in the plaintext are no TCP sequence numbers, and leave as none.
 */
final class DecryptedSink implements ObservationSink {
  private static final long NO_SEQUENCE = -1;
  private static final Set<String> CARRIERS = Set.of("http", "http2");

  private final ObservationSink sink;
  private boolean told;
  private boolean http2;

  DecryptedSink(ObservationSink sink) {
    this.sink = sink;
  }

  /** An exchange was read. */
  boolean told() {
    return told;
  }

  /** HTTP/2 is inside, read or not. */
  boolean http2() {
    return http2;
  }

  @Override
  public void observe(Observation seen) {
    if (seen instanceof Request request) {
      told = true;
      sink.observe(request(request));
    } else if (seen instanceof ResponseStart start) {
      told = true;
      sink.observe(start(start));
    } else if (seen instanceof ResponseEnd end) {
      sink.observe(end(end));
    } else if (seen instanceof Content content && CARRIERS.contains(content.kind())) {
      http2 |= content.kind().equals("http2");
    } else {
      sink.observe(seen);
    }
  }

  private static Evidence evidence(Evidence said) {
    return said == Evidence.DECODED ? Evidence.DECRYPTED : said;
  }

  private static Request request(Request r) {
    return new Request(
        r.exchange(),
        r.protocol(),
        evidence(r.evidence()),
        r.confidence(),
        r.ambiguous(),
        r.complete(),
        r.start(),
        r.end(),
        NO_SEQUENCE,
        r.bytes(),
        r.bodyBytes(),
        r.method(),
        r.target(),
        r.authority(),
        r.contentType(),
        r.session(),
        r.mcpProtocolVersion(),
        r.mcpMethod(),
        r.mcpName(),
        r.retryCount(),
        r.rpcRequests(),
        r.rpcNotifications(),
        r.rpcResponses());
  }

  private static ResponseStart start(ResponseStart r) {
    return new ResponseStart(
        r.exchange(),
        r.time(),
        NO_SEQUENCE,
        evidence(r.evidence()),
        r.status(),
        r.contentType(),
        r.session(),
        r.retryAfterMicros(),
        r.rateLimitRemainingRequests(),
        r.rateLimitRemainingTokens());
  }

  private static ResponseEnd end(ResponseEnd r) {
    return new ResponseEnd(
        r.exchange(),
        r.time(),
        evidence(r.evidence()),
        r.outcome(),
        r.complete(),
        r.ambiguous(),
        r.confidence(),
        r.bytes(),
        r.bodyBytes(),
        r.streamed(),
        r.chunks(),
        r.firstChunk(),
        r.firstToken());
  }
}
