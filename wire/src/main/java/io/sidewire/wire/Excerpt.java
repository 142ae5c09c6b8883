package io.sidewire.wire;

/**
 * The beginning of what a user asked a model, or of what that answered, as it crossed the wire. It is no
 * {@link Observation}, and nothing that leaves the host has a place for it: it is made for eyes on the same host alone,
 * and only where an {@link ExcerptSink} asks for it.
 *
 * @param exchange number of the exchange in its flow
 * @param text at most {@link #MOST_BYTES} bytes of UTF-8, ended at a character
 * @param cut the text went on
 */
public record Excerpt(long exchange, Part part, String text, boolean cut) {
  /** Bytes of a text that are kept. */
  public static final int MOST_BYTES = 64;

  /** Who said it. */
  public enum Part {
    /** The last message of the user; never a system prompt, a tool's result or an earlier turn. */
    PROMPT,
    /** Text that the model made; never its reasoning or the arguments of a tool call. */
    ANSWER
  }

  /** Without the text, so that it reaches no log by accident. */
  @Override
  public String toString() {
    return "Excerpt[" + exchange + ' ' + part + ", " + text.length() + " characters]";
  }
}
