package io.sidewire.query;

import java.util.Arrays;
import java.util.List;

/** The query parameters, each with what the OpenAPI document says of it. */
public enum Param {
  FROM(
      "from",
      "Begin of the span, included. ISO-8601, epoch seconds, milliseconds or microseconds, or relative: -15m, now-1h;"
          + " 0: all there is. Default: 15 minutes before to.",
      "-15m"),
  TO("to", "End of the span, excluded; as from. Default: now.", "now"),
  HOST("host", "Capture host; several by comma, * as a wildcard.", "laptop"),
  FLOW_TYPE("flowType", "Flow type, several by comma; see /api/v1/flow-types.", "mcp_server"),
  SERVER(
      "server",
      "Server name, address, or address:port; several by comma, * as a wildcard.",
      "*.openai.azure.com"),
  OPERATION(
      "operation",
      "Operation, e.g. an MCP method; several by comma, * as a wildcard.",
      "tools/call"),
  STATUS(
      "status",
      "Any of: an HTTP status, 2xx to 5xx, ok, error, or an outcome (open, ended, answered, timeout, reset, gap,"
          + " capture_ended, superseded); several by comma.",
      "error"),
  MIN_LATENCY(
      "minLatency",
      "Shortest total time: 800us, 250ms, 1.5s; a bare number is milliseconds.",
      "250ms"),
  LIMIT("limit", "Most items of a page, 1 to 1000. Default: 100.", "100"),
  CURSOR("cursor", "nextCursor of the page before.", null),
  METRIC(
      "metric",
      "What the series shows; see the error message of an unknown one for the list.",
      "exchanges"),
  STEP(
      "step",
      "Length of a point, a multiple of 10 s: 10s, 1m, 1h. Default: about 120 points.",
      "10s"),
  GROUP(
      "group",
      "One line for each flowType, host, server or operation. Default: none, one line.",
      "flowType"),
  KIND(
      "kind",
      "Events of the stream: exchange, interaction, flow; several by comma. Default: exchange,interaction.",
      "exchange");

  private final String wire;
  private final String description;
  private final String example;

  Param(String wire, String description, String example) {
    this.wire = wire;
    this.description = description;
    this.example = example;
  }

  /** The name in the query string. */
  public String wire() {
    return wire;
  }

  public String description() {
    return description;
  }

  public String example() {
    return example;
  }

  static Param of(String wire) {
    return Arrays.stream(values())
        .filter(param -> param.wire.equals(wire))
        .findFirst()
        .orElse(null);
  }

  static List<String> names(Iterable<Param> params) {
    var names = new java.util.ArrayList<String>();
    params.forEach(param -> names.add(param.wire));
    return names;
  }
}
