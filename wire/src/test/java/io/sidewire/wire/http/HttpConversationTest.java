package io.sidewire.wire.http;

import static io.sidewire.wire.http.Talk.talk;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.Observation.Request;
import io.sidewire.wire.Observation.ResponseStart;
import org.junit.jupiter.api.Test;

/** Conversations without loss; {@link Talk} cuts each of them in every place. */
class HttpConversationTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @Test
  void aRequestAndItsAnswer() {
    assertThat(
            talk().client("GET /a?b=c HTTP/1.1\r\nHost: h\r\n\r\n").server(OK).seen())
        .containsExactly(
            "content http",
            "request #0 GET /a?b=c http/1.1 at 0-0 bytes 32 body 0",
            "answer #0 200 at 1",
            "end #0 ANSWERED at 1 bytes 40 body 2");
  }

  @Test
  void timesAreThoseOfTheFirstAndTheLastByte() {
    assertThat(talk()
            .client("POST / HT")
            .client("TP/1.1\r\nContent-Length: 4\r\n\r\n")
            .client("ab")
            .client("cd")
            .server("HTTP/1.1 200 O")
            .server("K\r\nContent-Length: 4\r\n\r\nab")
            .server("cd")
            .seenBut("content"))
        .containsExactly(
            "request #0 POST / http/1.1 at 0-3 bytes 42 body 4",
            "answer #0 200 at 4",
            "end #0 ANSWERED at 6 bytes 42 body 4");
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() {
    assertThat(talk()
            .client("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n")
            .server("HTTP/1.1 201 A\r\nContent-Length: 0\r\n\r\n")
            .server("HTTP/1.1 202 B\r\nContent-Length: 0\r\n\r\nHTTP/1.1 204 C\r\n\r\n")
            .seenOf("answer", "odd"))
        .containsExactly("answer #0 201 at 1", "answer #1 202 at 2", "answer #2 204 at 2");
  }

  @Test
  void anInterimAnswerDoesNotUseUpTheQuestion() {
    assertThat(talk()
            .client("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            .server("HTTP/1.1 100 Continue\r\n\r\n")
            .client("ab")
            .server("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
            .server(OK)
            .seenBut("content"))
        .containsExactly(
            "request #0 POST / http/1.1 at 0-2 bytes 62 body 2",
            "answer #0 200 at 4",
            "end #0 ANSWERED at 4 bytes 40 body 2");
  }

  @Test
  void aFinalAnswerInsteadOf100EndsTheRequest() {
    assertThat(talk()
            .client("PUT /1 HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n")
            .server("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n")
            .client("GET /2 HTTP/1.1\r\n\r\n")
            .server(OK)
            .seenOf("request", "answer", "odd"))
        .containsExactly(
            "answer #0 417 at 1",
            "request #0 PUT /1 http/1.1 at 0-0 bytes 60 body 0",
            "request #1 GET /2 http/1.1 at 2-2 bytes 19 body 0",
            "answer #1 200 at 3");
  }

  @Test
  void answersWithoutBodyWhateverTheirFieldsSay() {
    assertThat(talk()
            .client("HEAD /1 HTTP/1.1\r\n\r\n")
            .server("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            .client("GET /2 HTTP/1.1\r\n\r\n")
            .server("HTTP/1.1 304 Same\r\nContent-Length: 100\r\n\r\n")
            .client("GET /3 HTTP/1.1\r\n\r\n")
            .server("HTTP/1.1 204 None\r\nTransfer-Encoding: chunked\r\n\r\n")
            .client("GET /4 HTTP/1.1\r\n\r\n")
            .server(OK)
            .seenOf("answer", "odd"))
        .containsExactly(
            "answer #0 200 at 1", "answer #1 304 at 3", "answer #2 204 at 5", "answer #3 200 at 7");
  }

  @Test
  void chunksWithExtensionsAndTrailers() {
    assertThat(talk()
            .client("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
            .client("5;a=b\r\nhello\r\nA \r\n0123456789\r\n0\r\nX-Sum: 1\r\nX-T: 2\r\n\r\n")
            .server("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n")
            .server("00003\r\nabc\r\n")
            .server("000\r\n\r\n")
            .seenBut("content"))
        .containsExactly(
            "request #0 POST / http/1.1 at 0-1 bytes 100 body 15",
            "answer #0 200 at 2",
            "end #0 ANSWERED at 4 bytes 72 body 3");
  }

  @Test
  void anAnswerThatRunsToTheClose() {
    assertThat(talk()
            .client("GET / HTTP/1.0\r\n\r\n")
            .server("HTTP/1.0 200 OK\r\n\r\nabc")
            .server("def")
            .serverEnds()
            .seenBut("content"))
        .containsExactly(
            "request #0 GET / http/1.0 at 0-0 bytes 18 body 0",
            "answer #0 200 at 1",
            "end #0 ANSWERED at 2 bytes 25 body 6");
  }

  @Test
  void anAnswerThatTheConnectionCutsShort() {
    Talk talk = talk().client("GET / HTTP/1.1\r\n\r\n");
    talk.server("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
    assertThat(talk.seenOf("end"))
        .containsExactly("end #0 CAPTURE_ENDED at 1 bytes 41 body 3 incomplete");
    assertThat(talk.serverEnds().seenOf("end"))
        .containsExactly("end #0 RESET at 1 bytes 41 body 3");
  }

  @Test
  void aRequestThatNobodyAnswers() {
    Talk talk = talk().client("GET / HTTP/1.1\r\n\r\n");
    assertThat(talk.seenOf("end"))
        .containsExactly("end #0 CAPTURE_ENDED at 1 bytes 0 body null incomplete");
    assertThat(talk.resets().seenOf("end")).containsExactly("end #0 RESET at 1 bytes 0 body null");
  }

  @Test
  void theServerMayAnswerBeforeTheRequestIsComplete() {
    assertThat(talk()
            .client("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab")
            .server("HTTP/1.1 413 Large\r\nContent-Length: 0\r\n\r\n")
            .client("cd")
            .seenBut("content"))
        .containsExactly(
            "answer #0 413 at 1",
            "end #0 ANSWERED at 1 bytes 41 body 0",
            "request #0 POST / http/1.1 at 0-2 bytes 42 body 4");
  }

  @Test
  void whatAGrantedConnectCarriesIsSniffedAnew() {
    assertThat(talk()
            .client("CONNECT a:80 HTTP/1.1\r\n\r\nGET /in HTTP/1.1\r\n\r\n")
            .server("HTTP/1.1 200 Yes\r\nContent-Length: 7\r\n\r\n" + OK)
            .seenBut("content"))
        .containsExactly(
            "request #0 CONNECT a:80 http/1.1 at 0-0 bytes 25 body 0",
            "answer #0 200 at 1",
            "end #0 ANSWERED at 1 bytes 39 body 0",
            "request #1 GET /in http/1.1 at 0-0 bytes 20 body 0",
            "answer #1 200 at 1",
            "end #1 ANSWERED at 1 bytes 40 body 2");
  }

  @Test
  void aRefusedConnectLeavesHttp() {
    assertThat(talk()
            .client("CONNECT a:80 HTTP/1.1\r\n\r\n")
            .server("HTTP/1.1 407 Who\r\nContent-Length: 2\r\n\r\nno")
            .client("GET / HTTP/1.1\r\n\r\n")
            .server(OK)
            .seenOf("request", "answer", "odd"))
        .containsExactly(
            "request #0 CONNECT a:80 http/1.1 at 0-0 bytes 25 body 0",
            "answer #0 407 at 1",
            "request #1 GET / http/1.1 at 2-2 bytes 18 body 0",
            "answer #1 200 at 3");
  }

  @Test
  void anUpgradeToWebSocketIsVolumeOnly() {
    assertThat(talk()
            .client("GET /ws HTTP/1.1\r\nUpgrade: WebSocket\r\n\r\n")
            .server("HTTP/1.1 101 Go\r\nUpgrade: websocket\r\n\r\n\u0081\u0002hi")
            .client("GET / HTTP/1.1\r\n\r\n")
            .seen())
        .containsExactly(
            "content http",
            "request #0 GET /ws http/1.1 at 0-0 bytes 40 body 0",
            "answer #0 101 at 1",
            "end #0 ANSWERED at 1 bytes 39 body 0",
            "content websocket",
            "odd WEBSOCKET_INVALID_FRAME");
  }

  @Test
  void http2IsNamedAndCounted() {
    assertThat(
            talk().client("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nxyz").server("abc").seen())
        .containsExactly("content http2");
    assertThat(talk()
            .client("GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n")
            .server("HTTP/1.1 101 Go\r\nUpgrade: h2c\r\n\r\n\0\0\0\4\0\0\0\0\0")
            .client("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            .seenOf("content", "odd"))
        .containsExactly("content http", "content http2");
  }

  @Test
  void oneSidedStreams() {
    assertThat(talk()
            .client("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n")
            .seenOf("request", "end"))
        .containsExactly(
            "request #0 GET /1 http/1.1 at 0-0 bytes 19 body 0",
            "request #1 GET /2 http/1.1 at 0-0 bytes 19 body 0",
            "end #0 CAPTURE_ENDED at 1 bytes 0 body null incomplete",
            "end #1 CAPTURE_ENDED at 1 bytes 0 body null incomplete");
    assertThat(talk()
            .server(OK)
            .server("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
            .seen())
        .containsExactly(
            "content http",
            "answer #0 200 at 0",
            "end #0 ANSWERED at 0 bytes 40 body 2",
            "odd #0 HTTP_UNASKED_RESPONSE",
            "answer #1 404 at 1",
            "end #1 ANSWERED at 1 bytes 38 body 0",
            "odd #1 HTTP_UNASKED_RESPONSE");
  }

  @Test
  void anAnswerThatOvertookItsRequestIsPairedAllTheSame() {
    Talk talk = talk().withoutAcknowledgments().server(OK);
    assertThat(talk.client("GET / HTTP/1.1\r\n\r\n").seenBut("content"))
        .containsExactly(
            "answer #0 200 at 0",
            "end #0 ANSWERED at 0 bytes 40 body 2",
            "request #0 GET / http/1.1 at 1-1 bytes 18 body 0");
  }

  @Test
  void anAnswerThatNobodyAskedForTakesNoLaterRequest() {
    assertThat(talk()
            .client("GET /1 HTTP/1.1\r\n\r\n")
            .server(OK + "HTTP/1.1 408 Late\r\nContent-Length: 0\r\n\r\n")
            .client("GET /2 HTTP/1.1\r\n\r\n")
            .server("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
            .seenOf("request", "answer", "odd"))
        .containsExactly(
            "request #0 GET /1 http/1.1 at 0-0 bytes 19 body 0",
            "answer #0 200 at 1",
            "odd #1 HTTP_UNASKED_RESPONSE",
            "answer #1 408 at 1",
            "request #2 GET /2 http/1.1 at 2-2 bytes 19 body 0",
            "answer #2 404 at 3");
  }

  @Test
  void rolesComeFromTheContent() {
    assertThat(talk().server("GET / HTTP/1.1\r\n\r\n").client(OK).seenBut("content"))
        .containsExactly(
            "request #0 GET / http/1.1 at 0-0 bytes 18 body 0",
            "answer #0 200 at 1",
            "end #0 ANSWERED at 1 bytes 40 body 2");
  }

  @Test
  void theAuthorityIsTheHostElseTheTargets() {
    assertThat(authority("GET http://a:1/x HTTP/1.1\r\nHost: b\r\n\r\n")).isEqualTo("b");
    assertThat(authority("GET http://a:1/x HTTP/1.1\r\n\r\n")).isEqualTo("a:1");
    assertThat(authority("CONNECT a:443 HTTP/1.1\r\n\r\n")).isEqualTo("a:443");
    assertThat(authority("OPTIONS * HTTP/1.1\r\n\r\n")).isNull();
  }

  private static String authority(String request) {
    for (var seen : talk().client(request).observations()) {
      if (seen instanceof Request r) {
        return r.authority();
      }
    }
    throw new AssertionError("no request");
  }

  @Test
  void retriesAndRateLimitsAreNumbersOrNothing() {
    assertThat(limits("Retry-After: 7\r\nx-ratelimit-remaining-requests: 3\r\n"))
        .isEqualTo("7000000 3 null");
    assertThat(limits("retry-after-ms: 250\r\nRetry-After: 1\r\n")).isEqualTo("250000 null null");
    assertThat(limits("Date: Tue, 24 Nov 2026 10:00:00 GMT\r\n"
            + "Retry-After: Tue, 24 Nov 2026 10:01:30 GMT\r\n"
            + "anthropic-ratelimit-tokens-remaining: 99\r\n"))
        .isEqualTo("90000000 null 99");
    assertThat(limits("Retry-After: soon\r\nx-ratelimit-remaining-tokens: many\r\n"))
        .isEqualTo("null null null");
    assertThat(talk()
            .client("GET / HTTP/1.1\r\nx-stainless-retry-count: 2\r\n\r\n")
            .observations())
        .anyMatch(seen -> seen instanceof Request r && Integer.valueOf(2).equals(r.retryCount()));
    assertThat(talk()
            .client("GET / HTTP/1.1\r\namz-sdk-request: attempt=3; max=3\r\n\r\n")
            .observations())
        .anyMatch(seen -> seen instanceof Request r && Integer.valueOf(2).equals(r.retryCount()));
  }

  private static String limits(String fields) {
    return talk()
        .server("HTTP/1.1 429 Slow\r\n" + fields + "Content-Length: 0\r\n\r\n")
        .observations()
        .stream()
        .filter(ResponseStart.class::isInstance)
        .map(ResponseStart.class::cast)
        .map(r -> r.retryAfterMicros()
            + " "
            + r.rateLimitRemainingRequests()
            + " "
            + r.rateLimitRemainingTokens())
        .findFirst()
        .orElseThrow();
  }
}
