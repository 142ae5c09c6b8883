package io.sidewire.query.live;

import io.quarkus.runtime.ShutdownEvent;
import io.sidewire.query.config.ApiConfig;
import io.sidewire.query.config.KafkaConfig;
import io.sidewire.query.live.LiveEvent.Kind;
import io.sidewire.query.store.StreamsEngine;
import io.sidewire.schemas.Topic;
import io.sidewire.schemas.Topics;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;

/**
 * Reads the newest records of the live topics while anyone listens: all partitions, without a group, and without
 * waiting for commits. What an aborted transaction leaves is corrected by the next record of the same id.
 *
 * <p>Without listeners there is no consumer and no thread; they begin with the first one and end a minute after the last.
 */
@Singleton
public class LiveReader {
  private static final Logger LOG = Logger.getLogger(LiveReader.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final long LINGER_NANOS = 60_000_000_000L;
  private static final long RETRY_MILLIS = 1_000;

  private final Properties properties;
  private final long heartbeatNanos;
  private final Map<String, Kind> kinds;
  private final KafkaConfig kafka;
  private Map<String, Topic<?, ? extends SpecificRecordBase>> topics;
  private final LiveFeed feed = new LiveFeed();
  private Thread thread;
  private boolean stopping;
  private boolean positioned;
  private KafkaConsumer<byte[], byte[]> consumer;

  @Inject
  public LiveReader(KafkaConfig kafka, ApiConfig api) {
    this.properties = StreamsEngine.clientProperties(kafka);
    properties.putIfAbsent("fetch.max.wait.ms", "1000");
    properties.putIfAbsent("enable.metrics.push", "false");
    properties.put("enable.auto.commit", "false");
    properties.put("auto.offset.reset", "latest");
    properties.put("isolation.level", "read_uncommitted");
    this.heartbeatNanos = api.liveHeartbeat().toNanos();
    this.kafka = kafka;
    Topics all = Topics.withPrefix(kafka.topicPrefix());
    this.kinds = Map.of(
        all.exchanges().name(), Kind.exchange,
        all.interactions().name(), Kind.interaction,
        all.flows().name(), Kind.flow);
  }

  /** @throws io.sidewire.schemas.RegistryException where a schema registry is named and cannot be used */
  private static Map<String, Topic<?, ? extends SpecificRecordBase>> topics(KafkaConfig kafka) {
    Topics all = Topics.withPrefix(kafka.topicPrefix(), StreamsEngine.wireFormat(kafka));
    return Map.of(
        all.exchanges().name(), all.exchanges(),
        all.interactions().name(), all.interactions(),
        all.flows().name(), all.flows());
  }

  /** Open live streams. */
  public int listeners() {
    return feed.listeners();
  }

  LiveFeed feed() {
    return feed;
  }

  /**
   * Makes sure that someone reads; true once what is published from now on will be heard.
   *
   * @param patienceMillis how long to wait for that
   */
  synchronized boolean wake(long patienceMillis) throws InterruptedException {
    if (thread == null && !stopping) {
      thread = new Thread(this::run, "sidewire-live");
      thread.setDaemon(true);
      thread.start();
    }
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    for (long left = patienceMillis; !positioned && left > 0; ) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
    return positioned;
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    Thread running;
    synchronized (this) {
      stopping = true;
      running = thread;
      if (consumer != null) {
        consumer.wakeup();
      }
    }
    if (running != null) {
      running.join(2_000);
    }
  }

  private void run() {
    try {
      while (!stopped()) {
        try {
          read();
        } catch (WakeupException e) {
          LOG.debug("The live reader was told to stop");
        } catch (KafkaException e) {
          LOG.warnf("The live stream is interrupted: %s", e.getClass().getSimpleName());
          TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** True at shutdown, and when nobody has listened for a while. */
  private synchronized boolean stopped() {
    return stopping || thread != Thread.currentThread();
  }

  private void read() {
    if (topics == null) {
      topics = topics(kafka);
    }
    try (var reader =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      synchronized (this) {
        consumer = reader;
      }
      List<TopicPartition> partitions = partitions(reader);
      reader.assign(partitions);
      reader.seekToEnd(partitions);
      partitions.forEach(reader::position); // seekToEnd alone would wait for the first poll
      positioned(true);
      long lastHeard = System.nanoTime();
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
          publish(record);
        }
        long now = System.nanoTime();
        feed.beat(now, heartbeatNanos);
        lastHeard = feed.listeners() > 0 ? now : lastHeard;
        if (leave(now - lastHeard > LINGER_NANOS)) {
          return;
        }
      }
    } finally {
      positioned(false);
      synchronized (this) {
        consumer = null;
      }
    }
  }

  private synchronized void positioned(boolean now) {
    positioned = now;
    notifyAll();
  }

  private synchronized boolean leave(boolean nobody) {
    if (stopping || (nobody && feed.listeners() == 0)) {
      thread = null; // one that comes now begins another thread
      return true;
    }
    return false;
  }

  private List<TopicPartition> partitions(KafkaConsumer<?, ?> reader) {
    var partitions = new ArrayList<TopicPartition>();
    for (String topic : topics.keySet()) {
      reader
          .partitionsFor(topic)
          .forEach(one -> partitions.add(new TopicPartition(one.topic(), one.partition())));
    }
    return partitions;
  }

  private void publish(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return;
    }
    try {
      SpecificRecordBase value =
          topics.get(record.topic()).value().deserializer().deserialize(null, record.value());
      feed.publish(kinds.get(record.topic()), value);
    } catch (SerializationException e) {
      LOG.debug("A record that the read model sends to dead-letters is not shown live");
    }
  }
}
