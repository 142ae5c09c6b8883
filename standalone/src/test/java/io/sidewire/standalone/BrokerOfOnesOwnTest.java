package io.sidewire.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.schemas.Topics;
import io.sidewire.standalone.broker.Brokers;
import io.sidewire.standalone.broker.EmbeddedBroker;
import io.sidewire.standalone.cli.Logs;
import io.sidewire.standalone.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands against a broker that someone else runs. */
class BrokerOfOnesOwnTest {
  private static final Topics TOPICS = Topics.withDefaultPrefix();
  private static final String CAPTURE = "../testdata/agents/mcp-http-stateless.pcap";

  @TempDir
  Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    out.reset();
    err.reset();
    return Sidewire.run(new Terminal(out, err, Map.of()), args);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void isGivenTopicsAndReplaysEvenWithARecordThatNobodyCanRead() throws Exception {
    Logs.quiet(null);
    try (var broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
      String kafka = broker.bootstrapServers();
      assertThat(run("topics", "create", "--kafka", kafka, "--partitions", "1")).isZero();
      assertThat(out()).contains("sidewire.packets: created");
      assertThat(run("topics", "create", "--kafka", kafka, "--partitions", "1")).isZero();
      assertThat(out()).contains("sidewire.packets: exists");
      assertThat(run("topics", "create", "--kafka", kafka, "--partitions", "3")).isEqualTo(1);
      assertThat(err.toString(StandardCharsets.UTF_8)).contains("other partitions");

      assertThat(run("replay", "--kafka", kafka, CAPTURE)).isEqualTo(2);
      assertThat(err.toString(StandardCharsets.UTF_8)).contains("key new FILE");

      String key = folder.resolve("key").toString();
      assertThat(run("key", "new", key)).isZero();
      sendGarbage(kafka);
      assertThat(run("replay", "--kafka", kafka, "--key-file", key, "--json", CAPTURE))
          .isZero();
      assertThat(out().lines().filter(line -> line.startsWith("{\"kind\":\"exchange\"")))
          .isNotEmpty();
      assertThat(deadLetters(kafka)).singleElement().satisfies(letter -> {
        assertThat(letter.value()).asString(StandardCharsets.UTF_8).isEqualTo("garbage");
        assertThat(letter.headers()).isNotEmpty();
      });

      assertThat(run("dead-letters", "list", "--kafka", kafka, "--json")).isZero();
      assertThat(out().lines())
          .singleElement()
          .asString()
          .contains("\"origin\":{\"topic\":\"sidewire.packets\",\"partition\":0")
          .contains("\"component\":\"stream-processor\"")
          .contains("\"bytes\":7")
          .doesNotContain("garbage");
      assertThat(run("dead-letters", "redrive", "--kafka", kafka, "--json")).isZero();
      assertThat(out()).isEqualTo("{\"kind\":\"redriven\",\"sent\":1,\"left\":0}\n");
      assertThat(run("dead-letters", "redrive", "--kafka", kafka, "--json")).isZero();
      assertThat(out()).isEqualTo("{\"kind\":\"redriven\",\"sent\":0,\"left\":0}\n");
      assertThat(run("dead-letters", "redrive", "--again", "--kafka", kafka)).isZero();
      assertThat(out()).isEqualTo("1 sent back, 0 left.\n");
    }
  }

  private static void sendGarbage(String kafka) throws Exception {
    try (var producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(
              TOPICS.packets().name(),
              "h/0".getBytes(StandardCharsets.UTF_8),
              "garbage".getBytes(StandardCharsets.UTF_8)))
          .get(10, TimeUnit.SECONDS);
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> deadLetters(String kafka) {
    var partition = new TopicPartition(TOPICS.deadLetters().name(), 0);
    try (var consumer = new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            kafka,
            "auto.offset.reset",
            "earliest",
            "isolation.level",
            "read_committed"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      List<ConsumerRecord<byte[], byte[]>> letters = List.of();
      while (letters.isEmpty() && System.nanoTime() < deadline) {
        letters = consumer.poll(Duration.ofMillis(200)).records(partition);
      }
      return letters;
    }
  }

  @Test
  void thatIsNotThereIsNamed() {
    assertThat(Brokers.unreachable("127.0.0.1:1", new IllegalStateException("no answer")))
        .hasMessageContaining("127.0.0.1:1")
        .hasMessageContaining("--kafka");
  }
}
