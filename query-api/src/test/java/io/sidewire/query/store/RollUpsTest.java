package io.sidewire.query.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.query.Samples;
import io.sidewire.query.sketch.Distribution;
import io.sidewire.query.store.RollUp.Detail;
import io.sidewire.query.store.RollUp.Level;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.HealthKey;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RollUpsTest {
  private static final long SECOND = 1_000_000;
  private static final long WINDOW = 10 * SECOND;
  private static final long HOUR = 3_600 * SECOND;
  private static final long T0 = 1_780_000_000L / 3_600 * HOUR;
  private static final Topics TOPICS = Topics.withDefaultPrefix();

  private final Random random = new Random(7);
  private TopologyTestDriver driver;
  private KeyValueStore<Bytes, byte[]> store;
  private Sums sums;
  private RollUps rollUps;
  private long now = 1_000_000;

  @BeforeEach
  void open() {
    var idle = new Sweeper(HandFedEngine.retention(), Long.MAX_VALUE, 1);
    var quarantine = new Quarantine("dead", letter -> {});
    sums = new Sums(TOPICS, 3_000);
    driver = new TopologyTestDriver(
        ReadModelTopology.build(
            TOPICS, new Upkeep(quarantine, idle, sums, new SweeperTest.NoNews(), 0)),
        HandFedEngine.properties());
    store = driver.getKeyValueStore(Names.TRAFFIC);
    restart();
  }

  @AfterEach
  void close() {
    driver.close();
  }

  private void restart() {
    rollUps = new RollUps(store, new TrafficRolling(TOPICS), 50);
  }

  private void put(TrafficWindow row) {
    rollUps.touch(row.getWindowStart(), now);
    byte[] record = TOPICS.traffic().value().serializer().serialize(null, row);
    new RowTable(store)
        .putPlain(TrafficKey.of(row).toBytes(), row.getWindowStart(), Row.value(now, 0, record));
    sums.touched(Names.TRAFFIC, row.getWindowStart());
  }

  private TrafficWindow anyRow() {
    long window = T0 + random.nextInt(4 * 360) * WINDOW;
    String type = random.nextBoolean() ? "mcp_server" : "azure_openai";
    var row = random.nextBoolean()
        ? Samples.volume(window, type).setPacketsToServer(random.nextInt(1_000))
        : Samples.calls(window, type, "op" + random.nextInt(3), random.nextInt(1_000_000), 5);
    return row.setHost("h" + random.nextInt(3))
        .setEpoch("e" + random.nextInt(2))
        .build();
  }

  private void settle() {
    for (int i = 0; i < 2_000; i++) {
      now += 1_000;
      rollUps.advance(now);
    }
  }

  /** What an answer is made of: sums by step and line. */
  private TreeMap<String, String> sums(long from, long to, long step, Detail detail, int[] read) {
    var packets = new TreeMap<String, Long>();
    var values = new TreeMap<String, Distribution>();
    new RollUpReader(store, detail, step).each(from, to, row -> {
      read[0]++;
      add(row, step, detail, packets, values);
    });
    return text(packets, values);
  }

  /** The same by flow type, from what is kept in memory. */
  private TreeMap<String, String> keptSums(long from, long to, long step) {
    var packets = new TreeMap<String, Long>();
    var values = new TreeMap<String, Distribution>();
    new RollUpReader(store, Detail.TYPE, step).each(from, to, sums.types(), sums::types, sum -> {
      TrafficWindow window = sum.row();
      String line = (step == 0 ? 0 : window.getWindowStart() / step) + " " + window.getFlowType();
      packets.merge(
          line, window.getPacketsToServer() + window.getExchanges() * 1_000_000, Long::sum);
      values.computeIfAbsent(line, any -> new Distribution()).add(window.getTtfb());
    });
    return text(packets, values);
  }

  /** The same of one host, each looked up. */
  private TreeMap<String, String> sumsOf(String host, long from, long to, long step) {
    var packets = new TreeMap<String, Long>();
    var values = new TreeMap<String, Distribution>();
    new RollUpReader(store, Detail.HOST, step)
        .each(
            from,
            to,
            RowKey.utf8(host + '\0'),
            row -> add(row, step, Detail.HOST, packets, values));
    return text(packets, values);
  }

  private TreeMap<String, String> truth(long from, long to, long step, Detail detail) {
    var packets = new TreeMap<String, Long>();
    var values = new TreeMap<String, Distribution>();
    try (var rows = store.range(RowKey.before(from), RowKey.before(to))) {
      rows.forEachRemaining(
          row -> add(new Row(row.key.get(), row.value), step, detail, packets, values));
    }
    return text(packets, values);
  }

  private void add(
      Row row,
      long step,
      Detail detail,
      TreeMap<String, Long> packets,
      TreeMap<String, Distribution> values) {
    TrafficKey key = TrafficKey.fromBytes(row.id());
    TrafficWindow window = TOPICS.traffic().value().deserializer().deserialize(null, row.record());
    String line = (step == 0 ? 0 : window.getWindowStart() / step) + " " + key.flowType();
    if (detail != Detail.TYPE) {
      line += " " + key.host();
    }
    if (detail == Detail.ALL) {
      line += " " + key.operation() + " " + key.serverName();
    }
    packets.merge(line, window.getPacketsToServer() + window.getExchanges() * 1_000_000, Long::sum);
    values.computeIfAbsent(line, any -> new Distribution()).add(window.getTtfb());
  }

  private static TreeMap<String, String> text(
      TreeMap<String, Long> packets, TreeMap<String, Distribution> values) {
    var all = new TreeMap<String, String>();
    packets.forEach((line, sum) -> all.put(line, sum + " " + values.get(line).stats()));
    return all;
  }

  private void compare() {
    for (int i = 0; i < 24; i++) {
      long from = T0 + (random.nextInt(1_500) - 30) * WINDOW;
      long to = from + (1 + random.nextInt(1_500)) * WINDOW;
      long step = new long[] {0, 10, 60, 300, 900, 3_600, 7_200}[random.nextInt(7)] * SECOND;
      Detail detail = Detail.values()[random.nextInt(3)];
      assertThat(sums(from, to, step, detail, new int[1]))
          .as("%d..%d by %d, %s", from, to, step, detail)
          .isEqualTo(truth(from, to, step, detail));
      if (i % 4 != 0) {
        continue; // a quarter is enough: each reads many windows
      }
      assertThat(keptSums(from, to, step)).isEqualTo(truth(from, to, step, Detail.TYPE));
      var oneHost = truth(from, to, step, Detail.HOST);
      oneHost.keySet().removeIf(line -> !line.endsWith(" h1"));
      assertThat(sumsOf("h1", from, to, step)).isEqualTo(oneHost);
    }
  }

  @Test
  void anySpanStepAndDetailGivesWhatTheRowsGiveAtAnyMoment() {
    for (int round = 0; round < 12; round++) {
      for (int i = 0; i < 150; i++) {
        put(anyRow());
        now += random.nextInt(300);
        rollUps.advance(now);
      }
      compare();
      if (round % 3 == 0) {
        restart();
      }
      if (round % 4 == 1) {
        settle();
        compare();
      }
    }
  }

  @Test
  void alongSpanReadsFewRows() {
    for (int i = 0; i < 3_000; i++) {
      put(anyRow());
    }
    settle();
    int[] read = new int[1];
    sums(T0, T0 + 4 * HOUR, 0, Detail.TYPE, read);
    assertThat(read[0]).isEqualTo(4 * 4); // hours, types, volume and calls
    read[0] = 0;
    sums(0, Long.MAX_VALUE / 4, 300 * SECOND, Detail.TYPE, read);
    assertThat(read[0]).isLessThanOrEqualTo(4 * 12 * 4);
    put(anyRow());
    assertThat(sums(T0, T0 + 4 * HOUR, 0, Detail.TYPE, read))
        .isEqualTo(truth(T0, T0 + 4 * HOUR, 0, Detail.TYPE));
  }

  @Test
  void whatWaitedIsFoundAgainAfterARestart() {
    for (int i = 0; i < 500; i++) {
      put(anyRow());
    }
    restart();
    settle();
    int[] read = new int[1];
    sums(T0, T0 + 4 * HOUR, 0, Detail.TYPE, read);
    assertThat(read[0]).isEqualTo(4 * 4);
  }

  @Test
  void tooManySumsAreLeftToTheRows() {
    int rows = RollUps.MOST_SUMS + 1;
    for (int i = 0; i < rows; i++) {
      put(Samples.volume(T0, "other").setHost("h" + i).build());
    }
    settle();
    int[] read = new int[1];
    sums(T0, T0 + HOUR, 0, Detail.HOST, read);
    assertThat(read[0]).isEqualTo(rows);
    read[0] = 0;
    sums(T0, T0 + HOUR, 0, Detail.TYPE, read);
    assertThat(read[0]).isEqualTo(1);
  }

  @Test
  void healthIsAddedUpForEachCapture() {
    var rolling = new HealthRolling(TOPICS);
    var first = Samples.health(T0).setDroppedByKernel(3).setPacketClock(T0 + 5).build();
    var second = Samples.health(T0 + 3 * WINDOW)
        .setDroppedByKernel(4)
        .setPacketClock(T0 + 35)
        .setLiveEpochs(2)
        .build();
    byte[] key = new HealthKey("laptop", "e1", 0, T0 + 3 * WINDOW).toBytes();
    byte[] id = rolling.id(Detail.HOST, Level.HOUR, T0, key);
    Rolling.Sum sum = rolling.sum(id);
    for (CaptureHealth row : List.of(second, first)) {
      sum.add(TOPICS.hosts().value().serializer().serialize(null, row));
    }
    CaptureHealth all = TOPICS.hosts().value().deserializer().deserialize(null, sum.record());
    assertThat(HealthKey.fromBytes(id)).isEqualTo(new HealthKey("laptop", "e1", 0, T0));
    assertThat(all)
        .returns(7L, CaptureHealth::getDroppedByKernel)
        .returns(2, CaptureHealth::getLiveEpochs)
        .returns(T0 + 35, CaptureHealth::getPacketClock)
        .returns(T0, CaptureHealth::getWindowStart)
        .returns(40, CaptureHealth::getWindowSeconds);
  }
}
