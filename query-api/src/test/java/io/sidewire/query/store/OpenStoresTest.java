package io.sidewire.query.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenStoresTest {
  @TempDir
  Path folder;

  @Test
  void letsTheNextClientOpenWhatAFailedOneLeft() {
    var stores = new OpenStores();
    var failed = driver(stores);
    KeyValueStore<Bytes, byte[]> left = failed.getKeyValueStore("rows");
    assertThat(left.isOpen()).isTrue();

    stores.closeLeft(); // the client itself is not closed

    assertThat(left.isOpen()).isFalse();
    try (var next = driver(new OpenStores())) {
      assertThat(next.getKeyValueStore("rows").isOpen()).isTrue();
    }
  }

  private TopologyTestDriver driver(OpenStores stores) {
    var settings = new Properties();
    settings.put("application.id", "stores");
    settings.put("bootstrap.servers", "nowhere:1");
    settings.put("state.dir", folder.toString());
    var topology = new Topology();
    topology.addGlobalStore(
        Stores.keyValueStoreBuilder(stores.supplier("rows"), Serdes.Bytes(), Serdes.ByteArray())
            .withLoggingDisabled(),
        "source",
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        "topic",
        "writer",
        () -> new Processor<byte[], byte[], Void, Void>() {
          @Override
          public void process(Record<byte[], byte[]> record) {}
        });
    return new TopologyTestDriver(topology, settings);
  }
}
