package io.sidewire.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** The summary as a table: a row a flow type, with volume, calls, errors and latencies. */
final class SummaryTable {
  private SummaryTable() {}

  /** @param rows of the API's summary, or of a replay's */
  static void print(Terminal terminal, Iterable<JsonNode> rows) {
    var table = new Table(
        "FLOW TYPE",
        ">PACKETS",
        ">BYTES",
        ">FLOWS",
        ">CALLS",
        ">ERRORS",
        ">TTFB p50",
        ">TTFB p95",
        ">TOTAL p50",
        ">TOTAL p95");
    for (JsonNode row : rows) {
      table.row(
          Text.clean(row.path("flowType").asText()),
          count(row.path("packets")),
          bytes(row.path("frameBytes")),
          count(row.path("flows")),
          count(row.path("exchanges")),
          count(row.path("errors")),
          micros(row.path("ttfb").path("p50")),
          micros(row.path("ttfb").path("p95")),
          micros(row.path("total").path("p50")),
          micros(row.path("total").path("p95")));
    }
    if (table.isEmpty()) {
      terminal.out().println("Nothing was seen in that span.");
    } else {
      table.print(terminal);
    }
  }

  static void printLoss(Terminal terminal, JsonNode answer) {
    JsonNode coverage = answer.path("coverage");
    if (coverage.isNumber()) {
      terminal
          .out()
          .println("coverage " + String.format(Locale.ROOT, "%.2f %%", 100 * coverage.asDouble())
              + " of what was captured is in these figures");
    }
  }

  private static String count(JsonNode node) {
    return node.isNumber() ? Units.count(node.asLong()) : null;
  }

  private static String bytes(JsonNode node) {
    return node.isNumber() ? Units.bytes(node.asLong()) : null;
  }

  private static String micros(JsonNode node) {
    return node.isNumber() ? Units.micros(node.asLong()) : null;
  }
}
