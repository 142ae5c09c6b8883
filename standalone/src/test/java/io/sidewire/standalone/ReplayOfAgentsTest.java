package io.sidewire.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sidewire.standalone.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * All captures of {@code testdata/agents} through the whole pipeline at once: file, broker, topology, result topics. What
 * comes out is compared with what the captured programs logged themselves.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayOfAgentsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FOLDER = Path.of("../testdata/agents");

  /** Types of the programs' log that have another name, or several, here. */
  private static final Map<String, Set<String>> TYPES = Map.of(
      "other_llm:openai", Set.of("openai"),
      "other_llm:anthropic", Set.of("anthropic"),
      "proxy_connect:azure_openai", Set.of("azure_openai"),
      "local_llm", Set.of("ollama", "openai_compatible"),
      "unknown_tls", Set.of("other_tls", "other"),
      "other", Set.of("other", "other_tls", "other_http", "openai_compatible"));

  private final Map<String, JsonNode> truths = new TreeMap<>();
  private final List<JsonNode> rows = new ArrayList<>();
  private String complaints;
  private int exitCode;

  @BeforeAll
  void replay() throws IOException {
    List<String> command = new ArrayList<>(List.of("replay", "--json"));
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file :
          files.filter(path -> path.toString().endsWith(".json")).sorted().toList()) {
        JsonNode truth = JSON.readTree(file.toFile());
        String capture = FOLDER.resolve(truth.path("file").asText()).toString();
        truths.put(capture, truth);
        command.add(capture);
      }
    }
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    exitCode = Sidewire.run(new Terminal(out, err, Map.of()), command.toArray(String[]::new));
    complaints = err.toString(StandardCharsets.UTF_8);
    out.toString(StandardCharsets.UTF_8).lines().forEach(line -> rows.add(parse(line)));
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Stream<JsonNode> rows(String kind) {
    return rows.stream().filter(row -> row.path("kind").asText().equals(kind));
  }

  private Stream<JsonNode> rows(String kind, String file) {
    return rows(kind).filter(row -> row.path("file").asText().equals(file));
  }

  @Test
  void endsWell() {
    assertThat(complaints).isEmpty();
    assertThat(exitCode).isZero();
    assertThat(truths).hasSizeGreaterThan(20);
  }

  @Test
  void noPacketAndNoByteIsLostOrCountedTwice() {
    assertThat(rows("summary").mapToLong(row -> row.path("packets").asLong()).sum())
        .isEqualTo(truths.values().stream()
            .mapToLong(truth -> truth.path("packets").asLong())
            .sum());
    assertThat(rows("summary").mapToLong(row -> row.path("frameBytes").asLong()).sum())
        .isEqualTo(truths.values().stream()
            .mapToLong(truth -> truth.path("frameBytes").asLong())
            .sum());
    assertThat(rows("summary").map(row -> row.path("coverage").asDouble())).containsOnly(1.0);
  }

  @Test
  void everyRowIsFinalAndToldOnce() {
    assertThat(rows("flow")).allMatch(row -> row.path("final").asBoolean());
    assertThat(rows("flow")
            .map(row -> row.path("file").asText() + row.path("flowId").asText()))
        .doesNotHaveDuplicates();
    assertThat(rows("exchange")
            .map(row -> row.path("file").asText() + row.path("exchangeId").asText()))
        .doesNotHaveDuplicates();
    assertThat(rows("exchange")).noneMatch(row -> row.path("outcome").asText().equals("open"));
  }

  @Test
  void everyFlowIsFoundWithItsType() {
    truths.forEach((file, truth) -> {
      Map<String, String> types = new TreeMap<>();
      rows("flow", file)
          .forEach(row -> types.put(flow(row), row.path("flowType").asText()));
      for (JsonNode flow : truth.path("flows")) {
        String type = types.get(flow.path("flow").asText());
        assertThat(type).as("%s: %s", file, flow).isNotNull();
        if (isKnowable(truth, flow)) {
          String wanted = flow.path("type").asText();
          assertThat(TYPES.getOrDefault(wanted, Set.of(wanted)))
              .as("%s: %s", file, flow)
              .contains(type);
        }
      }
    });
  }

  /** A TLS connection whose hello was cut or not captured does not say what it is. */
  private static boolean isKnowable(JsonNode truth, JsonNode flow) {
    boolean cut = StreamSupport.stream(truth.path("tags").spliterator(), false)
        .anyMatch(tag -> tag.asText().equals("snaplen"));
    return !(flow.path("tls").asBoolean() && (cut || !flow.path("handshakeSeen").asBoolean()));
  }

  @Test
  void everyMcpCallIsFoundAndNoneInvented() {
    truths.forEach((file, truth) -> {
      if (truth.path("mcpCalls").isNull()) {
        return; // bodies were cut by the snap length
      }
      List<JsonNode> left = new ArrayList<>(
          rows("exchange", file).filter(ReplayOfAgentsTest::isAnsweredCall).toList());
      for (JsonNode call : truth.path("mcpCalls")) {
        JsonNode found =
            left.stream().filter(row -> matches(call, row)).findFirst().orElse(null);
        assertThat(found).as("%s: %s", file, call).isNotNull();
        assertThat(found.path("error").isTextual())
            .as("%s: %s", file, call)
            .isEqualTo(call.path("error").asBoolean());
        assertThat(found.path("mcpTransport").asText())
            .as("%s: %s", file, call)
            .isEqualTo(call.path("transport").asText());
        left.remove(found);
      }
      assertThat(left.stream().filter(row -> row.path("rpcDirection").asText().equals("to_server")))
          .as(file)
          .isEmpty();
    });
  }

  @Test
  void theTableOfAccuracyIsReached() {
    var table = new AgentsTable();
    truths.forEach((file, truth) -> {
      List<JsonNode> exchanges = rows("exchange", file).toList();
      for (JsonNode call : truth.path("mcpCalls")) {
        exchanges.stream()
            .filter(ReplayOfAgentsTest::isAnsweredCall)
            .filter(row -> matches(call, row))
            .findFirst()
            .ifPresent(row -> table.mcpTotal(call, row));
      }
      table.exchanges(truth, exchanges);
      if (!truth.path("interactions").isNull()) {
        table.interactions(truth, rows("interaction", file).toList());
      }
    });
    System.out.print(table);
    assertThat(table.belowGoal()).as("%s%s", table, table.misses()).isEmpty();
  }

  private static boolean isAnsweredCall(JsonNode row) {
    return row.path("protocol").asText().equals("mcp")
        && !row.path("rpcId").isNull()
        && row.path("outcome").asText().equals("answered");
  }

  private static boolean matches(JsonNode call, JsonNode row) {
    return (flow(row).equals(call.path("flow").asText())
            || flow(row).equals(call.path("answerFlow").asText()))
        && row.path("operation").asText().equals(call.path("method").asText())
        && row.path("rpcId").equals(call.path("id"))
        && row.path("rpcDirection").asText().equals(call.path("direction").asText())
        && (!call.has("tool")
            || row.path("target").asText().equals(call.path("tool").asText()));
  }

  static String flow(JsonNode row) {
    return end(row.path("client")) + ">" + end(row.path("server"));
  }

  private static String end(JsonNode endpoint) {
    return endpoint.path("address").asText() + ":" + endpoint.path("port").asText();
  }
}
