package io.sidewire.standalone.cli;

import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.ConfigKey;
import io.sidewire.capture.DeploymentKey;
import io.sidewire.capture.save.SaveSettings;
import io.sidewire.standalone.Fault;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** What is captured and what of it may leave, as options of {@code up}, {@code replay} and {@code decode}. */
public final class CaptureOptions {
  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "What to capture by port: azure, llm, mcp or all (default: all).")
  private String mode;

  @Option(
      names = "--ports",
      paramLabel = "PORTS",
      description = "Capture these ports only: 8000,9000-9010.")
  private String ports;

  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description = "Flow-type rules that come before the built-in ones.")
  private String rules;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "Deployment key, required with --kafka; make it with: sidewire key new FILE.")
  private String keyFile;

  @Option(
      names = "--names",
      paramLabel = "WHICH",
      description = "Host names in clear: all, agent or hash (default: all; agent with --kafka).")
  private String names;

  @Option(
      names = "--save",
      paramLabel = "DIR",
      description = "Save the packets as pcapng files in a folder, secrets masked.")
  private String save;

  @Option(
      names = "--save-raw",
      description = "Save packets as they are, with every secret in them.")
  private boolean saveRaw;

  @Option(
      names = "--snaplen",
      paramLabel = "BYTES",
      description = "Bytes kept of each packet; headers: save headers only.")
  private String snapLength;

  @Option(
      names = "--keylog",
      paramLabel = "FILE|DIR",
      description =
          "TLS key log (SSLKEYLOGFILE) of an application of yours, or a folder of them: decrypts its traffic, in memory only; repeatable.")
  private List<String> keyLogs = List.of();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Any other setting of the capture, e.g. packet-detail=counts.")
  private Map<String, String> others = Map.of();

  /** The settings given, by their names in {@link CaptureConfig}. */
  Map<String, String> given() {
    Map<String, String> given = new LinkedHashMap<>();
    put(given, CaptureConfig.MODE.name(), mode);
    put(given, CaptureConfig.PORTS.name(), ports);
    put(given, CaptureConfig.RULES.name(), rules);
    put(given, CaptureConfig.KEY_FILE.name(), keyFile);
    put(given, CaptureConfig.NAMES.name(), names);
    put(given, CaptureConfig.SAVE_DIR.name(), save);
    if (saveRaw) {
      put(given, CaptureConfig.SAVE_CONTENT.name(), "raw");
    } else if ("headers".equals(snapLength)) {
      put(given, CaptureConfig.SAVE_CONTENT.name(), "headers");
    }
    put(given, CaptureConfig.SNAPLEN.name(), "headers".equals(snapLength) ? null : snapLength);
    put(given, CaptureConfig.KEYLOG.name(), keyLogs.isEmpty() ? null : String.join(",", keyLogs));
    given.putAll(others);
    return given;
  }

  /**
   * The settings of the options, then of the environment, then {@code defaults}.
   *
   * @param forced what the command itself sets, over all
   */
  CaptureConfig config(Map<ConfigKey<?>, String> defaults, Map<ConfigKey<?>, String> forced) {
    if (keyFile != null) {
      DeploymentKey.read(Path.of(keyFile)); // where it is not needed too: a wrong name is told
    }
    Map<String, String> environment = System.getenv();
    Map<String, String> flags = new HashMap<>();
    defaults.forEach((key, value) -> {
      if (!environment.containsKey(CaptureConfig.environmentVariable(key))) {
        flags.put(key.name(), value);
      }
    });
    flags.putAll(given());
    forced.forEach((key, value) -> flags.put(key.name(), value));
    return CaptureConfig.load(null, environment, flags);
  }

  /** Says what saving means, where it is asked for in a way that needs it. */
  void warn(CaptureConfig config, Terminal terminal) {
    SaveSettings settings = config.save();
    if (saveRaw && settings.folder() == null) {
      throw new Fault(Fault.USAGE, "--save-raw needs --save DIR");
    }
    if (settings.folder() != null && settings.content() == SaveSettings.Content.RAW) {
      terminal
          .err()
          .println("sidewire: WARNING: packets are saved unmasked in " + settings.folder()
              + ": keys, prompts and answers in clear. hosts shows it as save=raw.");
    }
    boolean ring = config.get(CaptureConfig.RECENT_DIR) != null;
    if (ring && !config.get(CaptureConfig.KEYLOG).isEmpty()) {
      terminal
          .err()
          .println("sidewire: WARNING: the ring keeps TLS as it is: who has the key log too can"
              + " read what is saved of it.");
    }
    if (settings.folder() != null && !config.get(CaptureConfig.KEYLOG).isEmpty()) {
      terminal
          .err()
          .println("sidewire: WARNING: TLS is saved as it is in " + settings.folder()
              + ": who has the key log too can read it. --snaplen headers saves none of it.");
    }
  }

  private static void put(Map<String, String> given, String name, String value) {
    if (value != null) {
      given.put(name, value);
    }
  }
}
