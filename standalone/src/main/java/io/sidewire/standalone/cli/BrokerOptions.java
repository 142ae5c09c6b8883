package io.sidewire.standalone.cli;

import io.sidewire.schemas.Topics;
import io.sidewire.standalone.Fault;
import io.sidewire.standalone.data.DataFolder;
import io.sidewire.standalone.data.RunFile;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The broker that a command asks: one that is named, or that of the running Sidewire. */
public final class BrokerOptions {
  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description = "The broker, or several with commas (default: that of the running Sidewire).")
  private String kafka;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data folder of the running Sidewire (default: ~/.local/share/sidewire).")
  private Path data;

  @Option(
      names = "--prefix",
      defaultValue = Topics.DEFAULT_PREFIX,
      paramLabel = "PREFIX",
      description = "Prefix of all topic names (default: ${DEFAULT-VALUE}).")
  private String prefix;

  Topics topics() {
    return Topics.withPrefix(prefix);
  }

  String kafka() {
    if (kafka != null) {
      return kafka;
    }
    Path folder = data == null ? DataFolder.defaultPath(System.getenv()) : data;
    return RunFile.read(folder)
        .map(RunFile::kafka)
        .orElseThrow(() -> new Fault(
            Fault.UNREACHABLE,
            "No Sidewire runs on the data in " + folder
                + ": name its broker with --kafka HOST:PORT, or another folder with --data."));
  }
}
