package io.sidewire.processor.fold;

/** The APIs of model endpoints, under the names that OpenTelemetry gives their operations. */
final class ModelApis {
  private ModelApis() {}

  /** {@code gen_ai.operation.name} of an API as the capture names it. */
  static String operation(String api) {
    return switch (api) {
      case "completions", "ollama_generate" -> "text_completion";
      case "embeddings" -> "embeddings";
      case "generate_content" -> "generate_content";
      case "chat_completions", "responses", "messages", "converse", "ollama_chat", "realtime" ->
        "chat";
      default -> api;
    };
  }

  /** The operation that a path stands for, where the body could not be read; null where it is no model call. */
  static String operationOfPath(String method, String path) {
    if (path == null || !"POST".equals(method)) {
      return null;
    }
    if (path.endsWith("/chat/completions")
        || path.endsWith("/responses")
        || path.endsWith("/v1/messages")
        || path.endsWith("/converse")
        || path.endsWith("/converse-stream")
        || path.endsWith("/api/chat")) {
      return "chat";
    }
    if (path.endsWith("/completions") || path.endsWith("/api/generate")) {
      return "text_completion";
    }
    if (path.endsWith("/embeddings") || path.endsWith("/api/embed")) {
      return "embeddings";
    }
    return path.endsWith(":generateContent") || path.endsWith(":streamGenerateContent")
        ? "generate_content"
        : null;
  }
}
