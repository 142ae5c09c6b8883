package io.sidewire.wire.http;

import static io.sidewire.wire.http.Talk.talk;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Model, tokens, finish reason, tool calls and errors of each API, exactly as the bodies say. */
class ModelApiTest {

  private static String events(String... data) {
    StringBuilder body = new StringBuilder();
    for (String each : data) {
      String name = each.startsWith("{\"type\":\"")
          ? "event: " + each.substring(9, each.indexOf('"', 9)) + "\n"
          : "";
      body.append(name).append("data: ").append(each).append("\n\n");
    }
    return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n" + body;
  }

  private static List<String> said(String path, String request, String answer) {
    return talk()
        .client(McpTest.post(path, "", request))
        .server(answer)
        .serverEnds()
        .seenOf("model", "usage", "content ");
  }

  private static final String CHAT = "{\"model\":\"m-1\",\"messages\":[{\"role\":\"user\"}]";

  @Test
  void chatCompletions() {
    assertThat(said(
            "/v1/chat/completions",
            CHAT + "}",
            McpTest.json(
                200,
                "",
                "{\"object\":\"chat.completion\",\"model\":\"m-1-2026\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
                    + "{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"add\","
                    + "\"arguments\":\"{\\\"name\\\":1}\"}},"
                    + "{\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"echo\"}}]},"
                    + "\"finish_reason\":\"tool_calls\"}],\"usage\":{\"prompt_tokens\":12,"
                    + "\"completion_tokens\":3,\"prompt_tokens_details\":{\"cached_tokens\":8}}}")))
        .containsExactly(
            "content http",
            "model #0 chat_completions m-1",
            "content openai_api",
            "usage #0 chat_completions m-1-2026 12+3 cached 8 tool_calls [add, echo]");
  }

