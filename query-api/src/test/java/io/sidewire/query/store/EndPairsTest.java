package io.sidewire.query.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.query.Samples;
import io.sidewire.query.sketch.Distribution;
import io.sidewire.query.store.RollUp.Detail;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.Topic;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What both ends of a connection have captured is counted once, whatever came first and however often it was told. */
class EndPairsTest {
  private static final Topics TOPICS = Topics.withDefaultPrefix();
  private static final long START = Samples.T0 + 1_000_000;
  private static final long SKEW = 40_000_000;

  private TopologyTestDriver driver;
  private Sums sums;
  private Upkeep upkeep;
  private final List<String> news = new ArrayList<>();

  @BeforeEach
  void open() {
    sums = new Sums(TOPICS, 1_000);
    upkeep = new Upkeep(
        new Quarantine("dead", letter -> {}),
        new Sweeper(HandFedEngine.retention(), Long.MAX_VALUE, 1),
        sums,
        new News() {
          @Override
          public void exchangeEnded(Exchange exchange) {
            news.add(exchange.getExchangeId());
          }
        },
        0);
    driver =
        new TopologyTestDriver(ReadModelTopology.build(TOPICS, upkeep), HandFedEngine.properties());
    count("client", "mcp_server", 30_000);
    count("server", "mcp_server", 20_000);
  }

  @AfterEach
  void close() {
    driver.close();
  }

  private <K, V> void feed(Topic<K, V> topic, K key, V value) {
    driver
        .createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(
            topic.key().serializer().serialize(topic.name(), key),
            topic.value().serializer().serialize(topic.name(), value),
            1_000L);
  }

  /** What the processor of a host counts. */
  private void count(String host, String type, double ttfb) {
    TrafficWindow row = Samples.calls(window(host), type, "tools/call", ttfb)
        .setHost(host)
        .setServerName("localhost:8000")
        .setErrors(java.util.Map.of("5xx", 1L))
        .build();
    feed(TOPICS.traffic(), TrafficKey.of(row), row);
  }

  private static long window(String host) {
    long end = (host.equals("server") ? START + SKEW : START) + 40_000;
    return end / 10_000_000 * 10_000_000;
  }

  private void tell(Exchange.Builder exchange) {
    Exchange row = exchange.build();
    feed(TOPICS.exchanges(), row.getFlowId(), row);
  }

  private Exchange.Builder view(String host, long ttfb) {
    long start = host.equals("server") ? START + SKEW : START;
    return Samples.exchange(host.charAt(0) + "00-0", start)
        .setHost(host)
        .setCommunityId("1:abc")
        .setRequestSequence(4_000_000_000L)
        .setStatus(500)
        .setError("5xx")
        .setResponseStart(start + 100 + ttfb)
        .setResponseEnd(start + 40_000)
        .setTtfbMicros(ttfb)
        .setTotalMicros(40_000L);
  }

  private record Counted(long exchanges, long errors, Distribution ttfb) {}

  private Counted all() {
    KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(Names.TRAFFIC);
    long[] counted = new long[2];
    var ttfb = new Distribution();
    new RollUpReader(store, Detail.TYPE, 0)
        .each(Samples.T0 - SKEW, Samples.T0 + 4 * SKEW, sums.types(), sums::types, sum -> {
          counted[0] += sum.row().getExchanges();
          counted[1] += sum.row().getErrors().getOrDefault("5xx", 0L);
          ttfb.add(sum.row().getTtfb());
        });
    return new Counted(counted[0], counted[1], ttfb);
  }

  private void assertOnce() {
    assertThat(all().exchanges()).isEqualTo(1);
    assertThat(all().errors()).isEqualTo(1);
    assertThat(all().ttfb().count()).isEqualTo(1);
    assertThat(all().ttfb().quantile(0.5)).isBetween(29_600.0, 30_400.0);
  }

  @Test
  void theClientsViewIsCountedWhicheverCameFirst() {
    assertThat(all().exchanges()).isEqualTo(2);
    tell(view("client", 30_000));
    assertThat(all().exchanges()).isEqualTo(2);
    tell(view("server", 20_000));
    assertOnce();
    tell(view("server", 20_000));
    tell(view("client", 30_000).setRevision(2));
    assertOnce();
  }

