package io.sidewire.capture;

import io.sidewire.wire.Excerpt;

/**
 * Takes the cleaned beginnings of prompts and answers for the console of this host; nothing of it may be written, logged
 * or sent. Called on the decode thread, before the batch that tells of the same message is sent, or at once after it.
 */
@FunctionalInterface
public interface PreviewSink {
  /**
   * @param exchangeId as in the topics
   * @param text as {@link io.sidewire.capture.redact.PreviewText} lets it pass
   */
  void preview(String exchangeId, Excerpt.Part part, String text);
}
