package io.sidewire.rules;

import java.util.Objects;

/**
 * A kind of traffic, with the face it has in views.
 *
 * @param name as on the topics, e.g. {@code azure_openai}
 * @param colour {@code #rrggbb}
 */
public record FlowType(String name, String title, String icon, String colour, Kind kind) {

  /** What a call to such an endpoint is to an agent. */
  public enum Kind {
    /** A model endpoint: each call is a step of an interaction. */
    MODEL,
    /** A tool server: its tool calls are steps of an interaction. */
    TOOL,
    OTHER
  }

  public FlowType {
    Objects.requireNonNull(name);
    Objects.requireNonNull(title);
    Objects.requireNonNull(icon);
    Objects.requireNonNull(colour);
    Objects.requireNonNull(kind);
  }
}
