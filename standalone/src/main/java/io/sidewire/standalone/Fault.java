package io.sidewire.standalone;

/** A problem that the user can mend: one line that names the fix, and the exit code. */
public final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Something in the input was not whole: the rest was done. */
  public static final int INPUT = 1;

  /** The command line is wrong. */
  public static final int USAGE = 2;

  /** Capturing is not permitted. */
  public static final int PERMISSION = 3;

  /** A broker, or a running Sidewire, is not there. */
  public static final int UNREACHABLE = 4;

  /** A port or a data folder is in use. */
  public static final int BUSY = 5;

  /** A fault of Sidewire's own. */
  public static final int INTERNAL = 70;

  private final int exitCode;

  public Fault(int exitCode, String message) {
    this(exitCode, message, null);
  }

  public Fault(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
