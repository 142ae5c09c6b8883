package io.sidewire.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidewire.standalone.Fault;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Totals by flow type, of a running Sidewire. */
@Command(
    name = "stats",
    description = "Totals by flow type, and what was lost; from a running Sidewire.")
public final class StatsCommand implements Callable<Integer> {
  @Mixin
  private Common common;

  @Mixin
  private RunningOptions running;

  @Mixin
  private FilterOptions filter;

  @Option(
      names = "--from",
      defaultValue = "-15m",
      paramLabel = "TIME",
      description =
          "Begin of the span: -15m, now-1h, an ISO time, or 0 for all there is (default: ${DEFAULT-VALUE}).")
  private String from;

  @Option(names = "--to", paramLabel = "TIME", description = "End of the span (default: now).")
  private String to;

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      converter = ByConverter.class,
      description =
          "Network statistics of flows by flow-type, protocol, process, host, interface or server:"
              + " volume, retransmissions, round trips of handshakes.")
  private NetworkTable.Group by;

  private final Terminal terminal;

  public StatsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Map<String, String> query = filter.query();
    query.put("from", from);
    FilterOptions.put(query, "to", to);
    if (by != null) {
      return network(query);
    }
    JsonNode answer = running.client().get("/api/v1/summary", query);
    if (common.json) {
      var lines = new JsonLines(terminal.out());
      answer.path("flowTypes").forEach(row -> lines.node("summary", row));
      lines.flush();
    } else {
      SummaryTable.print(terminal, answer.path("flowTypes"));
      SummaryTable.printLoss(terminal, answer);
    }
    return 0;
  }

  private int network(Map<String, String> query) {
    if (query.remove("operation") != null) {
      throw new Fault(
          Fault.USAGE, "--operation narrows calls, and --by adds up flows: leave one out.");
    }
    var table = new NetworkTable(running.client(), by);
    table.read(query);
    if (common.json) {
      var lines = new JsonLines(terminal.out());
      table.lines(lines);
      lines.flush();
    } else {
      table.print(terminal);
    }
    return 0;
  }

  /** Says what there is, in the words of the command line. */
  static final class ByConverter implements CommandLine.ITypeConverter<NetworkTable.Group> {
    @Override
    public NetworkTable.Group convert(String name) {
      return NetworkTable.Group.of(name);
    }
  }
}
