package io.sidewire.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidewire.standalone.client.ApiClient;
import io.sidewire.standalone.data.RunFile;
import io.sidewire.standalone.demo.CastProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} as it is packaged: a live capture on loopback, its views, its stop, its restart. */
class UpIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CALLS_A_TURN = 8;

  @TempDir
  Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();
  private int port;

  @BeforeEach
  void prepare() throws Exception {
    Packaged doctor = Packaged.run("doctor", "--only", "permission", "--interface", "lo");
    boolean refused = String.join(" ", doctor.out()).contains("may not capture on lo");
    assumeTrue(!refused, () -> "NOT RUN: " + doctor.out());
    assertThat(doctor.exitCode()).as(doctor.out() + doctor.err()).isZero();
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T add(T part) {
    open.add(0, part);
    return part;
  }

  private Path data() {
    return folder.resolve("data");
  }

  private Packaged up() {
    Packaged up = add(Packaged.start(
        "up",
        "--interface",
        "lo",
        "--data",
        data().toString(),
        "--port",
        "" + port,
        "--ring",
        "4M"));
    await().atMost(PATIENCE).until(() -> up.err().contains("page and API at") || !up.isAlive());
    assertThat(up.isAlive()).as(up.err()).isTrue();
    return up;
  }

  private ApiClient api() {
    return new ApiClient("http://127.0.0.1:" + port, Optional.empty());
  }

  /** Ids of the ended calls of the given connections, so that other traffic of this machine does not count. */
  private Set<String> calls(Set<Integer> ports) {
    Set<String> ids = new TreeSet<>();
    Map<String, String> query =
        new HashMap<>(Map.of("from", "0", "limit", "1000", "status", "ended"));
    while (true) {
      JsonNode page = api().get("/api/v1/exchanges", query);
      for (JsonNode exchange : page.path("items")) {
        boolean step = exchange.path("operation").asText().equals("tools/call")
            || exchange.path("protocol").asText().equals("tls");
        if (step && ports.contains(exchange.path("server").path("port").asInt())) {
          ids.add(exchange.path("exchangeId").asText());
        }
      }
      if (page.path("nextCursor").isNull()) {
        return ids;
      }
      query.put("cursor", page.path("nextCursor").asText());
    }
  }

  private long modelCalls() {
    return api()
        .get("/api/v1/summary", Map.of("from", "0", "flowType", "azure_openai"))
        .path("flowTypes")
        .path(0)
        .path("exchanges")
        .asLong();
  }

  /** The end of the log of what ran, for who reads of a failure on another machine. */
  private String log() {
    try {
      List<String> lines = Files.readAllLines(data().resolve("sidewire.log"));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 80), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private void awaitCalls(Set<Integer> ports, int count) {
    try {
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(calls(ports)).hasSize(count));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          e.getMessage() + "\nHosts: " + api().get("/api/v1/hosts", Map.of()) + "\nLog:\n" + log(),
          e);
    }
  }

  @Test
  void showsCallsWhereverOneLooksAndStopsCleanly() throws Exception {
    Packaged up = up();
    Packaged tail = add(Packaged.start("tail", "--data", data().toString()));
    CastProcess cast = add(CastProcess.start());
    Set<Integer> ports = Set.copyOf(cast.ports());
    cast.turn();
    awaitCalls(ports, CALLS_A_TURN);
    await()
        .atMost(PATIENCE)
        .until(
            () -> tail.out().stream().anyMatch(line -> line.contains("tools/call store_memory ✓")));
    assertThat(up.out())
        .anyMatch(
            line -> line.matches("\\[[0-9:.]{12}] 🔌 MCP_SERVER 🔄 LOCAL tools/call store_memory"));
    assertThat(up.out()).anyMatch(line -> line.contains("🧠 AZURE_OPENAI 📤 REQUEST"));
    assertThat(up.out()).noneMatch(line -> line.contains("\u001b"));

    Packaged stats = Packaged.run("stats", "--data", data().toString());
    assertThat(stats.out())
        .anyMatch(line -> line.startsWith("azure_openai"))
        .anyMatch(line -> line.startsWith("mcp_server"));
    assertThat(Packaged.run("top", "--data", data().toString()).out())
        .anyMatch(line -> line.contains("tools/call get_weather"));

    ownTrafficIsLeftOut();
    othersAreTold(up);
    whatRanIsSaved(calls(ports).iterator().next());

    long begun = System.nanoTime();
    up.stop();
    assertThat(up.exitCode()).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    assertThat(RunFile.read(data())).isEmpty();
    assertThat(data().resolve("run.json")).doesNotExist();
    assertThat(data().resolve("ring")).doesNotExist();
    assertThat(tail.exitCode()).isZero();
    assertThat(Packaged.run("stats", "--data", data().toString()).exitCode())
        .isEqualTo(Fault.UNREACHABLE);
  }

  private void whatRanIsSaved(String call) throws Exception {
    Path file = folder.resolve("call.pcapng");
    Packaged save = Packaged.run(
        "save", "--exchange", call, "--data", data().toString(), "--out", file.toString());
    assertThat(save.exitCode()).as(save.err()).isZero();
    assertThat(String.join("", save.out()))
        .matches(".*call\\.pcapng: \\d+ packets, secrets masked\\.");
    assertThat(Files.size(file)).isPositive();
    Packaged unknown =
        Packaged.run("save", "--exchange", "no-such", "--data", data().toString());
    assertThat(unknown.exitCode()).isEqualTo(Fault.USAGE);
    assertThat(unknown.err()).contains("no exchange of this id is kept");
  }

  private void ownTrafficIsLeftOut() {
    int broker = Integer.parseInt(RunFile.read(data()).orElseThrow().kafka().replaceAll(".*:", ""));
    for (JsonNode flow :
        api().get("/api/v1/flows", Map.of("from", "0", "limit", "1000")).path("items")) {
      assertThat(flow.path("server").path("port").asInt())
          .as(flow.toString())
          .isNotIn(port, broker);
    }
  }

  private void othersAreTold(Packaged up) throws InterruptedException {
    Packaged sameData =
        Packaged.run("up", "--interface", "lo", "--data", data().toString(), "--port", "0");
    assertThat(sameData.exitCode()).isEqualTo(Fault.BUSY);
    assertThat(sameData.err())
        .contains("pid " + up.pid())
        .contains("http://127.0.0.1:" + port)
        .contains("--data");
    Packaged samePort = Packaged.run(
        "up",
        "--interface",
        "lo",
        "--data",
        folder.resolve("other").toString(),
        "--port",
        "" + port);
    assertThat(samePort.exitCode()).isEqualTo(Fault.BUSY);
    assertThat(samePort.err())
        .contains("Port " + port + " is taken by java (pid " + up.pid() + ")")
        .contains("--port");
  }

  @Test
  void keepsWhatWasSeenOverAStopAndOverAKillWithoutState() throws Exception {
    CastProcess cast = add(CastProcess.start());
    Set<Integer> ports = new TreeSet<>(cast.ports());
    Packaged up = up();
    cast.turn();
    awaitCalls(ports, CALLS_A_TURN);
    Set<String> first = calls(ports);
    up.stop();
    assertThat(up.exitCode()).isZero();

    up = up();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(calls(ports)).containsExactlyElementsOf(first));
    // A cast of its own for each run: a stream that began before the capture shows no answers'
    // session.
    CastProcess second = add(CastProcess.start());
    ports.addAll(second.ports());
    second.turn();
    awaitCalls(ports, 2 * CALLS_A_TURN);
    Set<String> both = calls(ports);
    up.kill();
    delete(data().resolve("streams"));
    delete(data().resolve("query"));

    up = up();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(calls(ports)).containsExactlyElementsOf(both));
    CastProcess third = add(CastProcess.start());
    ports.addAll(third.ports());
    third.turn();
    awaitCalls(ports, 3 * CALLS_A_TURN);
    // Each turn has 5 model calls; one that the kill cut off would be told as ended, never twice.
    // Rows of the summary come
    // a little after the exchanges.
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(modelCalls()).isEqualTo(15));
    up.stop();
    assertThat(up.exitCode()).isZero();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
