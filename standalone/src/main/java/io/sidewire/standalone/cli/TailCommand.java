package io.sidewire.standalone.cli;

import io.sidewire.standalone.view.LiveLines;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The live view of a running Sidewire. */
@Command(
    name = "tail",
    description = "Show each request and answer as it appears; from a running Sidewire.")
public final class TailCommand implements Callable<Integer> {
  @Mixin
  private Common common;

  @Mixin
  private RunningOptions running;

  @Mixin
  private FilterOptions filter;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "HTTP status, 2xx to 5xx, ok, error or an outcome such as timeout.")
  private String status;

  @Option(
      names = "--min-latency",
      paramLabel = "TIME",
      description = "Only calls that took this long, e.g. 250ms.")
  private String minLatency;

  private final Terminal terminal;

  public TailCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Map<String, String> query = filter.query();
    FilterOptions.put(query, "status", status);
    if (minLatency != null) {
      Units.option("--min-latency", minLatency);
    }
    FilterOptions.put(query, "minLatency", minLatency);
    query.put("kind", "exchange");
    var client = running.client();
    new LiveLines(terminal, common.json).print(client, query);
    if (!terminal.outIsGone()) {
      terminal.err().println("sidewire: the Sidewire at " + client.url() + " has stopped.");
    }
    return 0;
  }
}
