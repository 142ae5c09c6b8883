package io.sidewire.capture;

import io.sidewire.capture.redact.NamePolicy.Names;
import io.sidewire.capture.save.Ring;
import io.sidewire.capture.save.SaveSettings;
import io.sidewire.capture.save.SaveSettings.Content;
import io.sidewire.rules.Nearest;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.WireFormat;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The settings of a capture, immutable. From strongest to weakest: flags, environment ({@code
 * SIDEWIRE_CAPTURE_HOST_ID} for {@code host-id}), file, default. {@code kafka.*} goes to the Kafka client as it is;
 * {@code apicurio.*} to the client of a schema registry; any other name that is not below is refused.
 */
public final class CaptureConfig {
  /** What of single packets is published. */
  public enum PacketDetail {
    /** Time, direction, sizes and TCP flags of each packet. */
    FULL,
    /** Totals of each batch only: sizes and times of single packets tell of content. */
    COUNTS
  }

  /** How fast capture files are read. */
  public enum Pace {
    FAST,
    ORIGINAL
  }

  private static final Map<String, ConfigKey<?>> KEYS = new LinkedHashMap<>();

  public static final ConfigKey<String> HOST_ID = key(
      "host-id",
      "",
      "Name of this host in every record; default: the machine's host name",
      ConfigKey::text);
  public static final ConfigKey<String> INTERFACE =
      key("interface", "any", "Interface to capture on; any: all of them (Linux)", ConfigKey::text);
  public static final ConfigKey<Mode> MODE =
      key("mode", "all", "What to capture: azure, llm, mcp or all", Mode::parse);
  public static final ConfigKey<List<String>> PORTS = key(
      "ports",
      "",
      "Capture these ports only, in place of those of the mode: 8000,9000-9010",
      ConfigKey::ports);
  public static final ConfigKey<String> FILTER = key(
      "filter",
      "",
      "BPF expression that packets must match besides: 'host 10.0.0.5'",
      ConfigKey::text);
  public static final ConfigKey<Boolean> INCLUDE_SELF =
      key("include-self", "false", "Capture Sidewire's own traffic too", ConfigKey::flag);
  public static final ConfigKey<List<String>> OWN_ENDPOINTS = key(
      "own-endpoints",
      "",
      "More endpoints of Sidewire to leave out: host:port,host:port; or a network of its own: 172.29.74.0/24",
      ConfigKey::list);
  public static final ConfigKey<Boolean> PROMISCUOUS = key(
      "promiscuous", "true", "Ask the interface for packets of other hosts too", ConfigKey::flag);
  public static final ConfigKey<Integer> SNAPLEN = key(
      "snaplen",
      "256KiB",
      "Bytes kept of each packet; offloaded segments reach 60 KB",
      ConfigKey::size);
  public static final ConfigKey<Integer> RING =
      key("ring", "16MiB", "Kernel's buffer for packets not yet read", ConfigKey::size);
  public static final ConfigKey<Integer> QUEUE = key(
      "queue",
      "32MiB",
      "Buffer between capture and decoding; full: live drops the oldest",
      ConfigKey::size);
  public static final ConfigKey<Pace> PACE = key(
      "pace",
      "fast",
      "Capture files: fast, or original for the pace of their times",
      ConfigKey.oneOf(Pace.class));

  public static final ConfigKey<PacketDetail> PACKET_DETAIL = key(
      "packet-detail",
      "full",
      "full, or counts: no sizes and times of single packets",
      ConfigKey.oneOf(PacketDetail.class));
  public static final ConfigKey<Integer> BATCH_PACKETS =
      key("batch-packets", "256", "Most packets of one batch", ConfigKey.number(1, 8192));
  public static final ConfigKey<Duration> BATCH_LINGER = key(
      "batch-linger",
      "20ms",
      "How long a batch with observations waits for more",
      ConfigKey::duration);
  public static final ConfigKey<Integer> SHARDS = key(
      "shards",
      "1",
      "Partition keys of this host; all flows of one client share one",
      ConfigKey.number(1, 256));

  public static final ConfigKey<Names> NAMES = key(
      "names",
      "agent",
      "Host names in clear: agent (those of agent endpoints), all, or hash (none); others as keyed"
          + " hashes",
      ConfigKey.oneOf(Names.class));
  public static final ConfigKey<String> KEY_FILE = key(
      "key-file",
      "",
      "Key of the deployment for keyed hashes, the same on all its hosts",
      ConfigKey::text);
  public static final ConfigKey<Boolean> KEY_CREATE = key(
      "key-create",
      "false",
      "Make the key file where there is none: for the first host of a deployment",
      ConfigKey::flag);
  public static final ConfigKey<String> RULES =
      key("rules", "", "Flow-type rules file; default: the built-in rules", ConfigKey::text);
  public static final ConfigKey<Boolean> PROCESSES =
      key("processes", "true", "Look up the local process of each flow in /proc", ConfigKey::flag);
  public static final ConfigKey<String> PROCESS_SOCKET = key(
      "process-socket",
      "",
      "Socket of the lookup of processes beside (SECURITY.md); without one, or while it is silent, /proc is read with"
          + " the rights of this process",
      ConfigKey::text);
  public static final ConfigKey<String> PROC =
      key("proc", "/proc", "Where the host's /proc is mounted", ConfigKey::text);