  @Test
  void streamedChatCompletions() {
    String head = "{\"object\":\"chat.completion.chunk\",\"model\":\"\",\"choices\":[]}";
    String role = chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null");
    String call = chunk(
        "{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"add\",\"arguments\":\"\"}}]}",
        "null");
    String more =
        chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]}", "null");
    String second = chunk(
        "{\"tool_calls\":[{\"index\":1,\"id\":\"c2\",\"function\":{\"name\":\"add\"}}]}", "null");
    String end = chunk("{}", "\"tool_calls\"");
    String usage =
        "{\"model\":\"m-1-x\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7}}";
    Talk talk = talk()
        .client(McpTest.post(
            "/openai/deployments/my%20dep/chat/completions?api-version=1",
            "", "{\"stream\":true,\"messages\":[]}"))
        .server(events(head))
        .server("data: " + role + "\n\n")
        .server("data: " + call + "\n\ndata: " + more + "\n\n")
        .server("data: " + second + "\n\ndata: " + end + "\n\ndata: " + usage + "\n\n")
        .server("data: [DONE]\n\n")
        .serverEnds();
    assertThat(talk.seenOf("model", "usage"))
        .containsExactly(
            "model #0 chat_completions my dep stream",
            "usage #0 chat_completions m-1-x 5+7 cached null tool_calls [add, add]");
    assertThat(talk.seenOf("end").get(0)).endsWith("chunks 7 first 1 token 3");
  }

  private static String chunk(String delta, String finish) {
    return "{\"object\":\"chat.completion.chunk\",\"model\":\"m-1-x\",\"choices\":[{\"index\":0,"
        + "\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}";
  }

  @Test
  void noUsageOnTheWireIsNone() {
    assertThat(said(
            "/v1/chat/completions",
            CHAT + ",\"stream\":true}",
            events(chunk("{\"content\":\"hi\"}", "\"stop\""), "[DONE]")))
        .contains("usage #0 chat_completions m-1-x null+null cached null stop []");
  }

  @Test
  void errorsUnderStatus200() {
    assertThat(
            said(
                "/v1/chat/completions",
                CHAT + ",\"stream\":true}",
                events(
                    chunk("{\"content\":\"hi\"}", "null"),
                    "{\"error\":{\"message\":\"secret text\",\"type\":\"server_error\",\"code\":null}}")))
        .contains(
            "usage #0 chat_completions m-1-x null+null cached null null [] error server_error");
    assertThat(said(
            "/v1/chat/completions",
            CHAT + "}",
            McpTest.json(400, "", "{\"error\":{\"code\":\"content_filter\",\"message\":\"x\"}}")))
        .contains(
            "usage #0 chat_completions null null+null cached null null [] error content_filter");
    assertThat(said(
            "/v1/chat/completions",
            CHAT + "}",
            McpTest.json(500, "", "{\"error\":{\"code\":\"my secret\",\"message\":\"x\"}}")))
        .contains("usage #0 chat_completions null null+null cached null null [] error other");
  }

  @Test
  void responses() {
    String request = "{\"model\":\"m\",\"input\":\"x\",\"stream\":true}";
    assertThat(said(
            "/openai/v1/responses",
            request,
            events(
                "{\"type\":\"response.created\",\"response\":{\"object\":\"response\",\"model\":\"m-x\","
                    + "\"status\":\"in_progress\",\"error\":null,\"usage\":null,\"output\":[]}}",
                "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"id\":\"f\","
                    + "\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"look\"}}",
                "{\"type\":\"response.output_text.delta\",\"delta\":\"hi\"}",
                "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"id\":\"f\","
                    + "\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"look\"}}",
                "{\"type\":\"response.completed\",\"response\":{\"model\":\"m-x\",\"status\":"
                    + "\"completed\",\"error\":null,\"output\":[{\"id\":\"f\",\"type\":\"function_call\","
                    + "\"name\":\"look\",\"call_id\":\"c\"}],\"usage\":{\"input_tokens\":11,"
                    + "\"input_tokens_details\":{\"cached_tokens\":4},\"output_tokens\":42}}}")))
        .contains("usage #0 responses m-x 11+42 cached 4 completed [look]");
    assertThat(said(
            "/v1/responses",
            request,
            events(
                "{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":"
                    + "\"rate_limit_exceeded\",\"message\":\"x\"}}}")))
        .contains(
            "usage #0 responses null null+null cached null failed [] error rate_limit_exceeded");
    assertThat(said(
            "/v1/responses",
            "{\"model\":\"m\",\"input\":\"x\"}",
            McpTest.json(
                200,
                "",
                "{\"object\":\"response\",\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":"
                    + "\"max_output_tokens\"},\"model\":\"m\",\"output\":[{\"type\":\"message\","
                    + "\"name\":\"no\"}],\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}")))
        .contains("usage #0 responses m 1+2 cached null max_output_tokens []");
  }

  @Test
  void messages() {
    String request = "{\"model\":\"c\",\"max_tokens\":9,\"messages\":[],\"stream\":true}";
    assertThat(said(
            "/v1/messages",
            request,
            events(
                "{\"type\":\"message_start\",\"message\":{\"type\":\"message\",\"role\":\"assistant\","
                    + "\"model\":\"c-4\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":"
                    + "25,\"cache_read_input_tokens\":6,\"output_tokens\":1}}}",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\","
                    + "\"text\":\"\"}}",
                "{\"type\":\"ping\"}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
                    + "\"text\":\"hi\"}}",
                "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\","
                    + "\"id\":\"t\",\"name\":\"look\",\"input\":{}}}",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":{"
                    + "\"output_tokens\":15}}",
                "{\"type\":\"message_stop\"}")))
        .containsExactly(
            "content http",
            "model #0 messages c stream",
            "content anthropic_api",
            "usage #0 messages c-4 25+15 cached 6 tool_use [look]");
    assertThat(
            said(
                "/v1/messages",
                request,
                events(
                    "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}")))
        .contains("usage #0 messages null null+null cached null null [] error overloaded_error");
    assertThat(
            said(
                "/v1/messages",
                "{\"model\":\"c\",\"messages\":[]}",
                McpTest.json(
                    200,
                    "",
                    "{\"type\":\"message\",\"role\":\"assistant\",\"model\":\"c-4\",\"content\":[{\"type\":"
                        + "\"text\",\"text\":\"a\"},{\"id\":\"t\",\"name\":\"look\",\"type\":\"tool_use\"}],"
                        + "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}")))
        .contains("usage #0 messages c-4 3+4 cached null end_turn [look]");
  }

  @Test
  void mcpPostsToMessagesAreNoModelCalls() {
    assertThat(said(
            "/messages?sessionId=abc",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}",
            "HTTP/1.1 202 A\r\nContent-Length: 0\r\n\r\n"))
        .containsExactly("content http", "content mcp");
    assertThat(said("/api/messages", "{\"text\":\"hi\"}", McpTest.json(200, "", "{\"ok\":true}")))
        .containsExactly("content http");
  }

  @Test
  void gemini() {
    String request = "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]}";
    assertThat(said(
            "/v1beta/models/gemini-2:streamGenerateContent?alt=sse",
            request,
            events(
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}],\"usageMetadata\":{"
                    + "\"promptTokenCount\":8,\"candidatesTokenCount\":2},\"modelVersion\":\"gemini-2-x\"}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"look\"}}]},"
                    + "\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":8,"
                    + "\"candidatesTokenCount\":9,\"cachedContentTokenCount\":1}}")))
        .containsExactly(
            "content http",
            "model #0 generate_content gemini-2 stream",
            "content google_api",
            "usage #0 generate_content gemini-2-x 8+9 cached 1 STOP [look]");
    assertThat(said(
            "/v1/projects/p/locations/l/publishers/google/models/g:generateContent",
            request,
            McpTest.json(
                429,
                "",
                "{\"error\":{\"code\":429,\"message\":\"x\",\"status\":\"RESOURCE_EXHAUSTED\"}}")))
        .contains(
            "model #0 generate_content g",
            "usage #0 generate_content null null+null cached null null [] error RESOURCE_EXHAUSTED");
  }

  @Test
  void ollama() {
    assertThat(said(
            "/api/chat",
            "{\"model\":\"l\",\"messages\":[]}",
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n"
                + "{\"model\":\"l\",\"created_at\":\"x\",\"message\":{\"role\":\"assistant\",\"content\":"
                + "\"hi\"},\"done\":false}\n"
                + "{\"model\":\"l\",\"created_at\":\"x\",\"message\":{\"content\":\"\",\"tool_calls\":[{"
                + "\"function\":{\"name\":\"look\",\"arguments\":{}}}]},\"done\":false}\n"
                + "{\"model\":\"l\",\"created_at\":\"x\",\"message\":{\"content\":\"\"},\"done\":true,"
                + "\"done_reason\":\"stop\",\"prompt_eval_count\":30,\"eval_count\":25}\n"))
        .containsExactly(
            "content http",
            "model #0 ollama_chat l stream",
            "content ollama_api",
            "usage #0 ollama_chat l 30+25 cached null stop [look]");
    assertThat(said(
            "/api/generate",
            "{\"model\":\"l\",\"prompt\":\"x\",\"stream\":false}",
            McpTest.json(
                200,
                "",
                "{\"model\":\"l\",\"created_at\":\"x\",\"response\":\"hi\",\"done\":true,"
                    + "\"prompt_eval_count\":3,\"eval_count\":2}")))
        .contains(
            "model #0 ollama_generate l", "usage #0 ollama_generate l 3+2 cached null null []");
    assertThat(talk()
            .client("GET /api/tags HTTP/1.1\r\n\r\n")
            .server(McpTest.json(200, "", "{\"models\":[]}"))
            .seenOf("content"))
        .containsExactly("content http", "content ollama_api");
  }

  @Test
  void curlSendsJsonAsAForm() {
    String body = "{\"model\":\"l\",\"prompt\":\"x\"}";
    assertThat(talk()
            .client("POST /api/generate HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded"
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
            .seenOf("model"))
        .containsExactly("model #0 ollama_generate l stream");
  }

  @Test
  void embeddings() {
    assertThat(said(
            "/v1/embeddings",
            "{\"input\":\"x\",\"model\":\"e\"}",
            McpTest.json(
                200,
                "",
                "{\"object\":\"list\",\"data\":[{\"embedding\":[0.1,-2e-3]}],\"model\":\"e-2\","
                    + "\"usage\":{\"prompt_tokens\":4,\"total_tokens\":4}}")))
        .contains("usage #0 embeddings e-2 4+null cached null null []");
  }

  @Test
  void anAnswerWhoseRequestWasNotSeenShowsItsApi() {
    assertThat(talk()
            .server(McpTest.json(
                200,
                "",
                "{\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"finish_reason\":"
                    + "\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}"))
            .seenOf("usage", "content"))
        .containsExactly(
            "content http",
            "usage #0 chat_completions m 1+2 cached null stop []",
            "content openai_api");
  }

  // ---------------------------------------------------------------- bedrock

  private static byte[] frame(String type, String payload) throws IOException {
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    boolean exception = type.endsWith("Exception");
    header(headers, exception ? ":exception-type" : ":event-type", type);
    header(headers, ":content-type", "application/json");
    header(headers, ":message-type", exception ? "exception" : "event");
    byte[] body = payload.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    u32(out, 16 + headers.size() + body.length);
    u32(out, headers.size());
    u32(out, crc(out.toByteArray()));
    headers.writeTo(out);
    out.write(body);
    u32(out, crc(out.toByteArray()));
    return out.toByteArray();
  }

  private static void header(OutputStream out, String name, String value) throws IOException {
    out.write(name.length());
    out.write(name.getBytes(StandardCharsets.US_ASCII));
    out.write(7);
    out.write(value.length() >> 8);
    out.write(value.length());
    out.write(value.getBytes(StandardCharsets.US_ASCII));
  }

  private static int crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static void u32(OutputStream out, int value) throws IOException {
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.write(value >> shift);
    }
  }

  private static byte[] frames(byte[]... frames) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\n\r\n"
        .getBytes(StandardCharsets.US_ASCII));
    for (byte[] each : frames) {
      out.write(each);
    }
    return out.toByteArray();
  }

  @Test
  void bedrock() throws IOException {
    String converse = "{\"messages\":[{\"role\":\"user\"}]}";
    assertThat(talk()
            .client(McpTest.post("/model/anthropic.c-v1%3A0/converse-stream", "", converse))
            .server(frames(
                frame("messageStart", "{\"role\":\"assistant\"}"),
                frame("contentBlockDelta", "{\"delta\":{\"text\":\"hi\"}}"),
                frame(
                    "contentBlockStart",
                    "{\"start\":{\"toolUse\":{\"name\":\"look\",\"toolUseId\":\"t\"}}}"),
                frame("messageStop", "{\"stopReason\":\"tool_use\"}"),
                frame(
                    "metadata",
                    "{\"usage\":{\"inputTokens\":6,\"outputTokens\":7,"
                        + "\"cacheReadInputTokens\":2}}")))
            .serverEnds()
            .seenOf("model", "usage", "end"))
        .containsExactly(
            "model #0 converse anthropic.c-v1:0 stream",
            "usage #0 converse null 6+7 cached 2 tool_use [look]",
            "end #0 ANSWERED at 1 bytes 754 body 685 chunks 5 first 1 token 1");
    assertThat(talk()
            .client(McpTest.post("/model/m/converse-stream", "", converse))
            .server(frames(frame("throttlingException", "{\"message\":\"slow\"}")))
            .serverEnds()
            .seenOf("usage"))
        .containsExactly(
            "usage #0 converse null null+null cached null null [] error ThrottlingException");
    String inner =
        "{\"type\":\"message_stop\",\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":3,"
            + "\"outputTokenCount\":4}}";
    assertThat(talk()
            .client(McpTest.post("/model/m/invoke-with-response-stream", "", "{\"prompt\":1}"))
            .server(frames(frame(
                "chunk",
                "{\"bytes\":\""
                    + Base64.getEncoder().encodeToString(inner.getBytes(StandardCharsets.UTF_8))
                    + "\"}")))
            .serverEnds()
            .seenOf("usage"))
        .containsExactly("usage #0 invoke null 3+4 cached null null []");
    assertThat(said(
            "/model/m/converse",
            converse,
            McpTest.json(
                400, "x-amzn-ErrorType: ValidationException:http://x\r\n", "{\"message\":\"x\"}")))
        .contains("usage #0 converse null null+null cached null null [] error ValidationException");
  }

  // ---------------------------------------------------------------- content coding

  private static final String PLAIN =
      "{\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}";

  private static byte[] coded(String coding, byte[] body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: " + coding
            + "\r\nContent-Length: " + body.length + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  private static byte[] deflate(byte[] plain, boolean raw) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream deflate = new DeflaterOutputStream(out, new Deflater(9, raw))) {
      deflate.write(plain);
    }
    return out.toByteArray();
  }

  private static List<String> answered(byte[] answer) {
    return talk()
        .client(McpTest.post("/v1/chat/completions", "", CHAT + "}"))
        .server(answer)
        .seenOf("usage", "odd");
  }

  @Test
  void codedBodies() throws IOException {
    byte[] plain = PLAIN.getBytes(StandardCharsets.UTF_8);
    byte[] half = PLAIN.substring(0, 60).getBytes(StandardCharsets.UTF_8);
    byte[] rest = PLAIN.substring(60).getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    members.write(gzip(half));
    members.write(gzip(rest));
    byte[] named = gzip(plain);
    ByteArrayOutputStream optional = new ByteArrayOutputStream();
    optional.write(named, 0, 3);
    optional.write(4 + 8 + 16 + 2); // FEXTRA, FNAME, FCOMMENT, FHCRC
    optional.write(named, 4, 6);
    optional.write(new byte[] {3, 0, 'x', 'y', 'z', 'n', 0, 'c', 'c', 0, 1, 2});
    optional.write(named, 10, named.length - 10);
    String usage = "usage #0 chat_completions m 1+2 cached null stop []";
    assertThat(answered(coded("gzip", named))).containsExactly(usage);
    assertThat(answered(coded("x-gzip", members.toByteArray()))).containsExactly(usage);
    assertThat(answered(coded("gzip", optional.toByteArray()))).containsExactly(usage);
    assertThat(answered(coded("deflate", deflate(plain, false)))).containsExactly(usage);
    assertThat(answered(coded("deflate", deflate(plain, true)))).containsExactly(usage);
    assertThat(answered(coded("br", named))).isEmpty();
    assertThat(answered(coded("gzip", plain))).containsExactly("odd #0 BODY_INFLATE_ERROR");
    named[20] ^= 0x55;
    assertThat(answered(coded("gzip", named))).contains("odd #0 BODY_INFLATE_ERROR");
  }

  @Test
  void aBombIsLeftAlone() throws IOException {
    byte[] bomb = gzip(new byte[4 << 20]);
    assertThat(answered(coded("gzip", bomb))).contains("odd #0 BODY_INFLATE_BOMB");
  }
}
