package io.sidewire.query.store;

import io.sidewire.query.config.KafkaConfig;
import io.sidewire.query.config.QueryConfig;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TrafficWindow;
import io.sidewire.schemas.WireFormat;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jboss.logging.Logger;

/**
 * Runs the read model's Kafka Streams client for as long as the application runs: started in the background, started
 * again where it fails, closed at the end.
 */
@Singleton
public class StreamsEngine {
  private static final Logger LOG = Logger.getLogger(StreamsEngine.class);
  private static final long RETRY_MILLIS = 2_000;
  private static final long IDLE_MILLIS = 200;
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  private final QueryConfig config;
  private final KafkaConfig kafka;
  private final Topics topics;
  private WireFormat wire; // opened by the thread that reads, again and again where it fails
  private final DeadLetterSender deadLetters;
  private final Quarantine quarantine;
  private final Sweeper sweeper;
  private final Sums sums;
  private final News news;
  private final RestoreProgress progress = new RestoreProgress();
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile KafkaStreams streams;
  private volatile String trouble = "starting";
  /** The client that has read all there was and rolled it up. */
  private volatile KafkaStreams whole;

  private volatile Caretaker rolling;
  private Thread runner;

  @Inject
  public StreamsEngine(QueryConfig config, KafkaConfig kafka, Instance<News> news) {
    this.config = config;
    this.kafka = kafka;
    this.topics = Topics.withPrefix(kafka.topicPrefix());
    this.deadLetters = new DeadLetterSender(clientProperties(kafka));
    this.quarantine = new Quarantine(topics.deadLetters().name(), deadLetters);
    this.sweeper = sweeper(config);
    this.sums = new Sums(topics, config.cachedSums());
    this.news = new FanOut(news.stream().toList());
  }

  void start() {
    runner = new Thread(this::run, "sidewire-read-model");
    runner.setDaemon(true);
    runner.start();
  }

  void stop() throws InterruptedException {
    stop.countDown();
    KafkaStreams now = streams;
    if (now != null) {
      now.close(CLOSE_PATIENCE); // also ends a start that still reads the topics
    }
    if (runner != null) {
      runner.join(CLOSE_PATIENCE.toMillis());
    }
    deadLetters.close();
  }

