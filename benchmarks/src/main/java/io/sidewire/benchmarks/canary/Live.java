package io.sidewire.benchmarks.canary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sidewire.capture.BatchSink;
import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.CaptureCounters;
import io.sidewire.capture.CaptureException;
import io.sidewire.capture.CapturePipeline;
import io.sidewire.capture.LivePcapSource;
import io.sidewire.capture.OwnTraffic;
import io.sidewire.schemas.PacketBatch;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Captures a generator of agents' traffic live, with key log, saving, ring, preview and TRACE: its secrets in nothing that is
 * written, logged, answered or shown, and its harmful names nowhere as they were.
 */
final class Live {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LEAST_DECRYPTED = 40;
  private static final int LEAST_READ = 30;
  private static final long PATIENCE_SECONDS = 60;
  private static final long TOP_SECONDS = 5;

  private final Path home;
  private final Path folder; // what Sidewire writes
  private final Path secret; // what it must not
  private final int port;
  private final List<Process> running = new ArrayList<>();

  Live(Path home, Path folder, int port) throws IOException {
    this.home = home;
    this.folder = Files.createDirectories(folder.resolve("live"));
    this.secret = Files.createDirectories(folder.resolve("generator"));
    this.port = port;
  }

  /** Why there is no live capture here; null: there is. */
  static String missing() throws Exception {
    try {
      if (new ProcessBuilder("python3", "-c", "import ssl").start().waitFor() != 0) {
        return "Python lacks ssl";
      }
      open(Map.of("interface", "lo"), new CaptureCounters()).close();
      return null;
    } catch (IOException e) {
      return "there is no Python";
    } catch (CaptureException e) {
      return e.getMessage();
    }
  }

  /**
   * Runs it all.
   *
   * @param browser profile of a Chromium and the classes that drive it; empty: none
   */
  boolean run(List<String> browser) throws Exception {
    certificate();
    try {
      return captured(browser);
    } finally {
      for (Process process : running) {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      }
    }
  }

  private boolean captured(List<String> browser) throws Exception {
    Path err = folder.resolve("up.err");
    Process up =
        start("up", Map.of("SIDEWIRE_LOG", "trace", "SIDEWIRE_TTY", "o", "COLUMNS", "200"), up());
    CanaryTest.awaitStart(up, err);
    start("tail", Map.of("SIDEWIRE_TTY", "o", "COLUMNS", "200"), List.of("tail"));
    start("stream", Map.of(), List.of("tail", "--json"));
    awaitSubscribers();
    generateUnderARawCapture();
    boolean good = awaitExchanges();

    Needles needles = Needles.of(secret.resolve("secrets.txt"));
    var answers = new Answers(port, needles);
    answers.all();
    Files.write(folder.resolve("metrics.out"), answers.metrics());
    var tty = Map.of("SIDEWIRE_TTY", "o", "COLUMNS", "200");
    start("stats", tty, List.of("stats")).waitFor();
    Process top = start("top", tty, List.of("top")); // on a terminal it stays
    top.waitFor(TOP_SECONDS, TimeUnit.SECONDS);
    top.destroy();
    top.waitFor();
    Path ran = folder.resolve("ran.pcapng");
    start("save", Map.of(), List.of("save", "--filter", "tcp or udp", "--out", ran.toString()))
        .waitFor();
    good &= say(Files.exists(ran), "the ring has what ran");
    good &= save("exchange", "exchangeId") & save("interaction", "interactionId");
    good &= browser.isEmpty() ? notShown() : shown(browser);
    String kafka =
        JSON.readTree(folder.resolve("data/run.json").toFile()).path("kafka").asText();
    var forged = new Forged(kafka, secret);
    good &= forged.die(PATIENCE_SECONDS);
    start("dead", Map.of(), List.of("dead-letters", "list")).waitFor();
    good &= say(
        Files.readString(folder.resolve("dead.out")).contains("sidewire.packets"),
        "dead letters are listed");
    Needles foreign = forged.needles();
    good &= forged.keptIn(folder, new Answers(port, foreign), foreign);
    TopicBytes.look(kafka, needles);
    CanaryTest.files(folder, needles); // while the ring is there
    up.destroy();
    up.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    CanaryTest.files(folder, needles);
    needles.found().forEach((where, what) -> System.out.println("FOUND in " + where + ": " + what));
    good &= say(
        needles.found().isEmpty(),
        String.format(
            "live, %d forms of secrets in %.1f MB: %d found",
            needles.forms(), needles.looked() / 1e6, needles.found().size()));
    String console = Files.readString(folder.resolve("up.out"));
    good &= say(
        console.contains("user:") && console.contains("model:"),
        "the console showed the first words of prompts and answers");
    return good & new Harmless(folder).holds() & control();
  }

  /** Saves the packets of one that was decrypted where there is one, else of the last. */
  private boolean save(String what, String id) throws Exception {
    JsonNode items =
        JSON.readTree(ask("/api/v1/" + what + "s?from=0&limit=100")).path("items");
    String chosen = items.path(0).path(id).asText();
    for (JsonNode item : items) {
      chosen =
          item.path("evidence").asText().equals("decrypted") ? item.path(id).asText() : chosen;
    }
    Path out = folder.resolve(what + ".pcapng");
    start("save-" + what, Map.of(), List.of("save", "--" + what, chosen, "--out", out.toString()))
        .waitFor();
    return say(
        Files.exists(out) && Files.size(out) > 0, "the packets of an " + what + " are saved");
  }

