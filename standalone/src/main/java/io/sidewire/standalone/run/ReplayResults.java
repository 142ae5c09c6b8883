package io.sidewire.standalone.run;

import io.sidewire.capture.CaptureSummary;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.HealthKey;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.Topic;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import io.sidewire.standalone.broker.Brokers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The last word of the result topics about some captures: reads them from the beginning, keeps what belongs to those
 * captures, and knows when their end has come through.
 *
 * <p>Rows are kept encoded, so that a large capture's do not fill the heap with objects.
 */
public final class ReplayResults implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);

  /** In {@link CaptureHealth#getSettings}: nothing of this capture will follow. */
  private static final String END_OF_FILE = "endOfFile";

  /** A capture file as the topics know it. */
  public record Source(String host, String epoch) {
    public static Source of(CaptureSummary.Input input) {
      return new Source(input.host(), input.epoch());
    }
  }

  private final String kafka;
  private final Topics topics;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions = new ArrayList<>();
  private final boolean rows;

  private final Map<String, byte[]> flows = new LinkedHashMap<>();
  private final Map<String, Revised> exchanges = new LinkedHashMap<>();
  private final Map<String, Revised> interactions = new LinkedHashMap<>();
  private final Map<TrafficKey, TrafficWindow> traffic = new LinkedHashMap<>();
  private final Map<HealthKey, CaptureHealth> health = new LinkedHashMap<>();
  private final Set<Source> ended = new HashSet<>();

  /** A row of which the highest revision counts. */
  private record Revised(int revision, Source source, byte[] value) {}

  /** @param rows false: flows, exchanges and interactions are not kept, sums alone */
  public ReplayResults(String kafka, Topics topics, boolean rows) {
    this.kafka = kafka;
    this.topics = topics;
    this.rows = rows;
    this.consumer = new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            kafka,
            ConsumerConfig.CLIENT_ID_CONFIG,
            "sidewire-replay",
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            50,
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            5000),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
    for (Topic<?, ?> topic : wanted()) {
      consumer
          .partitionsFor(topic.name())
          .forEach(p -> partitions.add(new TopicPartition(p.topic(), p.partition())));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  private List<Topic<?, ?>> wanted() {
    return rows
        ? List.of(
            topics.flows(),
            topics.exchanges(),
            topics.interactions(),
            topics.traffic(),
            topics.hosts())
        : List.of(topics.traffic(), topics.hosts());
  }

  /** Takes what has come meanwhile. */
  public void poll() {
    consumer.poll(POLL).forEach(this::take);
  }

  /** Returns when everything that these captures gave has come through, and is read. */
  public void awaitEnd(CaptureSummary captures) {
    List<Source> sources = captures.inputs().stream().map(Source::of).toList();
    while (!ended.containsAll(sources)) {
      poll();
    }
    readToEnd();
  }

  /**
   * Reads on until all is read that has been written by now. The end mark of a capture may be seen before what was
   * committed together with it on other topics.
   */
  private void readToEnd() {
    Map<TopicPartition, Long> written = written();
    while (written.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      poll();
    }
  }

  /** Ends of the partitions, what is not committed yet included. */
  private Map<TopicPartition, Long> written() {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    try (Admin admin = Brokers.admin(kafka)) {
      Map<TopicPartition, Long> ends = new HashMap<>();
      admin
          .listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
          .all()
          .get()
          .forEach((partition, end) -> ends.put(partition, end.offset()));
      return ends;
    } catch (ExecutionException e) {
      throw Brokers.unreachable(kafka, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Brokers.unreachable(kafka, e);
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    String topic = record.topic();
    try {
      if (topic.equals(topics.hosts().name())) {
        takeHealth(record);
      } else if (topic.equals(topics.traffic().name())) {
        TrafficKey key = topics.traffic().key().deserializer().deserialize(topic, record.key());
        put(
            traffic,
            key,
            topics.traffic().value().deserializer().deserialize(topic, record.value()));
      } else if (topic.equals(topics.flows().name())) {
        FlowRecord flow = topics.flows().value().deserializer().deserialize(topic, record.value());
        flows.put(flow.getFlowId(), record.value());
      } else if (topic.equals(topics.exchanges().name())) {
        Exchange row = topics.exchanges().value().deserializer().deserialize(topic, record.value());
        revise(
            exchanges,
            row.getExchangeId(),
            row.getRevision(),
            new Source(row.getHost(), row.getEpoch()),
            record);
      } else {
        Interaction row =
            topics.interactions().value().deserializer().deserialize(topic, record.value());
        if (row != null) {
          revise(
              interactions,
              row.getInteractionId(),
              row.getRevision(),
              new Source(row.getHost(), null),
              record);
        }
      }
    } catch (SerializationException e) {
      // Someone else's record on this topic: not of these captures.
    }
  }

  private void takeHealth(ConsumerRecord<byte[], byte[]> record) {
    HealthKey key = topics.hosts().key().deserializer().deserialize(record.topic(), record.key());
    CaptureHealth row =
        topics.hosts().value().deserializer().deserialize(record.topic(), record.value());
    put(health, key, row);
    if (row != null && "true".equals(row.getSettings().get(END_OF_FILE))) {
      ended.add(new Source(row.getHost(), row.getEpoch()));
    }
  }

  private static <K, V> void put(Map<K, V> map, K key, V value) {
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }

  private static void revise(
      Map<String, Revised> map,
      String id,
      int revision,
      Source source,
      ConsumerRecord<byte[], byte[]> record) {
    Revised before = map.get(id);
    if (before == null || before.revision() <= revision) {
      map.put(id, new Revised(revision, source, record.value()));
    }
  }

  /** Flows of a capture, in the order in which they began to be told. */
  public Iterable<FlowRecord> flows(Source source) {
    return () -> flows.values().stream()
        .map(bytes -> topics.flows().value().deserializer().deserialize(null, bytes))
        .filter(row -> row.getHost().equals(source.host()) && row.getEpoch().equals(source.epoch()))
        .iterator();
  }

  /** The highest revision of each exchange of a capture. */
  public Iterable<Exchange> exchanges(Source source) {
    return () -> exchanges.values().stream()
        .filter(row -> row.source().equals(source))
        .map(row -> topics.exchanges().value().deserializer().deserialize(null, row.value()))
        .iterator();
  }

  /** The highest revision of each interaction of a capture's host. */
  public Iterable<Interaction> interactions(Source source) {
    return () -> interactions.values().stream()
        .filter(row -> row.source().host().equals(source.host()))
        .map(row -> topics.interactions().value().deserializer().deserialize(null, row.value()))
        .iterator();
  }

  public Map<TrafficKey, TrafficWindow> traffic() {
    return traffic;
  }

  public Map<HealthKey, CaptureHealth> health() {
    return health;
  }

  @Override
  public void close() {
    consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
