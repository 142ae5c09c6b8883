package io.sidewire.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;

/**
 * A text file that a test's answer must equal to the byte, written anew by {@code -Dgolden.update=true}.
 *
 * <p>The folder of a golden file has a README that says what the files prove and where their bytes came from.
 */
public final class Golden {
  private static final String UPDATE = "golden.update";

  private Golden() {}

  /** Asserts that {@code actual} equals the file, line ends aside; with the flag set, writes the file instead. */
  public static void assertEquals(Path file, String actual) {
    try {
      if (Boolean.getBoolean(UPDATE)) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, actual);
        return;
      }
      Assertions.assertThat(file)
          .as("golden file; make it with -D%s=true and look at the difference", UPDATE)
          .exists();
      Assertions.assertThat(actual.replace("\r\n", "\n"))
          .as("differs from %s; if that is right, run with -D%s=true", file, UPDATE)
          .isEqualTo(Files.readString(file).replace("\r\n", "\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The same for a part of a document, between the lines {@code <!-- NAME: … -->} and {@code <!-- end of NAME -->}; the rest
   * is somebody's prose.
   */
  public static void assertSection(Path document, String name, String actual) {
    try {
      String text = Files.readString(document).replace("\r\n", "\n");
      int head = text.indexOf("<!-- " + name + ":");
      int begin = text.indexOf('\n', head) + 1;
      int end = text.indexOf("<!-- end of " + name + " -->");
      Assertions.assertThat(head >= 0 && end >= begin)
          .as("%s has the lines <!-- %s: … --> and <!-- end of %s -->", document, name, name)
          .isTrue();
      assertEquals(document, text.substring(0, begin) + actual + text.substring(end));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
