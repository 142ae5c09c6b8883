package io.sidewire.processor.fold;

import java.util.Set;

/** JSON-RPC methods of MCP, as far as the folds tell them apart. */
final class McpMethods {
  static final String TOOL_CALL = "tools/call";
  static final String INITIALIZE = "initialize";
  static final String CANCELLED = "notifications/cancelled";

  /** Calls that an agent makes for its own work; all others keep the connection. */
  private static final Set<String> WORK = Set.of(
      TOOL_CALL,
      "prompts/get",
      "resources/read",
      "completion/complete",
      "sampling/createMessage",
      "elicitation/create");

  private McpMethods() {}

  static boolean isHousekeeping(String method) {
    return !WORK.contains(method);
  }
}
