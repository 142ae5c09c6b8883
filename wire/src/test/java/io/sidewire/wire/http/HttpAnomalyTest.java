package io.sidewire.wire.http;

import static io.sidewire.wire.http.Talk.talk;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is wrong on the wire is counted, and what follows it is found; limits hold on both sides, whole and in crumbs. */
class HttpAnomalyTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

  private static List<String> requests(String wire) {
    return talk().client(wire).seenOf("request", "odd");
  }

  @Test
  void chunkedBeatsLength() {
    assertThat(requests("POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "0\r\n\r\n"
            + SMUGGLED))
        .containsExactly(
            "odd #0 HTTP_LENGTH_AND_CHUNKED",
            "request #0 POST / http/1.1 at 0-0 bytes 71 body 0",
            "request #1 GET /smuggled http/1.1 at 0-0 bytes 35 body 0");
  }

  @Test
  void lengthsThatAreNone() {
    for (String length :
        List.of("-1", "+5", "0x5", "5 5", "18446744073709551615", "99999999999999999999", "")) {
      assertThat(requests("POST / HTTP/1.1\r\nContent-Length: " + length + "\r\n\r\n" + SMUGGLED))
          .as(length)
          .contains(
              "odd #0 HTTP_LENGTH_INVALID",
              "request #1 GET /smuggled http/1.1 at 0-0 bytes 35 body 0");
    }
    assertThat(requests(
            "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n" + SMUGGLED))
        .contains("odd #0 HTTP_LENGTH_CONFLICT")
        .contains("request #1 GET /smuggled http/1.1 at 0-0 bytes 35 body 0");
  }

  @Test
  void lengthsThatAgreeAreOne() {
    assertThat(requests("POST / HTTP/1.1\r\nContent-Length: 002, 2\r\n\r\nab" + SMUGGLED))
        .containsExactly(
            "request #0 POST / http/1.1 at 0-0 bytes 45 body 2",
            "request #1 GET /smuggled http/1.1 at 0-0 bytes 35 body 0");
  }

  @Test
  void chunkSizesThatAreNone() {
    for (String size : List.of("g", "-1", "10000000000000000", "\"")) {
      assertThat(requests(
              "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + size + "\r\n" + SMUGGLED))
          .as(size)
          .contains("request #1 GET /smuggled http/1.1 at 0-0 bytes 35 body 0");
    }
    assertThat(requests(
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n" + SMUGGLED))
        .containsExactly(
            "odd #0 HTTP_CHUNK_INVALID",
            "request #0 POST / http/1.1 at 0-0 bytes 53 body null incomplete",
            "odd HTTP_REQUEST_LOST",
            "request #1 GET /smuggled http/1.1 at 0-0 bytes 35 body 0");
  }

  @Test
  void transferCodingsThatEndInSomethingElse() {
    assertThat(requests(
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED))
        .contains(
            "odd #0 HTTP_TRANSFER_CODING_UNKNOWN",
            "request #1 GET /smuggled http/1.1 at 0-0 bytes 35 body 0");
    assertThat(talk()
            .client("GET / HTTP/1.1\r\n\r\n")
            .server("HTTP/1.1 200 OK\r\nTransfer-Encoding: rot13\r\n\r\nabc")
            .serverEnds()
            .seenOf("end", "odd"))
        .containsExactly(
            "odd #0 HTTP_TRANSFER_CODING_UNKNOWN", "end #0 ANSWERED at 1 bytes 48 body 3");
  }

  @Test
  void obsoleteFoldsAreUnfolded() {
    assertThat(requests(
            "POST / HTTP/1.1\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + SMUGGLED))
        .containsExactly(
            "odd #0 HTTP_OBSOLETE_FOLD",
            "request #0 POST / http/1.1 at 0-0 bytes 54 body 0",
            "request #1 GET /smuggled http/1.1 at 0-0 bytes 35 body 0");
  }

  @Test
  void spaceBeforeTheColonIsAnAnomaly() {
    assertThat(requests("POST / HTTP/1.1\r\nContent-Length : 2\r\nnonsense\r\n\r\nab" + SMUGGLED))
        .containsExactly(
            "odd #0 HTTP_INVALID_HEADER",
            "request #0 POST / http/1.1 at 0-0 bytes 51 body 2",
            "request #1 GET /smuggled http/1.1 at 0-0 bytes 35 body 0");
  }

  @Test
  void bareLineFeeds() {
    assertThat(talk().client("GET / HTTP/1.1\nHost: h\n\n").server(OK).seenBut("content"))
        .containsExactly(
            "odd #0 HTTP_BARE_LF",
            "request #0 GET / http/1.1 at 0-0 bytes 24 body 0",
            "answer #0 200 at 1",
            "end #0 ANSWERED at 1 bytes 40 body 2");
  }

  @Test
  void methodWithoutTargetIsARequestWhereAFieldFollows() {
    String bad = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    for (String end : List.of("\n", "\r\n")) {
      assertThat(talk()
              .client("OPTIONS" + end + "Host: h" + end + end)
              .server(bad)
              .seenOf("request", "answer"))
          .as(end)
          .containsExactly(
              "request #0 OPTIONS  http/0.9 at 0-0 bytes " + (14 + 3 * end.length()) + " body 0",
              "answer #0 400 at 1");
    }
    assertThat(talk().client("OPTIONS\r\nelsewhere\r\n").server("no\r\n").seen())
        .isEmpty();
    assertThat(talk().client("QUIT\r\nHost: h\r\n").server("no\r\n").seen()).isEmpty();
  }

  @Test
  void forgottenBlankBeforeTheVersionMakesARequestOfAnyMethod() {
    assertThat(talk()
            .client("BREW /HTTP/1.1\r\nHost: h\r\n\r\n")
            .server("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            .seenOf("request", "answer"))
        .containsExactly(
            "request #0 BREW /HTTP/1.1 http/0.9 at 0-0 bytes 27 body 0", "answer #0 400 at 1");
  }

  @Test
  void http09HasNeitherVersionNorHead() {
    assertThat(talk()
            .client("GET /old\r\n")
            .server("<html>")
            .server("</html>")
            .serverEnds()
            .seen())
        .containsExactly(
            "content http",
            "odd #0 HTTP_VERSION_09",
            "request #0 GET /old http/0.9 at 0-0 bytes 10 body 0",
            "answer #0 null at 1",
            "end #0 ANSWERED at 2 bytes 13 body 13");
  }

  @Test
  void aVersionlessRequestMayHaveFieldsAndAnAnswerWithAHead() {
    assertThat(talk()
            .client("GET /HTTP/1.1\r\nHost: h\r\n\r\n")
            .server("HTTP/1.0 400 Bad\r\nContent-Length: 0\r\n\r\n")
            .seenBut("content"))
        .containsExactly(
            "odd #0 HTTP_VERSION_09",
            "request #0 GET /HTTP/1.1 http/0.9 at 0-0 bytes 26 body 0",
            "answer #0 400 at 1",
            "end #0 ANSWERED at 1 bytes 39 body 0");
  }

  @Test
  void versionsThatAreNone() {
    for (String version : List.of("HTTP/1.", "HTTP/1.11", "HTTP/3.0", "x HTTP/1.1")) {
      assertThat(talk()
              .client("GET / " + version + "\r\nHost: h\r\n\r\n")
              .server(OK)
              .seen())
          .as(version)
          .contains("odd #0 HTTP_INVALID_VERSION", "answer #0 200 at 1");
    }
  }

  @Test
  void anUnreadableRequestLeavesItsAnswerWithoutOne() {
    assertThat(talk()
            .client("GET/ HTTP/1.1\r\nHost: h\r\n\r\n")
            .server("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n")
            .client("GET /2 HTTP/1.1\r\n\r\n")
            .server(OK)
            .seenOf("request", "answer"))
        .containsExactly(
            "answer #0 400 at 1",
            "request #1 GET /2 http/1.1 at 2-2 bytes 19 body 0",
            "answer #1 200 at 3");
  }

  @Test
  void aStatusLineBehindTooLongABodyIsFound() {
    assertThat(talk()
            .client("GET /1 HTTP/1.1\r\n\r\n")
            .server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more")
            .client("GET /2 HTTP/1.1\r\n\r\n")
            .server("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
            .seenOf("answer", "odd"))
        .containsExactly("answer #0 200 at 1", "odd HTTP_RESPONSE_LOST", "answer #1 404 at 3");
  }

  // ---------------------------------------------------------------- limits

  private static Limits limits(int startLine, int headBytes, int headerCount, int pipelined) {
    Limits d = Limits.DEFAULT;
    return new Limits(
        d.flows(),
        d.reassemblyBytesFlow(),
        d.reassemblyBytesTotal(),
        d.fragmentBytesTotal(),
        startLine,
        headBytes,
        headerCount,
        d.bodyPeek(),
        d.sseEvent(),
        d.jsonDepth(),
        d.inflateRatio(),
        pipelined,
        d.handshakeBytes(),
        d.quicCryptoBytes(),
        d.rpcBatch(),
        d.nameBytes(),
        d.http2Streams(),
        d.http2HeaderTable(),
        d.http2Continuations(),
        d.http2Resets(),
        d.http2Control());
  }

  @Test
  void startLinesUpToTheLimit() {
    Limits limits = limits(64, 1024, 10, 10);
    String line = "GET /" + "a".repeat(64 - 5 - 11) + " HTTP/1.1\r\n"; // 64 bytes
    assertThat(line).hasSize(64);
    String next = "\r\n" + SMUGGLED;
    assertThat(talk().limits(limits).client(line + next).seenOf("odd", "request"))
        .hasSize(2);
    assertThat(
            talk().limits(limits).client(line.replace("/a", "/aa") + next).seenOf("odd", "request"))
        .containsExactly(
            "odd HTTP_START_LINE_TOO_LONG",
            "odd HTTP_REQUEST_LOST",
            "request #0 GET /smuggled http/1.1 at 0-0 bytes 35 body 0");
  }

  @Test
  void headsUpToTheLimit() {
    Limits limits = limits(64, 100, 10, 10);
    String head = "GET / HTTP/1.1\r\nX: " + "a".repeat(100 - 16 - 3 - 4) + "\r\n\r\n";
    assertThat(head).hasSize(100);
    assertThat(talk().limits(limits).client(head + SMUGGLED).seenOf("odd", "request"))
        .containsExactly(
            "request #0 GET / http/1.1 at 0-0 bytes 100 body 0",
            "request #1 GET /smuggled http/1.1 at 0-0 bytes 35 body 0");
    assertThat(talk()
            .limits(limits)
            .client(head.replace(": a", ": aa") + SMUGGLED)
            .seenOf("odd", "request"))
        .contains(
            "odd #0 HTTP_HEAD_TOO_LONG",
            "request #1 GET /smuggled http/1.1 at 0-0 bytes 35 body 0");
  }

  @Test
  void fieldsUpToTheLimit() {
    Limits limits = limits(64, 1000, 3, 10);
    String fields = "A: 1\r\nB: 2\r\nC: 3\r\n";
    assertThat(talk()
            .limits(limits)
            .client("GET / HTTP/1.1\r\n" + fields + "\r\n" + SMUGGLED)
            .seenOf("odd"))
        .isEmpty();
    assertThat(talk()
            .limits(limits)
            .client("GET / HTTP/1.1\r\n" + fields + "D: 4\r\n\r\n" + SMUGGLED)
            .seenOf("odd", "request"))
        .contains(
            "odd #0 HTTP_TOO_MANY_HEADERS",
            "request #1 GET /smuggled http/1.1 at 0-0 bytes 35 body 0");
  }

  @Test
  void requestsThatWaitUpToTheLimit() {
    String one = "GET / HTTP/1.1\r\n\r\n";
    Limits limits = limits(64, 1000, 3, 2);
    assertThat(talk().limits(limits).client(one + one).seenOf("odd")).isEmpty();
    assertThat(talk().limits(limits).client(one + one + one).seenOf("odd", "end"))
        .containsExactly(
            "odd #2 HTTP_PIPELINE_LIMIT",
            "end #0 GAP at 0 bytes 0 body null incomplete",
            "end #1 CAPTURE_ENDED at 1 bytes 0 body null incomplete",
            "end #2 CAPTURE_ENDED at 1 bytes 0 body null incomplete");
  }
}