  /** Without the masks they are found, those inside TLS too: the search would have seen them. */
  private boolean control() throws Exception {
    Path secrets = secret.resolve("secrets.txt");
    Needles raw = Needles.of(secrets);
    CanaryTest.files(secret.resolve("raw"), raw);
    Needles broken = Needles.of(secrets);
    try (Stream<Path> files = Files.list(secret.resolve("raw"))) {
      List<Path> captures =
          files.filter(file -> file.toString().endsWith(".pcapng")).toList();
      Broken.replay(captures, secret.resolve("broken"), secret.resolve("keys.log"), broken);
    }
    boolean paths = broken.found().values().stream()
        .flatMap(java.util.Collection::stream)
        .anyMatch(what -> what.contains("-query-") || what.contains("-path-"));
    return say(!raw.found().isEmpty(), "live packets saved raw have secrets")
        & say(
            paths,
            "live, without the mask of paths they are found in "
                + broken.found().keySet());
  }

  // ------------------------------------------------------------------ parts

  private void certificate() throws Exception {
    Path store = secret.resolve("store.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    new ProcessBuilder(
            keytool.toString(),
            "-genkeypair",
            "-keystore",
            store.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            "changeit",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-alias",
            "check",
            "-validity",
            "2",
            "-dname",
            "CN=canary.openai.azure.com")
        .redirectErrorStream(true)
        .redirectOutput(Redirect.DISCARD)
        .start()
        .waitFor();
    char[] password = "changeit".toCharArray();
    var keys = java.security.KeyStore.getInstance(store.toFile(), password);
    pem("cert.pem", "CERTIFICATE", keys.getCertificate("check").getEncoded());
    pem("key.pem", "PRIVATE KEY", keys.getKey("check", password).getEncoded());
  }

  private void pem(String name, String what, byte[] bytes) throws IOException {
    String text = java.util.Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        secret.resolve(name),
        "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }

  private List<String> up() {
    return List.of(
        "up",
        "--interface",
        "lo",
        "--names",
        "all",
        "--preview",
        "--port",
        "" + port,
        "--ring",
        "64M",
        "--save",
        folder.resolve("saved").toString(),
        "--keylog",
        secret.resolve("keys.log").toString(),
        "--set",
        "kafka.compression.type=none");
  }

  private Process start(String name, Map<String, String> environment, List<String> arguments)
      throws IOException {
    var command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx384m",
        "--add-opens",
        "java.base/java.lang=ALL-UNNAMED",
        "-cp",
        "standalone/target/quarkus-app/quarkus-run.jar",
        "io.sidewire.standalone.Sidewire"));
    command.addAll(arguments);
    command.addAll(List.of("--data", folder.resolve("data").toString()));
    var builder = new ProcessBuilder(command);
    builder.directory(home.toFile());
    builder.environment().putAll(environment);
    Process process = builder
        .redirectOutput(folder.resolve(name + ".out").toFile())
        .redirectError(folder.resolve(name + ".err").toFile())
        .start();
    running.add(process);
    return process;
  }

  private static LivePcapSource open(Map<String, String> settings, CaptureCounters counters) {
    return LivePcapSource.open(CaptureConfig.of(settings), OwnTraffic.of(List.of()), counters);
  }

  private void generateUnderARawCapture() throws Exception {
    Map<String, String> settings = Map.of(
        "interface",
        "lo",
        "save-dir",
        secret.resolve("raw").toString(),
        "save-content",
        "raw",
        "queue",
        "64MiB",
        "save-queue",
        "64MiB");
    var counters = new CaptureCounters();
    try (var source = open(settings, counters);
        var pipeline =
            new CapturePipeline(CaptureConfig.of(settings), source, new Nowhere(), counters)) {
      pipeline.start();
      Process generator = new ProcessBuilder(
              "python3", home.resolve("checks/canaries/generate.py").toString(), secret.toString())
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve("../generator.out").toFile())
          .start();
      if (generator.waitFor() != 0) {
        throw new IllegalStateException(
            "the generator failed: " + Files.readString(folder.resolve("../generator.out")));
      }
    }
  }

  private String ask(String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  private void awaitSubscribers() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!ask("/q/metrics").matches("(?s).*sidewire_live_streams[^\n]* [3-9]\\.0.*")) {
      if (System.nanoTime() > deadline) {
        return; // what it then misses, the rows have
      }
      Thread.sleep(100);
    }
  }

  /** All calls are there when their number does not grow any more. */
  private boolean awaitExchanges() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    int read = 0;
    int decrypted = 0;
    int before = -1;
    while (System.nanoTime() < deadline
        && (read + decrypted != before || decrypted < LEAST_DECRYPTED || read < LEAST_READ)) {
      before = read + decrypted;
      read = 0;
      decrypted = 0;
      Thread.sleep(1500);
      JsonNode items =
          JSON.readTree(ask("/api/v1/exchanges?from=0&limit=1000&status=ended")).path("items");
      for (JsonNode item : items) {
        read += item.path("evidence").asText().equals("decoded") ? 1 : 0;
        decrypted += item.path("evidence").asText().equals("decrypted") ? 1 : 0;
      }
    }
    return say(
        read >= LEAST_READ && decrypted >= LEAST_DECRYPTED,
        "live calls: " + read + " read in the clear, " + decrypted + " decrypted");
  }

  private boolean shown(List<String> browser) throws Exception {
    int code = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            browser.get(1),
            "DomCheck",
            "http://127.0.0.1:" + port + "/",
            browser.get(0),
            folder.resolve("dom.html").toString())
        .inheritIO()
        .start()
        .waitFor();
    return code == 0;
  }

  private static boolean notShown() {
    System.out.println("NOT RUN  the page's DOM: there is no Chromium");
    return true;
  }

  static boolean say(boolean good, String what) {
    System.out.println((good ? "ok" : "BAD") + "  " + what);
    return good;
  }

  /** Takes batches and keeps none. */
  private static final class Nowhere implements BatchSink {
    @Override
    public void send(PacketBatch batch) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
