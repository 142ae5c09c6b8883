package io.sidewire.standalone.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.standalone.cli.Terminal;
import io.sidewire.standalone.cli.Text;
import io.sidewire.wire.Excerpt;
import java.io.ByteArrayOutputStream;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The promised form of the live view. */
class LiveViewTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long REQUEST = 1_700_058_625_123_000L; // 14:30:25.123 UTC
  private static final long ANSWER = REQUEST + 333_000;

  private static LiveView view(Map<String, String> environment) {
    var nowhere = new ByteArrayOutputStream();
    return new LiveView(
        new Terminal(nowhere, nowhere, environment), FlowTypeRules.builtIn(), ZoneOffset.UTC);
  }

  private static JsonNode exchange(String fields) {
    try {
      String base = """
          {"exchangeId":"f-0","flowType":"azure_openai","protocol":"tls","evidence":"inferred","outcome":"open",
          "client":{"address":"127.0.0.1","port":1},"server":{"address":"127.0.0.1","port":443},
          "requestStart":%d,"requestEnd":%d,"requestBytes":2150,"ambiguous":false}\
          """.formatted(REQUEST, REQUEST);
      return JSON.readerForUpdating(JSON.readTree(base)).readTree(fields);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String answered(String more) {
    return "{\"outcome\":\"answered\",\"totalMicros\":333000,\"responseBytes\":1434,\"responseEnd\":"
        + ANSWER + more + "}";
  }

  @Test
  void anEncryptedCall() {
    var view = view(Map.of());
    assertThat(view.lines(exchange("{}")))
        .containsExactly("[14:30:25.123] 🧠 AZURE_OPENAI 📤 REQUEST  2.1 KB 🔒 inferred");
    assertThat(view.lines(exchange(answered(""))))
        .containsExactly("[14:30:25.456] 🧠 AZURE_OPENAI 📥 RESPONSE 333 ms 1.4 KB 🔒 inferred");
    assertThat(view.lines(exchange(answered("")))).isEmpty();
  }

  @Test
  void aCallWhoseKeysCameLate() {
    var view = view(Map.of());
    view.lines(exchange("{}"));
    view.lines(exchange(answered("")));
    String withdrawn = "{\"outcome\":\"superseded\"}";
    assertThat(view.lines(exchange(withdrawn)))
        .containsExactly("[14:30:25.123] 🧠 AZURE_OPENAI ↩ WITHDRAWN, read with its keys");
    assertThat(view.lines(exchange(withdrawn))).isEmpty();
    assertThat(view(Map.of()).lines(exchange(withdrawn))).isEmpty();
  }

  @Test
  void whatIsSaidStandsBelowOnce() {
    var said = new Previews();
    var nowhere = new ByteArrayOutputStream();
    var view = new LiveView(
        new Terminal(nowhere, nowhere, Map.of()), FlowTypeRules.builtIn(), ZoneOffset.UTC, said);
    said.preview("f-0", Excerpt.Part.PROMPT, "is it warm?");
    assertThat(view.lines(exchange("{}")))
        .containsExactly(
            "[14:30:25.123] 🧠 AZURE_OPENAI 📤 REQUEST  2.1 KB 🔒 inferred",
            "               user: is it warm?");
    said.preview("f-0", Excerpt.Part.ANSWER, "It is …");
    assertThat(view.lines(exchange(answered(""))))
        .containsExactly(
            "[14:30:25.456] 🧠 AZURE_OPENAI 📥 RESPONSE 333 ms 1.4 KB 🔒 inferred",
            "               model: It is …");
    assertThat(said.take("f-0", Excerpt.Part.ANSWER)).isNull();
  }

  @Test
  void whatIsSaidInCallsThatAreNeverToldIsForgotten() {
    var said = new Previews();
    for (int i = 0; i <= Previews.MOST; i++) {
      said.preview("f-" + i, Excerpt.Part.PROMPT, "words");
    }
    assertThat(said.take("f-0", Excerpt.Part.PROMPT)).isNull();
    assertThat(said.take("f-1", Excerpt.Part.PROMPT)).isEqualTo("words");
  }

  @Test
  void aReadableCall() {
    var view = view(Map.of());
    String read =
        ",\"evidence\":\"decoded\",\"method\":\"POST\",\"path\":\"/openai/deployments/gpt-4o/chat/completions\"";
    assertThat(
            view.lines(
                exchange(
                    answered(
                        read
                            + ",\"status\":200,\"finishReason\":\"tool_calls\",\"inputTokens\":812,\"outputTokens\":40"))))
        .containsExactly(
            "[14:30:25.123] 🧠 AZURE_OPENAI 📤 REQUEST (POST"
                + " /openai/deployments/gpt-4o/chat/completions)",
            "[14:30:25.456] 🧠 AZURE_OPENAI 📥 RESPONSE 333 ms 200 (tool_calls) 812+40 tokens");
  }

  @Test
  void aToolCall() {
    String call = "\"flowType\":\"mcp_server\",\"protocol\":\"mcp\",\"evidence\":\"decoded\","
        + "\"operation\":\"tools/call\",\"target\":\"store_memory\"";
    var view = view(Map.of());
    assertThat(view.lines(exchange("{" + call + "}")))
        .containsExactly("[14:30:25.123] 🔌 MCP_SERVER 🔄 LOCAL tools/call store_memory");
    assertThat(view.lines(exchange(answered("," + call))))
        .containsExactly("[14:30:25.456] 🔌 MCP_SERVER 🔄 LOCAL tools/call store_memory ✓ 333 ms");
    assertThat(
            view(Map.of())
                .lines(
                    exchange(
                        answered(
                            "," + call
                                + ",\"error\":\"tool_error\",\"server\":{\"address\":\"192.0.2.1\",\"port\":8000}"))))
        .last()
        .isEqualTo(
            "[14:30:25.456] 🔌 MCP_SERVER 🔄 REMOTE tools/call store_memory ✗ tool_error 333 ms");
  }

  @Test
  void aCallWithoutAnAnswerSaysWhy() {
    List<String> lines = view(Map.of()).lines(exchange("{\"outcome\":\"capture_ended\"}"));
    assertThat(lines).last().asString().contains("RESPONSE").contains("✗ capture ended");
  }

  @Test
  void linesFitTheTerminalAndPlainOnesHaveNoEscapes() {
    for (int width : new int[] {40, 80, 200}) {
      var terminal = Map.of("SIDEWIRE_TTY", "o", "COLUMNS", String.valueOf(width));
      for (String line : view(terminal).lines(exchange(answered("")))) {
        assertThat(line).contains("\u001b[");
        assertThat(Text.columns(line.replaceAll("\u001b\\[[0-9;]*m", "")))
            .isLessThanOrEqualTo(width);
      }
    }
    assertThat(view(Map.of()).lines(exchange(answered(""))))
        .noneMatch(line -> line.contains("\u001b"));
  }

  @Test
  void namesFromTheWireCannotSteerTheTerminal() {
    assertThat(view(Map.of())
            .lines(exchange(
                answered(",\"evidence\":\"decoded\",\"method\":\"G\\u001b[2J\",\"path\":\"/\""))))
        .noneMatch(line -> line.contains("\u001b"));
  }
}
