package io.sidewire.wire.http;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Excerpt;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.LlmRequest;
import io.sidewire.wire.Observation.McpTransport;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.json.Beginning;
import io.sidewire.wire.json.JsonDocument;
import io.sidewire.wire.jsonrpc.Mcp;
import io.sidewire.wire.jsonrpc.RpcMessage;
import io.sidewire.wire.llm.LlmApi;
import io.sidewire.wire.llm.LlmRequestReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a request's body says: JSON-RPC messages, or the call of a model. */
final class RequestContent implements BodyReader {
  private final Limits limits;
  private final FlowMemory memory;
  private final HttpHead head;
  private final Consumer<Anomaly> odd;
  private final LlmRequestReader llm;
  private final BodyReader body;
  private final List<RpcMessage> messages = new ArrayList<>();
  private final Beginning prompt = new Beginning();
  private LlmRequestReader.Call call;
  private boolean over;

  RequestContent(Limits limits, FlowMemory memory, HttpHead head, Consumer<Anomaly> odd) {
    this.limits = limits;
    this.memory = memory;
    this.head = head;
    this.odd = odd;
    this.llm = LlmRequestReader.of(mayPost() ? "POST" : head.method(), head.path());
    this.body = mayPost() ? reader() : null;
  }

  /** Where the method is not known, what has a body may be one. */
  private boolean mayPost() {
    return head.method() == null || head.method().equals("POST");
  }

  private BodyReader reader() {
    // Any type: curl sends JSON as a form unless it is told otherwise.
    JsonBody json = new JsonBody(limits, memory.shape(), false, this::document, odd);
    return ContentDecoder.of(head.value(FieldName.CONTENT_ENCODING), limits, json, odd);
  }

  private void document(JsonDocument document, long time) {
    RpcMessage message = RpcMessage.of(document);
    if (message != null && messages.size() < limits.rpcBatch()) {
      messages.add(message);
    } else if (message != null) {
      odd.accept(Anomaly.RPC_BATCH_LIMIT);
    }
    if (llm != null) {
      llm.document(document);
      if (memory.excerpts() && prompt.isEmpty()) {
        prompt.add(document.texts().prompt());
      }
    }
  }

  @Override
  public void data(byte[] bytes, int offset, int length, long time) {
    if (body != null) {
      body.data(bytes, offset, length, time);
    }
  }

  @Override
  public void gap() {
    if (body != null) {
      body.gap();
    }
  }

  @Override
  public void end() {
    if (!over) {
      over = true;
      if (body != null) {
        body.end();
      }
      call = llm == null ? null : llm.call();
    }
  }

  HttpHead head() {
    return head;
  }

  /** The model API that is called, as far as it is known by now; null: none. */
  LlmApi api() {
    return over ? call == null ? null : call.api() : llm == null ? null : llm.api();
  }

  /** Its answer may hold what is looked for: the body does, or is not read to its end. */
  boolean wantsAnswer() {
    return !messages.isEmpty() || api() != null || body != null && !over;
  }

  /** Messages of a kind; -1 where the body is no JSON-RPC. */
  int count(RpcMessage.Kind kind) {
    if (messages.isEmpty()) {
      return kind == RpcMessage.Kind.REQUEST ? -1 : 0;
    }
    return (int) messages.stream().filter(message -> message.kind() == kind).count();
  }

  /** Id of the one JSON-RPC request in the body; null where there is none or more than one. */
  Object onlyId() {
    if (count(RpcMessage.Kind.REQUEST) != 1) {
      return null;
    }
    return messages.stream()
        .filter(message -> message.kind() == RpcMessage.Kind.REQUEST)
        .findFirst()
        .map(RpcMessage::id)
        .orElse(null);
  }

  boolean mcpFields() {
    return head.has(FieldName.MCP_SESSION_ID)
        || head.has(FieldName.MCP_PROTOCOL_VERSION)
        || head.has(FieldName.MCP_METHOD);
  }

  /**
   * The MCP session: the header field, else what the URL of a legacy POST names.
   *
   * @param mcp the flow is known to speak MCP
   */
  String session(boolean mcp) {
    String session = head.value(FieldName.MCP_SESSION_ID);
    if (session != null || !mayPost() || messages.isEmpty() && !mcp) {
      return session;
    }
    return legacy() ? Mcp.sessionInUrl(head.target()) : null;
  }

  /**
   * A POST of the legacy transport: its URL names the session. Where that is only a part that looks random, clients of
   * Streamable HTTP are told apart by the event streams that they must accept.
   */
  private boolean legacy() {
    if (head.has(FieldName.MCP_SESSION_ID)) {
      return false;
    }
    String accept = head.value(FieldName.ACCEPT);
    return Mcp.sessionParameter(head.target()) != null
        || Mcp.sessionInUrl(head.target()) != null
            && (accept == null || !accept.contains("text/event-stream"));
  }

  McpTransport transport() {
    return mayPost() && legacy() ? McpTransport.SSE : McpTransport.STREAMABLE_HTTP;
  }

  /** Reports what the body said, behind the request itself. */
  void report(ObservationSink sink, long exchange, Message message) {
    if (mcpFields()) {
      memory.showsMcp(message.start);
    }
    messages.stream()
        .filter(RpcMessage::showsMcp)
        .findFirst()
        .ifPresent(any -> memory.showsMcp(message.start));
    RpcReporter reporter = new RpcReporter(sink, memory, exchange, true);
    RpcReporter.Context context = new RpcReporter.Context(
        session(memory.mcp()), transport(), head.value(FieldName.MCP_PROTOCOL_VERSION));
    long bytes = message.bytes;
    for (RpcMessage each : messages) {
      reporter.report(each, context, message.start, message.end, bytes);
      bytes = 0;
    }
    if (call != null && messages.isEmpty()) {
      sink.observe(new LlmRequest(exchange, call.api().id(), call.model(), call.stream()));
      memory.shows(call.api().content(), message.start);
      memory.excerpt(exchange, Excerpt.Part.PROMPT, prompt, call.api());
    }
  }
}
