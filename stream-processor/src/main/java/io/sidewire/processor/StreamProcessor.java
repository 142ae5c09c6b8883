package io.sidewire.processor;

import io.sidewire.processor.step.LaterStateException;
import io.sidewire.processor.step.Quarantine;
import io.sidewire.processor.step.UnwritableRows;
import io.sidewire.schemas.PromptAdmin;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running topology: started once, closed once. The topics must exist. */
public final class StreamProcessor implements AutoCloseable {
  private static final int POLL_MILLIS = 40;
  private static final Logger LOG = LoggerFactory.getLogger(StreamProcessor.class);
  private static final Duration CLOSE = Duration.ofSeconds(10);
  private static final long REPLACE_MILLIS = 1_000;
  /** Kafka Streams' {@code transaction.timeout.ms} where exactly-once is on. */
  private static final long TRANSACTION_MILLIS = 10_000;
  /** Transaction timeouts after which an open transaction is looked at again. */
  private static final int LOOKS = 3;

  private final ProcessorCounters counters = new ProcessorCounters();
  private final List<Consumer<KafkaStreams.State>> listeners = new CopyOnWriteArrayList<>();
  private final LiveRules rules;
  private final KafkaStreams streams;
  private final HangingTransactions hanging;

  private StreamProcessor(StreamConfig config) {
    Properties properties = properties(config, counters);
    rules = LiveRules.of(config.rules());
    var topology = new TrafficTopology(config, rules, counters).build(properties);
    streams = new KafkaStreams(topology, properties);
    streams.setStateListener((to, from) -> listeners.forEach(listener -> listener.accept(to)));
    streams.setUncaughtExceptionHandler(StreamProcessor::afterFault);
    hanging = new HangingTransactions(
        admin(config),
        config.get(StreamConfig.APPLICATION_ID),
        config.outputTopics().all(),
        LOOKS * transactionMillis(properties),
        counters);
  }

  private static StreamThreadExceptionResponse afterFault(Throwable fault) {
    if (fault.getCause() instanceof MissingSourceTopicException) {
      LOG.error("the packets topic is missing: create the topics first", fault);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    LaterStateException later = LaterStateException.behind(fault);
    if (later != null) {
      LOG.error("{}. Nothing was changed", later.getMessage());
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    LOG.error("a stream thread failed and is replaced", fault);
    try {
      Thread.sleep(REPLACE_MILLIS); // a fault that stays must not spin
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  /** Starts with settings by the names of {@link StreamConfig}. */
  public static StreamProcessor start(Properties settings) {
    return start(StreamConfig.of(settings));
  }

  public static StreamProcessor start(StreamConfig config) {
    var processor = new StreamProcessor(config);
    processor.streams.start();
    return processor;
  }

  /** Properties that Kafka Streams runs with. */
  static Properties properties(StreamConfig config, ProcessorCounters counters) {
    var properties = new Properties();
    set(properties, StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.get(StreamConfig.KAFKA));
    set(properties, StreamsConfig.APPLICATION_ID_CONFIG, config.get(StreamConfig.APPLICATION_ID));
    set(properties, StreamsConfig.STATE_DIR_CONFIG, config.stateDir());
    set(properties, StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
    set(properties, StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    set(
        properties,
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
        config.commitInterval().toMillis());
    set(properties, StreamsConfig.GROUP_PROTOCOL_CONFIG, config.get(StreamConfig.GROUP_PROTOCOL));
    set(properties, StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0); // see step.KeptStore
    set(properties, StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    set(
        properties,
        StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG,
        RocksDbMemory.class.getName());
    set(properties, RocksDbMemory.BYTES, config.rocksDbBytes());
    set(
        properties,
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
        Quarantine.class.getName());
    set(
        properties,
        StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG,
        UnwritableRows.class.getName());
    set(properties, Quarantine.TOPIC, config.outputTopics().deadLetters().name());
    properties.put(Quarantine.COUNTERS, counters);
    // A commit that is due waits for the poll before it: this much later at most. Idle polls cost
    // nothing to speak of.
    set(properties, StreamsConfig.POLL_MS_CONFIG, POLL_MILLIS);
    set(properties, "auto.offset.reset", "earliest");
    set(properties, StreamsConfig.producerPrefix("compression.type"), "lz4");
    set(properties, StreamsConfig.producerPrefix("max.request.size"), 4 << 20);
    set(properties, StreamsConfig.consumerPrefix("max.poll.records"), 2000);
    if (config.get(StreamConfig.GROUP_PROTOCOL).equals("classic")) {
      set(properties, StreamsConfig.consumerPrefix("session.timeout.ms"), 6000);
    }
    properties.putAll(config.kafka());
    return properties;
  }

  /** For what Kafka Streams does not do itself. */
  static Admin admin(StreamConfig config) {
    var properties = new HashMap<String, Object>(config.kafka());
    properties.put("bootstrap.servers", config.get(StreamConfig.KAFKA));
    return new PromptAdmin(properties);
  }

  private static long transactionMillis(Properties properties) {
    String set = properties.getProperty(
        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG));
    return set == null ? TRANSACTION_MILLIS : Long.parseLong(set.strip());
  }

  public ProcessorCounters counters() {
    return counters;
  }

  public KafkaStreams.State state() {
    return streams.state();
  }

  /** True where records are worked on, or would be. */
  public boolean isRunning() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** False once it can no longer recover by itself. */
  public boolean isAlive() {
    return switch (streams.state()) {
      case ERROR, PENDING_ERROR, NOT_RUNNING -> false;
      default -> true;
    };
  }

  /** Tells each change of state from now on. */
  public void onState(Consumer<KafkaStreams.State> listener) {
    listeners.add(listener);
  }

  /** Metrics of Kafka Streams and its clients. */
  public Map<MetricName, ? extends Metric> metrics() {
    return streams.metrics();
  }

  /** Commits and stops; leaves the group, so that others take over at once. */
  @Override
  public void close() {
    rules.close();
    hanging.close();
    boolean stopped = streams.close(CloseOptions.timeout(CLOSE)
        .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    if (!stopped) {
      LOG.warn("the stream threads did not stop within {} s", CLOSE.toSeconds());
    }
  }

  private static void set(Properties properties, String name, Object value) {
    properties.put(name, String.valueOf(value));
  }
}
