package io.sidewire.wire.http;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Excerpt;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.LlmUsage;
import io.sidewire.wire.Observation.McpSession;
import io.sidewire.wire.Observation.McpTransport;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.json.Beginning;
import io.sidewire.wire.json.Field;
import io.sidewire.wire.json.JsonDocument;
import io.sidewire.wire.jsonrpc.Mcp;
import io.sidewire.wire.jsonrpc.RpcMessage;
import io.sidewire.wire.llm.LlmAnswerReader;
import io.sidewire.wire.sse.SseParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What an answer's body says: JSON-RPC messages, the words of a model, the pieces of a stream. */
final class AnswerContent implements BodyReader, EventBody.Sink, FrameBody.Sink {
  private static final Set<String> JSON_LINES = Set.of(
      "application/x-ndjson",
      "application/ndjson",
      "application/jsonl",
      "application/x-jsonl",
      "application/jsonlines",
      "application/x-jsonlines",
      "application/json-lines",
      "application/stream+json",
      "application/x-json-stream");

  private enum Kind {
    NOTHING,
    JSON,
    JSON_LINES,
    EVENTS,
    FRAMES
  }

  private final Limits limits;
  private final ObservationSink sink;
  private final FlowMemory memory;
  private final long exchange;
  private final HttpHead head;
  private final Consumer<Anomaly> odd;
  private RequestContent request; // null where it was not seen
  private final Kind kind;
  private final BodyReader body; // null where nothing is read
  private final LlmAnswerReader llm;
  private final RpcReporter reporter;
  private final List<RpcMessage> messages = new ArrayList<>(2);
  private final Beginning said = new Beginning();
  private String session;
  private boolean legacyStream;
  private boolean generated; // in the event that is read
  private int chunks;
  private Long firstChunk;
  private Long firstToken;

  AnswerContent(
      Limits limits,
      ObservationSink sink,
      FlowMemory memory,
      long exchange,
      HttpHead head,
      RequestContent request,
      Consumer<Anomaly> odd) {
    this.limits = limits;
    this.sink = sink;
    this.memory = memory;
    this.exchange = exchange;
    this.head = head;
    this.request = request;
    this.odd = odd;
    this.kind = kind();
    this.llm = new LlmAnswerReader(request == null ? null : request.api());
    this.reporter = new RpcReporter(sink, memory, exchange, false);
    BodyReader read =
        switch (kind) {
          case NOTHING -> null;
          case EVENTS -> new EventBody(limits, memory.shape(), this, odd);
          case FRAMES -> new FrameBody(limits, memory.shape(), this);
          case JSON, JSON_LINES ->
            new JsonBody(limits, memory.shape(), declaredJson(), this::document, odd);
        };
    this.body = read == null
        ? null
        : ContentDecoder.of(head.value(FieldName.CONTENT_ENCODING), limits, read, odd);
  }

  private Kind kind() {
    String type = head.mediaType();
    if (head.status() == 0
        && !head.multiplexed()) { // without a head, only an event stream is recognised
      return request == null ? Kind.EVENTS : Kind.NOTHING;
    }
    if (type.equals("text/event-stream")) {
      return Kind.EVENTS;
    }
    if (type.equals("application/vnd.amazon.eventstream")) {
      return Kind.FRAMES;
    }
    boolean wanted = request == null || memory.mcp() || request.wantsAnswer() || lists();
    if (!wanted) {
      return Kind.NOTHING;
    }
    return JSON_LINES.contains(type)
        ? Kind.JSON_LINES
        : type.startsWith("image/") || type.startsWith("video/") ? Kind.NOTHING : Kind.JSON;
  }

  private boolean declaredJson() {
    String type = head.mediaType();
    return type.endsWith("/json") || type.endsWith("+json") || JSON_LINES.contains(type);
  }

  /** Lists of models, by which a server shows what it is before it is asked anything. */
  private boolean lists() {
    String path = request.head().path();
    return path.endsWith("/api/tags") || path.endsWith("/api/ps") || path.endsWith("/v1/models");
  }

  /** The request became known after the answer began. */
  void known(RequestContent request) {
    this.request = request;
    llm.known(request.api());
  }

  // ---------------------------------------------------------------- body

  @Override
  public void data(byte[] bytes, int offset, int length, long time) {
    if (firstChunk == null && kind != Kind.EVENTS && length > 0) {
      firstChunk = time;
    }
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
    if (body != null) {
      body.end();
    }
  }

  /** An object of a JSON body, of a line, or of a frame. */
  @Override
  public void document(JsonDocument document, long time) {
    if (take(document)) {
      firstToken(time);
    }
    if (kind == Kind.JSON_LINES) {
      chunks++;
    }
  }

