package io.sidewire.standalone.cli;

import io.sidewire.schemas.Endpoint;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.standalone.decode.Decoder;
import io.sidewire.standalone.decode.Hello;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code decode} prints for people: of each file its flows, and the exchanges in order of time. */
final class DecodeReport implements Decoder.Out {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  private final Terminal terminal;
  private final Map<String, String> names;
  private final List<FlowRow> flows = new ArrayList<>();
  private final List<ExchangeRow> exchanges = new ArrayList<>();
  private String file;
  private long packets;
  private long bytes;

  private record FlowRow(long start, Object[] cells) {}

  private record ExchangeRow(long start, Object[] cells) {}

  DecodeReport(Terminal terminal, Map<String, String> names) {
    this.terminal = terminal;
    this.names = names;
  }

  @Override
  public void begin(String host) {
    file = names.getOrDefault(host, host);
    flows.clear();
    exchanges.clear();
    packets = 0;
    bytes = 0;
  }

  @Override
  public void flow(FlowRecord flow) {
    long count = flow.getPacketsToServer() + flow.getPacketsToClient();
    long size = flow.getFrameBytesToServer() + flow.getFrameBytesToClient();
    packets += count;
    bytes += size;
    flows.add(new FlowRow(flow.getFirstSeen(), new Object[] {
      time(flow.getFirstSeen()),
      flow.getTransport(),
      text(flow.getClient()),
      text(flow.getServer()),
      flow.getFlowType(),
      Units.count(count),
      Units.bytes(size),
      Units.micros(flow.getLastSeen() - flow.getFirstSeen()),
      flow.getState(),
      Text.clean(flow.getServerName())
    }));
  }

  @Override
  public void hello(Hello hello) {
    // Its facts stand on the flow.
  }

  @Override
  public void exchange(Exchange row) {
    long start = row.getRequestStart() == null
        ? row.getResponseStart() == null ? 0 : row.getResponseStart()
        : row.getRequestStart();
    exchanges.add(new ExchangeRow(start, new Object[] {
      time(start),
      text(row.getClient()),
      text(row.getServer()),
      row.getFlowType(),
      row.getProtocol(),
      result(row),
      Units.micros(row.getTtfbMicros()),
      Units.micros(row.getTotalMicros()),
      what(row)
    }));
  }

  @Override
  public void end() {
    terminal
        .out()
        .println(terminal.paint("1", file) + ": " + flows.size() + " flows, " + exchanges.size()
            + " exchanges, " + Units.count(packets) + " packets, " + Units.bytes(bytes));
    if (!flows.isEmpty()) {
      var table = new Table(
          "START",
          "PROTO",
          "CLIENT",
          "SERVER",
          "FLOW TYPE",
          ">PACKETS",
          ">BYTES",
          ">TIME",
          "STATE",
          "NAME");
      flows.sort(Comparator.comparingLong(FlowRow::start));
      flows.forEach(row -> table.row(row.cells()));
      table.print(terminal);
    }
    if (!exchanges.isEmpty()) {
      terminal.out().println();
      var table = new Table(
          "START", "CLIENT", "SERVER", "FLOW TYPE", "PROTO", "RESULT", ">TTFB", ">TOTAL", "WHAT");
      exchanges.sort(Comparator.comparingLong(ExchangeRow::start));
      exchanges.forEach(row -> table.row(row.cells()));
      table.print(terminal);
    }
    terminal.out().println();
  }

  private static String what(Exchange row) {
    if (row.getOperation() != null && row.getProtocol().equals("mcp")) {
      return Text.clean(
          row.getOperation() + (row.getTarget() == null ? "" : " " + row.getTarget()));
    }
    if (row.getMethod() != null) {
      return Text.clean(
          row.getMethod() + " " + (row.getAuthority() == null ? "" : row.getAuthority())
              + (row.getPath() == null ? "" : row.getPath()));
    }
    return Units.bytes(row.getRequestBytes() == null ? 0 : row.getRequestBytes()) + " → "
        + Units.bytes(row.getResponseBytes() == null ? 0 : row.getResponseBytes())
        + (row.getAmbiguous() ? ", ambiguous" : "");
  }

  private static String result(Exchange row) {
    String outcome = row.getOutcome().toString().toLowerCase(Locale.ROOT).replace('_', ' ');
    if (row.getError() != null) {
      return Text.clean(row.getError());
    }
    return row.getStatus() == null ? outcome : row.getStatus().toString();
  }

  private static String text(Endpoint endpoint) {
    String address = endpoint.getAddress().contains(":")
        ? "[" + endpoint.getAddress() + "]"
        : endpoint.getAddress();
    return endpoint.getPort() == null ? address : address + ":" + endpoint.getPort();
  }

  private static String time(long micros) {
    return TIME.format(
        Instant.ofEpochMilli(Math.floorDiv(micros, 1000)).atZone(ZoneId.systemDefault()));
  }
}
