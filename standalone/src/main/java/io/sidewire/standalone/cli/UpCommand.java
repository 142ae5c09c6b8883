package io.sidewire.standalone.cli;

import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.ConfigKey;
import io.sidewire.capture.save.Ring;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.standalone.Fault;
import io.sidewire.standalone.client.ApiClient;
import io.sidewire.standalone.data.DataFolder;
import io.sidewire.standalone.run.LiveCapture;
import io.sidewire.standalone.run.Station;
import io.sidewire.standalone.view.LiveLines;
import io.sidewire.standalone.view.Previews;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Captures live until stopped, with API, page and live view. */
@Command(
    name = "up",
    description = {
      "Capture live until stopped; show what appears here and on a page.",
      "Capture only what you own or may monitor."
    })
public final class UpCommand implements Callable<Integer> {
  @Mixin
  private Common common;

  @Mixin
  private StationOptions station;

  @Mixin
  private ApiOptions api;

  @Mixin
  private CaptureOptions capture;

  @Option(
      names = "--interface",
      paramLabel = "NAME",
      description = "Interface to capture on (default: any, which is all of them).")
  private String networkInterface;

  @Option(
      names = "--filter",
      paramLabel = "BPF",
      description = "Capture filter as of tcpdump, e.g. 'host 10.0.0.5'.")
  private String filter;

  @Option(names = "--include-self", description = "Capture Sidewire's own traffic too.")
  private boolean includeSelf;

  @Option(
      names = "--ring",
      paramLabel = "SIZE",
      description =
          "Keep the newest packets on disk, secrets masked, 15 min at most, for: sidewire save.")
  private String ring;

  @Option(names = "--quiet", description = "Print the address only, no live view.")
  private boolean quiet;

  @Option(
      names = "--preview",
      description =
          "Show the first words of prompts and answers on this terminal, and nowhere else.")
  private boolean preview;

  private final Terminal terminal;

  public UpCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Map<ConfigKey<?>, String> settings = new LinkedHashMap<>();
    put(settings, CaptureConfig.INTERFACE, networkInterface);
    put(settings, CaptureConfig.FILTER, filter);
    if (includeSelf) {
      settings.put(CaptureConfig.INCLUDE_SELF, "true");
    }
    if (ring != null) {
      Units.sizeOption("--ring", ring);
      settings.put(CaptureConfig.RECENT_BYTES, ring);
    }
    CaptureConfig asked = capture.config(Map.of(), settings);
    capture.warn(asked, terminal);
    Previews previews = previews();
    LiveCapture.check(asked);
    Optional<Path> rules = Optional.ofNullable(asked.get(CaptureConfig.RULES)).map(Path::of);
    try (var running = Station.start(station.settings(false, rules, Optional.of(api.api())))
        .stopsWithTheProcess()) {
      ring(settings, DataFolder.ring(running.data().root()));
      CaptureConfig config = station.captureConfig(capture, running, settings);
      LiveCapture live = running.capture(config, previews);
      String where = config.get(CaptureConfig.INTERFACE);
      ApiClient client = running.awaitApi(where);
      terminal
          .err()
          .println("sidewire: captures on " + where + "; page and API at " + client.url()
              + "; Ctrl-C stops.");
      if (!quiet) {
        new LiveLines(terminal, common.json, previews).printMeanwhile(client, shown(config, rules));
      }
      live.await();
      return 0;
    }
  }

  /** Where words are shown: on a terminal that somebody sits at, where nothing leaves the host. */
  private Previews previews() {
    if (!preview) {
      return null;
    }
    if (common.json || quiet) {
      throw new Fault(
          Fault.USAGE, "--preview shows words in the live view: leave out --json and --quiet.");
    }
    if (station.kafka() != null) {
      throw new Fault(
          Fault.USAGE,
          "--preview is for the embedded broker, where nothing leaves this host: leave out --kafka.");
    }
    if (!terminal.outIsTerminal()) {
      throw new Fault(
          Fault.USAGE,
          "--preview shows words on a terminal only, and standard output is none: files and pipes would keep them.");
    }
    PrintStream err = terminal.err();
    err.println(
        "sidewire: WARNING: the first words of prompts and answers are shown here; hosts tells that they are.");
    err.println(
        "sidewire: Digits, long and random words and what follows \"password\" or \"key\" are masked;"
            + " what else is private is not known.");
    return new Previews();
  }

  /** The ring of this run; that of one which was killed goes in any case. */
  private void ring(Map<ConfigKey<?>, String> settings, Path folder) {
    if (ring != null) {
      settings.put(CaptureConfig.RECENT_DIR, folder.toString());
      return;
    }
    try {
      Ring.clear(folder);
    } catch (IOException e) {
      throw new Fault(
          Fault.USAGE, "The old ring in " + folder + " cannot be deleted: delete it by hand.", e);
    }
  }

  /** What the mode shows, by type; what it captures is narrowed by port alone. */
  private static Map<String, String> shown(CaptureConfig config, Optional<Path> rules) {
    String mode = config.get(CaptureConfig.MODE).text();
    if (mode.equals("all")) {
      return Map.of("kind", "exchange");
    }
    FlowTypeRules types = rules.map(FlowTypeRules::load).orElseGet(FlowTypeRules::builtIn);
    return Map.of(
        "kind", "exchange", "flowType", String.join(",", new TreeSet<>(types.typesOfMode(mode))));
  }

  private static void put(Map<ConfigKey<?>, String> settings, ConfigKey<?> key, String value) {
    if (value != null) {
      settings.put(key, value);
    }
  }
}
