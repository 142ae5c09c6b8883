package io.sidewire.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The table of {@code docs/accuracy.md} over captures without keys: how many of the programs' own records were read right,
 * row by row, with the share that each row must reach.
 */
final class AgentsTable {
  private static final Map<String, Double> GOALS = new LinkedHashMap<>();

  static {
    GOALS.put("MCP total within 1 ms", 0.99);
    GOALS.put("plain HTTP: found", 1.0);
    GOALS.put("plain HTTP: first byte within 100 us", 0.99);
    GOALS.put("plain HTTP: total within 100 us", 0.99);
    GOALS.put("plain model calls: model", 1.0);
    GOALS.put("plain model calls: tokens", 1.0);
    GOALS.put("plain model calls: streamed or not", 1.0);
    GOALS.put("plain model calls: tool calls", 1.0);
    GOALS.put("inferred: recall", 0.99);
    GOALS.put("inferred: precision", 0.99);
    GOALS.put("inferred: first byte within 5 ms", 0.98);
    GOALS.put("inferred: total within 5 ms", 0.95);
    GOALS.put("inferred: streamed or not", 0.99);
    GOALS.put("several streams at once: count within 10 %", 1.0);
    GOALS.put("several streams at once: ambiguous", 1.0);
    GOALS.put("interactions: exact", 0.95);
    GOALS.put("interactions: none spurious", 1.0);
  }

  private static final long MICROS = 1, MILLIS = 1000;
  private static final Set<String> PLAIN = Set.of("http/1.0", "http/1.1", "mcp");

  private final Map<String, int[]> hits = new LinkedHashMap<>();
  private final List<String> misses = new ArrayList<>();

  AgentsTable() {
    GOALS.keySet().forEach(row -> hits.put(row, new int[2]));
  }

  private void note(String row, boolean right, Object what) {
    int[] counted = hits.get(row);
    counted[1]++;
    if (right) {
      counted[0]++;
    } else {
      misses.add(row + ": " + what);
    }
  }

  /** One call of MCP that was found: its total against the programs' own. */
  void mcpTotal(JsonNode truth, JsonNode row) {
    if (truth.has("total")) {
      note("MCP total within 1 ms", within(truth, row, "total", MILLIS), truth);
    }
  }

  /** The exchanges of one capture, of any order. */
  void exchanges(JsonNode truth, List<JsonNode> rows) {
    Map<String, List<JsonNode>> wanted = new TreeMap<>();
    each(truth.path("http"))
        .forEach(exchange -> wanted
            .computeIfAbsent(exchange.path("flow").asText(), flow -> new ArrayList<>())
            .add(exchange));
    wanted.forEach((flow, exchanges) -> {
      List<JsonNode> found =
          rows.stream().filter(row -> ReplayOfAgentsTest.flow(row).equals(flow)).toList();
      if (!exchanges.get(0).path("tls").asBoolean()) {
        plain(exchanges, found);
      } else if (areSeveralAtOnce(exchanges)) {
        multiplexed(exchanges, found);
      } else {
        inferred(exchanges, found);
      }
    });
  }

  private void plain(List<JsonNode> wanted, List<JsonNode> rows) {
    List<JsonNode> read = rows.stream()
        .filter(row -> PLAIN.contains(text(row, "protocol")))
        .filter(row -> text(row, "evidence").equals("decoded"))
        .filter(row -> !text(row, "rpcDirection").equals("to_client"))
        .toList();
    Map<JsonNode, JsonNode> pairs = pairs(wanted, read, 2 * MILLIS);
    for (JsonNode want : wanted) {
      if (!want.path("onlyAnswers").asBoolean()) {
        note("plain HTTP: found", pairs.containsKey(want), want);
      }
    }
    pairs.forEach((want, row) -> {
      if (!text(row, "protocol").equals("mcp")) {
        time("plain HTTP: first byte within 100 us", want, row, "ttfb", 100 * MICROS);
        time("plain HTTP: total within 100 us", want, row, "total", 100 * MICROS);
      }
      if (want.has("models")) {
        modelCall(want, row);
      }
    });
  }

  private void modelCall(JsonNode want, JsonNode row) {
    boolean named = each(want.path("models")).anyMatch(model -> model.equals(row.path("model")));
    note("plain model calls: model", named, want);
    if (want.has("streamed")) {
      boolean streamed = row.path("streamed").asBoolean();
      note(
          "plain model calls: streamed or not",
          streamed == want.path("streamed").asBoolean(),
          want);
    }
    if (want.has("tokens")) {
      boolean counted = want.path("tokens").path(0).equals(row.path("inputTokens"))
          && want.path("tokens").path(1).equals(row.path("outputTokens"));
      note("plain model calls: tokens", counted, want);
    }
    if (want.has("toolCalls")) {
      List<String> called = names(each(row.path("toolCalls")));
      note(
          "plain model calls: tool calls",
          called.equals(names(each(want.path("toolCalls")))),
          want);
    }
  }

  private void inferred(List<JsonNode> wanted, List<JsonNode> rows) {
    List<JsonNode> inferred = inferred(rows);
    Map<JsonNode, JsonNode> pairs = pairs(wanted, inferred, 50 * MILLIS);
    wanted.forEach(want -> note("inferred: recall", pairs.containsKey(want), want));
    inferred.forEach(row -> note("inferred: precision", pairs.containsValue(row), row));
    pairs.forEach((want, row) -> {
      time("inferred: first byte within 5 ms", want, row, "ttfb", 5 * MILLIS);
      time("inferred: total within 5 ms", want, row, "total", 5 * MILLIS);
      if (want.has("streamed")) {
        boolean streamed = row.path("streamed").asBoolean();
        note("inferred: streamed or not", streamed == want.path("streamed").asBoolean(), want);
      }
    });
  }

