package io.sidewire.query.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.schemas.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SweeperTest {
  private static final long HOUR = 3_600_000;
  private static final long NOW = 1_000 * HOUR;

  private TopologyTestDriver driver;
  private KeyValueStore<Bytes, byte[]> store;
  private RowTable table;

  @BeforeEach
  void open() {
    var quarantine = new Quarantine("dead", letter -> {});
    var idle = new Sweeper(HandFedEngine.retention(), Long.MAX_VALUE, 1);
    driver = new TopologyTestDriver(
        ReadModelTopology.build(
            Topics.withDefaultPrefix(),
            new Upkeep(
                quarantine, idle, new Sums(Topics.withDefaultPrefix(), 100), new NoNews(), 0)),
        HandFedEngine.properties());
    store = driver.getKeyValueStore(Names.EXCHANGES);
    table = new RowTable(store);
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void removesRowsPastRetentionWithTheirIndex() {
    put("old", 1, NOW - 25 * HOUR, 10);
    put("new", 2, NOW - 23 * HOUR, 10);
    table.putNote(RowKey.utf8("old note"), Row.value(NOW - 30 * HOUR, 0, new byte[0]));
    Sweeper sweeper = sweeper(24 * HOUR, Long.MAX_VALUE, 2);
    finish(sweeper, NOW);
    assertThat(ids()).containsExactly("new");
    assertThat(store.get(RowKey.index(RowKey.utf8("old")))).isNull();
    assertThat(store.get(RowKey.index(RowKey.utf8("new")))).isNotNull();
    assertThat(store.get(RowKey.note(RowKey.utf8("old note")))).isNull();
  }

  @Test
  void removesTheOldestHoursPastTheCap() {
    for (int hour = 0; hour < 10; hour++) {
      put("r" + hour, 100 - hour, NOW - hour * HOUR, 1_000);
    }
    Sweeper sweeper = sweeper(Long.MAX_VALUE / 2, 4_500, 3);
    finish(sweeper, NOW);
    finish(sweeper, NOW);
    assertThat(ids()).containsExactlyInAnyOrder("r0", "r1", "r2", "r3");
    assertThat(sweeper.bytes()).isBetween(4_000L, 4_500L);
  }

  @Test
  void neverRemovesTheNewestHour() {
    put("a", 1, NOW, 9_000);
    put("b", 2, NOW, 9_000);
    Sweeper sweeper = sweeper(Long.MAX_VALUE / 2, 100, 3);
    finish(sweeper, NOW);
    finish(sweeper, NOW);
    assertThat(ids()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void restsBetweenPasses() {
    Sweeper sweeper = sweeper(HOUR, Long.MAX_VALUE, 100);
    sweeper.advance(NOW);
    put("late", 1, NOW - 2 * HOUR, 1);
    sweeper.advance(NOW + 1);
    assertThat(ids()).containsExactly("late");
    sweeper.advance(NOW + HOUR);
    assertThat(ids()).isEmpty();
  }

  private Sweeper sweeper(long retention, long maxBytes, int budget) {
    Map<String, Long> all = new HashMap<>(Map.of(Names.EXCHANGES, retention));
    var sweeper = new Sweeper(all, maxBytes, budget);
    sweeper.watch(Names.EXCHANGES, store, true, () -> {});
    return sweeper;
  }

  private static void finish(Sweeper sweeper, long now) {
    for (int i = 0; i < 100; i++) {
      sweeper.advance(now);
    }
  }

  private void put(String id, long time, long arrived, int bytes) {
    table.putIndexed(RowKey.utf8(id), time, Row.value(arrived, 0, new byte[bytes]));
  }

  private List<String> ids() {
    List<String> ids = new ArrayList<>();
    try (var rows = store.all()) {
      rows.forEachRemaining(row -> {
        if (RowKey.isRow(row.key.get())) {
          ids.add(RowKey.text(RowKey.id(row.key.get())));
        }
      });
    }
    return ids;
  }

  static final class NoNews implements News {}
}
