package io.sidewire.benchmarks.canary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Replays every capture of {@code testdata/agents} with all that Sidewire can tell, and looks for their secrets in all
 * that it writes, logs and answers: none may be found. Then the same with a rule of the redaction removed, and with
 * packets saved raw: the search must find them, or it would prove nothing.
 *
 * <p>Usage: {@code CanaryTest HOME}, by {@code checks/canary}.
 */
public final class CanaryTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long START_SECONDS = 120;
  private static final int MOST_PAGES = 20;
  private static final int MOST_DETAILS = 200;
  private static final List<String> PATHS = List.of(
      "/",
      "/q/health",
      "/q/metrics",
      "/q/openapi",
      "/api/v1/summary?from=-52w",
      "/api/v1/hosts?from=-52w",
      "/api/v1/flow-types",
      "/api/v1/flows?from=-52w&limit=500",
      "/api/v1/series?from=-52w&metric=exchanges&step=1d",
      "/api/v1/nothing");

  private final Path home;
  private final Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;

  private CanaryTest(Path home, Path folder) throws IOException {
    this.home = home;
    this.folder = folder;
    try (var socket = new ServerSocket(0)) {
      this.port = socket.getLocalPort();
    }
  }

  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]).toAbsolutePath();
    Path folder = Files.createTempDirectory("sidewire-canary");
    boolean good;
    try {
      good = new CanaryTest(home, folder).run();
    } finally {
      delete(folder);
    }
    System.exit(good ? 0 : 1);
  }

  private boolean run() throws Exception {
    Path secrets = home.resolve("testdata/agents/canaries.txt");
    Needles needles = Needles.of(secrets);
    everything(needles);
    needles.found().forEach((where, what) -> System.out.println("FOUND in " + where + ": " + what));
    System.out.printf(
        "%s  %d forms of secrets in %.1f MB of records, logs, answers and files: %d found%n",
        needles.found().isEmpty() ? "ok" : "BAD",
        needles.forms(),
        needles.looked() / 1e6,
        needles.found().size());

    Needles control = Needles.of(secrets);
    Broken.replay(captures(), folder.resolve("broken"), control);
    boolean records =
        control.found().keySet().stream().anyMatch(where -> where.startsWith("topic "));
    System.out.println((records ? "ok" : "BAD") + "  without the mask of paths they are found in "
        + control.found().keySet());
    Needles raw = Needles.of(secrets);
    files(folder.resolve("broken/raw"), raw);
    System.out.println((raw.found().isEmpty() ? "BAD" : "ok") + "  packets saved raw have "
        + raw.found().values().stream().mapToInt(each -> each.size()).sum() + " of them");
    return needles.found().isEmpty() && records && !raw.found().isEmpty();
  }

  // ------------------------------------------------------------------ all that Sidewire tells

  private void everything(Needles needles) throws Exception {
    Path data = folder.resolve("data");
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    var builder = new ProcessBuilder(command(data));
    builder.environment().put("SIDEWIRE_LOG", "trace");
    builder.directory(home.toFile());
    Process process =
        builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try {
      Thread live = new Thread(() -> live(needles), "live");
      live.setDaemon(true);
      live.start();
      awaitEnd(process, err);
      for (String path : PATHS) {
        get(path, needles);
      }
      pages("/api/v1/exchanges?from=-52w&limit=500", needles);
      pages("/api/v1/interactions?from=-52w&limit=200", needles);
      String kafka =
          JSON.readTree(data.resolve("run.json").toFile()).path("kafka").asText();
      TopicBytes.look(kafka, needles);
    } finally {
      process.destroy();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
    files(folder, needles);
  }

  private List<String> command(Path data) throws IOException {
    var command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx512m",
        "--add-opens",
        "java.base/java.lang=ALL-UNNAMED",
        "-cp",
        "standalone/target/quarkus-app/quarkus-run.jar",
        "io.sidewire.standalone.Sidewire",
        "replay",
        "--serve",
        "--json",
        "--names",
        "all",
        "--data",
        data.toString(),
        "--port",
        "" + port,
        "--save",
        folder.resolve("saved").toString(),
        "--set",
        "kafka.compression.type=none"));
    captures().forEach(file -> command.add(file.toString()));
    return command;
  }

  private List<Path> captures() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("testdata/agents"))) {
      return files
          .filter(file -> file.toString().matches(".*\\.pcap(ng)?"))
          .sorted()
          .toList();
    }
  }

  /** The replay is over and its API is up. */
  private static void awaitEnd(Process process, Path err) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!Files.readString(err).contains("page and API at")) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("the replay did not come to its end: " + tail(err));
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private static String tail(Path file) throws IOException {
    String text = Files.readString(file);
    return text.substring(Math.max(0, text.length() - 500));
  }

  private JsonNode get(String path, Needles needles) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(20))
        .build();
    var answer = http.send(request, BodyHandlers.ofByteArray());
    needles.look("answer of " + path.replaceAll("\\?.*", ""), answer.body());
    needles.look(
        "head of " + path, answer.headers().map().toString().getBytes(StandardCharsets.UTF_8));
    boolean json = answer.headers().firstValue("content-type").orElse("").contains("json");
    return json ? JSON.readTree(answer.body()) : JSON.nullNode();
  }

  private void pages(String path, Needles needles) throws Exception {
    String next = path;
    int details = 0;
    for (int page = 0; page < MOST_PAGES && next != null; page++) {
      JsonNode answer = get(next, needles);
      for (JsonNode item : answer.path("items")) {
        String id = item.path(path.contains("exchanges") ? "exchangeId" : "interactionId")
            .asText();
        if (details++ < MOST_DETAILS) {
          get(path.replaceAll("\\?.*", "/" + id), needles);
        }
      }
      String cursor = answer.path("nextCursor").asText("");
      next = cursor.isEmpty() ? null : path + "&cursor=" + cursor;
    }
    if (details == 0) {
      throw new IllegalStateException(path + " answered nothing to look at");
    }
  }

  /** Reads the live stream for as long as there is one. */
  private void live(Needles needles) {
    while (true) {
      try {
        var request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port + "/api/v1/live"))
            .build();
        try (InputStream in = http.send(request, BodyHandlers.ofInputStream()).body()) {
          byte[] buffer = new byte[64 << 10];
          for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            needles.look("live stream", java.util.Arrays.copyOf(buffer, read));
          }
        }
        return;
      } catch (IOException notYet) {
        try {
          TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static void files(Path folder, Needles needles) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        needles.look("file " + folder.relativize(file), Files.readAllBytes(file));
      }
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