  public static final ConfigKey<List<String>> KEYLOG = key(
      "keylog",
      "",
      "TLS key logs of applications that you own, files or folders: decrypts their traffic in"
          + " memory; off unless given",
      ConfigKey::list);
  public static final ConfigKey<Duration> KEY_WAIT = key(
      "key-wait",
      "2s",
      "With a key log: how long a connection waits for its keys before exchanges are inferred",
      ConfigKey::duration);

  public static final ConfigKey<String> KAFKA = key(
      "kafka", "127.0.0.1:9092", "Kafka's bootstrap servers: host:port,host:port", ConfigKey::text);
  public static final ConfigKey<String> TOPIC_PREFIX =
      key("topic-prefix", "sidewire.", "Prefix of all topic names", ConfigKey::text);
  public static final ConfigKey<String> SCHEMA_REGISTRY = key(
      "schema-registry",
      "",
      "URL of an Apicurio Registry: values in Confluent's wire format; default: none, single-object"
          + " encoding",
      ConfigKey::text);
  public static final ConfigKey<Integer> KAFKA_BUFFER = key(
      "kafka-buffer",
      "64MiB",
      "Records kept while Kafka does not answer; full: live drops",
      ConfigKey::size);
  public static final ConfigKey<Duration> KAFKA_PATIENCE = key(
      "kafka-patience",
      "30s",
      "How long the first answer of Kafka is waited for",
      ConfigKey::duration);
  public static final ConfigKey<String> HEALTH_BIND = key(
      "health-bind",
      "127.0.0.1:7421",
      "Address of /health and /metrics; off: none",
      ConfigKey::text);

  public static final ConfigKey<String> SAVE_DIR =
      key("save-dir", "", "Save packets as pcapng files in this folder, masked", ConfigKey::text);
  public static final ConfigKey<Content> SAVE_CONTENT = key(
      "save-content",
      "masked",
      "masked; raw: packets as they are, with every secret; headers: no payload",
      ConfigKey.oneOf(Content.class));
  public static final ConfigKey<Long> SAVE_MAX_BYTES = key(
      "save-max-bytes",
      "1GiB",
      "Most bytes of all saved files; the oldest go first",
      ConfigKey::bigSize);
  public static final ConfigKey<Integer> SAVE_FILES = key(
      "save-files", "1000", "Most saved files; the oldest go first", ConfigKey.number(1, 100_000));
  public static final ConfigKey<Long> SAVE_ROTATE_BYTES =
      key("save-rotate-bytes", "64MiB", "Size at which the next file begins", ConfigKey::bigSize);
  public static final ConfigKey<Integer> SAVE_ROTATE_SECONDS = key(
      "save-rotate-seconds",
      "3600",
      "Seconds after which the next file begins",
      ConfigKey.number(1, 1_000_000));
  public static final ConfigKey<Integer> SAVE_QUEUE = key(
      "save-queue",
      "16MiB",
      "Packets that wait to be saved; full: live drops, and counts",
      ConfigKey::size);

  public static final ConfigKey<String> RECENT_DIR = key(
      "recent-dir",
      "",
      "Live: keep the most recent packets in this folder, masked, for sidewire save; off unless"
          + " given",
      ConfigKey::text);
  public static final ConfigKey<Long> RECENT_BYTES = key(
      "recent-bytes",
      "64MiB",
      "Most bytes of the recent packets; the oldest eighth goes first",
      ConfigKey::bigSize);
  public static final ConfigKey<Duration> RECENT_AGE =
      key("recent-age", "15m", "How long recent packets are kept at most", ConfigKey::duration);

  private static final String ENVIRONMENT_PREFIX = "SIDEWIRE_CAPTURE_";
  private static final String KAFKA_PREFIX = "kafka.";
  private static final String REGISTRY_PREFIX = "apicurio.";

  private final Map<String, String> given;
  private final Map<String, Object> parsed;
  private final Map<String, String> kafka;
  private final Map<String, String> registry;

