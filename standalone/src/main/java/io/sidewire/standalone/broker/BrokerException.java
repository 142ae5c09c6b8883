package io.sidewire.standalone.broker;

/** A broker that cannot be started or reached; its message names the fix. */
public final class BrokerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BrokerException(String message, Throwable cause) {
    super(message, cause);
  }
}
