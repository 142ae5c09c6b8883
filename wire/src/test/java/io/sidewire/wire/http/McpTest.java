package io.sidewire.wire.http;

import static io.sidewire.wire.http.Talk.talk;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.jsonrpc.Mcp;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** JSON-RPC in bodies and events, and what of it is MCP, in every era. */
class McpTest {
  private static final String STREAMABLE = "Accept: application/json, text/event-stream\r\n";

  static String post(String target, String fields, String body) {
    return "POST %s HTTP/1.1\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(target, fields, body.length(), body);
  }

  static String json(int status, String fields, String body) {
    return "HTTP/1.1 %d X\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(status, fields, body.length(), body);
  }

  private static String chunk(String data) {
    return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
  }

  private static final String EVENTS =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

  @Test
  void aCallAnsweredByJson() {
    String call = post(
        "/mcp",
        STREAMABLE + "Mcp-Session-Id: s1\r\nMCP-Protocol-Version: 2025-06-18\r\n",
        "{\"method\":\"tools/call\",\"params\":{\"arguments\":{\"name\":\"x\"},"
            + "\"name\":\"echo\"},\"id\":3,\"jsonrpc\":\"2.0\"}");
    String result = json(
        200, "", "{\"result\":{\"content\":[],\"isError\":true},\"jsonrpc\":\"2.0\",\"id\":3}");
    assertThat(talk().client(call).server(result).seen())
        .containsExactly(
            "content http",
            "request #0 POST /mcp http/1.1 at 0-0 bytes 269 body 96",
            "content mcp",
            "call #0.0 TO_SERVER 3 tools/call echo at 0-0 bytes 269 session s1 STREAMABLE_HTTP"
                + " 2025-06-18",
            "answer #0 200 at 1",
            "result #0.0 TO_SERVER 3 at 1-1 bytes 133 session s1 STREAMABLE_HTTP isError"
                + " 2025-06-18",
            "end #0 ANSWERED at 1 bytes 133 body 63");
  }

  @Test
  void idsKeepTheirType() {
    assertThat(talk()
            .client(post("/mcp", STREAMABLE, rpc("1", "ping")))
            .client(post("/mcp", STREAMABLE, rpc("\"1\"", "tools/list")))
            .client(post("/mcp", STREAMABLE, rpc("1.0", "ping")))
            .client(post("/mcp", STREAMABLE, rpc("null", "ping")))
            .seenOf("call"))
        .extracting(line -> line.substring(line.indexOf("TO_SERVER"), line.indexOf(" null at")))
        .containsExactly(
            "TO_SERVER 1 ping",
            "TO_SERVER '1' tools/list",
            "TO_SERVER 1 ping",
            "TO_SERVER notification ping");
  }