  private CaptureConfig(Map<String, String> given) {
    this.given = given;
    this.parsed = new HashMap<>();
    this.kafka = new TreeMap<>();
    this.registry = new TreeMap<>();
    given.forEach((name, value) -> {
      if (name.startsWith(KAFKA_PREFIX)) {
        kafka.put(name.substring(KAFKA_PREFIX.length()), value);
      } else if (name.startsWith(REGISTRY_PREFIX)) {
        registry.put(name, value);
      } else if (!KEYS.containsKey(name)) {
        throw problem("no setting " + name + Nearest.hint(name, KEYS.keySet()));
      }
    });
    KEYS.forEach((name, key) -> parsed.put(name, parse(key, given.get(name))));
  }

  /** Settings by name; what is not given has its default. */
  public static CaptureConfig of(Map<String, String> settings) {
    return new CaptureConfig(Map.copyOf(settings));
  }

  /** Settings of a properties file, the environment and flags, the last strongest; {@code file} may be null. */
  public static CaptureConfig load(
      Path file, Map<String, String> environment, Map<String, String> flags) {
    var settings = new HashMap<String, String>();
    if (file != null) {
      settings.putAll(read(file));
    }
    environment.forEach((variable, value) -> {
      if (variable.startsWith(ENVIRONMENT_PREFIX)) {
        settings.put(settingOf(variable), value);
      }
    });
    settings.putAll(flags);
    return of(settings);
  }

  /** Every setting there is, in the order of the documentation. */
  public static List<ConfigKey<?>> keys() {
    return List.copyOf(KEYS.values());
  }

  /** The environment variable of a setting. */
  public static String environmentVariable(ConfigKey<?> key) {
    return ENVIRONMENT_PREFIX + key.name().toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** The value of a setting; null where it has no default and is not given. */
  @SuppressWarnings("unchecked")
  public <T> T get(ConfigKey<T> key) {
    return (T) parsed.get(key.name());
  }

  /** Where and how packets are saved; without a folder they are not. */
  public SaveSettings save() {
    String folder = get(SAVE_DIR);
    return new SaveSettings(
        folder == null ? null : Path.of(folder),
        get(SAVE_CONTENT),
        get(SAVE_MAX_BYTES),
        get(SAVE_FILES),
        get(SAVE_ROTATE_BYTES),
        get(SAVE_ROTATE_SECONDS),
        get(SAVE_QUEUE),
        SaveSettings.FOR_EVER);
  }

  /** Where and how the most recent packets are kept; without a folder they are not. */
  public SaveSettings recent() {
    String folder = get(RECENT_DIR);
    return Ring.settings(
        folder == null ? null : Path.of(folder), get(RECENT_BYTES), get(RECENT_AGE));
  }

  /** Settings for the Kafka client, without their prefix. */
  public Map<String, String> kafka() {
    return Map.copyOf(kafka);
  }

  /**
   * The topics of these settings.
   *
   * @throws io.sidewire.schemas.RegistryException where a schema registry is named and cannot be used
   */
  public Topics topics() {
    return Topics.withPrefix(
        get(TOPIC_PREFIX), WireFormat.of(get(SCHEMA_REGISTRY), Map.copyOf(registry)));
  }

  /** The same with one setting changed. */
  public CaptureConfig with(ConfigKey<?> key, String value) {
    var changed = new HashMap<>(given);
    changed.put(key.name(), value);
    return of(changed);
  }

  private static <T> T parse(ConfigKey<T> key, String text) {
    String value = text == null ? key.fallback() : text.strip();
    try {
      return key.parser().apply(value);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw problem(key.name() + "=" + value + ": " + e.getMessage());
    }
  }

  private static Map<String, String> read(Path file) {
    var properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new CaptureException(
          CaptureException.Kind.CONFIG,
          "settings file " + file + " cannot be read (" + FileFault.reason(e) + ")",
          e);
    } catch (IllegalArgumentException e) {
      throw problem("settings file " + file + " is no properties file: " + e.getMessage());
    }
    var out = new HashMap<String, String>();
    properties.stringPropertyNames().forEach(name -> out.put(name, properties.getProperty(name)));
    return out;
  }

  /** SIDEWIRE_CAPTURE_KAFKA_SECURITY_PROTOCOL is kafka.security.protocol; names of our own have dashes. */
  private static String settingOf(String variable) {
    String name = variable.substring(ENVIRONMENT_PREFIX.length()).toLowerCase(Locale.ROOT);
    String own = name.replace('_', '-');
    boolean passedOn = name.startsWith("kafka_") || name.startsWith("apicurio_");
    return KEYS.containsKey(own) || !passedOn ? own : name.replace('_', '.');
  }

  private static CaptureException problem(String message) {
    return new CaptureException(CaptureException.Kind.CONFIG, message);
  }

  private static <T> ConfigKey<T> key(
      String name, String fallback, String description, java.util.function.Function<String, T> p) {
    var key = new ConfigKey<>(name, fallback, description, p);
    KEYS.put(name, key);
    return key;
  }
}
