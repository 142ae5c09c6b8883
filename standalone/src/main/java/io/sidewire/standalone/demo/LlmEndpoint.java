package io.sidewire.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidewire.standalone.demo.MeasuringServer.Answer;
import io.sidewire.standalone.demo.MeasuringServer.Request;
import java.io.IOException;
import java.util.Map;

/**
 * A chat-completions endpoint with Azure's paths. It asks for the tool that the user's message names, and once it has
 * the tool's result it answers with a few words, as JSON or as a stream.
 */
final class LlmEndpoint implements MeasuringServer.Handler {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] WORDS =
      "All done : the note is kept , the weather is fine and the handbook says so .".split(" ");
  private static final long THINK_MILLIS = 180;
  private static final long WORD_MILLIS = 15;

  @Override
  public void handle(Request request, Answer answer) throws IOException {
    if (!request.method().equals("POST") || !request.target().contains("/chat/completions")) {
      answer.send(
          404,
          "application/json",
          Map.of(),
          "{\"error\":{\"code\":\"404\",\"message\":\"Resource not found\"}}");
      return;
    }
    JsonNode ask = JSON.readTree(request.body());
    JsonNode messages = ask.path("messages");
    JsonNode last = messages.path(messages.size() - 1);
    Cast.work(THINK_MILLIS);
    // Azure sends about this much of its own in the head of each answer.
    var headers = Map.of(
        "apim-request-id", "00000000-0000-0000-0000-000000000000",
        "x-ratelimit-remaining-requests", "99",
        "x-ratelimit-remaining-tokens", "99000",
        "x-ms-region", "Sweden Central",
        "strict-transport-security", "max-age=31536000; includeSubDomains; preload",
        "x-content-type-options", "nosniff",
        "x-request-id", "00000000-0000-0000-0000-000000000001");
    if (ask.path("stream").asBoolean()) {
      stream(answer, headers);
    } else {
      answer.send(200, "application/json", headers, JSON.writeValueAsString(completion(last)));
    }
    request
        .watch()
        .answered(ask.path("stream").asBoolean() ? "chat completion, streamed" : "chat completion");
  }

  private static void stream(Answer answer, Map<String, String> headers) throws IOException {
    answer.events(headers);
    for (String word : WORDS) {
      ObjectNode chunk = base("chat.completion.chunk");
      ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
      choice.putObject("delta").put("role", "assistant").put("content", word + " ");
      choice.putNull("finish_reason");
      answer.event(null, JSON.writeValueAsString(chunk));
      Cast.work(WORD_MILLIS);
    }
    ObjectNode stop = base("chat.completion.chunk");
    stop.putArray("choices")
        .addObject()
        .put("index", 0)
        .put("finish_reason", "stop")
        .putObject("delta");
    answer.event(null, JSON.writeValueAsString(stop));
    answer.event(null, "[DONE]");
    answer.end();
  }

  private static ObjectNode completion(JsonNode last) {
    ObjectNode completion = base("chat.completion");
    ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
    ObjectNode message = choice.putObject("message").put("role", "assistant");
    message.putNull("refusal");
    if (last.path("role").asText().equals("user")) {
      message.putNull("content");
      ObjectNode call =
          message.putArray("tool_calls").addObject().put("id", "call_1").put("type", "function");
      call.putObject("function").put("name", last.path("content").asText()).put("arguments", "{}");
      choice.put("finish_reason", "tool_calls");
    } else {
      message.put("content", String.join(" ", WORDS));
      choice.put("finish_reason", "stop");
    }
    completion
        .putObject("usage")
        .put("prompt_tokens", 120)
        .put("completion_tokens", 18)
        .put("total_tokens", 138);
    return completion;
  }

  private static ObjectNode base(String object) {
    return JSON.createObjectNode()
        .put("id", "chatcmpl-demo")
        .put("object", object)
        .put("created", 1_700_000_000)
        .put("model", "gpt-4o-2024-11-20");
  }
}
