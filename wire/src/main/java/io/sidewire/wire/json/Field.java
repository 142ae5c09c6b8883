package io.sidewire.wire.json;

/** What is taken out of the JSON of JSON-RPC and of model APIs; {@link JsonShape#MESSAGES} says where each stands. */
public enum Field {
  // JSON-RPC
  JSONRPC,
  ID,
  METHOD,
  PARAM_NAME,
  PARAM_URI,
  REF_NAME,
  REF_URI,
  CANCELLED_ID,
  PROTOCOL_VERSION,
  PEER_NAME,
  PEER_VERSION,
  RESULT,
  IS_ERROR,
  /** The error member: an object, or with some servers a text. */
  ERROR,
  ERROR_CODE,
  // requests to models
  MODEL,
  STREAM,
  MESSAGES,
  PROMPT,
  INPUT,
  CONTENTS,
  // answers of models
  OBJECT,
  TYPE,
  CHOICES,
  CANDIDATES,
  DONE,
  CREATED_AT,
  OUTPUT,
  ROLE,
  DATA,
  MODEL_LIST,
  MESSAGE,
  INPUT_TOKENS,
  OUTPUT_TOKENS,
  CACHED_TOKENS,
  FINISH_REASON,
  STATUS,
  INCOMPLETE_REASON,
  /** Of the response that an event of a stream belongs to. */
  RESPONSE_ID,
  /** Text that the model made. */
  CONTENT,
  ERROR_TYPE,
  ERROR_STATUS,
  INNER_ERROR_CODE,
  /** Base64 of an event, in streams of Amazon Bedrock. */
  BYTES(16 << 10),
  // a tool call, or what may be one
  TOOL_NAME,
  TOOL_ID,
  TOOL_INDEX,
  TOOL_TYPE;

  private final int kept;

  Field() {
    this(0);
  }

  Field(int kept) {
    this.kept = kept;
  }

  /** Bytes of a text value that are kept: {@code name}, or more where a field needs it. */
  int kept(int name) {
    return Math.max(kept, name);
  }
}
