package io.sidewire.standalone.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the version. */
@Command(
    name = "version",
    description = "Print the version of Sidewire, of Java and of the system.")
public final class VersionCommand implements Callable<Integer> {
  @Mixin
  private Common common;

  private final Terminal terminal;

  public VersionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Version of this build. */
  public static String version() {
    var properties = new Properties();
    try (InputStream in =
        VersionCommand.class.getResourceAsStream("/io/sidewire/standalone/version.properties")) {
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Integer call() {
    String java = System.getProperty("java.vendor") + " " + Runtime.version();
    String system = System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
        + System.getProperty("os.arch");
    if (common.json) {
      var lines = new JsonLines(terminal.out());
      lines.line("version", null, json -> {
        json.writeStringField("version", version());
        json.writeStringField("java", java);
        json.writeStringField("system", system);
      });
      lines.flush();
    } else {
      terminal.out().println("sidewire " + version());
      terminal.out().println("java     " + java);
      terminal.out().println("system   " + system);
    }
    return 0;
  }
}
