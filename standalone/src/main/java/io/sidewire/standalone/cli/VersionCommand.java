package io.sidewire.standalone.cli;

import io.sidewire.standalone.Version;
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

  @Override
  public Integer call() {
    String java = System.getProperty("java.vendor") + " " + Runtime.version();
    String system = System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
        + System.getProperty("os.arch");
    if (common.json) {
      var lines = new JsonLines(terminal.out());
      lines.line("version", null, json -> {
        json.writeStringField("version", Version.current());
        json.writeStringField("java", java);
        json.writeStringField("system", system);
      });
      lines.flush();
    } else {
      terminal.out().println("sidewire " + Version.current());
      terminal.out().println("java     " + java);
      terminal.out().println("system   " + system);
    }
    return 0;
  }
}
