package io.sidewire.standalone.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sidewire.schemas.Topic;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TopicsAdmin;
import io.sidewire.standalone.Fault;
import io.sidewire.standalone.broker.Brokers;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.avro.Schema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The topics: what they hold, and their creation on a broker. */
@Command(
    name = "topics",
    description =
        "List the topics with key, value and settings; --schemas prints the Avro schemas.",
    subcommands = TopicsCommand.Create.class)
public final class TopicsCommand implements Callable<Integer> {
  @Mixin
  private Common common;

  @Option(
      names = "--prefix",
      defaultValue = Topics.DEFAULT_PREFIX,
      paramLabel = "PREFIX",
      description = "Prefix of all names (default: ${DEFAULT-VALUE}).")
  private String prefix;

  @Option(names = "--schemas", description = "Print each topic's Avro schema.")
  private boolean schemas;

  private final Terminal terminal;

  public TopicsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  private static final Map<String, String> KEYS = new LinkedHashMap<>();

  static {
    KEYS.put("packets", "host/shard");
    KEYS.put("flows", "flow id");
    KEYS.put("exchanges", "flow id");
    KEYS.put("interactions", "interaction id");
    KEYS.put("traffic", "host, dimensions, window");
    KEYS.put("hosts", "host, epoch, shard, window");
    KEYS.put("dead-letters", "original key");
  }

  @Override
  public Integer call() {
    Topics topics = Topics.withPrefix(prefix);
    var table = new Table("TOPIC", "KEY", "VALUE", "CLEANUP", ">KEPT");
    var lines = new JsonLines(terminal.out());
    for (Topic<?, ?> topic : topics.all()) {
      Schema schema = schema(topic);
      String key = KEYS.get(topic.name().substring(prefix.length()));
      if (common.json) {
        lines.line("topic", null, json -> {
          json.writeStringField("name", topic.name());
          json.writeStringField("key", key);
          json.writeStringField("value", schema == null ? null : schema.getFullName());
          json.writeObjectFieldStart("settings");
          for (var entry : new TreeMap<>(topic.settings()).entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
          }
          json.writeEndObject();
          if (schemas && schema != null) {
            json.writeFieldName("schema");
            json.writeRawValue(schema.toString());
          }
        });
      } else if (schemas) {
        terminal.out().println(terminal.paint("1", topic.name()));
        terminal
            .out()
            .println(schema == null ? "original bytes, reason in the headers" : pretty(schema));
      } else {
        table.row(
            topic.name(),
            key,
            schema == null ? "original bytes" : schema.getName(),
            topic.settings().get("cleanup.policy").replace(",", " + "),
            Units.micros(Long.parseLong(topic.settings().get("retention.ms")) * 1000));
      }
    }
    lines.flush();
    if (!table.isEmpty()) {
      table.print(terminal);
    }
    return 0;
  }

  private static String pretty(Schema schema) {
    try {
      return new ObjectMapper().readTree(schema.toString()).toPrettyString();
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Schema schema(Topic<?, ?> topic) {
    return topic.value() instanceof io.sidewire.schemas.AvroSerde<?> serde ? serde.schema() : null;
  }

  /** Creates the topics on a broker; the job that compose runs first. */
  @Command(
      name = "create",
      description =
          "Create the topics on a broker, with partitions, retention and cleanup set. What exists is left as it is.")
  public static final class Create implements Callable<Integer> {
    @Mixin
    private Common common;

    @Option(
        names = "--kafka",
        required = true,
        paramLabel = "HOST:PORT",
        description = "The broker, or several with commas.")
    private String kafka;

    @Option(
        names = "--prefix",
        defaultValue = Topics.DEFAULT_PREFIX,
        paramLabel = "PREFIX",
        description = "Prefix of all names (default: ${DEFAULT-VALUE}).")
    private String prefix;

    @Option(
        names = "--partitions",
        defaultValue = "12",
        description = "Partitions of each topic, fixed at creation (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
        names = "--replication",
        defaultValue = "-1",
        description = "Replicas of each partition (default: the broker's default).")
    private short replication;

    @Option(
        names = "--setting",
        paramLabel = "KEY=VALUE",
        description = "A topic setting that replaces the default, e.g. retention.bytes=1073741824.")
    private Map<String, String> settings = Map.of();

    private final Terminal terminal;

    public Create(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
      if (partitions < 1) {
        throw new Fault(Fault.USAGE, "--partitions must be 1 or more.");
      }
      Map<String, TopicsAdmin.State> states =
          Brokers.create(kafka, Topics.withPrefix(prefix), partitions, replication, settings);
      var lines = new JsonLines(terminal.out());
      boolean other = false;
      for (var entry : states.entrySet()) {
        other |= entry.getValue() == TopicsAdmin.State.OTHER_PARTITIONS;
        String state =
            entry.getValue().toString().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        if (common.json) {
          lines.line("topic", null, json -> {
            json.writeStringField("name", entry.getKey());
            json.writeStringField("state", state);
          });
        } else {
          terminal.out().println(entry.getKey() + ": " + state);
        }
      }
      lines.flush();
      if (other) {
        terminal
            .err()
            .println(
                "sidewire: some topics have other partitions than asked for; they are fixed at creation. Name another --prefix, or go on with what is there.");
        return Fault.INPUT;
      }
      return 0;
    }
  }
}
