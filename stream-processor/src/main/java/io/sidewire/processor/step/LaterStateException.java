package io.sidewire.processor.step;

import org.apache.kafka.common.KafkaException;

/**
 * A store holds what a later version of Sidewire wrote. No fault of a record: none may go on without its state, so the
 * processor stops, and the packets wait for the version that can read it.
 */
public final class LaterStateException extends KafkaException {
  private static final long serialVersionUID = 1;

  LaterStateException(String store) {
    super("the state in " + store + " was written by a later Sidewire: use that version again");
  }

  /** This exception where it is behind a fault; null where it is not. */
  public static LaterStateException behind(Throwable fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof LaterStateException later) {
        return later;
      }
    }
    return null;
  }
}
