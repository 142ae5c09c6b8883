package io.sidewire.standalone.cli;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where a command prints: standard output and error in UTF-8, and what they can show.
 *
 * <p>The launcher knows whether they are terminals and how wide, and says so in {@code SIDEWIRE_TTY} (any of o and e, and r
 * where its size may be asked again) and {@code COLUMNS} and {@code LINES}; without it nothing is taken for a terminal.
 */
public final class Terminal {
  private static final int DEFAULT_WIDTH = 100;
  private static final int NARROWEST = 40;
  private static final int DEFAULT_HEIGHT = 24;
  private static final int LOWEST = 10;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean outIsTerminal;
  private final boolean errIsTerminal;
  private final boolean colour;
  private final boolean resizable;
  private int width;
  private int height;

  /** For tests: any streams. */
  public Terminal(OutputStream out, OutputStream err, Map<String, String> environment) {
    this.out = new PrintStream(out, false, StandardCharsets.UTF_8);
    this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    String tty = environment.getOrDefault("SIDEWIRE_TTY", "");
    this.outIsTerminal = tty.contains("o");
    this.errIsTerminal = tty.contains("e");
    // https://no-color.org: any value that is not empty
    this.colour = outIsTerminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
    this.resizable = outIsTerminal && tty.contains("r");
    this.width = outIsTerminal
        ? size(environment.get("COLUMNS"), NARROWEST, DEFAULT_WIDTH)
        : Integer.MAX_VALUE;
    this.height =
        outIsTerminal ? size(environment.get("LINES"), LOWEST, DEFAULT_HEIGHT) : Integer.MAX_VALUE;
  }

  /** The streams of this process. */
  public static Terminal system() {
    return new Terminal(
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 64 << 10),
        new FileOutputStream(FileDescriptor.err),
        System.getenv());
  }

  private static int size(String said, int least, int otherwise) {
    try {
      return Math.max(least, Integer.parseInt(said));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /** Asks the terminal for its size again, where nobody has set it. */
  void resize() {
    if (resizable) {
      resizeTo(askedSize());
    }
  }

  /** @param said lines and columns, as {@code stty size} says them; anything else changes nothing */
  void resizeTo(String said) {
    String[] numbers = said.strip().split(" ");
    if (numbers.length == 2) {
      height = size(numbers[0], LOWEST, height);
      width = size(numbers[1], NARROWEST, width);
    }
  }

  private static String askedSize() {
    try {
      Process stty = new ProcessBuilder("stty", "size")
          .redirectInput(new File("/dev/tty"))
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      return new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return ""; // it stays as it was
    }
  }

  public PrintStream out() {
    return out;
  }

  /** For messages and progress; flushes each line. */
  public PrintStream err() {
    return err;
  }

  public boolean outIsTerminal() {
    return outIsTerminal;
  }

  public boolean errIsTerminal() {
    return errIsTerminal;
  }

  public boolean colour() {
    return colour;
  }

  /** Columns of the terminal; unbounded where the output is no terminal. */
  public int width() {
    return width;
  }

  /** Lines of the terminal; unbounded where the output is none. */
  public int height() {
    return height;
  }

  /** {@code text} in an SGR colour such as {@code 36} or {@code 1;31}, plain where colour is off. */
  public String paint(String sgr, String text) {
    return colour ? "\u001b[" + sgr + "m" + text + "\u001b[0m" : text;
  }

  /** Whether whoever reads standard output has gone away, e.g. {@code | head}. */
  public boolean outIsGone() {
    return out.checkError();
  }
}
