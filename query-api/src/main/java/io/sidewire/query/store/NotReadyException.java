package io.sidewire.query.store;

/** This replica is not whole yet, or no longer; its message says how far it is. */
public final class NotReadyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NotReadyException(String status) {
    super(status);
  }
}
