package io.sidewire.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidewire.standalone.demo.MeasuringServer.Answer;
import io.sidewire.standalone.demo.MeasuringServer.Request;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A small MCP server with a few tools, on both transports: Streamable HTTP at {@code /mcp}, and legacy HTTP+SSE at
 * {@code /sse} and {@code /messages}, where the answers come on the stream.
 */
final class McpEndpoint implements MeasuringServer.Handler {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ACCEPTED = "Accepted";

  /** What a tool takes in time, and whether it fails. */
  private record Tool(String description, long millis, boolean fails) {}

  private static final Map<String, Tool> TOOLS = Map.of(
      "store_memory", new Tool("Remembers a note.", 60, false),
      "search_docs", new Tool("Searches the handbook.", 140, false),
      "get_weather", new Tool("Tells the weather of a city.", 90, false),
      "send_mail", new Tool("Sends a mail; there is no mail server, so it fails.", 30, true));

  private final Map<String, Answer> streams = new ConcurrentHashMap<>();

  @Override
  public void handle(Request request, Answer answer) throws IOException {
    String path = request.target().replaceAll("\\?.*", "");
    switch (request.method() + " " + path) {
      case "POST /mcp" -> streamable(request, answer);
      case "DELETE /mcp" -> answer.send(200, null, Map.of(), "");
      case "GET /mcp" -> answer.send(405, "text/plain", Map.of("allow", "POST, DELETE"), "");
      case "GET /sse" -> openStream(answer);
      case "POST /messages" -> legacy(request, answer);
      default -> answer.send(404, "text/plain", Map.of(), "");
    }
  }

  private void streamable(Request request, Answer answer) throws IOException {
    JsonNode message = JSON.readTree(request.body());
    if (!message.has("id") || !message.has("method")) {
      answer.send(202, null, Map.of(), "");
      return;
    }
    String method = message.path("method").asText();
    String result = JSON.writeValueAsString(reply(message));
    // As servers do: plain JSON for what is quick, a stream of events for tools.
    if (method.equals("tools/call")) {
      answer.events(Map.of("cache-control", "no-cache"));
      answer.event("message", result);
      answer.end();
    } else if (method.equals("initialize")) {
      answer.send(
          200, "application/json", Map.of("mcp-session-id", UUID.randomUUID().toString()), result);
    } else {
      answer.send(200, "application/json", Map.of(), result);
    }
    request.watch().answered(what(message));
  }

  private void openStream(Answer answer) throws IOException {
    String session = UUID.randomUUID().toString();
    answer.events(Map.of("cache-control", "no-cache"));
    streams.put(session, answer);
    answer.event("endpoint", "/messages?sessionId=" + session);
    // The stream ends with the connection, and that with the process.
    while (!Thread.currentThread().isInterrupted()) {
      LockSupport.park(this);
    }
  }

  private void legacy(Request request, Answer answer) throws IOException {
    Answer stream = streams.get(request.target().replaceAll(".*sessionId=", ""));
    if (stream == null) {
      answer.send(404, "text/plain", Map.of(), "");
      return;
    }
    answer.send(202, "text/plain", Map.of(), ACCEPTED);
    JsonNode message = JSON.readTree(request.body());
    if (message.has("id") && message.has("method")) {
      stream.event("message", JSON.writeValueAsString(reply(message)));
      request.watch().answered(what(message));
    }
  }

  private static String what(JsonNode message) {
    String name = message.path("params").path("name").asText("");
    return message.path("method").asText() + (name.isEmpty() ? "" : " " + name);
  }

  private static ObjectNode reply(JsonNode message) {
    ObjectNode reply = JSON.createObjectNode();
    reply.put("jsonrpc", "2.0").set("id", message.get("id"));
    JsonNode params = message.path("params");
    switch (message.path("method").asText()) {
      case "initialize" -> {
        ObjectNode result = reply.putObject("result");
        result.put("protocolVersion", params.path("protocolVersion").asText("2025-03-26"));
        result.putObject("capabilities").putObject("tools");
        result.putObject("serverInfo").put("name", "sidewire-demo").put("version", "1");
      }
      case "tools/list" -> tools(reply.putObject("result"));
      case "tools/call" -> call(params.path("name").asText(), reply);
      case "ping" -> reply.putObject("result");
      default -> reply.putObject("error").put("code", -32601).put("message", "Method not found");
    }
    return reply;
  }

  private static void tools(ObjectNode result) {
    var tools = result.putArray("tools");
    TOOLS.forEach((name, tool) -> {
      ObjectNode entry = tools.addObject().put("name", name).put("description", tool.description());
      entry.putObject("inputSchema").put("type", "object").putObject("properties");
    });
  }

  private static void call(String name, ObjectNode reply) {
    Tool tool = TOOLS.get(name);
    if (tool == null) {
      reply.putObject("error").put("code", -32602).put("message", "Unknown tool");
      return;
    }
    Cast.work(tool.millis());
    ObjectNode result = reply.putObject("result");
    result
        .putArray("content")
        .addObject()
        .put("type", "text")
        .put("text", tool.fails() ? "It failed." : "Done: " + name);
    result.put("isError", tool.fails());
  }
}
