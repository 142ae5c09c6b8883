package io.sidewire.wire.http;

import static io.sidewire.wire.http.Talk.talk;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A loss costs what it touches and shifts no pair. */
class HttpLossTest {

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }

  private static String answer(int status) {
    return "HTTP/1.1 " + status + " X\r\nContent-Length: 4\r\n\r\nbody";
  }

  private static final int ANSWER = answer(200).length();

  @Test
  void aGapInsideABodyOfKnownLengthIsSkipped() {
    assertThat(talk()
            .client("POST /1 HTTP/1.1\r\nContent-Length: 10\r\n\r\nab")
            .clientLost(6)
            .client("cd" + get("/2"))
            .server("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
            .serverLost(10)
            .server(answer(404))
            .seenOf("request", "answer", "end", "odd"))
        .containsExactly(
            "request #0 POST /1 http/1.1 at 0-2 bytes 50 body null incomplete",
            "request #1 GET /2 http/1.1 at 2-2 bytes 28 body 0",
            "answer #0 200 at 3",
            "end #0 ANSWERED at 4 bytes 49 body null incomplete",
            "answer #1 404 at 5",
            "end #1 ANSWERED at 5 bytes 41 body 4");
  }

  @Test
  void aGapInsideAChunkIsSkipped() {
    assertThat(talk()
            .client(get("/1"))
            .server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nab")
            .serverLost(4)
            .server("cd\r\n2\r\nef\r\n0\r\n\r\n")
            .seenOf("end", "odd"))
        .containsExactly("end #0 ANSWERED at 3 bytes 72 body null incomplete");
  }

  @Test
  void chunkFramingIsFoundAgain() {
    assertThat(talk()
            .client(get("/1"))
            .server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nab")
            .serverLost(40)
            .server("xy\r\n4\r\nefgh\r\n0\r\n\r\n" + answer(404))
            .client(get("/2"))
            .server(answer(201))
            .seenOf("answer", "end", "odd"))
        .containsExactly(
            "answer #0 200 at 1",
            "odd HTTP_RESPONSE_LOST",
            "end #0 ANSWERED at 3 bytes 66 body null incomplete",
            "odd #1 HTTP_UNASKED_RESPONSE",
            "answer #1 404 at 3",
            "end #1 ANSWERED at 3 bytes 41 body 4",
            "answer #2 201 at 5",
            "end #2 ANSWERED at 5 bytes 41 body 4");
  }

  @Test
  void aLostAnswerShiftsNoPair() {
    for (boolean acknowledged : new boolean[] {true, false}) {
      Talk talk = talk();
      if (!acknowledged) {
        talk.withoutAcknowledgments();
      }
      assertThat(talk.client(get("/1"))
              .server(answer(201))
              .client(get("/2"))
              .serverLost(ANSWER)
              .client(get("/3"))
              .server(answer(203))
              .client(get("/4"))
              .server(answer(204).replace("204", "404"))
              .seenOf("answer", "end"))
          .containsExactly(
              "answer #0 201 at 1",
              "end #0 ANSWERED at 1 bytes 41 body 4",
              "end #1 GAP at 4 bytes 0 body null incomplete",
              "answer #2 203 at 5",
              "end #2 ANSWERED at 5 bytes 41 body 4",
              "answer #3 404 at 7",
              "end #3 ANSWERED at 7 bytes 41 body 4");
    }
  }

  @Test
  void aLostAnswerThatIsNoticedLateShiftsNoPair() {
    // The hole in the server's bytes is given up only after the next request was seen.
    assertThat(talk()
            .client(get("/0"))
            .server(answer(200))
            .client(get("/1"))
            .serverLosesUnnoticed(ANSWER)
            .client(get("/2"))
            .serverLost(ANSWER)
            .server(answer(202))
            .seenOf("answer", "end"))
        .containsExactly(
            "answer #0 200 at 1",
            "end #0 ANSWERED at 1 bytes 41 body 4",
            "end #1 GAP at 6 bytes 0 body null incomplete",
            "answer #2 202 at 6",
            "end #2 ANSWERED at 6 bytes 41 body 4");
  }

  @Test
  void aLostRequestShiftsNoPair() {
    assertThat(talk()
            .client(get("/1"))
            .server(answer(201))
            .clientLost(get("/2").length())
            .server(answer(202))
            .client(get("/3"))
            .server(answer(203))
            .seenOf("request", "answer", "odd"))
        .containsExactly(
            "request #0 GET /1 http/1.1 at 0-0 bytes 28 body 0",
            "answer #0 201 at 1",
            "odd HTTP_REQUEST_LOST",
            "odd #1 HTTP_UNASKED_RESPONSE",
            "answer #1 202 at 3",
            "request #2 GET /3 http/1.1 at 4-4 bytes 28 body 0",
            "answer #2 203 at 5");
  }

  @Test
  void aLostAnswerAmongPipelinedOnesMakesOrphansUntilItIsQuiet() {
    assertThat(talk()
            .client(get("/1") + get("/2") + get("/3"))
            .server(answer(201))
            .serverLost(ANSWER)
            .server(answer(203))
            .seenOf("answer", "odd", "end"))
        .containsExactly(
            "answer #0 201 at 1",
            "end #0 ANSWERED at 1 bytes 41 body 4",
            "odd HTTP_RESPONSE_LOST",
            "odd #3 HTTP_UNASKED_RESPONSE",
            "answer #3 203 at 3",
            "end #3 ANSWERED at 3 bytes 41 body 4",
            "end #1 GAP at 4 bytes 0 body null incomplete",
            "end #2 GAP at 4 bytes 0 body null incomplete");
    Talk quiet = talk()
        .client(get("/1") + get("/2") + get("/3"))
        .server(answer(201))
        .serverLost(ANSWER)
        .server(answer(203));
    for (int i = 0; i < 100; i++) {
      quiet.client("\r\n"); // time passes
    }
    assertThat(quiet.client(get("/4")).server(answer(404)).seenOf("answer"))
        .containsExactly("answer #0 201 at 1", "answer #3 203 at 3", "answer #4 404 at 105");
  }

  @Test
  void aLostRequestAmongPipelinedOnesMakesOrphans() {
    assertThat(talk()
            .client(get("/1"))
            .clientLost(get("/2").length())
            .client(get("/3"))
            .server(answer(201) + answer(202) + answer(203))
            .seenOf("answer", "end"))
        .containsExactly(
            "answer #0 201 at 3",
            "end #0 ANSWERED at 3 bytes 41 body 4",
            "answer #2 202 at 3",
            "end #2 ANSWERED at 3 bytes 41 body 4",
            "answer #3 203 at 3",
            "end #3 ANSWERED at 3 bytes 41 body 4",
            "end #1 GAP at 4 bytes 0 body null incomplete");
  }

  @Test
  void aHeadThatIsCutStillSaysWhatItSaid() {
    assertThat(talk()
            .client("POST /1?x HTTP/1.1\r\nHost: h\r\nContent-Le")
            .clientLost(30)
            .client("rest of a body" + get("/2"))
            .seenOf("request", "odd"))
        .containsExactly(
            "request #0 POST /1?x http/1.1 at 0-0 bytes 29 body null incomplete",
            "odd HTTP_REQUEST_LOST",
            "request #1 GET /2 http/1.1 at 2-2 bytes 28 body 0");
    assertThat(talk()
            .client(get("/1"))
            .server("HTTP/1.1 200 OK\r\nContent-Type: te")
            .serverLost(300)
            .seenOf("answer", "end", "odd"))
        .containsExactly(
            "answer #0 200 at 1",
            "end #0 GAP at 1 bytes 17 body null incomplete",
            "odd HTTP_RESPONSE_LOST");
  }

  @Test
  void aStartLineThatIsCutMaySayEnough() {
    assertThat(talk().client("GET /images/a.gif HTT").clientLost(80).seenOf("request"))
        .containsExactly(
            "request #0 GET /images/a.gif http/1.1 at 0-0 bytes 21 body null incomplete");
    assertThat(talk().client("GET /images/a.gi").clientLost(80).seenOf("request"))
        .isEmpty();
    assertThat(talk().server("HTTP/1.1 200 O").serverLost(80).seenOf("answer"))
        .containsExactly("answer #0 200 at 0");
  }

  @Test
  void aCaptureMayBeginInsideABody() {
    assertThat(talk()
            .client("...\"end\": true}\n}" + get("/1"))
            .server("tail of an answer HTTP/1.1 302 X\r\nContent-Length: 0\r\n\r\n")
            .client(get("/2"))
            .server(answer(404))
            .seenOf("request", "answer"))
        .containsExactly(
            "request #0 GET /1 http/1.1 at 0-0 bytes 28 body 0",
            "answer #0 302 at 1",
            "request #1 GET /2 http/1.1 at 2-2 bytes 28 body 0",
            "answer #1 404 at 3");
  }

  @Test
  void textThatLooksLikeAStartLineIsNone() {
    assertThat(talk()
            .client("POST /1 HTTP/1.1\r\nContent-Length: 9\r\n\r\n")
            .clientLost(20)
            .client("see GET /x HTTP/1.1\r\nand so on\r\n" + get("/2"))
            .seenOf("request"))
        .containsExactly(
            "request #0 POST /1 http/1.1 at 0-1 bytes 48 body null incomplete",
            "request #1 GET /2 http/1.1 at 2-2 bytes 28 body 0");
  }

  @Test
  void aStreamWhoseHeadWasNotSeenIsRead() {
    String data = "event: message\r\ndata: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}\r\n\r\n";
    String chunk = Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    assertThat(talk().server("}}\n\n\r\n" + chunk).server(chunk).seen())
        .containsExactly(
            "content http",
            "answer #0 null at 0",
            "result #0.0 TO_SERVER 7 at 0-0 bytes 61 session null UNKNOWN",
            "result #0.1 TO_SERVER 7 at 1-1 bytes 61 session null UNKNOWN",
            "end #0 CAPTURE_ENDED at 1 bytes 132 body null incomplete chunks 2 first 0 token -");
  }
}
