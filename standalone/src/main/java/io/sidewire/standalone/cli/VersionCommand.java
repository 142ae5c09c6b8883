package io.sidewire.standalone.cli;

import io.sidewire.standalone.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine;
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
    if (common.json) {
      var lines = new JsonLines(terminal.out());
      lines.line("version", null, json -> {
        json.writeStringField("version", Version.current());
        json.writeStringField("java", java());
        json.writeStringField("system", system());
      });
      lines.flush();
    } else {
      for (String line : new Lines().getVersion()) {
        terminal.out().println(line);
      }
    }
    return 0;
  }

  private static String java() {
    return System.getProperty("java.vendor") + " " + Runtime.version();
  }

  private static String system() {
    return System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
        + System.getProperty("os.arch");
  }

  /** The same for {@code --version}. */
  public static final class Lines implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "sidewire " + Version.current(), "java     " + java(), "system   " + system()
      };
    }
  }
}
