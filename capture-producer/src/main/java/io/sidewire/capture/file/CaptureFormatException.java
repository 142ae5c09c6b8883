package io.sidewire.capture.file;

import java.io.IOException;

/** A file that cannot be read as a capture at all; the message names the fix. */
public final class CaptureFormatException extends IOException {
  private static final long serialVersionUID = 1;

  public CaptureFormatException(String message) {
    super(message);
  }
}
