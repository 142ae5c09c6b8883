package io.sidewire.capture;

/** Why a capture cannot begin or go on, in words for its user: the message names the fix. */
public final class CaptureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong, with the exit code of a command that ends by it. */
  public enum Kind {
    /** A setting, rules file or key file that cannot be used. */
    CONFIG(2),
    /** The user may not capture packets. */
    PERMISSION(3),
    /** No such interface, or it is down or went away. */
    INTERFACE(2),
    /** libpcap is absent. */
    LIBRARY(2),
    /** libpcap refuses the filter. */
    FILTER(2),
    /** A file that is absent, unreadable or no capture. */
    FILE(1),
    /** The broker cannot be reached, or refuses. */
    BROKER(4),
    /** A port in use. */
    BUSY(5),
    /** Anything else. */
    FAILURE(70);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    public int exitCode() {
      return exitCode;
    }
  }

  private final Kind kind;

  public CaptureException(Kind kind, String message) {
    this(kind, message, null);
  }

  public CaptureException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
