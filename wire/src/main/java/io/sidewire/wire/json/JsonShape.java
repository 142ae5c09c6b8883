package io.sidewire.wire.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The places in a JSON text where something is wanted, as a tree of member names; {@code *} is any element of an array.
 */
public final class JsonShape {

  /** One place. Immutable once its shape is built. */
  public static final class Node {
    private byte[][] names = new byte[0][];
    private Node[] children = new Node[0];
    Node element;
    Field field;
    boolean tool;
    Excerpted.Place text; // null: no text is wanted of it

    /** The place of an array's elements, or null where nothing is wanted of them. */
    public Node element() {
      return element;
    }

    /** What is wanted of the value itself, or null. */
    public Field field() {
      return field;
    }

    /** The place of a member, or null where nothing is wanted of it. */
    public Node child(byte[] name, int length) {
      for (int i = 0; i < names.length; i++) {
        byte[] candidate = names[i];
        if (candidate.length == length && Arrays.equals(candidate, 0, length, name, 0, length)) {
          return children[i];
        }
      }
      return null;
    }

    private Node make(String name) {
      if (name.equals("*")) {
        if (element == null) {
          element = new Node();
        }
        return element;
      }
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      Node known = child(bytes, bytes.length);
      if (known != null) {
        return known;
      }
      Node made = new Node();
      names = Arrays.copyOf(names, names.length + 1);
      children = Arrays.copyOf(children, children.length + 1);
      names[names.length - 1] = bytes;
      children[children.length - 1] = made;
      return made;
    }
  }

  /** JSON-RPC messages, requests to models, and their answers. */
  public static final JsonShape MESSAGES = messages();

  /** The same, and the places of what users and models say: for {@link Excerpted} alone. */
  public static final JsonShape WITH_TEXTS = withTexts();

  final Node root = new Node();

  /** The place of a message. */
  public Node root() {
    return root;
  }

  private Node at(List<String> path) {
    Node node = root;
    for (String name : path) {
      node = node.make(name);
    }
    return node;
  }

  private void put(Field field, String... path) {
    at(List.of(path)).field = field;
  }

  /** An object that is a tool call, or is one if its type says so. */
  private void tool(List<String> path, List<String> name) {
    at(path).tool = true;
    for (var member :
        List.of(List.of("id"), List.of("call_id"), List.of("index"), List.of("type"), name)) {
      List<String> whole = new ArrayList<>(path);
      whole.addAll(member);
      at(whole).field = switch (member.get(0)) {
        case "id", "call_id" -> Field.TOOL_ID;
        case "index" -> Field.TOOL_INDEX;
        case "type" -> Field.TOOL_TYPE;
        default -> Field.TOOL_NAME;
      };
    }
  }

  private static JsonShape messages() {
    JsonShape shape = new JsonShape();
    shape.rpc();
    shape.modelRequest();
    shape.modelAnswer();
    shape.usage();
    shape.tools();
    return shape;
  }

  private void rpc() {
    put(Field.JSONRPC, "jsonrpc");
    put(Field.ID, "id");
    put(Field.METHOD, "method");
    put(Field.PARAM_NAME, "params", "name");
    put(Field.PARAM_URI, "params", "uri");
    put(Field.REF_NAME, "params", "ref", "name");
    put(Field.REF_URI, "params", "ref", "uri");
    put(Field.CANCELLED_ID, "params", "requestId");
    put(Field.RESULT, "result");
    put(Field.IS_ERROR, "result", "isError");
    put(Field.ERROR, "error");
    put(Field.ERROR_CODE, "error", "code");
    for (String half : List.of("params", "result")) {
      put(Field.PROTOCOL_VERSION, half, "protocolVersion");
      put(Field.PROTOCOL_VERSION, half, "_meta", "io.modelcontextprotocol/protocolVersion");
      for (String peer : List.of("clientInfo", "serverInfo")) {
        put(Field.PEER_NAME, half, peer, "name");
        put(Field.PEER_VERSION, half, peer, "version");
        put(Field.PEER_NAME, half, "_meta", "io.modelcontextprotocol/" + peer, "name");
        put(Field.PEER_VERSION, half, "_meta", "io.modelcontextprotocol/" + peer, "version");
      }
    }
  }

