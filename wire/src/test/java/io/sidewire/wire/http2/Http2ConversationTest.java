package io.sidewire.wire.http2;

import static io.sidewire.wire.http.Talk.talk;
import static io.sidewire.wire.http2.Frames2.data;
import static io.sidewire.wire.http2.Frames2.frame;
import static io.sidewire.wire.http2.Frames2.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.http.Talk;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** HTTP/2 as it should be: streams side by side, every kind of frame, however the bytes are cut. */
class Http2ConversationTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK =
      "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

  private final Frames2 client = new Frames2();
  private final Frames2 server = new Frames2();

  private Talk begun() {
    return talk()
        .client(join(Frames2.PREFACE, Frames2.settings()))
        .server(join(Frames2.settings(), Frames2.settingsAck()));
  }

  private static String event(String content) {
    return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-2024\","
        + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + content + "\"}}]}\n\n";
  }

  private static String usage() {
    return "data: {\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-2024\",\"choices\":[],"
        + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5}}\n\ndata: [DONE]\n\n";
  }

  @Test
  void aModelIsReadAsInHttp1() {
    assertThat(begun()
            .client(client.post(1, CHAT))
            .client(data(1, true, ASK))
            .server(server.answer(1, false, 200, "text/event-stream"))
            .server(data(1, false, event("a")))
            .server(data(1, true, usage()))
            .seen())
        .containsExactly(
            "content http2",
            "request #0 POST /v1/chat/completions http/2 at 2-3 bytes 155 body 75",
            "model #0 chat_completions gpt-4o stream",
            "content openai_api",
            "answer #0 200 at 4",
            "usage #0 chat_completions gpt-4o-2024 7+5 cached null null []",
            "end #0 ANSWERED at 6 bytes 309 body 262 chunks 2 first 5 token 5");
  }

  @Test
  void streamsInterleave() {
    assertThat(begun()
            .client(join(client.get(1, "/a"), client.get(3, "/b"), client.get(5, "/c")))
            .server(server.answer(3, false, 200, "text/plain"))
            .server(join(server.answer(1, false, 404, "text/plain"), data(3, false, "bb")))
            .server(join(data(1, true, "a"), data(3, true, "bbb")))
            .server(server.answer(5, true, 204, "text/plain"))
            .seenOf("answer", "end"))
        .containsExactly(
            "answer #1 200 at 3",
            "answer #0 404 at 4",
            "end #0 ANSWERED at 5 bytes 22 body 1",
            "end #1 ANSWERED at 5 bytes 47 body 5",
            "answer #2 204 at 6",
            "end #2 ANSWERED at 6 bytes 12 body 0");
  }

  @Test
  void paddingPriorityContinuationTrailersAndInterimAnswers() {
    byte[] block = client.block(
        ":method",
        "POST",
        ":scheme",
        "http",
        ":path",
        "/echo",
        ":authority",
        "h",
        "x",
        "y".repeat(50));
    byte[] first = join(new byte[] {3, 0, 0, 0, 0, 16}, Arrays.copyOf(block, 10), new byte[3]);
    byte[] second = Arrays.copyOfRange(block, 10, 20);
    byte[] third = Arrays.copyOfRange(block, 20, block.length);
    assertThat(begun()
            .client(join(
                frame(1, Frames2.PADDED | 0x20, 1, first),
                frame(9, 0, 1, second),
                frame(9, Frames2.END_HEADERS, 1, third),
                Frames2.padded(1, false, "hello", 9),
                frame(0xbe, 0xff, 1, new byte[5]),
                client.headers(1, true, "x-trailer", "t")))
            .server(join(
                server.headers(1, false, ":status", "103"),
                server.answer(1, false, 200, "text/plain")))
            .server(Frames2.padded(1, true, "hello", 100))
            .seenOf("request", "answer", "end", "odd"))
        .containsExactly(
            "request #0 POST /echo http/2 at 2-2 bytes 139 body 5",
            "answer #0 200 at 3",
            "end #0 ANSWERED at 4 bytes 139 body 5");
  }

  @Test
  void aCancelledStreamIsReset() {
    assertThat(begun()
            .client(join(client.get(1, "/a"), client.get(3, "/b")))
            .server(join(server.answer(1, false, 200, "text/plain"), data(1, false, "a")))
            .client(Frames2.reset(1))
            .client(Frames2.reset(3))
            .server(data(1, true, "late"))
            .seenOf("end", "odd"))
        .containsExactly(
            "end #0 RESET at 3 bytes 34 body 1", "end #1 RESET at 5 bytes 0 body null");
  }

  @Test
  void streamsBehindGoAwayAreNotAnswered() {
    assertThat(begun()
            .client(join(client.get(1, "/a"), client.get(3, "/b")))
            .server(join(Frames2.goAway(1), server.answer(1, true, 200, "text/plain")))
            .clientEnds()
            .serverEnds()
            .seenOf("end", "odd"))
        .containsExactly(
            "end #1 RESET at 3 bytes 0 body null", "end #0 ANSWERED at 3 bytes 24 body 0");
  }

  @Test
  void aPushedStreamIsAnExchange() {
    byte[] promise = join(
        new byte[] {0, 0, 0, 2},
        server.block(":method", "GET", ":path", "/style", ":authority", "h"));
    assertThat(begun()
            .client(client.get(1, "/page"))
            .server(join(
                frame(5, Frames2.END_HEADERS, 1, promise),
                server.answer(1, true, 200, "text/html")))
            .server(join(server.answer(2, false, 200, "text/css"), data(2, true, "css")))
            .seenOf("request", "answer", "end", "odd"))
        .containsExactly(
            "request #0 GET /page http/2 at 2-2 bytes 32 body 0",
            "request #1 GET /style http/2 at 3-3 bytes 24 body 0",
            "answer #0 200 at 3",
            "end #0 ANSWERED at 3 bytes 24 body 0",
            "answer #1 200 at 4",
            "end #1 ANSWERED at 4 bytes 31 body 3");
  }

  @Test
  void theServerMaySpeakFirst() {
    assertThat(talk()
            .server(Frames2.settings())
            .client(join(Frames2.PREFACE, Frames2.settings(), client.get(1, "/a")))
            .server(server.answer(1, true, 200, "text/plain"))
            .seenOf("request", "answer", "content"))
        .containsExactly(
            "content http2",
            "request #0 GET /a http/2 at 1-1 bytes 30 body 0",
            "answer #0 200 at 2");
  }

  @Test
  void anUpgradeIsAnsweredInHttp2() {
    assertThat(talk()
            .client("GET /a HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n")
            .server(join(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
                    .getBytes(),
                Frames2.settings()))
            .client(join(Frames2.PREFACE, Frames2.settings()))
            .server(join(server.answer(1, false, 200, "text/plain"), data(1, true, "a")))
            .client(client.get(3, "/b"))
            .server(server.answer(3, true, 204, "text/plain"))
            .seenOf("request", "answer", "end", "odd"))
        .containsExactly(
            "request #0 GET /a http/1.1 at 0-0 bytes 105 body 0",
            "answer #0 200 at 3",
            "end #0 ANSWERED at 3 bytes 34 body 1",
            "request #1 GET /b http/2 at 4-4 bytes 30 body 0",
            "answer #1 204 at 5",
            "end #1 ANSWERED at 5 bytes 12 body 0");
  }

  @Test
  void grpcAndWebSocketsAreRecognised() {
    assertThat(begun()
            .client(join(
                client.headers(
                    1,
                    false,
                    ":method",
                    "POST",
                    ":path",
                    "/pkg.Service/Call",
                    "content-type",
                    "application/grpc+proto"),
                client.headers(
                    3,
                    false,
                    ":method",
                    "CONNECT",
                    ":protocol",
                    "websocket",
                    ":path",
                    "/realtime",
                    ":authority",
                    "h")))
            .seenOf("content"))
        .containsExactly("content http2", "content grpc", "content websocket");
  }
}