  private static String rpc(String id, String method) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\"}";
  }

  @Test
  void initializeNamesThePeers() {
    String call =
        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
            + "\"2025-03-26\",\"clientInfo\":{\"name\":\"agent\",\"version\":\"1.2\"}}}";
    String result =
        "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"serverInfo\":{\"version\":\"9\",\"name\":\"srv\"},"
            + "\"protocolVersion\":\"2025-03-26\"}}";
    assertThat(talk()
            .client(post("/mcp", STREAMABLE, call))
            .server(json(200, "Mcp-Session-Id: s9\r\n", result))
            .seenOf("call", "result"))
        .containsExactly(
            "call #0.0 TO_SERVER 0 initialize null at 0-0 bytes 254 session null STREAMABLE_HTTP"
                + " 2025-03-26 by agent 1.2",
            "result #0.0 TO_SERVER 0 at 1-1 bytes 199 session s9 STREAMABLE_HTTP 2025-03-26 by srv"
                + " 9");
  }

  @Test
  void theStatelessRevisionNamesThemInMeta() {
    String call =
        "{\"jsonrpc\":\"2.0\",\"id\":\"p-1\",\"method\":\"server/discover\",\"params\":{\"_meta\":{"
            + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"agent\",\"version\":\"2\"}}}}";
    assertThat(talk().client(post("/", STREAMABLE, call)).seenOf("call"))
        .containsExactly(
            "call #0.0 TO_SERVER 'p-1' server/discover null at 0-0 bytes 316 session null"
                + " STREAMABLE_HTTP 2026-07-28 by agent 2");
  }

  @Test
  void targetsByMethod() {
    assertThat(target("prompts/get", "\"name\":\"p\"")).isEqualTo("p");
    assertThat(target("resources/read", "\"uri\":\"file:///x\"")).isEqualTo("file:///x");
    assertThat(target("completion/complete", "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"q\"}"))
        .isEqualTo("q");
    assertThat(target("completion/complete", "\"ref\":{\"uri\":\"t://{x}\"}")).isEqualTo("t://{x}");
    assertThat(target("tools/list", "\"name\":\"n\"")).isEqualTo("null");
  }

  private static String target(String method, String params) {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":{" + params + "}}";
    String line = talk().client(post("/mcp", "", body)).seenOf("call").get(0);
    int start = line.indexOf(method) + method.length() + 1;
    return line.substring(start, line.indexOf(" at ", start));
  }

  @Test
  void aBatchAndItsAnswers() {
    String calls = "[" + rpc("1", "tools/list") + "," + rpc("null", "notifications/initialized")
        + "," + rpc("2", "ping") + "]";
    String results = "[{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}},"
        + "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no\"}}]";
    assertThat(talk()
            .client(post("/mcp", STREAMABLE, calls))
            .server(json(200, "", results))
            .seenOf("call", "result"))
        .containsExactly(
            "call #0.0 TO_SERVER 1 tools/list null at 0-0 bytes 274 session null STREAMABLE_HTTP"
                + " null",
            "call #0.1 TO_SERVER notification notifications/initialized null at 0-0 bytes 0"
                + " session null STREAMABLE_HTTP null",
            "call #0.2 TO_SERVER 2 ping null at 0-0 bytes 0 session null STREAMABLE_HTTP null",
            "result #0.0 TO_SERVER 2 at 1-1 bytes 173 session null STREAMABLE_HTTP",
            "result #0.1 TO_SERVER 1 at 1-1 bytes 0 session null STREAMABLE_HTTP error -32601");
  }

  @Test
  void anErrorWithoutAnIdAnswersTheOneRequest() {
    String error = "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000}}";
    assertThat(talk()
            .client(post("/mcp", STREAMABLE, rpc("\"a\"", "tools/list")))
            .server(json(400, "", error))
            .seenOf("result"))
        .containsExactly(
            "result #0.0 TO_SERVER 'a' at 1-1 bytes 121 session null STREAMABLE_HTTP error -32000");
  }

  @Test
  void aCallAnsweredByEvents() {
    String note = "data: " + rpc("null", "notifications/progress") + "\n\n";
    String question = "event: message\ndata: " + rpc("0", "roots/list") + "\n\n";
    String result =
        "event: message\nid: 5\ndata: {\"jsonrpc\":\"2.0\",\ndata: \"id\":1,\"result\":{}}\n\n";
    assertThat(talk()
            .client(post("/mcp", STREAMABLE + "Mcp-Session-Id: s\r\n", rpc("1", "tools/call")))
            .server(EVENTS + chunk("id: 0\ndata: \n\n"))
            .server(chunk(note))
            .server(chunk(question))
            .server(chunk(result.substring(0, 40)))
            .server(chunk(result.substring(40)) + "0\r\n\r\n")
            .seenBut("content", "request"))
        .containsExactly(
            "call #0.0 TO_SERVER 1 tools/call null at 0-0 bytes 184 session s STREAMABLE_HTTP null",
            "answer #0 200 at 1",
            "call #0.0 TO_CLIENT notification notifications/progress null at 2-2 bytes 69 session s"
                + " STREAMABLE_HTTP null",
            "call #0.1 TO_CLIENT 0 roots/list null at 3-3 bytes 69 session s STREAMABLE_HTTP null",
            "result #0.2 TO_SERVER 1 at 4-5 bytes 72 session s STREAMABLE_HTTP",
            "end #0 ANSWERED at 5 bytes 338 body 224 chunks 3 first 2 token -");
  }

  @Test
  void theLegacyTransport() {
    String id = "0b5a7f4e-32d1-4b6e-9a51-0f6f2b6f7c11";
    String endpoint = "event: endpoint\r\ndata: /messages?sessionId=" + id + "\r\n\r\n";
    String result = "event: message\r\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\r\n\r\n";
    assertThat(talk()
            .client("GET /sse HTTP/1.1\r\nAccept: text/event-stream\r\n\r\n")
            .server(EVENTS + chunk(endpoint))
            .server(chunk(result))
            .clientEnds()
            .seenBut("content", "request"))
        .containsExactly(
            "answer #0 200 at 1",
            "session #0 " + id + " SSE at 1",
            "result #0.0 TO_SERVER 1 at 2-2 bytes 61 session " + id + " SSE",
            "end #0 RESET at 2 bytes 237 body 145 chunks 2 first 1 token -");
    assertThat(talk()
            .client(post("/messages?sessionId=" + id, "", rpc("1", "tools/list")))
            .server("HTTP/1.1 202 Accepted\r\nContent-Length: 8\r\n\r\nAccepted")
            .seenOf("call", "result", "content"))
        .containsExactly(
            "content http",
            "content mcp",
            "call #0.0 TO_SERVER 1 tools/list null at 0-0 bytes 172 session " + id + " SSE null");
  }

  @Test
  void sessionsInUrls() {
    String random = "0b5a7f4e32d14b6e9a510f6f2b6f7c11";
    assertThat(Mcp.sessionInUrl("/m/?session_id=" + random + "&a=b")).isEqualTo(random);
    assertThat(Mcp.sessionInUrl("http://h:1/m/" + random + "/post")).isEqualTo(random);
    assertThat(Mcp.sessionInUrl("/m?x=" + random)).isEqualTo(random);
    assertThat(Mcp.sessionInUrl("/messages")).isNull();
    assertThat(Mcp.sessionInUrl("/v1/items/deadbeef")).isNull();
  }

  @Test
  void theClientsAnswersToTheServer() {
    String answers = "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"roots\":[]}}";
    assertThat(talk()
            .client(post("/mcp", STREAMABLE + "Mcp-Session-Id: s\r\n", answers))
            .server("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
            .seenOf("result"))
        .containsExactly("result #0.0 TO_CLIENT 0 at 0-0 bytes 184 session s STREAMABLE_HTTP");
  }

  @Test
  void cancellationNamesTheCall() {
    String note =
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"x\"}}";
    assertThat(talk().client(post("/mcp", "", note)).seenOf("call").get(0))
        .contains("notification notifications/cancelled")
        .endsWith("cancels 'x'");
  }

  @Test
  void otherJsonRpcIsNotMcp() {
    for (String method : List.of("eth_blockNumber", "textDocument/hover", "initialize", "ping")) {
      List<String> seen = talk().client(post("/", "", rpc("1", method))).seenOf("call", "content");
      assertThat(seen).as(method).doesNotContain("content mcp");
      assertThat(seen.get(seen.size() - 1)).as(method).endsWith("not mcp");
    }
    assertThat(
            talk().client(post("/", "", "{\"id\":1,\"method\":\"tools/call\"}")).seenOf("call"))
        .isEmpty();
  }

  @Test
  void aHugeResultBeforeItsIdCostsNothing() {
    String image = "A".repeat(3 << 20);
    byte[] answer = json(
            200,
            "",
            "{\"result\":{\"content\":[{\"data\":\"" + image
                + "\"}]},\"id\":9,\"jsonrpc\":\"2.0\"}")
        .getBytes(StandardCharsets.US_ASCII);
    List<String> seen = new ArrayList<>();
    talk()
        .client(post("/mcp", STREAMABLE, rpc("9", "tools/call")))
        .server(answer)
        .observations()
        .forEach(each -> seen.add(Talk.line(each)));
    assertThat(seen)
        .contains("result #0.0 TO_SERVER 9 at 1-1 bytes 3145862 session null STREAMABLE_HTTP");
  }

  @Test
  void whatIsKnownOfACutMessageIsReported() {
    assertThat(talk()
            .client(post("/mcp", STREAMABLE, rpc("4", "tools/call")))
            .server(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n"
                    + "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":{\"text\":\"abc")
            .serverLost(800)
            .seenOf("result"))
        .containsExactly("result #0.0 TO_SERVER 4 at 1-2 bytes 917 session null STREAMABLE_HTTP");
  }
}
