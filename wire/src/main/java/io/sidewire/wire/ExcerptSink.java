package io.sidewire.wire;

/** Takes the excerpts of one flow. Where there is none, texts are stepped over and never kept. */
@FunctionalInterface
public interface ExcerptSink {
  void excerpt(Excerpt excerpt);
}
