package io.sidewire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * How long a call of MCP takes to be seen: from the time of its answer's last packet to the live stream (the exchange, and
 * the interaction that has it as a step) and to the summary, while other calls come in at a steady rate.
 *
 * <p>Usage: {@code Visibility HOME PROBES RATE...}, by {@code benchmarks/visibility}.
 */
public final class Visibility {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long WARM_MILLIS = 15_000;
  private static final long PATIENCE_MICROS = 10_000_000;
  /** An interaction ends after 5 seconds, and lists no more steps than some hundred: each so many probes have one. */
  private static final long PAUSE_MILLIS = 6_000;

  private static final int PROBES_OF_ONE = 40;
  private static final long POLL_MILLIS = 10;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Random random = new Random(1);
  private final int port;
  /** Wall time of the first row that showed an answered probe, by its name; and of the interaction with it. */
  private final Map<String, Long> exchangeSeen = new ConcurrentHashMap<>();

  private final Map<String, Long> interactionSeen = new ConcurrentHashMap<>();
  private final Map<String, Long> answered = new ConcurrentHashMap<>();

  private Visibility(int port) {
    this.port = port;
  }

  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]).toAbsolutePath();
    int probes = Integer.parseInt(args[1]);
    Path data = Files.createTempDirectory("sidewire-visibility");
    int port = freePort();
    Process up = new ProcessBuilder(
            home.resolve("sidewire").toString(),
            "up",
            "--interface=lo",
            "--quiet",
            "--port=" + port,
            "--data=" + data.resolve("data"))
        .redirectErrorStream(true)
        .redirectOutput(data.resolve("log").toFile())
        .start();
    Runtime.getRuntime().addShutdownHook(new Thread(up::destroyForcibly));
    try {
      var visibility = new Visibility(port);
      visibility.awaitReady(up, data.resolve("log"));
      visibility.listen();
      for (String rate : List.of(args).subList(2, args.length)) {
        visibility.measure(up, probes, Integer.parseInt(rate));
      }
    } finally {
      up.destroy();
      up.waitFor();
      try (Stream<Path> all = Files.walk(data)) {
        all.sorted(java.util.Comparator.reverseOrder())
            .forEach(path -> path.toFile().delete());
      }
    }
    System.exit(0);
  }

  private void awaitReady(Process up, Path log) throws Exception {
    while (true) {
      try {
        if (send("/q/health/ready").statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // Not listening yet.
      }
      if (!up.isAlive()) {
        throw new IOException("up ended: " + Files.readString(log));
      }
      Thread.sleep(200);
    }
  }

  /** Notes when each probe is shown by the live stream. */
  private void listen() throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri("/api/v1/live?kind=exchange,interaction")).build();
    var body = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
    var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    var reader = new Thread(
        () -> {
          try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
              if (line.startsWith("data:") && line.contains("\"probe-")) {
                take(JSON.readTree(line.substring(5)), now());
              }
            }
          } catch (IOException e) {
            // The process has ended.
          }
        },
        "live");
    reader.setDaemon(true);
    reader.start();
  }

  private void take(JsonNode row, long now) {
    if (row.has("exchangeId")) {
      if (row.path("outcome").asText().equals("answered")) {
        String name = row.path("target").asText();
        answered.put(name, row.path("responseEnd").asLong());
        exchangeSeen.putIfAbsent(name, now);
      }
      return;
    }
    for (JsonNode step : row.path("steps")) {
      interactionSeen.putIfAbsent(step.path("target").asText(), now);
    }
  }

  private void measure(Process up, int probes, int rate) throws Exception {
    exchangeSeen.clear();
    interactionSeen.clear();
    answered.clear();
    Process load = rate == 0 ? null : CallLoad.start(rate);
    try (var server = new CallLoad.Server()) {
      var probe = new CallLoad.Client(server.port());
      warm(probe);
      long begun = System.nanoTime();
      long cpu = cpuNanos(up);
      long packets = packets();
      Map<String, Long> counted = new ConcurrentHashMap<>();
      for (int i = 0; i < probes; i++) {
        if (i % PROBES_OF_ONE == 0) {
          Thread.sleep(PAUSE_MILLIS);
        }
        String name = "probe-" + rate + "-" + i;
        long before = calls();
        probe.call("tools/call", "name", name);
        long limit = now() + PATIENCE_MICROS;
        while (calls() <= before && now() < limit) {
          Thread.sleep(POLL_MILLIS);
        }
        counted.put(name, now());
        Thread.sleep(50 + random.nextInt(100));
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%d calls/s beside: %.0f packets/s, %.2f cores used by Sidewire%n",
          rate,
          (packets() - packets) / seconds,
          (cpuNanos(up) - cpu) / 1e9 / seconds);
      Thread.sleep(2_000);
      say("live, exchange", exchangeSeen, probes);
      say("live, interaction", interactionSeen, probes);
      say("summary", counted, probes);
    } finally {
      if (load != null) {
        load.destroy();
        load.waitFor();
      }
    }
  }

  private void warm(CallLoad.Client probe) throws Exception {
    long end = System.nanoTime() + WARM_MILLIS * 1_000_000;
    for (int i = 0; System.nanoTime() < end; i++) {
      probe.call("ping", "name", "warm-" + i);
      calls();
      Thread.sleep(100);
    }
  }

  private void say(String what, Map<String, Long> seen, int probes) {
    long[] micros = seen.entrySet().stream()
        .filter(entry -> answered.containsKey(entry.getKey()))
        .mapToLong(entry -> entry.getValue() - answered.get(entry.getKey()))
        .sorted()
        .toArray();
    if (micros.length == 0) {
      System.out.printf("  %-18s none of %d seen%n", what, probes);
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "  %-18s median %4d ms, p99 %4d ms, most %4d ms (%d of %d)%n",
        what,
        micros[micros.length / 2] / 1000,
        micros[Math.min(micros.length - 1, micros.length * 99 / 100)] / 1000,
        micros[micros.length - 1] / 1000,
        micros.length,
        probes);
  }

  /** Calls of tools, as the summary of the last quarter of an hour has them. */
  private long calls() throws Exception {
    JsonNode answer = JSON.readTree(send("/api/v1/summary?operation=tools/call").body());
    return answer.path("all").path("exchanges").asLong();
  }

  private long packets() throws Exception {
    return JSON.readTree(send("/api/v1/summary").body())
        .path("all")
        .path("packets")
        .asLong();
  }

  private HttpResponse<String> send(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static long cpuNanos(Process up) {
    return Stream.concat(Stream.of(up.toHandle()), up.descendants())
        .mapToLong(
            process -> process.info().totalCpuDuration().map(d -> d.toNanos()).orElse(0L))
        .sum();
  }

  private static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
