package io.sidewire.processor;

import io.sidewire.processor.fold.Limits;
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
 * The settings of the processor, immutable. From strongest to weakest: flags, environment ({@code
 * SIDEWIRE_PROCESSOR_STATE_DIR} for {@code state-dir}), file, default. {@code kafka.*} goes to Kafka Streams and its
 * clients as it is, {@code apicurio.*} to the client of a schema registry; any other name that is not in the table is
 * refused.
 */
public final class StreamConfig {

  /** A setting: its name, its default as text, and what it does. */
  public record Key(String name, String fallback, String description) {}

  /** A setting that cannot be used; the message names it and the fix. */
  public static final class InvalidSetting extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidSetting(String message) {
      super(message);
    }
  }

  private static final Map<String, Key> KEYS = new LinkedHashMap<>();

  public static final Key KAFKA =
      key("kafka", "127.0.0.1:9092", "Kafka's bootstrap servers: host:port,host:port");
  public static final Key TOPIC_PREFIX =
      key("topic-prefix", "sidewire.", "Prefix of all topic names");
  public static final Key OUTPUT_PREFIX = key(
      "output-prefix",
      "",
      "Prefix of the topics that are written, where it differs; they are created where they are"
          + " missing");
  public static final Key SCHEMA_REGISTRY = key(
      "schema-registry",
      "",
      "URL of an Apicurio Registry: values in Confluent's wire format; default: none, single-object"
          + " encoding");
  public static final Key APPLICATION_ID = key(
      "application-id",
      Names.APPLICATION,
      "Consumer group and prefix of the changelog topics; another one reads all packets again");
  public static final Key STATE_DIR =
      key("state-dir", "/var/lib/sidewire/processor", "Folder of the stores, kept over restarts");
  public static final Key RULES = key(
      "rules", "", "Flow-type rules file, read again when it changes; default: the built-in rules");
  public static final Key THREADS =
      key("threads", "1", "Stream threads; one partition is worked on by one of them");
  public static final Key COMMIT_INTERVAL =
      key("commit-interval", "100ms", "Time between commits: what it adds to the age of results");
  public static final Key CACHE =
      key("cache", "16MiB", "State of all stores kept decoded on the heap until a commit, about");
  public static final Key ROCKSDB =
      key("rocksdb", "48MiB", "Block cache and write buffers of all stores together, off the heap");
  public static final Key GROUP_PROTOCOL =
      key("group-protocol", "streams", "streams, or classic for a broker before Kafka 4.2");
  public static final Key REQUEST_PATIENCE =
      key("request-patience", "5m", "A request without any answer is given up after this");
  public static final Key LATE_GRACE =
      key("late-grace", "60s", "Packets older than this count as late, and are still folded");
  public static final Key INTERACTION_IDLE =
      key("interaction-idle", "5s", "An interaction ends after this time without a call");
  public static final Key ROW_INTERVAL =
      key("row-interval", "250ms", "Time between tellings of the traffic rows that changed");
  public static final Key EPOCH_SILENCE =
      key("epoch-silence", "10m", "A capture that is silent for so long is taken for ended");
  public static final Key EPOCH_MEMORY =
      key("epoch-memory", "720h", "A capture file that is sent again is recognised for so long");
  public static final Key EPOCH_FILES =
      key("epoch-files", "10000", "Capture files that are recognised at most");
  public static final Key HEALTH_BIND = key(
      "health-bind",
      "127.0.0.1:7422",
      "Address of /health/live, /health/ready and /metrics; off: none");

  private static final String ENVIRONMENT_PREFIX = "SIDEWIRE_PROCESSOR_";
  private static final String KAFKA_PREFIX = "kafka.";
  private static final String REGISTRY_PREFIX = "apicurio.";

  private final Map<String, String> values;
  private final Map<String, String> kafka;
  private final Map<String, String> registry;
  private final Limits limits;
  private WireFormat wire;

  private StreamConfig(Map<String, String> given) {
    values = new HashMap<>();
    kafka = new TreeMap<>();
    registry = new TreeMap<>();
    KEYS.values().forEach(key -> values.put(key.name(), key.fallback()));
    given.forEach(this::take);
    limits = Limits.DEFAULT
        .withPatience(duration(REQUEST_PATIENCE))
        .withGrace(duration(LATE_GRACE))
        .withIdle(duration(INTERACTION_IDLE));
    validate();
  }

  /** All settings at their defaults. */
  public static StreamConfig defaults() {
    return new StreamConfig(Map.of());
  }

  /** @throws InvalidSetting for an unknown name or a value that cannot be used */
  public static StreamConfig of(Map<String, String> given) {
    return new StreamConfig(given);
  }

  /** @throws InvalidSetting for an unknown name or a value that cannot be used */
  public static StreamConfig of(Properties given) {
    var map = new HashMap<String, String>();
    given.stringPropertyNames().forEach(name -> map.put(name, given.getProperty(name)));
    return new StreamConfig(map);
  }

  /**
   * Settings of a process.
   *
   * @param file properties file, or null
   */
  public static StreamConfig load(
      Path file, Map<String, String> environment, Map<String, String> flags) {
    var given = new HashMap<String, String>();
    if (file != null) {
      var properties = new Properties();
      try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        properties.load(in);
      } catch (IOException | IllegalArgumentException e) {
        throw new InvalidSetting("settings file " + file + " cannot be read");
      }
      properties.stringPropertyNames().forEach(n -> given.put(n, properties.getProperty(n)));
    }
    environment.forEach((name, value) -> {
      if (name.startsWith(ENVIRONMENT_PREFIX)) {
        given.put(fromEnvironment(name), value);
      }
    });
    given.putAll(flags);
    return new StreamConfig(given);
  }

  public static List<Key> keys() {
    return List.copyOf(KEYS.values());
  }

  public String get(Key key) {
    return values.get(key.name());
  }

  public Topics topics() {
    return Topics.withPrefix(get(TOPIC_PREFIX), wire());
  }

  /**
   * How values stand on the topics; a schema registry is opened when this is first asked for.
   *
   * @throws io.sidewire.schemas.RegistryException where a registry is named and cannot be used
   */
  public synchronized WireFormat wire() {
    if (wire == null) {
      wire = WireFormat.of(get(SCHEMA_REGISTRY), registry);
    }
    return wire;
  }

  /** Topics that are written; the packets come from {@link #topics}. */
  public Topics outputTopics() {
    return get(OUTPUT_PREFIX).isEmpty() ? topics() : Topics.withPrefix(get(OUTPUT_PREFIX), wire());
  }

  public Limits limits() {
    return limits;
  }

  public Path stateDir() {
    return Path.of(get(STATE_DIR));
  }

  /** Null: the built-in rules. */
  public Path rules() {
    return get(RULES).isEmpty() ? null : Path.of(get(RULES));
  }

  public int threads() {
    return (int) number(THREADS, 1, 256);
  }

  public Duration commitInterval() {
    return duration(COMMIT_INTERVAL);
  }

  public Duration rowInterval() {
    return duration(ROW_INTERVAL);
  }

  public Duration epochSilence() {
    return duration(EPOCH_SILENCE);
  }

  public Duration epochMemory() {
    return duration(EPOCH_MEMORY);
  }

  public int epochFiles() {
    return (int) number(EPOCH_FILES, 1, 1_000_000);
  }

  public long cacheBytes() {
    return bytes(CACHE);
  }

  public long rocksDbBytes() {
    return bytes(ROCKSDB);
  }

  /** Properties that go to Kafka Streams as they are, without their prefix. */
  public Map<String, String> kafka() {
    return Map.copyOf(kafka);
  }

  private void take(String name, String value) {
    if (name.startsWith(KAFKA_PREFIX)) {
      kafka.put(name.substring(KAFKA_PREFIX.length()), value);
    } else if (name.startsWith(REGISTRY_PREFIX)) {
      registry.put(name, value);
    } else if (KEYS.containsKey(name)) {
      values.put(name, value.strip());
    } else {
      throw new InvalidSetting("no setting " + name + Nearest.hint(name, KEYS.keySet()));
    }
  }

  private void validate() {
    threads();
    epochFiles();
    cacheBytes();
    rocksDbBytes();
    List.of(COMMIT_INTERVAL, ROW_INTERVAL, EPOCH_SILENCE, EPOCH_MEMORY).forEach(this::duration);
    if (!List.of("streams", "classic").contains(get(GROUP_PROTOCOL))) {
      throw new InvalidSetting("group-protocol is streams or classic, not " + get(GROUP_PROTOCOL));
    }
    boolean other = !get(OUTPUT_PREFIX).isEmpty() && !get(OUTPUT_PREFIX).equals(get(TOPIC_PREFIX));
    if (other && get(APPLICATION_ID).equals(Names.APPLICATION)) {
      throw new InvalidSetting(
          "with an output-prefix of its own, another application-id is needed: else this takes the"
              + " work of the processor that writes " + get(TOPIC_PREFIX) + "*");
    }
    for (Key key : List.of(KAFKA, APPLICATION_ID, STATE_DIR)) {
      if (get(key).isEmpty()) {
        throw new InvalidSetting(key.name() + " must not be empty");
      }
    }
  }

  private Duration duration(Key key) {
    Duration value = Amounts.duration(get(key));
    if (value == null || value.isZero()) {
      throw new InvalidSetting(
          key.name() + " is a time such as 250ms, 5s, 10m or 24h, not " + get(key));
    }
    return value;
  }

  private long bytes(Key key) {
    long value = Amounts.bytes(get(key));
    if (value < 1 << 20) {
      throw new InvalidSetting(
          key.name() + " is a size of at least 1MiB such as 48MiB, not " + get(key));
    }
    return value;
  }

  private long number(Key key, long least, long most) {
    long value = Amounts.number(get(key));
    if (value < least || value > most) {
      throw new InvalidSetting(
          key.name() + " is a number from " + least + " to " + most + ", not " + get(key));
    }
    return value;
  }

  /** Kafka's properties have dots, ours dashes; the environment has neither. */
  private static String fromEnvironment(String name) {
    String rest = name.substring(ENVIRONMENT_PREFIX.length()).toLowerCase(Locale.ROOT);
    return rest.startsWith("kafka_") || rest.startsWith("apicurio_")
        ? rest.replace('_', '.')
        : rest.replace('_', '-');
  }

  private static Key key(String name, String fallback, String description) {
    var key = new Key(name, fallback, description);
    KEYS.put(name, key);
    return key;
  }
}