  private void multiplexed(List<JsonNode> wanted, List<JsonNode> rows) {
    List<JsonNode> inferred = inferred(rows);
    double off = Math.abs(inferred.size() - wanted.size());
    note(
        "several streams at once: count within 10 %",
        off <= Math.max(1, 0.1 * wanted.size()),
        wanted.get(0).path("flow") + " " + inferred.size() + " for " + wanted.size());
    inferred.forEach(
        row -> note("several streams at once: ambiguous", row.path("ambiguous").asBoolean(), row));
  }

  private static List<JsonNode> inferred(List<JsonNode> rows) {
    return rows.stream().filter(row -> text(row, "evidence").equals("inferred")).toList();
  }

  private static boolean areSeveralAtOnce(List<JsonNode> exchanges) {
    for (int i = 1; i < exchanges.size(); i++) {
      JsonNode before = exchanges.get(i - 1);
      if (before.path("end").asLong() > exchanges.get(i).path("start").asLong()) {
        return true;
      }
    }
    return false;
  }

  /** The interactions of one capture: the same steps, the first and the last in their places, none besides. */
  void interactions(JsonNode truth, List<JsonNode> rows) {
    List<JsonNode> left =
        new ArrayList<>(rows.stream().filter(row -> !steps(row).isEmpty()).toList());
    for (JsonNode want : truth.path("interactions")) {
      List<String> wanted = each(want.path("steps")).map(JsonNode::asText).toList();
      JsonNode found = left.stream()
          .filter(row ->
              Math.abs(row.path("start").asLong() - want.path("start").asLong()) <= 300 * MILLIS
                  && areAlike(steps(row), wanted))
          .findFirst()
          .orElse(null);
      note("interactions: exact", found != null, text(truth, "file") + " " + wanted);
      left.remove(found);
    }
    note("interactions: none spurious", left.isEmpty(), text(truth, "file"));
  }

  private static boolean areAlike(List<String> steps, List<String> wanted) {
    int last = wanted.size() - 1;
    return steps.stream().sorted().toList().equals(wanted.stream().sorted().toList())
        && steps.get(0).equals(wanted.get(0))
        && steps.get(last).equals(wanted.get(last));
  }

  private static List<String> steps(JsonNode interaction) {
    List<String> steps = new ArrayList<>();
    each(interaction.path("steps"))
        .sorted(Comparator.comparingLong(step -> step.path("offsetMicros").asLong()))
        .forEach(step -> {
          String type = text(step, "flowType");
          if (text(step, "operation").equals("tools/call")) {
            steps.add("mcp:" + text(step, "target"));
          } else if (!type.equals("mcp_server") && !type.startsWith("other")) {
            steps.add("llm");
          }
        });
    return steps;
  }

  private void time(String row, JsonNode want, JsonNode got, String what, long within) {
    if (want.has(what)) {
      note(row, within(want, got, what, within), want + " read " + got.path(what + "Micros"));
    }
  }

  private static boolean within(JsonNode want, JsonNode got, String what, long within) {
    JsonNode micros = got.path(what + "Micros");
    return micros.isNumber() && Math.abs(micros.asLong() - want.path(what).asLong()) <= within;
  }

  /** One to one by time, the nearest first. */
  private static Map<JsonNode, JsonNode> pairs(
      List<JsonNode> wanted, List<JsonNode> rows, long window) {
    record Candidate(JsonNode want, JsonNode row, long apart) {}

    List<Candidate> candidates = new ArrayList<>();
    for (JsonNode want : wanted) {
      for (JsonNode row : rows) {
        long apart =
            Math.abs(want.path("start").asLong() - row.path("requestStart").asLong());
        if (apart <= window) {
          candidates.add(new Candidate(want, row, apart));
        }
      }
    }
    candidates.sort(Comparator.comparingLong(Candidate::apart));
    Map<JsonNode, JsonNode> pairs = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    for (Candidate candidate : candidates) {
      if (!pairs.containsKey(candidate.want()) && taken.add(text(candidate.row(), "exchangeId"))) {
        pairs.put(candidate.want(), candidate.row());
      }
    }
    return pairs;
  }

  private static Stream<JsonNode> each(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static List<String> names(Stream<JsonNode> array) {
    return array.map(JsonNode::asText).sorted().toList();
  }

  private static String text(JsonNode row, String field) {
    return row.path(field).asText();
  }

  /** Rows below their goal, or that nothing was counted for. */
  List<String> belowGoal() {
    return GOALS.entrySet().stream()
        .filter(goal -> {
          int[] counted = hits.get(goal.getKey());
          return counted[1] == 0 || counted[0] < goal.getValue() * counted[1];
        })
        .map(Map.Entry::getKey)
        .toList();
  }

  List<String> misses() {
    return misses;
  }

  @Override
  public String toString() {
    StringBuilder table = new StringBuilder();
    hits.forEach((row, counted) -> table.append(String.format(
        Locale.ROOT,
        "%-44s %4d of %4d  %6.2f %%  goal %3.0f %%%n",
        row,
        counted[0],
        counted[1],
        100.0 * counted[0] / Math.max(1, counted[1]),
        100 * GOALS.get(row))));
    return table.toString();
  }
}
