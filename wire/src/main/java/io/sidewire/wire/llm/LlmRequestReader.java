package io.sidewire.wire.llm;

import io.sidewire.wire.json.Field;
import io.sidewire.wire.json.JsonDocument;

/** Says what model API a request calls: by its path, confirmed by its body where that can be read. */
public final class LlmRequestReader {

  /**
   * A call of a model.
   *
   * @param model null where neither path nor body names one
   */
  public record Call(LlmApi api, String model, boolean stream) {}

  private final LlmPath path;
  private boolean read;
  private boolean fits;
  private String model;
  private Boolean stream;

  private LlmRequestReader(LlmPath path) {
    this.path = path;
  }

  /** A reader for the request, or null where its path belongs to no model API. */
  public static LlmRequestReader of(String method, String path) {
    LlmPath known = "POST".equals(method) ? LlmPath.of(path) : null;
    return known == null ? null : new LlmRequestReader(known);
  }

  public LlmApi api() {
    return path.api();
  }

  /** Takes the object that the body is. */
  public void document(JsonDocument json) {
    if (read || json.has(Field.JSONRPC)) {
      read = true;
      return;
    }
    read = true;
    model = json.text(Field.MODEL);
    stream = json.has(Field.STREAM) ? Boolean.valueOf(json.isTrue(Field.STREAM)) : null;
    fits = model != null || fitsWithoutModel(json) || !json.complete();
  }

  private boolean fitsWithoutModel(JsonDocument json) {
    return switch (path.api()) {
      case CHAT_COMPLETIONS, CONVERSE -> json.has(Field.MESSAGES);
      case MESSAGES -> json.has(Field.MESSAGES) && path.model() != null;
      case COMPLETIONS -> json.has(Field.PROMPT);
      case RESPONSES, EMBEDDINGS -> json.has(Field.INPUT);
      case GENERATE_CONTENT -> json.has(Field.CONTENTS);
      case GOOGLE_EMBEDDINGS, INVOKE -> true;
      case OLLAMA_CHAT, OLLAMA_GENERATE, OLLAMA_EMBEDDINGS, REALTIME -> false;
    };
  }

  /** The call, once the request is over; null where the body says that it is something else. */
  public Call call() {
    // An unreadable body leaves the path, which is enough where no other protocol has such paths.
    boolean unmistakable =
        switch (path.api()) {
          case MESSAGES, RESPONSES, COMPLETIONS, EMBEDDINGS -> path.model() != null;
          default -> true;
        };
    if (read ? !fits : !unmistakable) {
      return null;
    }
    boolean streams =
        path.stream() || (stream != null ? stream : path.api().ollama()); // Ollama's default
    return new Call(path.api(), model != null ? model : path.model(), streams);
  }
}
