package io.sidewire.query.store;

import java.util.Properties;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;

/**
 * Sends dead letters beside the writing thread. Its producer begins with the first one, so that a healthy replica has
 * none; past a short queue letters are only counted and logged.
 */
final class DeadLetterSender implements Consumer<ProducerRecord<byte[], byte[]>>, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(DeadLetterSender.class);
  private static final int QUEUE = 256;

  private final Properties properties;
  private final ThreadPoolExecutor worker = new ThreadPoolExecutor(
      0,
      1,
      10,
      TimeUnit.SECONDS,
      new LinkedBlockingQueue<>(QUEUE),
      task -> {
        var thread = new Thread(task, "sidewire-dead-letters");
        thread.setDaemon(true);
        return thread;
      },
      (task, pool) -> LOG.warn("Dead letter not sent: too many at once"));

  private KafkaProducer<byte[], byte[]> producer;

  DeadLetterSender(Properties client) {
    properties = client;
    properties.put("acks", "all");
    properties.put("max.block.ms", "5000");
    properties.put("delivery.timeout.ms", "30000");
    properties.put("request.timeout.ms", "10000");
    properties.put("enable.metrics.push", "false");
  }

  @Override
  public void accept(ProducerRecord<byte[], byte[]> letter) {
    worker.execute(() -> send(letter));
  }

  private void send(ProducerRecord<byte[], byte[]> letter) {
    try {
      if (producer == null) {
        producer =
            new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
      }
      producer.send(letter, (sent, e) -> {
        if (e != null) {
          LOG.warnf("Dead letter not sent: %s", e.getClass().getSimpleName());
        }
      });
    } catch (KafkaException e) {
      LOG.warnf("Dead letter not sent: %s", e.getClass().getSimpleName());
    }
  }

  @Override
  public void close() throws InterruptedException {
    worker.shutdown();
    if (worker.awaitTermination(2, TimeUnit.SECONDS) && producer != null) {
      producer.close(java.time.Duration.ofSeconds(1));
    }
  }
}
