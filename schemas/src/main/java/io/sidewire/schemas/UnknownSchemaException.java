package io.sidewire.schemas;

import org.apache.kafka.common.errors.SerializationException;

/** A value names a schema that this release does not know: a later one wrote it. */
public final class UnknownSchemaException extends SerializationException {
  private static final long serialVersionUID = 1;

  UnknownSchemaException(String message) {
    super(message);
  }
}
