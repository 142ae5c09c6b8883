package io.sidewire.standalone.cli;

import io.sidewire.capture.CaptureException;

/** What to tell a user whose capture cannot begin. */
public final class Advice {
  private Advice() {}

  /** The reason with its fix; where permission lacks, also the short way that the launcher offers. */
  public static String of(CaptureException reason) {
    String command = System.getProperty("sidewire.command");
    return reason.kind() == CaptureException.Kind.PERMISSION && command != null
        ? reason.getMessage() + "\nor, which comes to the same: sudo " + command
        : reason.getMessage();
  }
}
