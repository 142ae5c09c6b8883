package io.sidewire.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sidewire.standalone.client.ApiClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Network statistics of flows added up by what they share: volume, retransmissions, round trips of handshakes. */
final class NetworkTable {
  /** What {@code stats --by} takes. */
  enum Group {
    FLOW_TYPE,
    PROTOCOL,
    PROCESS,
    HOST,
    INTERFACE,
    SERVER;

    String title() {
      return name().replace('_', ' ');
    }

    /** By the name that is written on the command line. */
    static Group of(String name) {
      return Stream.of(values())
          .filter(group -> group.toString().equals(name))
          .findFirst()
          .orElseThrow(() -> new CommandLine.TypeConversionException("'" + name + "' is none of "
              + Stream.of(values()).map(Group::toString).collect(Collectors.joining(", "))));
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final int PAGE = 1_000;
  private static final int MOST_FLOWS = 20_000;

  private final ApiClient client;
  private final Group group;
  private final Map<String, Sum> sums = new HashMap<>();
  private Map<String, String> interfaces = Map.of();
  private boolean cut;

  NetworkTable(ApiClient client, Group group) {
    this.client = client;
    this.group = group;
  }

  /** Adds up the flows that were there, the newest first, as many as are looked at. */
  void read(Map<String, String> query) {
    if (group == Group.INTERFACE) {
      interfaces = interfacesOfHosts(query);
    }
    var asked = new LinkedHashMap<>(query);
    asked.put("limit", Integer.toString(PAGE));
    for (int pages = 0; pages * PAGE < MOST_FLOWS; pages++) {
      JsonNode page = client.get("/api/v1/flows", asked);
      page.path("items").forEach(this::add);
      String next = page.path("nextCursor").asText(null);
      if (next == null) {
        return;
      }
      asked.put("cursor", next);
    }
    cut = true;
  }

  private Map<String, String> interfacesOfHosts(Map<String, String> query) {
    var asked = new LinkedHashMap<>(query);
    asked.keySet().retainAll(Set.of("from", "to", "host"));
    var found = new HashMap<String, String>();
    client
        .get("/api/v1/hosts", asked)
        .path("items")
        .forEach(host -> found.put(
            host.path("host").asText(), host.path("settings").path("interface").asText("file")));
    return found;
  }

  void add(JsonNode flow) {
    String tunnel = flow.path("tunnel").textValue();
    if (tunnel == null || tunnel.equals("outer")) {
      sums.computeIfAbsent(key(flow), any -> new Sum()).add(flow);
    }
  }

  private String key(JsonNode flow) {
    String host = flow.path("host").asText();
    return switch (group) {
      case FLOW_TYPE -> flow.path("flowType").asText();
      case PROTOCOL -> flow.path("transport").asText();
      case PROCESS -> flow.path("process").path("command").asText("?");
      case HOST -> host;
      case INTERFACE -> interfaces.getOrDefault(host, "?");
      case SERVER -> {
        JsonNode server = flow.path("server");
        String name = flow.path("serverName").textValue();
        yield name == null
            ? server.path("address").asText() + ":" + server.path("port").asText("-")
            : name;
      }
    };
  }

  void print(Terminal terminal) {
    var table = new Table(
        group.title(),
        ">FLOWS",
        ">PACKETS",
        ">SENT",
        ">RECEIVED",
        ">RETRANS.",
        ">SHARE",
        ">RTT p50",
        ">RTT max");
    sums.entrySet().stream()
        .sorted(Map.Entry.<String, Sum>comparingByValue(
                Comparator.comparingLong(Sum::bytes).reversed())
            .thenComparing(Map.Entry.comparingByKey()))
        .forEach(entry -> entry.getValue().row(table, Text.clean(entry.getKey())));
    if (table.isEmpty()) {
      terminal.out().println("No flow was there in that span.");
    } else {
      table.print(terminal);
    }
    if (cut) {
      terminal.out().println("of the newest " + Units.count(MOST_FLOWS) + " flows");
    }
  }

  void lines(JsonLines lines) {
    sums.forEach((key, sum) -> lines.node("network", sum.node(group, key)));
  }

  /** Flows that share something. */
  private static final class Sum {
    private long flows;
    private long packets;
    private long sent;
    private long received;
    private long retransmissions;
    private final List<Long> roundTrips = new ArrayList<>();

    void add(JsonNode flow) {
      flows++;
      packets +=
          flow.path("packetsToServer").asLong() + flow.path("packetsToClient").asLong();
      sent += flow.path("frameBytesToServer").asLong();
      received += flow.path("frameBytesToClient").asLong();
      retransmissions += flow.path("retransmissions").asLong();
      if (flow.path("handshakeRttMicros").isNumber()) {
        roundTrips.add(flow.path("handshakeRttMicros").asLong());
      }
    }

    long bytes() {
      return sent + received;
    }

    private Long median() {
      if (roundTrips.isEmpty()) {
        return null;
      }
      Collections.sort(roundTrips);
      return roundTrips.get((roundTrips.size() - 1) / 2);
    }

    void row(Table table, String key) {
      Long median = median();
      table.row(
          key,
          Units.count(flows),
          Units.count(packets),
          Units.bytes(sent),
          Units.bytes(received),
          Units.count(retransmissions),
          String.format(
              Locale.ROOT, "%.2f %%", packets == 0 ? 0 : 100.0 * retransmissions / packets),
          median == null ? null : Units.micros(median),
          median == null ? null : Units.micros(Collections.max(roundTrips)));
    }

    JsonNode node(Group group, String key) {
      var node = JsonNodeFactory.instance.objectNode();
      node.put("by", group.toString()).put("key", key);
      node.put("flows", flows).put("packets", packets);
      node.put("frameBytesToServer", sent).put("frameBytesToClient", received);
      node.put("retransmissions", retransmissions);
      Long median = median();
      node.put("rttP50Micros", median);
      node.put("rttMaxMicros", median == null ? null : Collections.max(roundTrips));
      return node;
    }
  }
}
