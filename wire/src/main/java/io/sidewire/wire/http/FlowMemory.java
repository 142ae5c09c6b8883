package io.sidewire.wire.http;

import io.sidewire.wire.Excerpt;
import io.sidewire.wire.ExcerptSink;
import io.sidewire.wire.Observation.Content;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.json.Beginning;
import io.sidewire.wire.json.JsonShape;
import io.sidewire.wire.llm.LlmApi;
import java.util.HashSet;
import java.util.Set;

/** What the content of a flow has shown so far; each kind is reported once. */
public final class FlowMemory {
  private static final String MCP = "mcp";

  private final ObservationSink sink;
  private final ExcerptSink excerpts;
  private final Set<String> kinds = new HashSet<>(4);

  public FlowMemory(ObservationSink sink) {
    this(sink, null);
  }

  /** @param excerpts takes the beginnings of prompts and answers; null: they are never kept */
  public FlowMemory(ObservationSink sink, ExcerptSink excerpts) {
    this.sink = sink;
    this.excerpts = excerpts;
  }

  /** What is looked for in a body. */
  JsonShape shape() {
    return excerpts == null ? JsonShape.MESSAGES : JsonShape.WITH_TEXTS;
  }

  boolean excerpts() {
    return excerpts != null;
  }

  /** Hands on what was said in a call of a model; nothing where nothing was. */
  void excerpt(long exchange, Excerpt.Part part, Beginning said, LlmApi api) {
    if (excerpts != null && !said.isEmpty() && !api.embeddings()) {
      excerpts.excerpt(new Excerpt(exchange, part, said.text(), said.cut()));
    }
  }

  /** The flow shows content of that kind. */
  public void shows(String kind, long time) {
    if (kinds.add(kind)) {
      sink.observe(new Content(time, kind));
    }
  }

  void showsMcp(long time) {
    shows(MCP, time);
  }

  boolean mcp() {
    return kinds.contains(MCP);
  }
}
