package io.sidewire.wire.http;

import io.sidewire.wire.Observation.Content;
import io.sidewire.wire.ObservationSink;
import java.util.HashSet;
import java.util.Set;

/** What the content of a flow has shown so far; each kind is reported once. */
public final class FlowMemory {
  private static final String MCP = "mcp";

  private final ObservationSink sink;
  private final Set<String> kinds = new HashSet<>(4);

  public FlowMemory(ObservationSink sink) {
    this.sink = sink;
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
