package io.sidewire.processor;

import io.sidewire.rules.RulesException;
import io.sidewire.schemas.RegistryException;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TopicsAdmin;
import io.sidewire.schemas.TransactionVersion;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The processor as a service of its own: the topology, or the creation of its topics. */
public final class StreamMain {
  private static final int USAGE = 2;
  private static final int UNREACHABLE = 4;
  private static final int FAULT = 70;

  private StreamMain() {}

  public static void main(String[] arguments) {
    quietKafka();
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(arguments, System.getenv(), out, err));
  }

  /** Kafka's clients tell of every setting and rebalance; a service says what matters, unless asked for more. */
  private static void quietKafka() {
    String level = "org.slf4j.simpleLogger.log.org.apache.kafka";
    if (System.getProperty(level) == null) {
      System.setProperty(level, "warn");
      // A transaction that must wait for the one before it is retried, and is no news.
      System.setProperty(level + ".clients.producer.internals.Sender", "error");
    }
  }

  /** Runs until stopped; the answer is the exit code. */
  static int run(
      String[] arguments, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    var line = new CommandLine(spec()).setOut(out).setErr(err);
    try {
      ParseResult result = line.parseArgs(arguments);
      Integer help = CommandLine.executeHelpRequest(result);
      if (help != null) {
        return help;
      }
      ParseResult part = result.hasSubcommand() ? result.subcommand() : result;
      StreamConfig config = config(part, environment);
      return part == result ? process(config) : createTopics(config, part, out);
    } catch (CommandLine.ParameterException e) {
      err.println("sidewire-processor: " + e.getMessage() + ". --help lists the settings.");
      return USAGE;
    } catch (StreamConfig.InvalidSetting | RulesException e) {
      err.println("sidewire-processor: " + e.getMessage());
      return USAGE;
    } catch (IllegalStateException | RegistryException e) {
      err.println("sidewire-processor: " + e.getMessage());
      return UNREACHABLE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAULT;
    }
  }

  private static int process(StreamConfig config) throws InterruptedException {
    Topics out = config.outputTopics();
    out.learnSchemas(out.flows(), out.exchanges(), out.interactions(), out.traffic(), out.hosts());
    createOutputs(config);
    var ended = new CountDownLatch(1);
    try (var processor = StreamProcessor.start(config);
        var health = health(config, processor)) {
      processor.onState(state -> {
        if (state == KafkaStreams.State.ERROR || state == KafkaStreams.State.NOT_RUNNING) {
          ended.countDown();
        }
      });
      Runtime.getRuntime().addShutdownHook(new Thread(processor::close, "sidewire-stop"));
      ended.await();
      return processor.state() == KafkaStreams.State.ERROR ? FAULT : 0;
    }
  }

  private static HealthServer health(StreamConfig config, StreamProcessor processor) {
    String bind = config.get(StreamConfig.HEALTH_BIND);
    return bind.equals("off")
        ? null
        : HealthServer.open(
            bind, processor::isAlive, processor::isRunning, () -> MetricsText.of(processor));
  }

  /** Topics under an output prefix of their own: as many partitions as the packets have. */
  private static void createOutputs(StreamConfig config) throws InterruptedException {
    Topics outputs = config.outputTopics();
    if (outputs.prefix().equals(config.topics().prefix())) {
      return;
    }
    try (Admin admin = StreamProcessor.admin(config)) {
      TopicsAdmin.createOutputs(admin, config.topics(), outputs);
    }
  }

  private static int createTopics(StreamConfig config, ParseResult options, PrintWriter out)
      throws InterruptedException {
    int partitions = options.matchedOptionValue("--partitions", 12);
    short replication = options.matchedOptionValue("--replication", (short) -1);
    Topics topics = config.topics();
    try (Admin admin = StreamProcessor.admin(config)) {
      TopicsAdmin.create(admin, topics, partitions, replication, Map.of())
          .forEach((topic, state) -> out.println(topic + " " + words(state, partitions)));
      Short level = options.matchedOptionValue("--transaction-version", (Short) null);
      if (level != null && TransactionVersion.atMost(admin, level)) {
        out.println(TransactionVersion.FEATURE + " lowered to " + level);
      }
    }
    return 0;
  }

  private static String words(TopicsAdmin.State state, int partitions) {
    return switch (state) {
      case CREATED -> "created, " + partitions + " partitions";
      case EXISTS -> "exists";
      case OTHER_PARTITIONS -> "exists with other partitions than " + partitions + ", left alone";
    };
  }

  private static StreamConfig config(ParseResult options, Map<String, String> environment) {
    var flags = new HashMap<String, String>();
    for (StreamConfig.Key key : StreamConfig.keys()) {
      if (options.hasMatchedOption("--" + key.name())) {
        flags.put(key.name(), options.matchedOptionValue("--" + key.name(), ""));
      }
    }
    Map<String, String> kafka = options.matchedOptionValue("-K", Map.of());
    kafka.forEach((name, value) -> flags.put("kafka." + name, value));
    return StreamConfig.load(
        options.matchedOptionValue("--config", (Path) null), environment, flags);
  }

  private static CommandSpec spec() {
    CommandSpec spec = settings("sidewire-processor");
    spec.usageMessage()
        .description("Turns packets on Kafka into flows, exchanges, interactions and traffic rows.")
        .footer(
            "",
            "Each setting can also stand in the --config file by its name, or in the environment:",
            "SIDEWIRE_PROCESSOR_STATE_DIR is state-dir. Flags beat the environment, which beats the"
                + " file.",
            "Exit codes: 0 ended as asked, 2 wrong usage or setting, 4 Kafka not reachable, 70"
                + " internal fault.");
    CommandSpec topics = settings("topics");
    topics.usageMessage().description("Creates the topics that are missing, and ends.");
    topics.addOption(OptionSpec.builder("--partitions")
        .paramLabel("N")
        .type(int.class)
        .description("Partitions of each topic; fixed at creation (default: 12).")
        .build());
    topics.addOption(OptionSpec.builder("--replication")
        .paramLabel("N")
        .type(short.class)
        .description("Replicas of each partition (default: the broker's).")
        .build());
    topics.addOption(OptionSpec.builder("--transaction-version")
        .paramLabel("N")
        .type(Short.class)
        .description("Lowers the cluster's transaction.version to N, for all its users; see"
            + " docs/operations.md (default: left alone).")
        .build());
    spec.addSubcommand("topics", topics);
    return spec;
  }

  private static CommandSpec settings(String name) {
    CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
    String version = StreamMain.class.getPackage().getImplementationVersion();
    spec.version("sidewire-processor " + (version == null ? "(not packaged)" : version));
    spec.addOption(OptionSpec.builder("--config")
        .paramLabel("FILE")
        .type(Path.class)
        .description("Properties file with settings.")
        .build());
    spec.addOption(OptionSpec.builder("-K")
        .paramLabel("NAME=VALUE")
        .type(Map.class)
        .auxiliaryTypes(String.class, String.class)
        .description("Setting of Kafka: -K security.protocol=SSL is kafka.security.protocol.")
        .build());
    for (StreamConfig.Key key : StreamConfig.keys()) {
      String fallback = key.fallback().isEmpty() ? "" : " (default: " + key.fallback() + ")";
      spec.addOption(OptionSpec.builder("--" + key.name())
          .paramLabel("VALUE")
          .type(String.class)
          .description((key.description() + fallback + ".").replace("%", "%%"))
          .build());
    }
    return spec;
  }
}
