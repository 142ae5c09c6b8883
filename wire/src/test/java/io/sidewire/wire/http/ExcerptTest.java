package io.sidewire.wire.http;

import static io.sidewire.wire.http.Talk.talk;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.Excerpt;
import io.sidewire.wire.Observation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of a call's words is kept where somebody asks for it: the user's last ones and the model's, their beginning. */
class ExcerptTest {

  private static List<String> said(String path, String request, String answer) {
    return talk()
        .client(wired(McpTest.post(path, "", bytewise(request))))
        .server(wired(answer))
        .serverEnds()
        .said();
  }

  /** A character for each byte, so that lengths are those of the bytes. */
  private static String bytewise(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static byte[] wired(String bytewise) {
    return bytewise.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String events(String... data) {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: "
        + bytewise(String.join("\n\ndata: ", data)) + "\n\n";
  }

  @Test
  void chatCompletions() {
    assertThat(
            said(
                "/v1/chat/completions",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"be kind\"},"
                    + "{\"role\":\"user\",\"content\":\"first\"},{\"role\":\"assistant\",\"content\":\"one\"},"
                    + "{\"content\":\"how warm is it?\",\"role\":\"user\"},"
                    + "{\"role\":\"tool\",\"content\":\"22 degrees\"}]}",
                McpTest.json(
                    200,
                    "",
                    "{\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"message\":{"
                        + "\"role\":\"assistant\",\"content\":\"It is warm.\",\"reasoning_content\":\"hm\","
                        + "\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"secret\"}}]}}]}")))
        .containsExactly("#0 PROMPT how warm is it?", "#0 ANSWER It is warm.");
  }

  @Test
  void pieces() {
    assertThat(said(
            "/v1/chat/completions",
            "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":["
                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:x\"}},"
                + "{\"type\":\"text\",\"text\":\"what is \\u00fcber?\"}]}]}",
            events(
                "{\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}",
                "{\"choices\":[{\"delta\":{\"reasoning_content\":\"let me think\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"It is \"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"\u00fcber.\"}}]}",
                "[DONE]")))
        .containsExactly("#0 PROMPT what is \u00fcber?", "#0 ANSWER It is \u00fcber.");
  }

  @Test
  void messages() {
    String request =
        "{\"model\":\"claude\",\"system\":\"rules\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\","
            + "\"content\":[{\"type\":\"text\",\"text\":\"add them\"}]},{\"role\":\"assistant\",\"content\":["
            + "{\"type\":\"tool_use\",\"name\":\"add\",\"input\":{\"text\":\"x\"}}]},{\"role\":\"user\",\"content\":["
            + "{\"type\":\"tool_result\",\"content\":[{\"type\":\"text\",\"text\":\"5\"}]}]}]}";
    assertThat(
            said(
                "/v1/messages",
                request,
                events(
                    "{\"type\":\"message_start\",\"message\":{\"model\":\"claude\",\"content\":[]}}",
                    "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}}",
                    "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Five\"}}",
                    "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":1\"}}")))
        .containsExactly("#0 PROMPT add them", "#0 ANSWER Five");
    assertThat(
            said(
                "/v1/messages",
                request,
                McpTest.json(
                    200,
                    "",
                    "{\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude\",\"content\":["
                        + "{\"type\":\"thinking\",\"thinking\":\"hm\"},{\"type\":\"text\",\"text\":\"Five\"},"
                        + "{\"type\":\"tool_use\",\"name\":\"add\",\"input\":{\"text\":\"secret\"}}]}")))
        .containsExactly("#0 PROMPT add them", "#0 ANSWER Five");
  }

  @Test
  void responses() {
    assertThat(said(
            "/v1/responses",
            "{\"model\":\"m\",\"input\":\"tell me\",\"instructions\":\"rules\"}",
            events(
                "{\"type\":\"response.created\",\"response\":{\"model\":\"m\",\"status\":\"in_progress\"}}",
                "{\"type\":\"response.reasoning_text.delta\",\"delta\":\"hm\"}",
                "{\"type\":\"response.function_call_arguments.delta\",\"delta\":\"secret\"}",
                "{\"type\":\"response.output_text.delta\",\"delta\":\"Once \"}",
                "{\"type\":\"response.output_text.delta\",\"delta\":\"upon\"}")))
        .containsExactly("#0 PROMPT tell me", "#0 ANSWER Once upon");
    assertThat(said(
            "/v1/responses",
            "{\"model\":\"m\",\"input\":[{\"type\":\"message\",\"role\":\"user\",\"content\":["
                + "{\"type\":\"input_text\",\"text\":\"tell me\"}]},"
                + "{\"type\":\"function_call_output\",\"output\":\"secret\"}]}",
            McpTest.json(
                200,
                "",
                "{\"object\":\"response\",\"model\":\"m\",\"output\":[{\"type\":\"reasoning\",\"content\":["
                    + "{\"type\":\"reasoning_text\",\"text\":\"hm\"}]},{\"type\":\"message\",\"content\":["
                    + "{\"type\":\"output_text\",\"text\":\"Once upon\"}]}]}")))
        .containsExactly("#0 PROMPT tell me", "#0 ANSWER Once upon");
  }

  @Test
  void otherApis() {
    assertThat(
            said(
                "/api/chat",
                "{\"model\":\"q\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n"
                    + "{\"model\":\"q\",\"created_at\":\"t\",\"message\":{\"role\":\"assistant\",\"content\":\"Hel\"},\"done\":false}\n"
                    + "{\"model\":\"q\",\"created_at\":\"t\",\"message\":{\"role\":\"assistant\",\"content\":\"lo\"},\"done\":true}\n"))
        .containsExactly("#0 PROMPT hi", "#0 ANSWER Hello");
    assertThat(said(
            "/v1beta/models/g:generateContent",
            "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}",
            McpTest.json(
                200,
                "",
                "{\"modelVersion\":\"g\",\"candidates\":[{\"content\":{\"parts\":["
                    + "{\"text\":\"hm\",\"thought\":true},{\"text\":\"Hello\"}]}}]}")))
        .containsExactly("#0 PROMPT hi", "#0 ANSWER Hello");
  }

  @Test
  void theBeginningOnlyEndedAtACharacter() {
    String exact = "x".repeat(62) + "\u00fc";
    assertThat(exactly(exact)).isEqualTo("#0 PROMPT " + exact);
    assertThat(exactly(exact + "y")).isEqualTo("#0 PROMPT " + exact + "|");
    assertThat(exactly("x".repeat(63) + "\u00fcy")).isEqualTo("#0 PROMPT " + "x".repeat(63) + "|");
    assertThat(exactly("x".repeat(61) + "\ud83d\ude00\u00fc"))
        .isEqualTo("#0 PROMPT " + "x".repeat(61) + "|");
  }

  private static String exactly(String prompt) {
    String json =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}";
    return said("/v1/chat/completions", json, McpTest.json(200, "", "{}")).get(0);
  }

  @Test
  void nothingOfWhatIsNoCallOfAModel() {
    String texts =
        "{\"input\":\"words\",\"prompt\":\"words\",\"model\":\"m\",\"messages\":[{\"content\":\"words\"}]}";
    assertThat(said("/v1/embeddings", texts, McpTest.json(200, "", "{\"object\":\"list\"}")))
        .isEmpty();
    assertThat(said("/chat", texts, McpTest.json(200, "", "{\"response\":\"words\"}")))
        .isEmpty();
    assertThat(
            said(
                "/mcp",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"t\",\"arguments\":{\"prompt\":\"words\"}}}",
                McpTest.json(
                    200,
                    "",
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"words\"}]}}")))
        .isEmpty();
  }

  @Test
  void isNoObservationAndDoesNotTellItselfToALog() {
    assertThat(Observation.class.isAssignableFrom(Excerpt.class)).isFalse();
    assertThat(new Excerpt(1, Excerpt.Part.PROMPT, "the code is swordfish", false).toString())
        .isEqualTo("Excerpt[1 PROMPT, 21 characters]");
  }
}
