package io.sidewire.processor.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.processor.ProcessorCounters;
import io.sidewire.processor.fold.StateMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeptStoreTest {
  private static final String UNWRITABLE = "unwritable";

  private KeyValueStore<String, String> below;
  private KeptStore<String> kept;
  private final ProcessorCounters counters = new ProcessorCounters();

  @BeforeEach
  void open() {
    var properties = new Properties();
    properties.put("application.id", "kept-test");
    properties.put("bootstrap.servers", "none:1");
    properties.put(Quarantine.COUNTERS, counters);
    var context = new MockProcessorContext<Void, Void>(properties);
    below = Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore("s"), Serdes.String(), texts())
        .withLoggingDisabled()
        .build();
    kept = new KeptStore<>(below, 3);
    kept.init(context.getStateStoreContext(), below);
  }

  private static Serde<String> texts() {
    var texts = new StringSerializer();
    return Serdes.serdeFrom(
        (topic, value) -> {
          if (UNWRITABLE.equals(value)) {
            throw new SerializationException("no such text");
          }
          return texts.serialize(topic, value);
        },
        new StringDeserializer());
  }

  @Test
  void whatChangesIsWrittenAtTheCommit() {
    kept.put("a", "1");
    kept.put("a", "2");
    assertThat(below.get("a")).isNull();
    kept.flushCache();
    assertThat(below.get("a")).isEqualTo("2");
    kept.remove("a");
    assertThat(kept.get("a")).isNull();
    assertThat(below.get("a")).isEqualTo("2");
    kept.flushCache();
    assertThat(below.get("a")).isNull();
  }

  @Test
  void whatCameAndWentIsNeverWritten() {
    long[] writes = {0};
    var counting = new KeptStore<>(new CountingStore(below, writes), 100);
    for (int i = 0; i < 50; i++) {
      counting.put("k" + i, "v");
      counting.remove("k" + i);
    }
    counting.flushCache();
    assertThat(writes[0]).isZero();
  }

  @Test
  void aTaskThatFailsWritesNothing() {
    kept.put("a", "1");
    kept.flushCache();
    kept.put("a", "2");
    kept.clearCache();
    kept.flushCache();
    assertThat(below.get("a")).isEqualTo("1");
    assertThat(kept.get("a")).isEqualTo("1");
  }

  @Test
  void aValueThatCannotBeEncodedStopsNoOther() {
    kept.put("a", "1");
    kept.put("b", UNWRITABLE);
    kept.put("c", "3");
    kept.flushCache();
    assertThat(below.get("a")).isEqualTo("1");
    assertThat(kept.get("b")).isNull();
    assertThat(below.get("c")).isEqualTo("3");
    assertThat(counters.leftOutValues.sum()).isEqualTo(1);
  }

  @Test
  void aRangeLeavesOutItsEndAndSurvivesChanges() {
    for (int i = 0; i < 2000; i++) {
      kept.put(String.format("p\0%04d", i), "" + i);
    }
    kept.put("p\u0001", "end");
    kept.put("o", "before");
    List<String> seen = new ArrayList<>();
    kept.prefix("p\0", (key, value) -> {
      seen.add(value);
      kept.remove(key);
      kept.put("q\0" + key, value);
    });
    assertThat(seen).hasSize(2000).startsWith("0", "1").endsWith("1999");
    assertThat(kept.get("p\u0001")).isEqualTo("end");
    List<String> all = new ArrayList<>();
    kept.all((key, value) -> all.add(value));
    assertThat(all).hasSize(2002);
  }

  /** Against a plain map, with room for few and for many entries, over keys few enough to meet again. */
  @Test
  void isAMapWhateverIsKept() {
    for (int seed = 0; seed < 30; seed++) {
      var random = new Random(seed);
      below.all().forEachRemaining(entry -> below.delete(entry.key));
      var store = new KeptStore<>(below, 1 + random.nextInt(40));
      var model = new TreeMap<String, String>();
      for (int step = 0; step < 2000; step++) {
        step(random, store, model, "k" + random.nextInt(40), seed + "/" + step);
      }
      store.flushCache();
      var written = new TreeMap<String, String>();
      below.all().forEachRemaining(entry -> written.put(entry.key, entry.value));
      assertThat(written).as("seed %d", seed).isEqualTo(model);
    }
  }

  private static void step(
      Random random,
      KeptStore<String> store,
      TreeMap<String, String> model,
      String key,
      String value) {
    String to = key + random.nextInt(10);
    switch (random.nextInt(8)) {
      case 0, 1 -> {
        store.put(key, value);
        model.put(key, value);
      }
      case 2, 3 -> {
        store.remove(key);
        model.remove(key);
      }
      case 4 -> assertThat(store.get(key)).as(value).isEqualTo(model.get(key));
      case 5 -> {
        String first =
            model.subMap(key, to).isEmpty() ? null : model.subMap(key, to).firstKey();
        assertThat(store.firstKey(key, to)).as(value).isEqualTo(first);
        assertThat(entries(store, key, to))
            .as(value)
            .isEqualTo(new ArrayList<>(model.subMap(key, to).values()));
      }
      case 6 -> {
        List<String> all = new ArrayList<>();
        store.all((k, v) -> all.add(v));
        assertThat(all).as(value).isEqualTo(new ArrayList<>(model.values()));
      }
      default -> {
        if (random.nextBoolean()) {
          store.flushCache();
        }
        store.forgetUnchanged();
      }
    }
  }

  private static List<String> entries(StateMap<String> map, String from, String to) {
    List<String> found = new ArrayList<>();
    map.range(from, to, (key, value) -> found.add(value));
    return found;
  }
}
