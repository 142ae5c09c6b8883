package io.sidewire.benchmarks.canary;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Replays every capture of {@code testdata/agents} with all that Sidewire can tell, and looks for their secrets in all
 * that it writes, logs and answers: none may be found. Then the same with a rule of the redaction removed, and with
 * packets saved raw: the search must find them, or it would prove nothing. Before that the same with a live generator.
 *
 * <p>Usage: {@code CanaryTest HOME}, by {@code checks/canary}.
 */
public final class CanaryTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long START_SECONDS = 120;
  private final Path home;
  private final Path folder;
  private final int port;

  private CanaryTest(Path home, Path folder) throws IOException {
    this.home = home;
    this.folder = folder;
    try (var socket = new ServerSocket(0)) {
      this.port = socket.getLocalPort();
    }
  }

  /** @param args the project's folder; and where there is a Chromium, its profile and the classes that drive it */
  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]).toAbsolutePath();
    Path folder = Files.createTempDirectory("sidewire-canary");
    boolean good;
    try {
      var test = new CanaryTest(home, folder);
      good = test.live(List.of(args).subList(1, args.length)) & test.run();
    } finally {
      delete(folder);
    }
    System.exit(good ? 0 : 1);
  }

  private boolean live(List<String> browser) throws Exception {
    String missing = Live.missing();
    if (missing != null) {
      System.out.println("NOT RUN  live: " + missing.replaceAll("\\n.*", ""));
      return true;
    }
    boolean good = new Live(home, folder, port).run(browser);
    delete(folder);
    Files.createDirectory(folder);
    return good;
  }

  private boolean run() throws Exception {
    Path secrets = home.resolve("testdata/agents/canaries.txt");
    Needles needles = Needles.of(secrets);
    everything(needles);
    boolean json;
    try (Stream<String> lines = Files.lines(folder.resolve("stdout"))) {
      json = Live.say(
          lines.allMatch(line -> line.startsWith("{")),
          "--json tells JSON alone, whatever is logged");
    }
    needles.found().forEach((where, what) -> System.out.println("FOUND in " + where + ": " + what));
    System.out.printf(
        "%s  %d forms of secrets in %.1f MB of records, logs, answers and files: %d found%n",
        needles.found().isEmpty() ? "ok" : "BAD",
        needles.forms(),
        needles.looked() / 1e6,
        needles.found().size());

    Needles control = Needles.of(secrets);
    Broken.replay(captures(), folder.resolve("broken"), home.resolve("testdata/agents"), control);
    boolean records =
        control.found().keySet().stream().anyMatch(where -> where.startsWith("topic "));
    System.out.println((records ? "ok" : "BAD") + "  without the mask of paths they are found in "
        + control.found().keySet());
    Needles raw = Needles.of(secrets);
    files(folder.resolve("broken/raw"), raw);
    System.out.println((raw.found().isEmpty() ? "BAD" : "ok") + "  packets saved raw have "
        + raw.found().values().stream().mapToInt(each -> each.size()).sum() + " of them");
    return json & needles.found().isEmpty() && records && !raw.found().isEmpty();
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
      Answers answers = new Answers(port, needles).listen();
      awaitStart(process, err);
      answers.all();
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
        "--keylog",
        "testdata/agents",
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

  /** Its API is up; that of a replay, when it is over. */
  static void awaitStart(Process process, Path err) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!Files.readString(err).contains("page and API at")) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("it did not start, or come to its end: " + tail(err));
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private static String tail(Path file) throws IOException {
    String text = Files.readString(file);
    return text.substring(Math.max(0, text.length() - 500));
  }

  static void files(Path folder, Needles needles) throws IOException {
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
