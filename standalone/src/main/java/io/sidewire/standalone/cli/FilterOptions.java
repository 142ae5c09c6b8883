package io.sidewire.standalone.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The filters that the API knows, as options. */
public final class FilterOptions {
  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Flow types, with commas, e.g. azure_openai,mcp_server.")
  private String type;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Capture hosts; * stands for anything.")
  private String host;

  @Option(
      names = "--server",
      paramLabel = "SERVER",
      description = "Server names, addresses or address:port; * stands for anything.")
  private String server;

  @Option(names = "--operation", paramLabel = "OP", description = "Operations, e.g. tools/call.")
  private String operation;

  Map<String, String> query() {
    Map<String, String> query = new LinkedHashMap<>();
    put(query, "flowType", type);
    put(query, "host", host);
    put(query, "server", server);
    put(query, "operation", operation);
    return query;
  }

  static void put(Map<String, String> query, String name, String value) {
    if (value != null) {
      query.put(name, value);
    }
  }
}
