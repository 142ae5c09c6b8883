package io.sidewire.wire.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The header fields whose values are looked at; every other is skipped unread. */
public enum FieldName {
  HOST,
  CONTENT_LENGTH,
  TRANSFER_ENCODING,
  CONTENT_TYPE,
  CONTENT_ENCODING,
  UPGRADE,
  EXPECT,
  ACCEPT,
  DATE,
  RETRY_AFTER,
  RETRY_AFTER_MS,
  X_MS_RETRY_AFTER_MS,
  X_RATELIMIT_REMAINING_REQUESTS,
  X_RATELIMIT_REMAINING_TOKENS,
  ANTHROPIC_RATELIMIT_REQUESTS_REMAINING,
  ANTHROPIC_RATELIMIT_TOKENS_REMAINING,
  X_STAINLESS_RETRY_COUNT,
  AMZ_SDK_REQUEST,
  X_AMZN_ERRORTYPE,
  X_AMZN_BEDROCK_INPUT_TOKEN_COUNT,
  X_AMZN_BEDROCK_OUTPUT_TOKEN_COUNT,
  MCP_SESSION_ID,
  MCP_PROTOCOL_VERSION,
  MCP_METHOD,
  MCP_NAME;

  private static final FieldName[][] BY_LENGTH = byLength();

  private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The field of that name, in any case; null: not one that is looked at. */
  static FieldName of(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length >= BY_LENGTH.length) {
      return null;
    }
    for (FieldName candidate : BY_LENGTH[length]) {
      if (candidate.is(bytes, from)) {
        return candidate;
      }
    }
    return null;
  }

  private boolean is(byte[] bytes, int from) {
    for (int i = 0; i < wireName.length(); i++) {
      int b = bytes[from + i];
      if ((b >= 'A' && b <= 'Z' ? b + 0x20 : b) != wireName.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static FieldName[][] byLength() {
    List<List<FieldName>> lists = new ArrayList<>();
    for (FieldName field : values()) {
      while (lists.size() <= field.wireName.length()) {
        lists.add(new ArrayList<>());
      }
      lists.get(field.wireName.length()).add(field);
    }
    return lists.stream().map(list -> list.toArray(new FieldName[0])).toArray(FieldName[][]::new);
  }
}
