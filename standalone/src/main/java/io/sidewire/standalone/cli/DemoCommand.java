package io.sidewire.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.CaptureCounters;
import io.sidewire.capture.CaptureException;
import io.sidewire.capture.CaptureFileSource;
import io.sidewire.capture.CaptureSummary;
import io.sidewire.capture.ConfigKey;
import io.sidewire.standalone.Fault;
import io.sidewire.standalone.client.ApiClient;
import io.sidewire.standalone.demo.CastProcess;
import io.sidewire.standalone.demo.Comparison;
import io.sidewire.standalone.run.LiveCapture;
import io.sidewire.standalone.run.ReplayResults;
import io.sidewire.standalone.run.Station;
import io.sidewire.standalone.view.LiveLines;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An agent, its model endpoint and its tool servers on loopback, captured live. */
@Command(
    name = "demo",
    description =
        "See it work: an agent, a model endpoint and tool servers on loopback, captured live.")
public final class DemoCommand implements Callable<Integer> {
  private static final String LOOPBACK =
      System.getProperty("os.name").startsWith("Mac") ? "lo0" : "lo";
  private static final String BUNDLED = "/agent-full.pcap";
  private static final Map<String, String> ALL_TIME = Map.of("from", "0");
  private static final int TURNS = 3;
  private static final Duration PAUSE = Duration.ofSeconds(4);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

  @Mixin
  private Common common;

  @Mixin
  private StationOptions station;

  @Mixin
  private ApiOptions api;

  @Mixin
  private CaptureOptions capture;

  @Option(
      names = "--once",
      description =
          "End after a few runs, with the summary and a comparison with what the endpoints measured.")
  private boolean once;

  private final Terminal terminal;
  private LiveLines live;

  public DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    live = new LiveLines(terminal, common.json);
    Map<ConfigKey<?>, String> loopback = Map.of(CaptureConfig.INTERFACE, LOOPBACK);
    String refusal = refusal(loopback);
    try (var running = Station.start(
            station.settings(true, Optional.empty(), Optional.of(api.api())))
        .stopsWithTheProcess()) {
      if (refusal == null) {
        return captured(running, loopback);
      }
      terminal.err().println("sidewire: " + refusal);
      terminal
          .err()
          .println("sidewire: until then, here is a capture of such an agent, at its own pace.");
      return replayed(running);
    }
  }

  /** Why this user cannot capture here, or null. */
  private String refusal(Map<ConfigKey<?>, String> settings) {
    try {
      LiveCapture.check(capture.config(Map.of(), settings));
      return null;
    } catch (CaptureException e) {
      return switch (e.kind()) {
        case PERMISSION, LIBRARY, INTERFACE -> Advice.of(e);
        default -> throw e;
      };
    }
  }

  private int captured(Station running, Map<ConfigKey<?>, String> settings) throws Exception {
    running.capture(station.captureConfig(capture, running, settings));
    try (var cast = CastProcess.start()) {
      ApiClient client = announce(running, "captures on " + LOOPBACK);
      if (!once) {
        playUntilStopped(running, cast);
        return 0;
      }
      cast.turn(); // warm-up: sessions are opened, code is compiled
      List<CastProcess.Call> calls = new ArrayList<>();
      for (int turn = 0; turn < TURNS; turn++) {
        calls.addAll(cast.turn());
      }
      return conclude(client, calls);
    }
  }

  private static void playUntilStopped(Station running, CastProcess cast)
      throws InterruptedException {
    try {
      do {
        cast.turn();
      } while (!running.awaitStop(PAUSE));
    } catch (Fault e) {
      // Ctrl-C ends the cast too, perhaps before it is known here.
      if (!running.awaitStop(PAUSE)) {
        throw e;
      }
    }
  }

  private int replayed(Station running) throws IOException, InterruptedException {
    Path file = unpack(running.data().root());
    CaptureConfig config =
        station.captureConfig(capture, running, Map.of(CaptureConfig.PACE, "original"));
    ApiClient client = announce(running, "plays the bundled capture");
    LiveCapture replay = running.add(LiveCapture.start(
        config, new CaptureFileSource(config, List.of(file)), new CaptureCounters()));
    CaptureSummary captured = replay.await();
    if (!once) {
      running.awaitStop(Station.FOREVER);
      return 0;
    }
    try (var results =
        new ReplayResults(running.backbone().bootstrapServers(), running.topics(), false)) {
      results.awaitEnd(captured);
    }
    awaitPackets(client, captured.packets());
    summary(client);
    return 0;
  }

  /** The API reads the topics by itself, a moment later than others. */
  private static void awaitPackets(ApiClient client, long packets) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (client.get("/api/v1/summary", ALL_TIME).path("all").path("packets").asLong() < packets
        && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static Path unpack(Path folder) throws IOException {
    Path file = folder.resolve("agent-full.pcap");
    try (InputStream in = DemoCommand.class.getResourceAsStream(BUNDLED)) {
      Files.copy(in, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private ApiClient announce(Station running, String what) throws InterruptedException {
    ApiClient client = running.awaitApi(LOOPBACK);
    terminal
        .err()
        .println("sidewire: " + what + "; page and API at " + client.url()
            + (once ? "" : "; Ctrl-C stops."));
    live.printMeanwhile(client, Map.of("kind", "exchange"));
    return client;
  }

  /** Waits until every measured call has come through, then prints summary and comparison. */
  private int conclude(ApiClient client, List<CastProcess.Call> calls) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    Comparison comparison = compare(client, calls);
    while (!comparison.isComplete() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(200);
      comparison = compare(client, calls);
    }
    summary(client);
    print(comparison);
    return comparison.holds() ? 0 : Fault.INPUT;
  }

  private static Comparison compare(ApiClient client, List<CastProcess.Call> calls) {
    return Comparison.of(
        calls, client.get("/api/v1/exchanges", Map.of("limit", "1000")).path("items"));
  }

  private void summary(ApiClient client) {
    live.stop();
    JsonNode answer = client.get("/api/v1/summary", ALL_TIME);
    if (common.json) {
      var lines = new JsonLines(terminal.out());
      answer.path("flowTypes").forEach(row -> lines.node("summary", row));
      lines.flush();
    } else {
      terminal.out().println();
      SummaryTable.print(terminal, answer.path("flowTypes"));
      SummaryTable.printLoss(terminal, answer);
    }
  }

  private void print(Comparison comparison) {
    if (common.json) {
      var lines = new JsonLines(terminal.out());
      lines.line("comparison", null, json -> {
        json.writeNumberField("calls", comparison.pairs().size());
        json.writeNumberField("medianDifferenceMicros", comparison.median());
        json.writeNumberField("largestDifferenceMicros", comparison.largest());
        json.writeBooleanField("holds", comparison.holds());
      });
      lines.flush();
      return;
    }
    terminal.out().println();
    var table =
        new Table("CALL", "FLOW TYPE", ">ENDPOINT MEASURED", ">SIDEWIRE SAW", ">DIFFERENCE");
    for (Comparison.Pair pair : comparison.pairs()) {
      table.row(
          pair.call().what(),
          pair.flowType(),
          Units.micros(pair.call().totalMicros()),
          Units.micros(pair.seenMicros()),
          Units.micros(pair.difference()));
    }
    table.print(terminal);
    terminal
        .out()
        .println(
            "Differences: median " + Units.micros(comparison.median()) + " (5 ms allowed), largest "
                + Units.micros(comparison.largest()) + " (50 ms allowed): "
                + (comparison.holds()
                    ? "they agree."
                    : comparison.isComplete() ? "too large." : "not every call was seen."));
  }
}
