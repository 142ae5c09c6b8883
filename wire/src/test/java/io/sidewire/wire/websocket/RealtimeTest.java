package io.sidewire.wire.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.http.Talk;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Responses of models over WebSockets, through every split of their frames. */
class RealtimeTest {
  private static final String CREATE = "{\"type\":\"response.create\",\"response\":{}}";
  private static final String SESSION =
      "{\"type\":\"session.created\",\"session\":{\"id\":\"s\",\"model\":\"gpt-realtime-2026\"}}";

  private static Talk realtime(String path) {
    return Talk.talk()
        .client("GET " + path + " HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n")
        .server("HTTP/1.1 101 Go\r\nUpgrade: websocket\r\n\r\n");
  }

  private static byte[] server(String text) {
    return frame(0x81, false, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] client(String text) {
    return frame(0x81, true, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] frame(int first, boolean masked, byte[] payload) {
    var out = new ByteArrayOutputStream();
    out.write(first);
    int mask = masked ? 0x80 : 0;
    if (payload.length < 126) {
      out.write(mask | payload.length);
    } else if (payload.length < 1 << 16) {
      out.write(mask | 126);
      out.write(payload.length >> 8);
      out.write(payload.length);
    } else {
      out.write(mask | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        out.write((int) ((long) payload.length >> shift));
      }
    }
    byte[] key = {0x12, (byte) 0xfe, 0x7b, 0x22};
    if (masked) {
      out.writeBytes(key);
    }
    for (int i = 0; i < payload.length; i++) {
      out.write(masked ? payload[i] ^ key[i & 3] : payload[i]);
    }
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static String event(String type, String id, String more) {
    return "{\"type\":\"response." + type + "\",\"event_id\":\"e\",\"response_id\":\"" + id + "\""
        + more + "}";
  }

  private static String created(String id) {
    return "{\"type\":\"response.created\",\"response\":{\"object\":\"realtime.response\",\"id\":\""
        + id + "\",\"status\":\"in_progress\",\"usage\":null,\"output\":[]}}";
  }

  private static String done(String id, String status, String more) {
    return "{\"type\":\"response.done\",\"response\":{\"object\":\"realtime.response\",\"id\":\""
        + id + "\",\"status\":\"" + status + "\"" + more + "}}";
  }

  private static final String USAGE = ",\"usage\":{\"total_tokens\":53,\"input_tokens\":40,"
      + "\"output_tokens\":13,\"input_token_details\":{\"cached_tokens\":8}}";

  private static List<String> told(Talk talk) {
    return talk.seen().stream()
        .filter(line -> !line.contains("#0") && !line.equals("content http"))
        .toList();
  }

  @Test
  void aResponseIsAnExchange() {
    byte[] create = client(CREATE);
    byte[] created = server(created("r1"));
    byte[] call = server(event(
        "output_item.added",
        "r1",
        ",\"item\":{\"id\":\"i1\",\"type\":\"function_call\",\"name\":\"add\",\"call_id\":\"c\"}"));
    byte[] delta = server(event("audio.delta", "r1", ",\"delta\":\"" + "QUJD".repeat(400) + "\""));
    byte[] done = server(done(
        "r1",
        "completed",
        USAGE + ",\"output\":[{\"id\":\"i1\",\"type\":\"function_call\",\"name\":\"add\"},"
            + "{\"id\":\"i2\",\"type\":\"function_call\",\"name\":\"echo\"}]"));
    int bytes = created.length + call.length + delta.length + done.length;
    assertThat(told(realtime("/v1/realtime?model=gpt-realtime")
            .server(server(SESSION))
            .client(create)
            .server(created)
            .server(call)
            .server(delta)
            .server(join(done, server("{\"type\":\"rate_limits.updated\"}")))
            .clientEnds()
            .serverEnds()))
        .containsExactly(
            "content websocket",
            "request #1 null /v1/realtime?model=gpt-realtime websocket at 3-3 bytes "
                + create.length + " body null",
            "model #1 realtime gpt-realtime-2026 stream",
            "content openai_api",
            "answer #1 null at 4",
            "usage #1 realtime null 40+13 cached 8 completed [add, echo]",
            "end #1 ANSWERED at 7 bytes " + bytes + " body null chunks 4 first 4 token 5");
  }

  @Test
  void fragmentsAndControlFramesBetweenThem() {
    byte[] text = CREATE.getBytes(StandardCharsets.UTF_8);
    byte[] first = java.util.Arrays.copyOf(text, 10);
    byte[] rest = java.util.Arrays.copyOfRange(text, 10, text.length);
    byte[] ping = frame(0x89, true, new byte[] {1, 2, 3});
    List<String> seen = told(realtime("/realtime?deployment=dep")
        .client(join(frame(0x01, true, first), ping, frame(0x00, true, new byte[0])))
        .client(frame(0x80, true, rest))
        .server(join(server(created("r")), frame(0x8a, false, new byte[125])))
        .server(server(done(
            "r",
            "incomplete",
            ",\"status_details\":{\"type\":\"incomplete\"," + "\"reason\":\"max_output_tokens\"}"
                + USAGE))));
    assertThat(seen)
        .contains(
            "request #1 null /realtime?deployment=dep websocket at 2-3 bytes " + (text.length + 18)
                + " body null",
            "model #1 realtime dep stream",
            "usage #1 realtime null 40+13 cached 8 max_output_tokens []");
    assertThat(seen).noneMatch(line -> line.startsWith("odd"));
  }

  @Test
  void severalResponsesAreToldApartByTheirIds() {
    assertThat(told(realtime("/v1/realtime")
            .client(join(client(CREATE), client(CREATE)))
            .server(join(server(created("a")), server(created("b"))))
            .server(server(done("b", "completed", USAGE)))
            .server(server(done(
                "a",
                "cancelled",
                ",\"status_details\":{\"type\":\"cancelled\","
                    + "\"reason\":\"turn_detected\"}")))))
        .filteredOn(line -> line.startsWith("usage") || line.startsWith("end"))
        .extracting(line -> line.replaceAll(" bytes.*", ""))
        .containsExactly(
            "usage #2 realtime null 40+13 cached 8 completed []",
            "end #2 ANSWERED at 4",
            "usage #1 realtime null null+null cached null turn_detected []",
            "end #1 ANSWERED at 5");
  }

  @Test
  void whatTheServerBeginsByItselfHasNoRequest() {
    assertThat(told(realtime("/v1/realtime?model=m")
            .client(client("{\"type\":\"input_audio_buffer.append\",\"audio\":\"QUJD\"}"))
            .server(server(created("r")))
            .server(server(done("r", "completed", USAGE)))))
        .filteredOn(line -> line.contains("#1"))
        .extracting(line -> line.replaceAll(" bytes.*", ""))
        .containsExactly(
            "answer #1 null at 3",
            "usage #1 realtime null 40+13 cached 8 completed []",
            "end #1 ANSWERED at 4");
  }

  @Test
  void errors() {
    assertThat(told(realtime("/v1/realtime?model=m")
            .client(client(CREATE))
            .server(server("{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\","
                + "\"code\":\"some_words\",\"event_id\":null}}"))
            .client(client(CREATE))
            .server(server(created("r")))
            .server(server(done(
                "r",
                "failed",
                ",\"status_details\":{\"type\":\"failed\",\"error\":"
                    + "{\"type\":\"server_error\",\"code\":\"rate_limit_exceeded\"}}")))
            .client(client(CREATE))
            .resets()))
        .filteredOn(line -> line.startsWith("usage") || line.startsWith("end"))
        .extracting(line -> line.replaceAll(" bytes.*", ""))
        .containsExactly(
            "usage #1 realtime null null+null cached null null [] error invalid_request_error",
            "end #1 ANSWERED at 3",
            "usage #2 realtime null null+null cached null failed [] error rate_limit_exceeded",
            "end #2 ANSWERED at 6",
            "end #3 RESET at 8");
  }

  @Test
  void responsesOverWebSockets() {
    assertThat(told(realtime("/v1/responses")
            .client(client("{\"type\":\"response.create\",\"model\":\"gpt-5\",\"input\":[]}"))
            .server(
                server(
                    "{\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"model\":\"gpt-5-2026\"}}"))
            .server(server("{\"type\":\"response.output_text.delta\",\"delta\":\"x\"}"))
            .server(server("{\"type\":\"response.completed\",\"response\":{\"id\":\"r\","
                + "\"status\":\"completed\",\"model\":\"gpt-5-2026\",\"usage\":"
                + "{\"input_tokens\":5,\"output_tokens\":6}}}"))))
        .contains(
            "model #1 realtime gpt-5 stream",
            "usage #1 realtime gpt-5-2026 5+6 cached null completed []");
  }

  @Test
  void compressedMessagesAreCountedAndNotRead() {
    assertThat(told(realtime("/v1/realtime")
            .client(frame(0xc1, true, new byte[300]))
            .client(frame(0xc1, true, new byte[70_000]))
            .client(client(CREATE))))
        .filteredOn(line -> line.startsWith("odd") || line.startsWith("model"))
        .containsExactly("odd WEBSOCKET_COMPRESSED", "model #1 realtime null stream");
  }

  @Test
  void aGapInsideAPayloadCostsTheMessageAndNoMore() {
    byte[] delta = server(event("audio.delta", "r", ",\"delta\":\"" + "A".repeat(5000) + "\""));
    byte[] head = java.util.Arrays.copyOf(delta, 1000);
    byte[] tail = java.util.Arrays.copyOfRange(delta, 3000, delta.length);
    assertThat(told(realtime("/v1/realtime")
            .client(client(CREATE))
            .server(server(created("r")))
            .server(head)
            .serverLost(2000)
            .server(tail)
            .server(server(done("r", "completed", USAGE)))))
        .filteredOn(line -> line.startsWith("usage") || line.startsWith("end"))
        .extracting(line -> line.replaceAll(" bytes \\d+", ""))
        .containsExactly(
            "usage #1 realtime null 40+13 cached 8 completed []",
            "end #1 ANSWERED at 7 body null incomplete chunks 3 first 3 token -");
  }

  @Test
  void behindALostFrameHeadNothingIsRead() {
    assertThat(told(realtime("/v1/realtime")
            .client(client(CREATE))
            .server(server(created("r")))
            .serverLost(500)
            .server(server(done("r", "completed", USAGE)))
            .client(client(CREATE))))
        .filteredOn(line -> line.startsWith("odd") || line.startsWith("end"))
        .extracting(line -> line.replaceAll(" bytes \\d+", ""))
        .containsExactly(
            "odd WEBSOCKET_LOST", "end #1 GAP at 3 body null incomplete chunks 1 first 3 token -");
  }

  @Test
  void framesThatCannotBe() {
    byte[][] wrong = {
      {(byte) 0x81, 0x02, 'h', 'i'}, // not masked
      frame(0x83, true, new byte[1]), // no such type
      frame(0x09, true, new byte[1]), // a control frame in parts
      frame(0x89, true, new byte[126]), // too long for one
      frame(0x80, true, new byte[1]), // goes on with nothing
      join(frame(0x01, true, new byte[1]), frame(0x81, true, new byte[1])), // begins within another
      frame(0xa1, true, new byte[1]), // reserved
      frame(0xc9, true, new byte[1]), // a control frame, compressed
      {(byte) 0x81, (byte) 0xff, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0} // 2^63 bytes
    };
    for (byte[] bytes : wrong) {
      assertThat(realtime("/ws").client(bytes).client(client(CREATE)).seenOf("odd", "model"))
          .containsExactly("odd WEBSOCKET_INVALID_FRAME");
    }
  }

  @Test
  void aMessageIsReadAsFarAsTheLimit() {
    String padded =
        "{\"type\":\"response.create\",\"x\":\"" + "a".repeat(500) + "\",\"model\":\"m\"}";
    assertThat(limited(padded.length(), padded)).containsExactly("model #1 realtime m stream");
    assertThat(limited(padded.length() - 5, padded))
        .containsExactly("odd BODY_LIMIT", "model #1 realtime null stream");
  }

  private static List<String> limited(int limit, String text) {
    Limits d = Limits.DEFAULT;
    Limits limits = new Limits(
        d.flows(),
        d.reassemblyBytesFlow(),
        d.reassemblyBytesTotal(),
        d.fragmentBytesTotal(),
        d.startLine(),
        d.headBytes(),
        d.headerCount(),
        d.bodyPeek(),
        limit,
        d.jsonDepth(),
        d.inflateRatio(),
        d.pipelined(),
        d.handshakeBytes(),
        d.quicCryptoBytes(),
        d.rpcBatch(),
        d.nameBytes(),
        d.http2Streams(),
        d.http2HeaderTable(),
        d.http2Continuations(),
        d.http2Resets(),
        d.http2Control());
    return realtime("/v1/realtime").limits(limits).client(client(text)).seenOf("odd", "model");
  }

  @Test
  void soManyResponsesWaitAndNoMore() {
    for (int asked : new int[] {Limits.DEFAULT.pipelined(), Limits.DEFAULT.pipelined() + 1}) {
      Talk talk = realtime("/v1/realtime");
      for (int i = 0; i < asked; i++) {
        talk.client(client(CREATE));
      }
      assertThat(talk.observations().stream().filter(Odd.class::isInstance).count())
          .isEqualTo(asked - Limits.DEFAULT.pipelined());
    }
  }

  @Test
  void otherSpeechIsVolume() {
    assertThat(told(realtime("/chat")
            .client(client("hello {\"type\":\"response.create\"}"))
            .client(frame(0x82, true, CREATE.getBytes(StandardCharsets.UTF_8)))
            .server(server("[1,2,{\"type\":\"x\"}]"))))
        .containsExactly("content websocket");
  }
}
