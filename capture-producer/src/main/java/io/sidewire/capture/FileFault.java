package io.sidewire.capture;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Why a file or folder cannot be used, in words that need no knowledge of Java. */
public final class FileFault {
  private FileFault() {}

  /** The reason, without the file's name. */
  public static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "not permitted to this user";
    }
    return e.getClass().getSimpleName().replaceAll("Exception$", "");
  }
}
