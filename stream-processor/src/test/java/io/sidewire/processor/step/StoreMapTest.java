package io.sidewire.processor.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoreMapTest {
  private KeyValueStore<String, String> store;
  private StoreMap<String> map;

  @BeforeEach
  void open() {
    var properties = new Properties();
    properties.put("application.id", "map-test");
    properties.put("bootstrap.servers", "none:1");
    var context = new MockProcessorContext<Void, Void>(properties);
    store = Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore("s"), Serdes.String(), Serdes.String())
        .withLoggingDisabled()
        .build();
    store.init(context.getStateStoreContext(), store);
    map = new StoreMap<>(store, 3);
  }

  @Test
  void everyChangeIsInTheStoreAtOnce() {
    map.put("a", "1");
    assertThat(store.get("a")).isEqualTo("1");
    map.remove("a");
    assertThat(store.get("a")).isNull();
    assertThat(map.get("a")).isNull();
  }

  @Test
  void aRangeLeavesOutItsEndAndSurvivesChanges() {
    for (int i = 0; i < 2000; i++) {
      map.put(String.format("p\0%04d", i), "" + i);
    }
    map.put("p\u0001", "end");
    map.put("o", "before");
    List<String> seen = new ArrayList<>();
    map.prefix("p\0", (key, value) -> {
      seen.add(value);
      map.remove(key);
      map.put("q\0" + key, value);
    });
    assertThat(seen).hasSize(2000).startsWith("0", "1").endsWith("1999");
    assertThat(map.get("p\u0001")).isEqualTo("end");
    List<String> all = new ArrayList<>();
    map.all((key, value) -> all.add(value));
    assertThat(all).hasSize(2002);
  }
}
