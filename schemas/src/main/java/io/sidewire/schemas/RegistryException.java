package io.sidewire.schemas;

import org.apache.kafka.common.KafkaException;

/** A schema registry that cannot be used: no fault of a record, so what was read is read again. */
public final class RegistryException extends KafkaException {
  private static final long serialVersionUID = 1L;

  public RegistryException(String message) {
    super(message);
  }

  public RegistryException(String message, Throwable cause) {
    super(message, cause);
  }
}