  private void modelRequest() {
    put(Field.MODEL, "model");
    put(Field.STREAM, "stream");
    put(Field.MESSAGES, "messages");
    put(Field.PROMPT, "prompt");
    put(Field.INPUT, "input");
    put(Field.CONTENTS, "contents");
  }

  private void modelAnswer() {
    put(Field.OBJECT, "object");
    put(Field.TYPE, "type");
    put(Field.CHOICES, "choices");
    put(Field.CANDIDATES, "candidates");
    put(Field.DONE, "done");
    put(Field.CREATED_AT, "created_at");
    put(Field.OUTPUT, "output");
    put(Field.ROLE, "role");
    put(Field.DATA, "data");
    put(Field.MODEL_LIST, "models");
    put(Field.MESSAGE, "message");
    put(Field.MODEL, "modelVersion");
    put(Field.MODEL, "message", "model");
    put(Field.MODEL, "response", "model");

    put(Field.FINISH_REASON, "choices", "*", "finish_reason");
    put(Field.FINISH_REASON, "stop_reason");
    put(Field.FINISH_REASON, "delta", "stop_reason");
    put(Field.FINISH_REASON, "candidates", "*", "finishReason");
    put(Field.FINISH_REASON, "stopReason");
    put(Field.FINISH_REASON, "done_reason");
    put(Field.STATUS, "status");
    put(Field.STATUS, "response", "status");
    put(Field.INCOMPLETE_REASON, "incomplete_details", "reason");
    put(Field.INCOMPLETE_REASON, "response", "incomplete_details", "reason");
    realtime();

    put(Field.ERROR_CODE, "code");
    put(Field.ERROR_TYPE, "error", "type");
    put(Field.ERROR_STATUS, "error", "status");
    put(Field.INNER_ERROR_CODE, "error", "innererror", "code");
    put(Field.ERROR, "response", "error");
    put(Field.ERROR_CODE, "response", "error", "code");
    put(Field.BYTES, "bytes");

    for (String part : List.of("content", "reasoning_content", "reasoning", "refusal")) {
      put(Field.CONTENT, "choices", "*", "delta", part);
    }
    put(Field.CONTENT, "choices", "*", "text");
    put(Field.CONTENT, "delta");
    for (String part : List.of("text", "thinking", "partial_json")) {
      put(Field.CONTENT, "delta", part);
    }
    put(Field.CONTENT, "candidates", "*", "content", "parts", "*", "text");
    put(Field.CONTENT, "message", "content");
    put(Field.CONTENT, "message", "thinking");
    put(Field.CONTENT, "response");
    put(Field.CONTENT, "thinking");
  }

  /** What the Realtime API has besides. */
  private void realtime() {
    put(Field.MODEL, "session", "model");
    put(Field.RESPONSE_ID, "response_id");
    put(Field.RESPONSE_ID, "response", "id");
    put(Field.INCOMPLETE_REASON, "response", "status_details", "reason");
    put(Field.ERROR, "response", "status_details", "error");
    put(Field.ERROR_TYPE, "response", "status_details", "error", "type");
    put(Field.ERROR_CODE, "response", "status_details", "error", "code");
    put(Field.CACHED_TOKENS, "response", "usage", "input_token_details", "cached_tokens");
  }

