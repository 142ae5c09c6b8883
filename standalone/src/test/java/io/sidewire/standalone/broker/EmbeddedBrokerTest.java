package io.sidewire.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TopicsAdmin;
import io.sidewire.schemas.TransactionVersion;
import io.sidewire.standalone.cli.Logs;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
  private static final Topics TOPICS = Topics.withDefaultPrefix();
  private static final String TOPIC = TOPICS.deadLetters().name();

  @TempDir
  Path folder;

  @BeforeAll
  static void quiet() {
    Logs.quiet(null);
  }

  /** Started in a process of its own, so that it can be killed. */
  public static final class Victim {
    public static void main(String[] args) throws Exception {
      EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]), 0);
      Brokers.create(broker.bootstrapServers(), TOPICS, 1, (short) 1, Map.of());
      send(broker, "before the kill");
      System.out.println("ready");
      Thread.currentThread().join();
    }
  }

  @Test
  void keepsRecordsAndTopicsOverACleanStop() throws Exception {
    try (var broker = EmbeddedBroker.start(folder, 0)) {
      assertThat(create(broker).values()).containsOnly(TopicsAdmin.State.CREATED);
      send(broker, "first");
    }
    try (var broker = EmbeddedBroker.start(folder, 0)) {
      assertThat(create(broker).values()).containsOnly(TopicsAdmin.State.EXISTS);
      send(broker, "second");
      assertThat(read(broker, 2)).containsExactly("first", "second");
    }
    assertThat(EmbeddedBroker.fatal()).isNull();
  }

  @Test
  void guardsTransactionsAsRecommendedAndCanBeLowered() throws Exception {
    try (var broker = EmbeddedBroker.start(folder, 0);
        Admin admin = Brokers.admin(broker.bootstrapServers())) {
      assertThat(TransactionVersion.of(admin)).isEqualTo(TransactionVersion.RECOMMENDED);
      assertThat(TransactionVersion.atMost(admin, TransactionVersion.RECOMMENDED))
          .isFalse();
      assertThat(TransactionVersion.atMost(admin, (short) 0)).isTrue();
      await().untilAsserted(() -> assertThat(TransactionVersion.of(admin)).isZero());
    }
  }

  @Test
  void keepsRecordsOverAKill() throws Exception {
    Process victim = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Victim.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    try (BufferedReader out = victim.inputReader()) {
      assertThat(out.lines().anyMatch("ready"::equals)).isTrue();
    } finally {
      victim.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    try (var broker = EmbeddedBroker.start(folder, 0)) {
      assertThat(read(broker, 1)).containsExactly("before the kill");
    }
  }

  @Test
  void namesTheFixWhenItsPortIsTaken() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> EmbeddedBroker.start(folder, taken.getLocalPort()))
          .isInstanceOf(BrokerException.class)
          .hasMessageContaining("Port " + taken.getLocalPort())
          .hasMessageContaining("taken");
    }
  }

  private static Map<String, TopicsAdmin.State> create(EmbeddedBroker broker)
      throws InterruptedException {
    return Brokers.create(broker.bootstrapServers(), TOPICS, 1, (short) 1, Map.of());
  }

  private static void send(EmbeddedBroker broker, String value) throws Exception {
    try (var producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new StringSerializer(),
        new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, value)).get(10, TimeUnit.SECONDS);
    }
  }

  private static List<String> read(EmbeddedBroker broker, int count) {
    try (var consumer = new KafkaConsumer<>(
        Map.<String, Object>of(
            "bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "earliest"),
        new StringDeserializer(),
        new StringDeserializer())) {
      consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
      List<String> values = new ArrayList<>();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (values.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
      return values;
    }
  }
}
