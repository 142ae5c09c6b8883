package io.sidewire.capture;

import io.sidewire.capture.CaptureCounters.Count;
import io.sidewire.capture.CaptureException.Kind;
import io.sidewire.schemas.Keys;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.RegistryException;
import io.sidewire.schemas.Topic;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.Unflowed;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes batches on the packets topic, each once and in order, as long as Kafka answers in time.
 *
 * <p>What waits for Kafka is bounded. When that bound is reached, a capture file waits and a live capture drops batches,
 * counts their packets, and leaves a gap in the sequence that readers see. Ticks have room of their own, and what an
 * undelivered tick told of the capture's health is told again by the next.
 */
public final class KafkaSink implements BatchSink {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaSink.class);
  private static final double TICK_RESERVE = 0.1;
  private static final long SAY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long PAUSE_MILLIS = 200;
  /** How long a live capture that was stopped waits for what Kafka has not taken yet. */
  private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Producer<String, byte[]> producer;
  private final Topic<String, PacketBatch> topic;
  private final boolean live;
  private final long limitBytes;
  private final CaptureCounters counters;

  private long inFlightBytes;
  /** When Kafka last took something, or had nothing to take. */
  private long answered = System.nanoTime();

  private long failedBatches;
  private long failedPackets;
  private String firstFailure;
  private long said = System.nanoTime() - SAY_NANOS;

  /** @param live a full buffer drops, instead of waiting */
  KafkaSink(
      Producer<String, byte[]> producer,
      Topic<String, PacketBatch> topic,
      boolean live,
      long limitBytes,
      CaptureCounters counters) {
    this.producer = producer;
    this.topic = topic;
    this.live = live;
    this.limitBytes = limitBytes;
    this.counters = counters;
  }

  /**
   * Connects to the Kafka of the settings.
   *
   * @param live a full buffer drops, instead of waiting
   * @throws CaptureException where it cannot be reached or has not the topic, naming the fix
   */
  public static KafkaSink open(CaptureConfig config, boolean live, CaptureCounters counters) {
    Topic<String, PacketBatch> topic = topic(config);
    KafkaSettings.check(config, topic.name());
    try {
      var producer = new KafkaProducer<>(
          KafkaSettings.producer(config), new StringSerializer(), new ByteArraySerializer());
      var sink =
          new KafkaSink(producer, topic, live, config.get(CaptureConfig.KAFKA_BUFFER), counters);
      sink.learnPartitions(config.get(CaptureConfig.KAFKA_PATIENCE));
      return sink;
    } catch (KafkaException e) {
      throw KafkaSettings.explain(config, e);
    }
  }

  private static Topic<String, PacketBatch> topic(CaptureConfig config) {
    try {
      Topics topics = config.topics();
      topics.learnSchemas(topics.packets());
      return topics.packets();
    } catch (RegistryException e) {
      throw new CaptureException(Kind.BROKER, e.getMessage(), e);
    }
  }

  /** Addresses of the brokers as {@code host:port}, for {@link OwnTraffic}. */
  public Set<String> brokers() {
    var out = new LinkedHashSet<String>();
    try {
      for (PartitionInfo partition : producer.partitionsFor(topic.name())) {
        for (Node node : partition.replicas()) {
          out.add(node.host() + ":" + node.port());
        }
      }
    } catch (KafkaException e) {
      LOG.debug("brokers not known now: {}", e.getClass().getSimpleName());
    }
    return out;
  }

  @Override
  public void send(PacketBatch batch) {
    byte[] value = topic.value().serializer().serialize(topic.name(), batch);
    counters.add(Count.BATCH_BYTES_SENT, value.length);
    if (!admit(batch, value.length)) {
      return;
    }
    String key = Keys.packets(batch.getHost(), batch.getShard());
    // The callback may come much later and must not hold the batch.
    long packets = packetsOf(batch);
    var health = batch.getTick() == null ? null : batch.getTick().getHealth();
    try {
      give(new ProducerRecord<>(topic.name(), key, value), (metadata, failure) -> {
        if (failure == null) {
          delivered();
        } else {
          failed(packets, failure.getMessage());
          if (health != null) {
            counters.giveBack(health);
          }
        }
        release(value.length);
      });
    } catch (KafkaException e) {
      // Not accepted at all, so there is no callback.
      failed(packets, e.getMessage());
      if (health != null) {
        counters.giveBack(health);
      }
      release(value.length);
    }
  }

  /** Hands a record to the client; of a capture file, again until the client takes it. */
  private void give(ProducerRecord<String, byte[]> record, Callback whenDone) {
    long since = System.nanoTime();
    while (true) {
      try {
        producer.send(record, whenDone);
        return;
      } catch (TimeoutException e) {
        if (live) {
          throw e;
        }
        synchronized (this) {
          pause("waiting for Kafka, which is gone", since);
        }
      }
    }
  }

  @Override
  public void flush() {
    long since = System.nanoTime();
    synchronized (this) {
      while (inFlightBytes > 0 && (!live || System.nanoTime() - since < STOP_NANOS)) {
        pause("waiting for Kafka to take what is left", since);
      }
      if (!live && failedBatches > 0) {
        throw undelivered();
      }
    }
  }

  private CaptureException undelivered() {
    return new CaptureException(
        Kind.BROKER,
        failedBatches + " batches (" + failedPackets + " packets) were not delivered to Kafka: "
            + firstFailure);
  }

  @Override
  public void close() {
    producer.close(Duration.ofNanos(inFlight() == 0 ? STOP_NANOS : 0));
  }

  /** Makes room for a batch, or does without it: false. */
  private synchronized boolean admit(PacketBatch batch, int bytes) {
    if (!live && failedBatches > 0) {
      // What came after a hole would make the hole lasting: a second run could not fill it.
      throw undelivered();
    }
    boolean tick = batch.getTick() != null;
    long limit = tick ? limitBytes : (long) (limitBytes * (1 - TICK_RESERVE));
    long since = System.nanoTime();
    while (inFlightBytes > 0 && inFlightBytes + bytes > limit) {
      if (live) {
        failed(packetsOf(batch), "the buffer for Kafka is full");
        if (tick && batch.getTick().getHealth() != null) {
          counters.giveBack(batch.getTick().getHealth());
        }
        return false;
      }
      pause("waiting for Kafka, which is slow or gone", since);
    }
    long silent = System.nanoTime() - answered;
    if (inFlightBytes == 0) {
      answered = System.nanoTime();
    } else if (silent >= SAY_NANOS) {
      say("Kafka has taken nothing for " + TimeUnit.NANOSECONDS.toSeconds(silent) + " s; "
          + inFlightBytes + " bytes wait for it");
    }
    inFlightBytes += bytes;
    return true;
  }

  private synchronized long inFlight() {
    return inFlightBytes;
  }

  private synchronized void delivered() {
    answered = System.nanoTime();
    counters.add(Count.BATCHES_DELIVERED, 1);
  }

  private synchronized void release(int bytes) {
    inFlightBytes -= bytes;
    notifyAll();
  }

  private synchronized void failed(long packets, String reason) {
    failedBatches++;
    failedPackets += packets;
    firstFailure = firstFailure == null ? reason : firstFailure;
    counters.add(Count.BATCHES_FAILED, 1);
    counters.add(Count.DROPPED_BEFORE_KAFKA, packets);
    say("batches are lost before Kafka (" + failedPackets + " packets until now): " + reason);
  }

  /** Waits a little; after a while says why, for whoever wonders what goes on. */
  private void pause(String why, long since) {
    try {
      wait(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CaptureException(Kind.FAILURE, "interrupted while " + why, e);
    }
    if (System.nanoTime() - since >= SAY_NANOS) {
      say(why);
    }
  }

  private void say(String what) {
    if (System.nanoTime() - said >= SAY_NANOS) {
      said = System.nanoTime();
      LOG.warn("{}", what);
    }
  }

  /** The first send must not wait for what Kafka knows of the topic. */
  private void learnPartitions(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        producer.partitionsFor(topic.name());
        return;
      } catch (TimeoutException e) {
        if (System.nanoTime() - deadline >= 0) {
          producer.close(Duration.ZERO);
          throw e;
        }
      }
    }
  }

  private static long packetsOf(PacketBatch batch) {
    long packets = 0;
    if (batch.getVolume() != null) {
      packets = batch.getVolume().getPacketsToServer() + batch.getVolume().getPacketsToClient();
    }
    for (Unflowed unflowed : batch.getUnflowed()) {
      packets += unflowed.getPackets();
    }
    return packets;
  }
}
