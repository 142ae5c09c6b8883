package io.sidewire.wire.flow;

import io.sidewire.wire.Excerpt;

/** Takes excerpts of model calls, on the analyzer's thread: before the observation that ends the same message, or right after. */
@FunctionalInterface
public interface ExcerptListener {
  void excerpt(FlowView flow, Excerpt excerpt);
}
