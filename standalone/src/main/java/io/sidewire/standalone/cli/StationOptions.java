package io.sidewire.standalone.cli;

import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.ConfigKey;
import io.sidewire.capture.DeploymentKey;
import io.sidewire.schemas.Topics;
import io.sidewire.standalone.Fault;
import io.sidewire.standalone.data.DataFolder;
import io.sidewire.standalone.run.Station;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Where a Sidewire of one machine keeps its data, and which broker it uses. */
public final class StationOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder for all data (default: up: ~/.local/share/sidewire; else a temporary one).")
  private Path data;

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description = "A broker of one's own in place of the embedded one.")
  private String kafka;

  @Option(
      names = "--prefix",
      defaultValue = Topics.DEFAULT_PREFIX,
      paramLabel = "PREFIX",
      description = "Prefix of all topic names (default: ${DEFAULT-VALUE}).")
  private String prefix;

  @Option(
      names = "--disk",
      defaultValue = "2G",
      paramLabel = "SIZE",
      description = "Most bytes of all topics and stores together (default: ${DEFAULT-VALUE}).")
  private String disk;

  /** The broker that was named; null: the embedded one. */
  String kafka() {
    return kafka;
  }

  /** @param temporary without --data everything is gone afterwards */
  Station.Settings settings(boolean temporary, Optional<Path> rules, Optional<Station.Api> api) {
    return settings(temporary, rules, api, false);
  }

  /** @param bulk results are wanted at the end and not at once */
  Station.Settings settings(
      boolean temporary, Optional<Path> rules, Optional<Station.Api> api, boolean bulk) {
    Supplier<DataFolder> folder = data != null
        ? () -> DataFolder.open(data)
        : temporary
            ? DataFolder::temporary
            : () -> DataFolder.open(DataFolder.defaultPath(System.getenv()));
    return new Station.Settings(
        folder,
        Optional.ofNullable(kafka),
        Topics.withPrefix(prefix),
        Units.sizeOption("--disk", disk),
        rules,
        api,
        bulk);
  }

  /**
   * The capture's settings for this station: with the embedded broker nothing leaves the host, so names may be clear.
   *
   * @param forced what the command itself sets
   */
  CaptureConfig captureConfig(
      CaptureOptions options, Station station, Map<ConfigKey<?>, String> forced) {
    Map<ConfigKey<?>, String> defaults = new HashMap<>();
    defaults.put(CaptureConfig.QUEUE, "8MiB");
    defaults.put(CaptureConfig.KAFKA_BUFFER, "8MiB");
    if (station.backbone().isEmbedded()) {
      DeploymentKey.readOrCreate(station.data().key());
      defaults.put(CaptureConfig.NAMES, "all");
      defaults.put(CaptureConfig.KEY_FILE, station.data().key().toString());
    }
    Map<ConfigKey<?>, String> all = new HashMap<>(forced);
    all.put(CaptureConfig.KAFKA, station.backbone().bootstrapServers());
    all.put(CaptureConfig.TOPIC_PREFIX, prefix);
    CaptureConfig config = options.config(defaults, all);
    if (config.get(CaptureConfig.SCHEMA_REGISTRY) != null) {
      throw new Fault(
          Fault.USAGE,
          "A schema registry is used by the services (capture-producer, stream-processor, query-api), not by this command: leave schema-registry out.");
    }
    if (config.get(CaptureConfig.KEY_FILE) == null) {
      throw new Fault(
          Fault.USAGE,
          "With --kafka a deployment key is required: make one with ./sidewire key new FILE, copy it to each host, and name it with --key-file FILE.");
    }
    return config;
  }
}
