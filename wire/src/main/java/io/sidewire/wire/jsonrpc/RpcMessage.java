package io.sidewire.wire.jsonrpc;

import io.sidewire.wire.json.Field;
import io.sidewire.wire.json.JsonDocument;

/**
 * One JSON-RPC 2.0 message.
 *
 * @param id a Long or a String; null in notifications, and in errors that answer nothing in particular
 * @param method null in results
 * @param target tool or prompt name, resource URI; null where the method has none
 * @param errorCode of a JSON-RPC error, 0 where it has no number; null: no error
 * @param isError a tool's own error
 * @param cancelledId with notifications/cancelled: the id of the call that is given up
 */
public record RpcMessage(
    Kind kind,
    Object id,
    String method,
    String target,
    Integer errorCode,
    boolean isError,
    String protocolVersion,
    String peerName,
    String peerVersion,
    Object cancelledId) {

  public enum Kind {
    REQUEST,
    NOTIFICATION,
    RESULT
  }

  private static final String VERSION = "2.0";

  /** Reads a message; null where the object is none, or too little of it was there to say what it is. */
  public static RpcMessage of(JsonDocument json) {
    if (!VERSION.equals(json.text(Field.JSONRPC))) {
      return null;
    }
    Object id = id(json.get(Field.ID));
    String method = json.text(Field.METHOD);
    boolean answer = json.has(Field.RESULT) || json.has(Field.ERROR);
    if (method == null && id == null && !json.has(Field.ERROR)) {
      return null;
    }
    if (!json.complete() && (id == null || method == null && !answer)) {
      return null;
    }
    Kind kind = method == null ? Kind.RESULT : id == null ? Kind.NOTIFICATION : Kind.REQUEST;
    return new RpcMessage(
        kind,
        id,
        method,
        method == null ? null : target(method, json),
        method == null && json.has(Field.ERROR) ? errorCode(json.get(Field.ERROR_CODE)) : null,
        method == null && json.isTrue(Field.IS_ERROR),
        json.text(Field.PROTOCOL_VERSION),
        json.text(Field.PEER_NAME),
        json.text(Field.PEER_VERSION),
        "notifications/cancelled".equals(method) ? id(json.get(Field.CANCELLED_ID)) : null);
  }

  /** The same message under another id. */
  public RpcMessage withId(Object other) {
    return new RpcMessage(
        kind,
        other,
        method,
        target,
        errorCode,
        isError,
        protocolVersion,
        peerName,
        peerVersion,
        cancelledId);
  }

  /** True where the message itself shows that it is MCP. */
  public boolean showsMcp() {
    if (kind == Kind.RESULT) {
      return protocolVersion != null && peerName != null;
    }
    return Mcp.isMethod(method) && (!method.equals("initialize") || protocolVersion != null);
  }

  private static String target(String method, JsonDocument json) {
    return switch (method) {
      case "tools/call", "prompts/get" -> json.text(Field.PARAM_NAME);
      case "resources/read", "resources/subscribe", "resources/unsubscribe" ->
        json.text(Field.PARAM_URI);
      case "completion/complete" -> {
        String name = json.text(Field.REF_NAME);
        yield name != null ? name : json.text(Field.REF_URI);
      }
      default -> null;
    };
  }

  /** A number stays one, a text stays one; anything else is no id. */
  private static Object id(Object value) {
    return value instanceof Long || value instanceof String ? value : null;
  }

  private static Integer errorCode(Object value) {
    boolean fits = value instanceof Long code && code == code.intValue();
    return fits ? ((Long) value).intValue() : 0;
  }
}