  /** Reads a store, or throws {@link NotReadyException} while the replica is not whole. */
  public ReadOnlyKeyValueStore<Bytes, byte[]> store(String name) {
    KafkaStreams now = whole;
    if (now == null || now.state() != KafkaStreams.State.RUNNING) {
      throw new NotReadyException(status());
    }
    return now.store(
        StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.keyValueStore()));
  }

  public boolean ready() {
    KafkaStreams now = whole;
    return now != null && now.state() == KafkaStreams.State.RUNNING;
  }

  /** What it is doing, for people: ready, how far it has read, or why it cannot. */
  public String status() {
    if (ready()) {
      return "ready";
    }
    Caretaker busy = rolling;
    if (busy != null) {
      return "adding rows up: " + busy.waiting() + " parts of a day left";
    }
    String reading = progress.toString();
    return reading.isEmpty() ? trouble : reading;
  }

  public Quarantine quarantine() {
    return quarantine;
  }

  /** Bytes of all rows, as of the last time they were added up. */
  public long bytes() {
    return sweeper.bytes();
  }

  Sums sums() {
    return sums;
  }

  public Topics topics() {
    return topics;
  }

  private void run() {
    while (stop.getCount() > 0) {
      try {
        runOnce();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        trouble = describe(e);
        LOG.warnf("The read model stopped and starts again in 2 s: %s", trouble);
      }
      try {
        stop.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Until told to stop, or until the client gives up. */
  private void runOnce() throws InterruptedException {
    progress.clear();
    sums.clear();
    if (wire == null) {
      wire = wireFormat(kafka);
    }
    var upkeep = new Upkeep(quarantine, sweeper, sums, news, System.currentTimeMillis(), wire);
    var failed = new CountDownLatch(1);
    var stores = new OpenStores();
    try (var client = new KafkaStreams(
        ReadModelTopology.build(topics, upkeep, stores), properties(), GlobalConsumer.supplier())) {
      client.setGlobalStateRestoreListener(progress);
      client.setUncaughtExceptionHandler(e -> {
        trouble = describe(e);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
      });
      client.setStateListener((now, before) -> {
        if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
          failed.countDown();
        }
      });
      long begun = System.nanoTime();
      streams = client;
      client.start(); // returns when all rows are there
      Caretaker caretaker = upkeep.caretaker();
      caretaker.restored();
      rolling = caretaker;
      while (caretaker.work(System.currentTimeMillis()) && isGoingOn(failed, 0)) {
        // A long span is read from roll-ups as soon as there is an answer at all.
      }
      rolling = null;
      whole = client;
      LOG.infof("The read model is whole after %d ms", (System.nanoTime() - begun) / 1_000_000);
      boolean more = false;
      while (isGoingOn(failed, more ? 1 : IDLE_MILLIS)) {
        more = caretaker.work(System.currentTimeMillis());
      }
      client.close(CLOSE_PATIENCE);
    } finally {
      rolling = null;
      whole = null;
      streams = null;
      stores.closeLeft();
    }
  }

  private boolean isGoingOn(CountDownLatch failed, long millis) throws InterruptedException {
    return stop.getCount() > 0 && !failed.await(millis, TimeUnit.MILLISECONDS);
  }

  private Properties properties() {
    Properties properties = clientProperties(kafka);
    String instance = config.instance().orElseGet(StreamsEngine::hostName);
    properties.putIfAbsent("application.id", "sidewire-query-" + instance);
    properties.putIfAbsent("state.dir", config.stateDir().toAbsolutePath().toString());
    // Upserts need no more; exactly-once would wipe the state after each kill.
    properties.putIfAbsent("processing.guarantee", "at_least_once");
    properties.putIfAbsent("global.consumer.isolation.level", "read_committed");
    properties.putIfAbsent("global.consumer.fetch.max.wait.ms", "250");
    // An unreachable broker is said within seconds, and tried again by the loop here.
    properties.putIfAbsent("global.consumer.default.api.timeout.ms", "10000");
    properties.putIfAbsent("task.timeout.ms", "0");
    properties.putIfAbsent(
        "poll.ms", "250"); // how long a stop may take; what arrives is taken at once
    properties.putIfAbsent("commit.interval.ms", "10000");
    properties.putIfAbsent("statestore.cache.max.bytes", "0");
    properties.putIfAbsent("enable.metrics.push", "false");
    properties.putIfAbsent("rocksdb.config.setter", BoundedRocksDb.class.getName());
    properties.putIfAbsent(
        BoundedRocksDb.MEMORY, Long.toString(config.rocksdbMemory().asLongValue()));
    return properties;
  }

  /**
   * How values stand on the topics; stores hold single-object encoding.
   *
   * @throws io.sidewire.schemas.RegistryException where a registry is named and cannot be used
   */
  public static WireFormat wireFormat(KafkaConfig kafka) {
    return WireFormat.of(kafka.schemaRegistry().orElse(null), kafka.registryProperties());
  }

  /** What every Kafka client of this process gets. */
  public static Properties clientProperties(KafkaConfig kafka) {
    var properties = new Properties();
    properties.putAll(kafka.properties());
    properties.put("bootstrap.servers", kafka.bootstrapServers());
    return properties;
  }

  private static Sweeper sweeper(QueryConfig config) {
    long retention = config.retention().toMillis();
    Map<String, Long> byStore =
        Names.STORES.stream().collect(Collectors.toMap(name -> name, name -> retention));
    byStore.put(Names.INTERACTIONS, config.interactionRetention().toMillis());
    return new Sweeper(byStore, config.maxBytes().asLongValue(), 500);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("[^a-zA-Z0-9._-]", "_");
    } catch (UnknownHostException e) {
      return "local";
    }
  }

  private String describe(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    if (root instanceof TimeoutException) {
      return "Kafka at " + kafka.bootstrapServers()
          + " does not answer; is it running, and is sidewire.kafka.bootstrap-servers right?";
    }
    return root.getClass().getSimpleName()
        + (root.getMessage() == null ? "" : ": " + root.getMessage());
  }

  /** Tells all listeners. */
  record FanOut(List<News> listeners) implements News {
    @Override
    public void exchangeEnded(Exchange exchange) {
      listeners.forEach(listener -> listener.exchangeEnded(exchange));
    }

    @Override
    public void traffic(TrafficWindow before, TrafficWindow row) {
      listeners.forEach(listener -> listener.traffic(before, row));
    }

    @Override
    public void health(CaptureHealth before, CaptureHealth row, long arrived) {
      listeners.forEach(listener -> listener.health(before, row, arrived));
    }
  }
}
