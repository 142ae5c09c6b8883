package io.sidewire.benchmarks.canary;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Records that nothing can decode, put on the packets topic by somebody else: half a batch of the capture's own, and two
 * with a secret in them. They stay what they are in that topic and in the dead letters; their content may turn up nowhere
 * else.
 */
final class Forged {
  private static final int RECORDS = 3;
  private static final int SCHEMA_HEAD = 10; // marker and fingerprint of single-object encoding
  private static final int LEAST_BATCH = 200;

  private final String kafka;
  private final Path secret;

  /** @param folder where the secret is written, outside of what Sidewire writes */
  Forged(String kafka, Path folder) throws IOException {
    this.kafka = kafka;
    this.secret = folder.resolve("forged.txt");
    Files.writeString(secret, "forged-canary-Zr7Qm2Vx9Lw4Tk1Hs8\n");
  }

  /** Sends them, and waits until they are dead letters. */
  boolean die(long seconds) throws IOException, ExecutionException, InterruptedException {
    byte[] batch = batch(seconds);
    String text = Files.readString(secret).strip();
    byte[] behindHead =
        ("\u0002" + text + " Authorization: Bearer " + text).getBytes(StandardCharsets.UTF_8);
    byte[] headed = Arrays.copyOf(batch, SCHEMA_HEAD + behindHead.length);
    System.arraycopy(behindHead, 0, headed, SCHEMA_HEAD, behindHead.length);
    byte[] json = ("{\"password\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);
    try (var producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", (Object) kafka),
        new ByteArraySerializer(),
        new ByteArraySerializer())) {
      for (byte[] value : List.of(Arrays.copyOf(batch, batch.length / 2), headed, json)) {
        producer
            .send(new ProducerRecord<>(
                "sidewire.packets", text.getBytes(StandardCharsets.UTF_8), value))
            .get();
      }
    }
    return awaitDead(seconds);
  }

  /** Looks for the secret in all that is neither that topic nor the dead letters, nor where the broker keeps them. */
  boolean keptIn(Path folder, Answers answers, Needles inAnswers) throws Exception {
    answers.all();
    CanaryTest.files(folder, inAnswers);
    TopicBytes.look(kafka, inAnswers);
    boolean inDead = inAnswers.found().containsKey("topic sidewire.dead-letters");
    inAnswers.found().keySet().removeIf(Forged::theirs);
    inAnswers
        .found()
        .forEach((where, what) -> System.out.println("FOUND in " + where + ": " + what));
    return Live.say(
        inDead && inAnswers.found().isEmpty(),
        "what somebody else put on the packets topic is in dead letters and nowhere else");
  }

  Needles needles() throws IOException {
    return Needles.of(secret);
  }

  private static boolean theirs(String where) {
    return where.matches("topic sidewire\\.(packets|dead-letters)")
        || where.matches("file .*/sidewire\\.(packets|dead-letters)-\\d+/.*");
  }

  /** A batch that a capture made. */
  private byte[] batch(long seconds) {
    try (var consumer = consumer()) {
      List<TopicPartition> partitions = assign(consumer, "sidewire.packets");
      consumer.seekToBeginning(partitions);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      while (System.nanoTime() < deadline) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          if (record.value() != null && record.value().length > LEAST_BATCH) {
            return record.value();
          }
        }
      }
      throw new IllegalStateException("no capture has put a batch on the packets topic");
    }
  }

  private boolean awaitDead(long seconds) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    try (var consumer = consumer()) {
      List<TopicPartition> partitions = assign(consumer, "sidewire.dead-letters");
      consumer.seekToBeginning(partitions);
      int dead = 0;
      while (dead < RECORDS && System.nanoTime() < deadline) {
        dead += consumer.poll(Duration.ofMillis(200)).count();
      }
      return Live.say(dead >= RECORDS, dead + " records that nothing can decode are dead letters");
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", (Object) kafka),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private static List<TopicPartition> assign(KafkaConsumer<?, ?> consumer, String topic) {
    List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
        .map(each -> new TopicPartition(topic, each.partition()))
        .toList();
    consumer.assign(partitions);
    return partitions;
  }
}
