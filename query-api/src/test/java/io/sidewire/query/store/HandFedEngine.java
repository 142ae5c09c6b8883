package io.sidewire.query.store;

import io.quarkus.test.Mock;
import io.sidewire.query.config.KafkaConfig;
import io.sidewire.query.config.QueryConfig;
import io.sidewire.schemas.Topic;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** The real topology and stores, fed by a test instead of by Kafka. */
@Mock
@Singleton
public class HandFedEngine extends StreamsEngine {
  private final TopologyTestDriver driver;
  private volatile boolean whole = true;

  @Inject
  public HandFedEngine(QueryConfig config, KafkaConfig kafka, Instance<News> news) {
    super(config, kafka, news);
    var upkeep = new Upkeep(
        quarantine(), new Sweeper(retention(), Long.MAX_VALUE, 100), sums(), fanOut(news), 0);
    driver = new TopologyTestDriver(ReadModelTopology.build(topics(), upkeep), properties());
  }

  static Properties properties() {
    var properties = new Properties();
    properties.put("application.id", "hand-fed");
    properties.put("bootstrap.servers", "nowhere:1");
    try {
      properties.put("state.dir", Files.createTempDirectory("hand-fed").toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  static java.util.Map<String, Long> retention() {
    return Names.STORES.stream()
        .collect(java.util.stream.Collectors.toMap(name -> name, name -> Long.MAX_VALUE / 2));
  }

  private static News fanOut(Instance<News> news) {
    return new StreamsEngine.FanOut(news.stream().toList());
  }

  public <K, V> void feed(Topic<K, V> topic, K key, V value) {
    bytes(topic)
        .pipeInput(
            topic.key().serializer().serialize(topic.name(), key),
            topic.value().serializer().serialize(topic.name(), value),
            1_000L);
  }

  public TestInputTopic<byte[], byte[]> bytes(Topic<?, ?> topic) {
    return driver.createInputTopic(
        topic.name(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** False: as while restoring. */
  public void whole(boolean now) {
    whole = now;
  }

  @Override
  void start() {}

  @Override
  void stop() {
    driver.close();
  }

  @Override
  public ReadOnlyKeyValueStore<Bytes, byte[]> store(String name) {
    if (!whole) {
      throw new NotReadyException("reading the topics: 1 of 2 records");
    }
    return driver.getKeyValueStore(name);
  }

  @Override
  public boolean ready() {
    return whole;
  }
}
