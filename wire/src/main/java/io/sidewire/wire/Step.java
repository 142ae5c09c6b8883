package io.sidewire.wire;

/** What became of the input that a parser was given. */
public enum Step {
  /** Consumed something; call again. */
  ADVANCED,
  /** Consumed nothing; call again with more bytes. */
  NEED_MORE,
  /** This message is unreadable, reason recorded; look for the next start line, record or frame. */
  LOST,
  /** Not our protocol at all; this direction is over, reason recorded. */
  REFUSED,
  /** From here on the bytes belong to another protocol. */
  HANDED_OVER
}
