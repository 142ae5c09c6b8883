package io.sidewire.wire.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.EverySplit;
import io.sidewire.testkit.Frames;
import io.sidewire.testkit.FuzzTarget;
import io.sidewire.wire.Limits;
import io.sidewire.wire.json.Field;
import io.sidewire.wire.json.JsonDocument;
import io.sidewire.wire.json.JsonReader;
import io.sidewire.wire.json.JsonShape;
import io.sidewire.wire.jsonrpc.RpcMessage;
import java.util.ArrayList;
import java.util.List;

/** JSON texts as bodies hold them: JSON-RPC messages, batches of them, what model APIs say. */
final class JsonFuzz implements FuzzTarget {
  @Override
  public void run(byte[] input) {
    List<String> whole = documents(Limits.DEFAULT, List.of(input));
    assertThat(documents(Limits.DEFAULT, EverySplit.every(input, 1))).isEqualTo(whole);
    assertThat(documents(Limits.DEFAULT, EverySplit.every(input, 6))).isEqualTo(whole);
    assertThat(documents(HttpFuzz.LOW, EverySplit.every(input, 1)))
        .isEqualTo(documents(HttpFuzz.LOW, List.of(input)));
  }

  private static List<String> documents(Limits limits, List<byte[]> pieces) {
    List<String> seen = new ArrayList<>();
    JsonReader reader = new JsonReader(limits, JsonShape.MESSAGES, document -> see(document, seen));
    for (byte[] piece : pieces) {
      reader.feed(piece, 0, piece.length);
    }
    seen.add(reader.failure() + " " + reader.any());
    reader.cut();
    return seen;
  }

  private static void see(JsonDocument document, List<String> seen) {
    StringBuilder text = new StringBuilder();
    for (Field field : Field.values()) {
      Object value = document.get(field);
      text.append(value == JsonDocument.STRUCTURE ? "[]" : value).append(' ');
    }
    seen.add(text + "" + document.tools() + document.complete() + RpcMessage.of(document));
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        Frames.ascii(
            "[{\"jsonrpc\":\"2.0\",\"id\":\"a\\u00e9\\ud83d\\ude00\",\"method\":\"tools/call\","
                + "\"params\":{\"name\":\"x\",\"arguments\":{\"a\":[1,2.5e3,-0,null,true]}}},"
                + "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no\"}}]"),
        Frames.ascii(
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"protocolVersion\":\"2025-06-18\","
                + "\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"},\"isError\":true}}\n"
                + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":7}}"),
        Frames.ascii(
            "{\"id\":\"c\",\"model\":\"gpt\",\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
                + "\"id\":\"t\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]},\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3}}"));
  }
}