  private void usage() {
    for (var holder :
        List.of(List.of("usage"), List.of("message", "usage"), List.of("response", "usage"))) {
      for (String name : List.of("prompt_tokens", "input_tokens", "inputTokens")) {
        put(Field.INPUT_TOKENS, join(holder, name));
      }
      for (String name : List.of("completion_tokens", "output_tokens", "outputTokens")) {
        put(Field.OUTPUT_TOKENS, join(holder, name));
      }
      for (String name : List.of("cache_read_input_tokens", "cacheReadInputTokens")) {
        put(Field.CACHED_TOKENS, join(holder, name));
      }
      put(Field.CACHED_TOKENS, join(holder, "prompt_tokens_details", "cached_tokens"));
      put(Field.CACHED_TOKENS, join(holder, "input_tokens_details", "cached_tokens"));
    }
    put(Field.INPUT_TOKENS, "usageMetadata", "promptTokenCount");
    put(Field.OUTPUT_TOKENS, "usageMetadata", "candidatesTokenCount");
    put(Field.CACHED_TOKENS, "usageMetadata", "cachedContentTokenCount");
    put(Field.INPUT_TOKENS, "prompt_eval_count");
    put(Field.OUTPUT_TOKENS, "eval_count");
    put(Field.INPUT_TOKENS, "amazon-bedrock-invocationMetrics", "inputTokenCount");
    put(Field.OUTPUT_TOKENS, "amazon-bedrock-invocationMetrics", "outputTokenCount");
  }

  private void tools() {
    List<String> function = List.of("function", "name");
    List<String> name = List.of("name");
    for (String half : List.of("message", "delta")) {
      tool(List.of("choices", "*", half, "tool_calls", "*"), function);
      tool(List.of("choices", "*", half, "function_call"), name);
    }
    tool(List.of("message", "tool_calls", "*"), function);
    tool(List.of("content", "*"), name);
    tool(List.of("content_block"), name);
    tool(List.of("output", "*"), name);
    tool(List.of("item"), name);
    tool(List.of("response", "output", "*"), name);
    tool(List.of("candidates", "*", "content", "parts", "*"), List.of("functionCall", "name"));
    tool(List.of("output", "message", "content", "*"), List.of("toolUse", "name"));
    tool(List.of("start"), List.of("toolUse", "name"));
  }

  private static JsonShape withTexts() {
    JsonShape shape = messages();
    for (String messages : List.of("messages", "input", "contents")) {
      shape.text(Excerpted.Place.MESSAGE, messages, "*");
      shape.text(Excerpted.Place.ROLE, messages, "*", "role");
      shape.text(Excerpted.Place.CONTENT, messages, "*", "content");
      shape.part(Excerpted.Place.MESSAGE_PART, messages, "*", "content", "*");
    }
    shape.part(Excerpted.Place.MESSAGE_PART, "contents", "*", "parts", "*");
    shape.text(Excerpted.Place.PROMPT, "input");
    shape.text(Excerpted.Place.PROMPT, "prompt");

    shape.text(Excerpted.Place.ANSWER, "choices", "*", "message", "content");
    shape.text(Excerpted.Place.ANSWER, "choices", "*", "delta", "content");
    shape.text(Excerpted.Place.ANSWER, "choices", "*", "text");
    shape.text(Excerpted.Place.ANSWER, "message", "content");
    shape.text(Excerpted.Place.ANSWER, "response");
    shape.text(Excerpted.Place.ANSWER, "delta"); // an event's type says whether it is text
    shape.text(Excerpted.Place.ANSWER, "delta", "text");
    shape.part(Excerpted.Place.ANSWER_PART, "content", "*");
    shape.part(Excerpted.Place.ANSWER_PART, "output", "*", "content", "*");
    shape.part(Excerpted.Place.ANSWER_PART, "output", "message", "content", "*");
    shape.part(Excerpted.Place.ANSWER_PART, "candidates", "*", "content", "parts", "*");
    return shape;
  }

  private void text(Excerpted.Place place, String... path) {
    at(List.of(path)).text = place;
  }

  private void part(Excerpted.Place place, String... path) {
    text(place, path);
    List<String> part = List.of(path);
    text(Excerpted.Place.PART_TYPE, join(part, "type"));
    text(Excerpted.Place.PART_TEXT, join(part, "text"));
    text(Excerpted.Place.PART_THOUGHT, join(part, "thought"));
  }

  private static String[] join(List<String> first, String... rest) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(rest));
    return all.toArray(new String[0]);
  }
}
