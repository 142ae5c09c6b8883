package io.sidewire.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.CaptureCounters;
import io.sidewire.capture.CaptureFileSource;
import io.sidewire.capture.CaptureSummary;
import io.sidewire.query.Summary;
import io.sidewire.standalone.Fault;
import io.sidewire.standalone.run.LiveCapture;
import io.sidewire.standalone.run.ReplayResults;
import io.sidewire.standalone.run.ReplayResults.Source;
import io.sidewire.standalone.run.Station;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Capture files through the whole pipeline. */
@Command(
    name = "replay",
    description =
        "Put capture files through the whole pipeline, as fast as it goes, and print the summary.")
public final class ReplayCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  /** Smaller files are through before the second commit. */
  private static final long BULK_BYTES = 48L << 20;

  @Mixin
  private Common common;

  @Mixin
  private CaptureOptions capture;

  @Mixin
  private StationOptions station;

  @Mixin
  private ApiOptions api;

  @Option(
      names = "--pace",
      defaultValue = "fast",
      paramLabel = "PACE",
      description =
          "fast, or original for the pace of the packets' times (default: ${DEFAULT-VALUE}).")
  private String pace;

  @Option(names = "--serve", description = "Keep API and page up afterwards.")
  private boolean serve;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Capture files: pcap or pcapng, also with gzip.")
  private List<Path> files;

  private final Terminal terminal;

  public ReplayCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    CaptureConfig asked = capture.config(Map.of(), Map.of(CaptureConfig.PACE, pace));
    capture.warn(asked, terminal);
    Optional<Path> rules = Optional.ofNullable(asked.get(CaptureConfig.RULES)).map(Path::of);
    Optional<Station.Api> page = serve ? Optional.of(api.api()) : Optional.empty();
    try (var running = Station.start(station.settings(true, rules, page, isBulk()))) {
      if (serve) {
        running.stopsWithTheProcess();
      }
      CaptureConfig config =
          station.captureConfig(capture, running, Map.of(CaptureConfig.PACE, pace));
      var source = new CaptureFileSource(config, files);
      LiveCapture replay = running.add(LiveCapture.start(config, source, new CaptureCounters()));
      try (var results =
          new ReplayResults(running.backbone().bootstrapServers(), running.topics(), common.json)) {
        CaptureSummary summary = drain(replay, results);
        print(summary, results);
      }
      terminal.out().flush();
      source.problems().forEach(problem -> terminal.err().println("sidewire: " + problem));
      if (serve) {
        terminal
            .err()
            .println("sidewire: page and API at " + running.awaitApi("replay").url()
                + "; Ctrl-C stops.");
        running.awaitStop(Station.FOREVER);
      }
      return source.problems().isEmpty() ? 0 : Fault.INPUT;
    }
  }

  /** Large files as fast as it goes. */
  private boolean isBulk() {
    long bytes = files.stream().mapToLong(file -> file.toFile().length()).sum();
    return pace.equals("fast") && bytes > BULK_BYTES;
  }

  /** Returns when all that the files hold has come out at the other end. */
  private CaptureSummary drain(LiveCapture running, ReplayResults results) {
    var progress = new Progress(terminal, "packets");
    while (!running.drained().isDone()) {
      results.poll();
      progress.of(files, running.counters());
    }
    try {
      CaptureSummary summary = running.drained().join();
      results.awaitEnd(summary);
      progress.done(summary.packets());
      return summary;
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private void print(CaptureSummary summary, ReplayResults results) {
    List<JsonNode> rows = new ArrayList<>();
    Summary.of(results.traffic(), results.health())
        .flowTypes()
        .forEach(row -> rows.add(JSON.valueToTree(row)));
    if (!common.json && summary.inputs().isEmpty()) {
      return; // what was wrong with the files is told instead
    }
    if (!common.json) {
      SummaryTable.print(terminal, rows);
      return;
    }
    var lines = new JsonLines(terminal.out());
    for (CaptureSummary.Input input : summary.inputs()) {
      String file = nameOf(input.host());
      results.flows(Source.of(input)).forEach(row -> lines.record("flow", file, row));
      results.exchanges(Source.of(input)).forEach(row -> lines.record("exchange", file, row));
      results.interactions(Source.of(input)).forEach(row -> lines.record("interaction", file, row));
    }
    rows.forEach(row -> lines.node("summary", row));
    lines.flush();
  }

  /** The file as it was named on the command line. */
  private String nameOf(String host) {
    return files.stream()
        .filter(file -> CaptureFileSource.hostOf(file).equals(host))
        .map(Path::toString)
        .findFirst()
        .orElse(host);
  }
}
