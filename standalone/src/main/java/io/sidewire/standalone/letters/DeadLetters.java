package io.sidewire.standalone.letters;

import io.sidewire.schemas.Topics;
import io.sidewire.standalone.Fault;
import io.sidewire.standalone.broker.Brokers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The dead letters of one deployment: read from the oldest to what is there now, and sent back. */
public final class DeadLetters {
  /** Header of a record that was sent back: where its dead letter lies. */
  public static final String REDRIVEN = "sidewire.redriven";
  /** Keeps in Kafka how far letters were sent back. */
  static final String GROUP = "sidewire-redrive";

  private static final Duration POLL = Duration.ofMillis(200);
  private static final String TIMEOUT_MILLIS = "10000";

  private final String kafka;
  private final Topics topics;

  public DeadLetters(String kafka, Topics topics) {
    this.kafka = kafka;
    this.topics = topics;
  }

  /** What became of a redrive. */
  public record Redriven(long sent, long left) {}

  /** Tells each letter, oldest first within a partition. */
  public void each(Consumer<DeadLetter> use) {
    try (var consumer = consumer()) {
      List<TopicPartition> partitions = partitions(consumer);
      consumer.seekToBeginning(partitions);
      read(consumer, consumer.endOffsets(partitions), use);
    } catch (KafkaException e) {
      throw Brokers.unreachable(kafka, e);
    }
  }

  /**
   * Sends packets back to their topic, under the same key and so to the same partition; the processor lets in what was
   * missing and knows what it had. Records of derived topics are left: they are made again from the packets.
   *
   * @param again from the oldest letter; else from where the last redrive ended
   * @param refused told of each letter that is left
   */
  public Redriven redrive(boolean again, Consumer<DeadLetter> refused) throws InterruptedException {
    try (var consumer = consumer();
        var producer = producer()) {
      List<TopicPartition> partitions = partitions(consumer);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      begin(consumer, partitions, again);
      long[] counts = {0, 0};
      read(consumer, ends, letter -> {
        if (letter.origin() != null
            && letter.origin().topic().equals(topics.packets().name())) {
          sendBack(producer, letter);
          counts[0]++;
        } else {
          refused.accept(letter);
          counts[1]++;
        }
      });
      producer.flush();
      var done = new HashMap<TopicPartition, OffsetAndMetadata>();
      ends.forEach((partition, end) -> done.put(partition, new OffsetAndMetadata(end)));
      consumer.commitSync(done);
      return new Redriven(counts[0], counts[1]);
    } catch (KafkaException e) {
      throw Brokers.unreachable(kafka, e);
    }
  }

  private static void begin(
      KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, boolean again) {
    consumer.seekToBeginning(partitions);
    if (again) {
      return;
    }
    Map<TopicPartition, Long> oldest = consumer.beginningOffsets(partitions);
    consumer.committed(new java.util.HashSet<>(partitions)).forEach((partition, offset) -> {
      if (offset != null && offset.offset() > oldest.get(partition)) {
        consumer.seek(partition, offset.offset());
      }
    });
  }

  private void sendBack(KafkaProducer<byte[], byte[]> producer, DeadLetter letter) {
    var record = new ProducerRecord<>(letter.origin().topic(), letter.key(), letter.value());
    record.headers().add(REDRIVEN, letter.at().toString().getBytes(StandardCharsets.UTF_8));
    try {
      producer.send(record).get(); // in order, and no letter counts as sent back before it is
    } catch (ExecutionException e) {
      throw Brokers.unreachable(kafka, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Brokers.unreachable(kafka, e);
    }
  }

  private static void read(
      KafkaConsumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> ends,
      Consumer<DeadLetter> use) {
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      consumer.poll(POLL).forEach(record -> {
        if (record.offset() < ends.get(new TopicPartition(record.topic(), record.partition()))) {
          use.accept(DeadLetter.of(record));
        }
      });
    }
  }

  private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
    String topic = topics.deadLetters().name();
    List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .toList();
    if (partitions.isEmpty()) {
      throw new Fault(
          Fault.UNREACHABLE,
          "Kafka at " + kafka + " has no topic " + topic
              + ": create the topics with ./sidewire topics create, or name another --prefix.",
          null);
    }
    consumer.assign(partitions);
    return partitions;
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            kafka,
            ConsumerConfig.CLIENT_ID_CONFIG,
            "sidewire-dead-letters",
            ConsumerConfig.GROUP_ID_CONFIG,
            GROUP,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            TIMEOUT_MILLIS,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            kafka,
            ProducerConfig.CLIENT_ID_CONFIG,
            "sidewire-dead-letters",
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            TIMEOUT_MILLIS,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            4 << 20),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
