package io.sidewire.standalone.cli;

import io.sidewire.schemas.Topics;
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
      description =
          "Data folder of the running Sidewire (default: ~/.local/share/sidewire, else the one that runs on temporary data, e.g. the demo).")
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
    return RunningOptions.find(data, "--kafka HOST:PORT").kafka();
  }
}
