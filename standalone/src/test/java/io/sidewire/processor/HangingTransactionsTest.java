package io.sidewire.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TopicsAdmin;
import io.sidewire.standalone.broker.Brokers;
import io.sidewire.standalone.broker.EmbeddedBroker;
import io.sidewire.standalone.cli.Logs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transaction that nobody ends, against a real broker; what a kill leaves looks the same from outside. */
class HangingTransactionsTest {
  private static final Topics TOPICS = Topics.withDefaultPrefix();
  private static final TopicPartition OURS = new TopicPartition(TOPICS.hosts().name(), 0);
  private static final TopicPartition SHARED = new TopicPartition(TOPICS.flows().name(), 0);

  @TempDir
  Path folder;

  @BeforeAll
  static void quiet() {
    Logs.quiet(null);
  }

  @Test
  void endsOursAndLeavesThoseOfOthers() throws Exception {
    var counters = new ProcessorCounters();
    try (var broker = EmbeddedBroker.start(folder, 0);
        Admin admin = Brokers.admin(broker.bootstrapServers());
        var ours = producer(broker, "sidewire-processor-1");
        var other = producer(broker, "somebody-else")) {
      TopicsAdmin.create(admin, TOPICS, 1, (short) 1, Map.of());
      leaveOpen(ours, OURS);
      leaveOpen(other, SHARED);
      assertThat(committedEnd(admin, OURS)).isZero();

      try (var hanging = new HangingTransactions(
          Brokers.admin(broker.bootstrapServers()),
          "sidewire-processor",
          TOPICS.all(),
          200,
          counters)) {
        await().atMost(Duration.ofSeconds(30)).until(() -> counters.abortedTransactions.sum() == 1);
      }

      assertThat(committedEnd(admin, OURS)).isEqualTo(2); // the record and the abort
      assertThat(committedEnd(admin, SHARED)).isZero();
    }
  }

  private static void leaveOpen(KafkaProducer<String, String> producer, TopicPartition partition)
      throws Exception {
    producer.initTransactions();
    producer.beginTransaction();
    producer.send(new ProducerRecord<>(partition.topic(), 0, "key", "value")).get();
  }

  private static long committedEnd(Admin admin, TopicPartition partition) throws Exception {
    var options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
    return admin
        .listOffsets(Map.of(partition, OffsetSpec.latest()), options)
        .partitionResult(partition)
        .get()
        .offset();
  }

  private static KafkaProducer<String, String> producer(EmbeddedBroker broker, String id) {
    Map<String, Object> settings = Map.of(
        "bootstrap.servers",
        broker.bootstrapServers(),
        "transactional.id",
        id,
        "transaction.timeout.ms",
        120_000);
    return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }
}
