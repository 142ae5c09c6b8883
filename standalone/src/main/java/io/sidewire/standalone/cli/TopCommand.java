package io.sidewire.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidewire.standalone.client.ApiClient;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The busiest of the last minute, anew every two seconds; once where the output is no terminal. */
@Command(
    name = "top",
    description =
        "The busiest of the last minute: flow types, operations, slowest calls; from a running Sidewire.")
public final class TopCommand implements Callable<Integer> {
  private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";
  private static final int ROWS = 8;

  @Mixin
  private Common common;

  @Mixin
  private RunningOptions running;

  @Mixin
  private FilterOptions filter;

  @Option(
      names = "--last",
      defaultValue = "1m",
      paramLabel = "TIME",
      description = "How far back (default: ${DEFAULT-VALUE}).")
  private String last;

  @Option(names = "--once", description = "Print it once and exit.")
  private boolean once;

  private final Terminal terminal;

  public TopCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Calls of one operation on one server. */
  private static final class Busy {
    final String type;
    final String what;
    long calls;
    long errors;
    long micros;
    long longest;

    Busy(String type, String what) {
      this.type = type;
      this.what = what;
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    Units.option("--last", last);
    ApiClient client = running.client();
    boolean repeat = terminal.outIsTerminal() && !once && !common.json;
    do {
      Map<String, String> query = filter.query();
      query.put("from", "-" + last);
      JsonNode summary = client.get("/api/v1/summary", query).path("flowTypes");
      query.put("limit", "1000");
      JsonNode exchanges = client.get("/api/v1/exchanges", query).path("items");
      if (common.json) {
        var lines = new JsonLines(terminal.out());
        summary.forEach(row -> lines.node("summary", row));
        lines.flush();
      } else {
        print(repeat, summary, exchanges);
      }
      terminal.out().flush();
      if (repeat) {
        TimeUnit.SECONDS.sleep(2);
        terminal.resize();
      }
    } while (repeat && !terminal.outIsGone());
    return 0;
  }

  private void print(boolean whole, JsonNode summary, JsonNode exchanges) {
    if (whole) {
      terminal.out().print(HOME_AND_CLEAR);
    }
    terminal
        .out()
        .println(terminal.paint("1", "sidewire top") + "  last " + last + "  "
            + LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + (whole ? "  Ctrl-C ends" : ""));
    terminal.out().println();
    SummaryTable.print(terminal, summary);
    int rows = rows(whole, summary.size());
    Map<String, Busy> busy = new HashMap<>();
    List<JsonNode> slow = new ArrayList<>();
    for (JsonNode exchange : exchanges) {
      add(busy, exchange);
      if (exchange.path("totalMicros").isNumber()
          && !"GET".equals(exchange.path("method").asText())) {
        slow.add(exchange);
      }
    }
    var operations = new Table("OPERATION", "FLOW TYPE", ">CALLS", ">ERRORS", ">MEAN", ">LONGEST");
    busy.values().stream()
        .sorted(Comparator.comparingLong((Busy b) -> b.calls).reversed())
        .limit(rows)
        .forEach(b -> operations.row(
            b.what,
            b.type,
            b.calls,
            b.errors,
            Units.micros(b.micros / Math.max(1, b.calls)),
            Units.micros(b.longest)));
    section(operations);
    var slowest = new Table("SLOWEST CALLS", "FLOW TYPE", "PROCESS", ">TOTAL");
    slow.stream()
        .sorted(Comparator.comparingLong((JsonNode e) -> e.path("totalMicros").asLong())
            .reversed())
        .limit(rows)
        .forEach(e -> slowest.row(
            what(e),
            Text.clean(e.path("flowType").asText()),
            process(e),
            Units.micros(e.path("totalMicros").asLong())));
    section(slowest);
  }

  /** As many rows of each lower table as leave the first line on the screen. */
  private int rows(boolean whole, int types) {
    // Title and gap, head and rows of the types, two lines above each table below, the cursor's.
    int others = 2 + 1 + types + 2 * 2 + 1;
    return whole ? Math.max(1, Math.min(ROWS, (terminal.height() - others) / 2)) : ROWS;
  }

  private void section(Table table) {
    if (!table.isEmpty()) {
      terminal.out().println();
      table.print(terminal);
    }
  }

  private static void add(Map<String, Busy> busy, JsonNode exchange) {
    String type = Text.clean(exchange.path("flowType").asText());
    Busy entry =
        busy.computeIfAbsent(type + " " + what(exchange), key -> new Busy(type, what(exchange)));
    long micros = exchange.path("totalMicros").asLong();
    entry.calls++;
    entry.errors += exchange.path("error").isTextual() ? 1 : 0;
    entry.micros += micros;
    entry.longest = Math.max(entry.longest, micros);
  }

  private static String what(JsonNode exchange) {
    String operation = exchange.path("operation").textValue();
    String target = exchange.path("target").textValue();
    String server = exchange.path("serverName").textValue();
    if (server == null) {
      server = exchange.path("server").path("address").asText() + ":"
          + exchange.path("server").path("port").asText();
    }
    return Text.clean((operation == null ? exchange.path("protocol").asText() : operation)
        + (target == null ? "" : " " + target) + " @ " + server);
  }

  private static String process(JsonNode exchange) {
    JsonNode process = exchange.path("process");
    return process.path("command").isTextual()
        ? Text.clean(process.path("command").asText()) + " "
            + process.path("pid").asText("")
        : null;
  }
}
