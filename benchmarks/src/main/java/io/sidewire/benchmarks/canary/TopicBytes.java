package io.sidewire.benchmarks.canary;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Every record of every topic of a broker, internal ones too: key, value and headers as bytes. */
final class TopicBytes {
  private TopicBytes() {}

  static void look(String kafka, Needles needles) throws ExecutionException, InterruptedException {
    List<TopicPartition> partitions = partitions(kafka);
    try (var consumer = new KafkaConsumer<>(
        Map.<String, Object>of("bootstrap.servers", kafka, "isolation.level", "read_uncommitted"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer())) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
      ends.entrySet().removeIf(end -> end.getValue() <= consumer.position(end.getKey()));
      while (!ends.isEmpty()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          look(record, needles);
        }
        ends.entrySet().removeIf(end -> end.getValue() <= consumer.position(end.getKey()));
      }
    }
  }

  private static List<TopicPartition> partitions(String kafka)
      throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      var names =
          admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get();
      var out = new ArrayList<TopicPartition>();
      admin
          .describeTopics(names)
          .allTopicNames()
          .get()
          .values()
          .forEach(topic -> topic
              .partitions()
              .forEach(each -> out.add(new TopicPartition(topic.name(), each.partition()))));
      return out;
    }
  }

  private static void look(ConsumerRecord<byte[], byte[]> record, Needles needles) {
    String where = "topic " + record.topic();
    if (record.key() != null) {
      needles.look(where, record.key());
    }
    if (record.value() != null) {
      needles.look(where, record.value());
    }
    record.headers().forEach(header -> {
      String head = "headers of " + where;
      needles.look(head, header.key().getBytes(StandardCharsets.UTF_8));
      if (header.value() != null) {
        needles.look(head, header.value());
      }
    });
  }
}
