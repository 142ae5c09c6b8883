package io.sidewire.wire.llm;

/** The families of model APIs that are read. */
public enum LlmApi {
  CHAT_COMPLETIONS("chat_completions", "openai_api"),
  COMPLETIONS("completions", "openai_api"),
  RESPONSES("responses", "openai_api"),
  REALTIME("realtime", "openai_api"),
  EMBEDDINGS("embeddings", "openai_api"),
  MESSAGES("messages", "anthropic_api"),
  GENERATE_CONTENT("generate_content", "google_api"),
  GOOGLE_EMBEDDINGS("embeddings", "google_api"),
  CONVERSE("converse", "bedrock_api"),
  INVOKE("invoke", "bedrock_api"),
  OLLAMA_CHAT("ollama_chat", "ollama_api"),
  OLLAMA_GENERATE("ollama_generate", "ollama_api"),
  OLLAMA_EMBEDDINGS("embeddings", "ollama_api");

  private final String id;
  private final String content;

  LlmApi(String id, String content) {
    this.id = id;
    this.content = content;
  }

  /** Name in observations. */
  public String id() {
    return id;
  }

  /** Kind of content that a flow with this API shows. */
  public String content() {
    return content;
  }

  /** True for the APIs that turn texts into vectors: nobody talks there. */
  public boolean embeddings() {
    return this == EMBEDDINGS || this == GOOGLE_EMBEDDINGS || this == OLLAMA_EMBEDDINGS;
  }

  boolean ollama() {
    return this == OLLAMA_CHAT || this == OLLAMA_GENERATE;
  }
}