  private boolean take(JsonDocument document) {
    RpcMessage message = RpcMessage.of(document);
    if (message != null) {
      if (messages.size() < limits.rpcBatch()) {
        messages.add(message);
      } else {
        odd.accept(Anomaly.RPC_BATCH_LIMIT);
      }
      return false;
    }
    if (request != null && llm.api() != request.api()) {
      llm.known(request.api());
    }
    listing(document);
    boolean generates = llm.document(document);
    if (memory.excerpts() && LlmAnswerReader.says(document)) {
      said.add(document.texts().answer());
    }
    return generates;
  }

  private void listing(JsonDocument document) {
    if (request == null || !"GET".equals(request.head().method()) || !lists()) {
      return;
    }
    boolean openAi = document.has(Field.DATA) && "list".equals(document.text(Field.OBJECT));
    if (document.has(Field.MODEL_LIST) && !request.head().path().endsWith("/v1/models")) {
      memory.shows("ollama_api", firstChunk);
    } else if (openAi) {
      memory.shows("openai_api", firstChunk);
    }
  }

  private void firstToken(long time) {
    if (firstToken == null && streamed()) {
      firstToken = time;
    }
  }

  @Override
  public void eventDocument(JsonDocument document) {
    generated |= take(document);
  }

  @Override
  public void event(SseParser.Event event, String words) {
    boolean done = words.strip().equals("[DONE]");
    if (!done) {
      chunks++;
      if (firstChunk == null) {
        firstChunk = event.start();
      }
    }
    if (generated) {
      firstToken(event.end());
    }
    generated = false;
    if ("endpoint".equals(event.name()) && event.whole()) {
      endpoint(words.strip(), event.end());
    }
    report(event.start(), event.end(), event.bytes());
  }

  /** The first event of the legacy transport says where to post. */
  private void endpoint(String url, long time) {
    String named = Mcp.sessionInUrl(url);
    if (named != null && !legacyStream) {
      legacyStream = true;
      session = named;
      memory.showsMcp(time);
      sink.observe(new McpSession(exchange, time, named, McpTransport.SSE));
    }
  }

  @Override
  public void exception(String type) {
    llm.failed(type);
  }

  @Override
  public void frameEnd(long time) {
    chunks++;
  }

  // ---------------------------------------------------------------- reports

  /** Reports what the answer said, before its end is reported. */
  void reportEnd(Message message) {
    report(message.start, message.end, message.bytes);
    if (request != null && request.api() != null) {
      llm.known(request.api());
      String error = head.value(FieldName.X_AMZN_ERRORTYPE);
      if (error != null) {
        llm.failed(error);
      }
      llm.counted(
          RateLimits.number(head.value(FieldName.X_AMZN_BEDROCK_INPUT_TOKEN_COUNT)),
          RateLimits.number(head.value(FieldName.X_AMZN_BEDROCK_OUTPUT_TOKEN_COUNT)));
    }
    LlmUsage usage = llm.usage(exchange);
    if (usage != null) {
      sink.observe(usage);
      memory.shows(llm.api().content(), message.start);
      memory.excerpt(exchange, Excerpt.Part.ANSWER, said, llm.api());
    }
  }

  private void report(long start, long end, long bytes) {
    long carried = bytes;
    for (RpcMessage message : messages) {
      reporter.report(answering(message), context(), start, end, carried);
      carried = 0;
    }
    messages.clear();
  }

  /** An error without an id, as servers send it when they refuse a POST, answers the one request of that POST. */
  private RpcMessage answering(RpcMessage message) {
    boolean nameless = message.kind() == RpcMessage.Kind.RESULT && message.id() == null;
    return nameless && request != null ? message.withId(request.onlyId()) : message;
  }

  private RpcReporter.Context context() {
    String field = head.value(FieldName.MCP_SESSION_ID);
    String asked = request == null ? null : request.session(memory.mcp());
    String version = request == null ? null : request.head().value(FieldName.MCP_PROTOCOL_VERSION);
    return new RpcReporter.Context(
        field != null ? field : session != null ? session : asked, transport(), version);
  }

  private McpTransport transport() {
    if (legacyStream) {
      return McpTransport.SSE;
    }
    return request == null ? McpTransport.UNKNOWN : request.transport();
  }

  boolean streamed() {
    return kind == Kind.EVENTS || kind == Kind.JSON_LINES || kind == Kind.FRAMES;
  }

  /** Pieces of a stream; null where the body is none, or cannot be read. */
  Integer chunks() {
    return streamed() && body != null ? chunks : null;
  }

  Long firstChunk() {
    return firstChunk;
  }

  Long firstToken() {
    return firstToken;
  }
}
