package io.sidewire.wire.llm;

import io.sidewire.wire.Observation.LlmUsage;
import io.sidewire.wire.json.Field;
import io.sidewire.wire.json.JsonDocument;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects what the answer of a model says of itself, from one JSON object or from those of a stream.
 *
 * <pre>
 * api                    model              tokens                                   finish
 * chat, completions      model              usage (streams: the last one sent)       choices[].finish_reason
 * responses              response.model     usage of response.completed              status, or why incomplete
 * realtime               (in the session)   usage of response.done               status, or why not completed
 * messages               message.model      input of message_start, then the output  stop_reason
 *                                           of the last message_delta (cumulative)
 * generate_content       modelVersion       usageMetadata (cumulative)               candidates[].finishReason
 * converse               (in the path)      usage of metadata                        stopReason
 * ollama                 model              *_eval_count of the object with done     done_reason
 * </pre>
 *
 * <p>What did not cross the wire stays null: nothing is estimated.
 */
public final class LlmAnswerReader {
  private static final int MOST_TOOLS = 256;
  private static final Set<String> CALL_TYPES =
      Set.of("function", "tool_use", "function_call", "custom_tool_call", "custom");

  private static final Set<String> FINAL_STATUS =
      Set.of("completed", "incomplete", "failed", "cancelled");

  private LlmApi api;
  private String model;
  private Long inputTokens;
  private Long outputTokens;
  private Long cachedTokens;
  private String finishReason;
  private String error;
  private boolean any;
  private final List<String> toolCalls = new ArrayList<>();
  private final Set<Object> named = new HashSet<>();

  /** @param api null where the request was not seen: the answer then shows it by its shape */
  public LlmAnswerReader(LlmApi api) {
    this.api = api;
  }

  /** The request became known after the answer began. */
  public void known(LlmApi known) {
    this.api = known;
  }

  public LlmApi api() {
    return api;
  }

  /**
   * Takes an object of the answer.
   *
   * @return true where it carries something that the model generated
   */
  public boolean document(JsonDocument json) {
    if (api == null) {
      api = shape(json);
    }
    if (api == null) {
      return false;
    }
    any = true;
    if (model == null) {
      model = json.text(Field.MODEL);
    }
    usage(json);
    finish(json);
    error(json);
    int before = toolCalls.size();
    json.tools().forEach(this::tool);
    boolean text = json.text(Field.CONTENT) != null;
    return text && generates(json) || toolCalls.size() > before;
  }

  /** An error that the transport carried: an exception frame, an error header. */
  public void failed(String code) {
    any = true;
    if (error == null) {
      error = LlmErrors.classify(code);
    }
  }

  /** Token counts that stand in header fields. */
  public void counted(Long input, Long output) {
    inputTokens = inputTokens == null ? input : inputTokens;
    outputTokens = outputTokens == null ? output : outputTokens;
  }

  /** What was read; null where the answer is that of no model API. */
  public LlmUsage usage(long exchange) {
    if (api == null || !any && inputTokens == null) {
      return null;
    }
    return new LlmUsage(
        exchange,
        api.id(),
        model,
        inputTokens,
        outputTokens,
        cachedTokens,
        finishReason,
        List.copyOf(toolCalls),
        error);
  }

  private void usage(JsonDocument json) {
    // The first input counts and the last output: providers repeat the former and add up the
    // latter.
    if (inputTokens == null) {
      inputTokens = json.integer(Field.INPUT_TOKENS);
    }
    Long output = json.integer(Field.OUTPUT_TOKENS);
    if (output != null) {
      outputTokens = output;
    }
    Long cached = json.integer(Field.CACHED_TOKENS);
    if (cached != null) {
      cachedTokens = cached;
    }
  }

  private void finish(JsonDocument json) {
    String reason = json.text(Field.FINISH_REASON);
    if (api == LlmApi.RESPONSES || api == LlmApi.REALTIME) {
      String status = json.text(Field.STATUS);
      boolean final_ = status != null && FINAL_STATUS.contains(status);
      String why = json.text(Field.INCOMPLETE_REASON);
      reason = !final_ ? null : why != null ? why : status;
    }
    if (reason != null) {
      finishReason = reason;
    }
  }

  private void error(JsonDocument json) {
    boolean event = "error".equals(json.text(Field.TYPE));
    boolean failed = "response.failed".equals(json.text(Field.TYPE));
    if (error == null && (json.has(Field.ERROR) || event || failed)) {
      error = LlmErrors.classify(
          json.get(Field.ERROR_CODE),
          json.get(Field.ERROR_TYPE),
          json.get(Field.ERROR_STATUS),
          json.get(Field.INNER_ERROR_CODE));
    }
  }

  /** Takes a call's name once: in streams most pieces of a call have none, with some servers all do. */
  private void tool(JsonDocument.Tool tool) {
    boolean call = tool.type() == null || CALL_TYPES.contains(tool.type());
    Object key = tool.id() != null ? tool.id() : tool.index() >= 0 ? (Object) tool.index() : null;
    if (call && toolCalls.size() < MOST_TOOLS && (key == null || named.add(key))) {
      toolCalls.add(tool.name());
    }
  }

  /** True but for events of a stream that carry something else than the words of the answer: arguments of a tool, reasoning, sound. */
  public static boolean says(JsonDocument json) {
    String type = json.text(Field.TYPE);
    return type == null
        || !type.startsWith("response.")
        || type.equals("response.output_text.delta");
  }

  private boolean generates(JsonDocument json) {
    String type = json.text(Field.TYPE);
    return switch (api) {
      case RESPONSES, REALTIME -> type != null && type.endsWith(".delta");
      case MESSAGES -> "content_block_delta".equals(type);
      default -> true;
    };
  }

  /** What an answer is whose request was not seen; null: nothing that is known. */
  private static LlmApi shape(JsonDocument json) {
    String object = json.text(Field.OBJECT);
    String type = json.text(Field.TYPE);
    if (object != null && json.has(Field.CHOICES)) {
      return object.startsWith("chat.completion")
          ? LlmApi.CHAT_COMPLETIONS
          : object.equals("text_completion") ? LlmApi.COMPLETIONS : null;
    }
    if ("response".equals(object) && json.has(Field.OUTPUT)
        || type != null && type.startsWith("response.")) {
      return LlmApi.RESPONSES;
    }
    boolean message = "message".equals(type) && "assistant".equals(json.text(Field.ROLE));
    if (message || "message_start".equals(type) && json.has(Field.MODEL)) {
      return LlmApi.MESSAGES;
    }
    if (json.has(Field.CANDIDATES) && json.has(Field.MODEL)) {
      return LlmApi.GENERATE_CONTENT;
    }
    if (json.has(Field.DONE) && json.has(Field.CREATED_AT) && json.has(Field.MODEL)) {
      return json.has(Field.MESSAGE) ? LlmApi.OLLAMA_CHAT : LlmApi.OLLAMA_GENERATE;
    }
    return null;
  }
}