  @Test
  void theServersViewFirst() {
    tell(view("server", 20_000));
    tell(view("client", 30_000));
    assertOnce();
  }

  @Test
  void nothingIsTakenBackBeforeBothHaveEnded() {
    tell(view("server", 20_000));
    tell(view("client", 30_000).setOutcome(Outcome.OPEN).setTtfbMicros(null));
    assertThat(all().exchanges()).isEqualTo(2);
    tell(view("client", 30_000).setRevision(2));
    assertOnce();
  }

  @Test
  void theViewThatEndsFirstIsNewsAndTheOtherIsNot() {
    tell(view("server", 20_000).setOutcome(Outcome.OPEN).setTtfbMicros(null));
    tell(view("client", 30_000).setOutcome(Outcome.OPEN).setTtfbMicros(null));
    assertThat(news).isEmpty();
    tell(view("client", 30_000).setRevision(2));
    tell(view("server", 20_000).setRevision(2));
    tell(view("client", 30_000).setRevision(3));
    assertThat(news).containsExactly("c00-0");
  }

  @Test
  void whatMovesToAnotherTypeIsTakenBackThere() {
    tell(view("client", 30_000));
    tell(view("server", 20_000));
    tell(view("server", 20_000).setRevision(2).setFlowType("other_http"));
    KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(Names.TRAFFIC);
    long rows = 0;
    try (var all = store.range(RowKey.before(0), RowKey.before(Long.MAX_VALUE))) {
      while (all.hasNext()) {
        rows += TrafficKey.fromBytes(RowKey.id(all.next().key.get())).host().equals("_also_seen")
            ? 1
            : 0;
      }
    }
    assertThat(rows).isEqualTo(1);
  }

  @Test
  void anotherConnectionAnotherCallOfABatchOrTheSameHostIsNoPair() {
    tell(view("client", 30_000));
    tell(view("server", 20_000).setCommunityId("1:abd"));
    tell(view("server", 20_000).setExchangeId("s00-1").setRequestSequence(4_000_000_001L));
    tell(view("server", 20_000).setExchangeId("s00-0.1"));
    tell(view("server", 20_000).setExchangeId("s01-0").setHost("client"));
    assertThat(all().exchanges()).isEqualTo(2);
  }

  @Test
  void whatAKillTookFromTheSumsIsTakenBackAgain() {
    tell(view("client", 30_000));
    tell(view("server", 20_000));
    KeyValueStore<Bytes, byte[]> traffic = driver.getKeyValueStore(Names.TRAFFIC);
    try (var all = traffic.range(RowKey.before(0), RowKey.before(Long.MAX_VALUE))) {
      while (all.hasNext()) {
        Bytes key = all.next().key;
        if (TrafficKey.fromBytes(RowKey.id(key.get())).host().equals("_also_seen")) {
          traffic.delete(key);
        }
      }
    }
    sums.clear();
    assertThat(all().exchanges()).isEqualTo(2);
    new EndPairs(TOPICS, driver.getKeyValueStore(Names.EXCHANGES), traffic, upkeep).repair(0);
    assertOnce();
  }

  @Test
  void networkAndServerTimeNeedNoCommonClock() {
    Exchange client = view("client", 30_000).build();
    Exchange server = view("server", 20_000).build();
    assertThat(Ends.isServers(server, client)).isTrue();
    assertThat(Ends.isServers(client, server)).isFalse();
    assertThat(Ends.networkMicros(client, server)).isEqualTo(10_000L);
  }

  @Test
  void aFirstByteAtOnceIsTakenBackToo() {
    var ttfb = new Distribution();
    ttfb.add(Samples.sketch(0, 5_000));
    ttfb.add(Distribution.takenBack(0));
    assertThat(ttfb.count()).isEqualTo(1);
    assertThat(ttfb.quantile(0.5)).isBetween(4_900.0, 5_100.0);
    ttfb.add(Distribution.takenBack(5_000));
    assertThat(ttfb.toRow()).isNull();
  }
}
