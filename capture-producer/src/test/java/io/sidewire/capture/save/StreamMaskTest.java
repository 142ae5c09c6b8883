package io.sidewire.capture.save;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What stays of a stream and what does not, whatever its cuts. */
class StreamMaskTest {
  private static final byte[] KEY = new byte[32];
  private static final String CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"store_memory\","
          + "\"arguments\":{\"password\":\"hunter2\",\"pin\":4711,\"on\":true,\"l\":[1.5e3,\"a\\\"b\"]}}}";
  private static final String POST = "POST /messages?sessionId=0f7702fb-7bc2-43f8-9cb9-3b08d55d4b3f"
      + " HTTP/1.1\r\nHost: mcp.example:8000\r\nAuthorization: Bearer sk-secret\r\n"
      + "X-Company-Key: abc\r\nContent-Type: application/json\r\nContent-Length: " + CALL.length()
      + "\r\n\r\n" + CALL;

  @Test
  void keepsTheLengthsAndFormOfACallAndNothingPrivate() {
    String masked = mask(POST);
    assertThat(masked)
        .hasSameSizeAs(POST)
        .matches(
            "(?s)POST /messages\\?sessionId=[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} HTTP/1.1\r\n.*")
        .contains(
            "Host: mcp.example:8000",
            "Authorization: xxxxxx xxxxxxxxx",
            "x-xxxxxxx-xxx: xxx",
            "\"method\":\"tools/call\",\"params\":{\"name\":\"store_memory\",\"arguments\":{\"xxxxxxxx\":"
                + "\"xxxxxxx\",\"xxx\":1111,\"xx\":null,\"x\":[1.1e1,\"xxxx\"]}}}")
        .doesNotContain("0f7702fb", "secret", "hunter2", "4711", "abc");
  }

  @Test
  void isTheSameForEveryCut() {
    String whole = mask(POST + answer() + POST);
    byte[] wire = (POST + answer() + POST).getBytes(StandardCharsets.ISO_8859_1);
    for (int cut = 1; cut < wire.length; cut++) {
      assertThat(mask(wire, cut)).as("cut at %d", cut).isEqualTo(whole);
    }
    assertThat(mask(wire, 1, 1)).as("a byte at a time").isEqualTo(whole);
  }

  @Test
  void keepsWhatAnEventStreamIsReadFor() {
    String masked = mask(answer());
    assertThat(masked)
        .contains("event: endpoint\ndata: /messages?sessionId=", "data: [DONE]", "\"isError\":true")
        .contains("\"model\":\"gpt-4o\"", "\"prompt_tokens\":812", "\"finish_reason\":\"stop\"")
        .doesNotContain("0f7702fb", "salary", "2.71", "comment", "jane");
    String session = masked.replaceAll("(?s).*sessionId=([0-9a-f-]{36}).*", "$1");
    assertThat(mask(POST)).contains("?sessionId=" + session + " HTTP");
  }

  @Test
  void keepsTheIdOfACallAndNotThatOfAModelsAnswer() {
    assertThat(mask(json("{\"id\":\"chatcmpl-4f3d2c1b0a\",\"object\":\"chat.completion\"}")))
        .doesNotContain("chatcmpl-4f3d2c1b0a")
        .containsPattern("\"id\":\"[a-z]{8}-[0-9a-z]{10}\"");
    String call = "{\"jsonrpc\":\"2.0\",\"id\":\"call-0123456789\",\"method\":\"ping\"}";
    String answer = "{\"id\":\"call-0123456789\",\"result\":{},\"jsonrpc\":\"2.0\"}";
    assertThat(mask(json(call))).endsWith(call);
    assertThat(mask(json(answer))).doesNotContain("call-0123456789");
    assertThat(mask(json(call) + json(answer))).endsWith(answer);
  }

  private static String json(String body) {
    return "POST /mcp HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length() + "\r\n\r\n" + body;
  }

  @Test
  void zeroesWhatItDoesNotKnow() {
    assertThat(mask("\0\1\2some protocol with a password")).matches("\0+");
    assertThat(mask("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"))
        .endsWith("\r\n\r\n\0\0\0\0\0");
    assertThat(mask("POST / HTTP/1.1\r\nContent-Length: 15\r\n\r\n{\"a\": oops \"b\"}"))
        .endsWith("{\"x\": \0\0\0\0\0\0\0\0\0");
    String gzip = "POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}";
    assertThat(mask(gzip)).endsWith("\r\n\r\n\0\0");
    assertThat(mask("GET /a HTTP/1.1\r\nContent-Length: 1, 2\r\n\r\nsecret"))
        .endsWith("\0\0\0\0\0\0");
  }

  @Test
  void neverShowsASecretWhereverItStandsAndHoweverDamagedItsSurroundings() {
    var random = new Random(6);
    String secret = "S3CR3T$pass%w0rd"; // no host, name or path may be so
    String text = (POST + answer())
        .replace("hunter2", secret)
        .replace("sk-secret", secret)
        .replace("salary", secret);
    for (int round = 0; round < 3_000; round++) {
      var damaged = new StringBuilder(text);
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        int at = random.nextInt(damaged.length());
        switch (random.nextInt(3)) {
          case 0 -> damaged.setCharAt(at, (char) random.nextInt(256));
          case 1 -> damaged.insert(at, "\r\n\"{}[],:\\ ".charAt(random.nextInt(11)));
          default -> damaged.delete(at, Math.min(damaged.length(), at + random.nextInt(40)));
        }
      }
      byte[] wire = damaged.toString().getBytes(StandardCharsets.ISO_8859_1);
      String masked = mask(wire, 1 + random.nextInt(wire.length));
      assertThat(masked).hasSize(wire.length).doesNotContain("$pass%w");
    }
  }

  private static String answer() {
    String events =
        ": comment\n\nevent: endpoint\ndata: /messages?sessionId=0f7702fb-7bc2-43f8-9cb9-3b08d55d4b3f\n\n"
            + "data: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"isError\":true,\"content\":[{\"text\":\"salary 2.71\"}]}}\n\n"
            + "data: {\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o\",\"choices\":[{\"finish_reason\":\"stop\","
            + "\"delta\":{\"content\":\"jane\"}}],\"usage\":{\"prompt_tokens\":812}}\n\ndata: [DONE]\n\n";
    String chunk = Integer.toHexString(events.length()) + "\r\n" + events + "\r\n0\r\n\r\n";
    return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        + chunk;
  }

  private static String mask(String text) {
    byte[] wire = text.getBytes(StandardCharsets.ISO_8859_1);
    return mask(wire, wire.length);
  }

  private static String mask(byte[] wire, int cut) {
    return mask(wire, cut, wire.length);
  }

  private static String mask(byte[] wire, int first, int then) {
    var out = new MaskedBytes();
    var pseudonyms = new Pseudonyms(KEY);
    var mask = new StreamMask(
        out, pseudonyms, new FieldMask(pseudonyms), new StreamMask.Shared(), why -> {});
    out.moveTo(1);
    mask.data(wire, 0, first);
    for (int at = first; at < wire.length; at += then) {
      mask.data(wire, at, Math.min(then, wire.length - at));
    }
    mask.release();
    byte[] masked = new byte[wire.length];
    out.copyTo(1, masked, 0, masked.length);
    var text = new ByteArrayOutputStream();
    text.writeBytes(masked);
    return text.toString(StandardCharsets.ISO_8859_1);
  }
}
