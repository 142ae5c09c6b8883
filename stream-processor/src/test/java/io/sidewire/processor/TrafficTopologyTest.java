package io.sidewire.processor;

import static io.sidewire.processor.Seen.call;
import static io.sidewire.processor.Seen.end;
import static io.sidewire.processor.Seen.get;
import static io.sidewire.processor.Seen.head;
import static io.sidewire.processor.Seen.hello;
import static io.sidewire.processor.Seen.post;
import static io.sidewire.processor.Seen.result;
import static io.sidewire.processor.Seen.sealed;
import static io.sidewire.processor.Seen.sealedHead;
import static io.sidewire.processor.Seen.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.processor.fold.StateMap;
import io.sidewire.processor.fold.WindowFold;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.AvroSerde;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.Evidence;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.HealthKey;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.Request;
import io.sidewire.schemas.ResponseEnd;
import io.sidewire.schemas.ResponseStart;
import io.sidewire.schemas.RpcCall;
import io.sidewire.schemas.Step;
import io.sidewire.schemas.Topic;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import io.sidewire.testkit.Golden;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The topology as production builds it, in event time.
 *
 * <p>What the test driver does not simulate (partitions, caches that fill, restarts) is covered by {@code ProcessorIT}
 * against a broker.
 */
class TrafficTopologyTest {
  private static final Topics TOPICS = Topics.withDefaultPrefix();
  private static final long DAY = 86_400L * 1_000_000;

  @TempDir
  Path folder;

  private final ProcessorCounters counters = new ProcessorCounters();
  private final Flow posts = Flow.tcp("p").from("10.0.0.1", 1).shows("http", "mcp");
  private final Flow stream = Flow.tcp("s").from("10.0.0.1", 2).shows("http", "mcp");
  private FlowTypeRules rules = FlowTypeRules.builtIn();
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> packets;
  private TestOutputTopic<byte[], byte[]> deadLetters;
  private Capture capture;

  @BeforeEach
  void open() {
    Properties properties = StreamProcessor.properties(config(), counters);
    driver = new TopologyTestDriver(topology(properties), properties);
    var bytes = new ByteArraySerializer();
    packets = driver.createInputTopic(TOPICS.packets().name(), bytes, bytes);
    var decoded = new ByteArrayDeserializer();
    deadLetters = driver.createOutputTopic(TOPICS.deadLetters().name(), decoded, decoded);
    capture = new Capture("h1", "e1", false, this::send);
  }

  @AfterEach
  void close() {
    driver.close();
  }

  private StreamConfig config() {
    return StreamConfig.of(Map.of("state-dir", folder.toString()));
  }

  private Topology topology(Properties properties) {
    return new TrafficTopology(config(), () -> rules, counters).build(properties);
  }

  private void send(PacketBatch batch) {
    packets.pipeInput("h1/0".getBytes(), AvroSerde.of(PacketBatch.class).encode(batch));
  }

  private <K, V> List<KeyValue<K, V>> read(Topic<K, V> topic) {
    return driver
        .createOutputTopic(
            topic.name(), topic.key().deserializer(), topic.value().deserializer())
        .readKeyValuesToList();
  }

  private List<Exchange> exchanges() {
    return read(TOPICS.exchanges()).stream().map(row -> row.value).toList();
  }

  private Map<TrafficKey, TrafficWindow> traffic() {
    var rows = new LinkedHashMap<TrafficKey, TrafficWindow>();
    read(TOPICS.traffic()).forEach(row -> rows.put(row.key, row.value));
    return rows;
  }

  @Test
  void theDescriptionIsTheOneInTheDocs() {
    String described =
        topology(StreamProcessor.properties(config(), counters)).describe().toString();
    Path golden = Path.of("../docs/topology.txt");
    Golden.assertEquals(golden, described);
    assertThat(described).doesNotContain("KSTREAM-", "KTABLE-", "-repartition", "Sub-topology: 1");
  }

  @Test
  void aCallBecomesRowsOnEveryTopic() {
    capture.at("00:00.000").sees(posts, post(0, 1, 0, 0), call(0, 0, 1L, "tools/call", "echo"));
    assertThat(exchanges())
        .extracting(Exchange::getExchangeId, Exchange::getOutcome)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("p-0", Outcome.OPEN));
    assertThat(read(TOPICS.interactions())).isEmpty();

    capture.at("00:00.200").sees(posts, head(0, 200, "application/json"), result(0, 0, 1L), end(0));
    capture.at("00:01.000").ticks();
    assertThat(read(TOPICS.exchanges()))
        .extracting(row -> row.key, row -> row.value.getOutcome(), row -> row.value.getTtfbMicros())
        .containsExactly(org.assertj.core.groups.Tuple.tuple("p", Outcome.ANSWERED, 200_000L));
    List<KeyValue<String, Interaction>> interactions = read(TOPICS.interactions());
    assertThat(interactions).hasSize(1);
    assertThat(interactions.get(0).key).isEqualTo("p-0");
    assertThat(read(TOPICS.flows()))
        .extracting(row -> row.value.getFlowType())
        .containsExactly("mcp_server");

    assertThat(traffic()).as("rows are told in a while, not with each change").isEmpty();
    driver.advanceWallClockTime(Duration.ofMillis(250));
    Map<TrafficKey, TrafficWindow> rows = traffic();
    assertThat(rows).hasSize(2);
    rows.forEach((key, row) -> assertThat(key).isEqualTo(TrafficKey.of(row)));
    assertThat(rows.values())
        .extracting(TrafficWindow::getVolumeRow, TrafficWindow::getExchanges)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(true, 0L),
            org.assertj.core.groups.Tuple.tuple(false, 1L));
    List<KeyValue<HealthKey, CaptureHealth>> health = read(TOPICS.hosts());
    assertThat(health).hasSize(1);
    assertThat(health.get(0).key)
        .isEqualTo(new HealthKey("h1", "e1", 0, Capture.micros("00:00.000")));

    driver.advanceWallClockTime(Duration.ofMillis(500));
    assertThat(traffic()).as("nothing changed, nothing is told").isEmpty();
    assertThat(read(TOPICS.hosts())).isEmpty();
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  /** Keys that come after the inference: the row says so, and sums and interactions hold the call once, as it was read. */
  @Test
  void whatIsSupersededLeavesRowsSumsAndInteractions() {
    Flow tls = Flow.tcp("t").to("10.9.9.9", 443).shows("tls").named("a.openai.azure.com");
    capture.at("00:01.000").sees(tls, hello("a.openai.azure.com", null), sealed(0));
    capture.at("00:01.300").sees(tls, sealedHead(0));
    capture.at("00:01.400").sees(tls, end(0));
    capture.at("00:04.000").ticks();
    driver.advanceWallClockTime(Duration.ofMillis(250));
    assertThat(called(traffic())).isEqualTo(1);
    assertThat(exchanges()).last().returns(Outcome.ANSWERED, Exchange::getOutcome);

    String path = "/openai/deployments/gpt-4o/chat/completions";
    capture
        .at("00:05.000")
        .sees(
            tls,
            end(0, Outcome.SUPERSEDED),
            decrypted(Seen.request(1, "POST", path), "00:01.000"),
            Seen.model(1, "chat_completions", "gpt-4o"),
            head(1, 200, "application/json").with(ResponseStart.class, head -> {
              head.setTime(Capture.micros("00:01.300"));
              head.setEvidence(Evidence.DECRYPTED);
            }),
            Seen.usage(1, 12, 3, "stop"),
            end(1).with(ResponseEnd.class, end -> {
              end.setTime(Capture.micros("00:01.400"));
              end.setEvidence(Evidence.DECRYPTED);
            }));
    capture.at("00:30.000").ticks();
    driver.advanceWallClockTime(Duration.ofMillis(250));
    var last = new LinkedHashMap<String, Exchange>();
    exchanges().forEach(row -> last.put(row.getExchangeId(), row));
    assertThat(last.get("t-0")).returns(Outcome.SUPERSEDED, Exchange::getOutcome);
    assertThat(last.get("t-1"))
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns(Evidence.DECRYPTED, Exchange::getEvidence)
        .returns(path, Exchange::getPath)
        .returns(400_000L, Exchange::getTotalMicros)
        .returns(12L, Exchange::getInputTokens);

    Map<TrafficKey, TrafficWindow> sums = traffic();
    assertThat(sums.values())
        .filteredOn(row -> !row.getVolumeRow())
        .extracting(TrafficWindow::getExchanges)
        .as("the inferred one's row is down to nothing, the other's holds one")
        .containsExactlyInAnyOrder(0L, 1L);
    var interactions = new LinkedHashMap<String, Interaction>();
    read(TOPICS.interactions()).forEach(row -> {
      if (row.value == null) {
        interactions.remove(row.key);
      } else {
        interactions.put(row.key, row.value);
      }
    });
    assertThat(interactions.values())
        .flatExtracting(Interaction::getSteps)
        .extracting(Step::getExchangeId)
        .containsExactly("t-1");
  }

  private static Seen decrypted(Seen request, String at) {
    return request.with(Request.class, seen -> {
      seen.setEvidence(Evidence.DECRYPTED);
      seen.setStart(Capture.micros(at));
      seen.setEnd(Capture.micros(at));
    });
  }

  private static long called(Map<TrafficKey, TrafficWindow> rows) {
    return rows.values().stream().mapToLong(TrafficWindow::getExchanges).sum();
  }

  @Test
  void onlyTheTicksOfItsCaptureGiveARequestUp() {
    capture.at("00:00.000").sees(posts, get(0, "/slow"));
    assertThat(exchanges()).hasSize(1);
    // Neither wall time nor another capture's clock counts.
    driver.advanceWallClockTime(Duration.ofMinutes(9));
    Capture other = new Capture("h2", "e9", true, this::send);
    other.at("59:00.000").ticks();
    assertThat(exchanges()).isEmpty();
    capture.at("05:00.000").ticks();
    assertThat(exchanges()).extracting(Exchange::getOutcome).containsExactly(Outcome.TIMEOUT);
  }

  @Test
  void lastYearsCaptureAndAWrongClockBesideALiveOneChangeNothingOfIt() {
    var alone = new ArrayList<Object>();
    long zero = Capture.micros("00:00.000");
    for (boolean others : new boolean[] {false, true}) {
      close();
      open();
      Capture year = new Capture("file:old.pcap", "hash", true, this::send);
      Capture ahead = new Capture("h3", "e3", false, this::send);
      capture.at("00:00.000").sees(posts, get(0, "/slow"));
      if (others) {
        year.at(zero - 365 * DAY).sees(stream, get(0, "/old"));
        ahead.at(zero + 3 * DAY).sees(stream, get(0, "/ahead"));
        year.at(zero - 364 * DAY).ticks();
        ahead.at(zero + 4 * DAY).ticks();
      }
      capture.at("00:01.000").sees(posts, head(0, 200, "text/html"), end(0)).ticks();
      capture.at("00:02.000").sees(posts, get(1, "/b"));
      capture.at("05:01.999").ticks();
      capture.at("05:02.000").ticks();
      driver.advanceWallClockTime(Duration.ofSeconds(1));
      List<Exchange> rows = exchanges();
      alone.add(List.of(
          rows.stream().filter(row -> row.getHost().equals("h1")).toList(),
          traffic().values().stream().filter(row -> row.getHost().equals("h1")).toList()));
      if (others) {
        assertThat(rows)
            .filteredOn(row -> !row.getHost().equals("h1") && row.getOutcome() == Outcome.TIMEOUT)
            .extracting(Exchange::getHost)
            .containsExactlyInAnyOrder("file:old.pcap", "h3");
      }
    }
    assertThat(alone.get(1)).isEqualTo(alone.get(0));
  }

  @Test
  void rulesThatChangeHoldForTheFlowsThatFollow(@TempDir Path other) throws Exception {
    Path file = other.resolve("rules.yaml");
    Flow tls = Flow.tcp("before").to("10.9.9.9", 443);
    capture.at("00:00.000").sees(tls, hello("model.corp.example", null));
    Files.writeString(file, """
        types:
          corp_llm: {title: Ours, icon: "C", colour: "#112233", kind: model}
        rules:
          - {type: corp_llm, hosts: [model.corp.example]}
        """);
    rules = FlowTypeRules.load(file);
    capture
        .at("00:01.000")
        .sees(Flow.tcp("after").to("10.9.9.8", 443), hello("model.corp.example", null));
    capture.at("00:02.000").ticks();
    assertThat(read(TOPICS.flows()).stream().map(row -> row.value))
        .extracting(row -> row.getFlowId() + " " + row.getFlowType())
        .contains("before other", "after corp_llm");
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void aSilentEpochIsSweptByWallTime() {
    capture.at("00:00.000").sees(posts, get(0, "/slow"));
    exchanges();
    driver.advanceWallClockTime(Duration.ofSeconds(599));
    assertThat(exchanges()).isEmpty();
    driver.advanceWallClockTime(Duration.ofSeconds(61));
    assertThat(exchanges()).extracting(Exchange::getOutcome).containsExactly(Outcome.CAPTURE_ENDED);
    assertThat(read(TOPICS.flows()))
        .last()
        .satisfies(row -> assertThat(row.value.getFinal$()).isTrue());
  }

  @Test
  void theEndOfAFileEndsEverythingAndIsTold() {
    var file = new Capture("file:a.pcap", "hash", true, this::send);
    for (int i = 0; i < 2; i++) {
      var again = i == 0 ? file : new Capture("file:a.pcap", "hash", true, this::send);
      again.at("00:00.000").sees(posts, post(0, 1, 0, 0), call(0, 0, 1L, "tools/call", "echo"));
      again.at("00:01.000").ends();
    }
    assertThat(exchanges())
        .extracting(Exchange::getOutcome)
        .containsExactly(Outcome.OPEN, Outcome.CAPTURE_ENDED);
    List<KeyValue<HealthKey, CaptureHealth>> health = read(TOPICS.hosts());
    assertThat(health)
        .extracting(
            row -> row.value.getSettings().get(WindowFold.END_OF_FILE),
            row -> row.value.getDuplicateBatches())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("true", 0L),
            org.assertj.core.groups.Tuple.tuple("true", 2L));
    assertThat(read(TOPICS.interactions()))
        .last()
        .satisfies(row -> assertThat(row.value.getEndedBy()).isEqualTo("capture_ended"));
    assertThat(traffic().values().stream()
            .mapToLong(TrafficWindow::getPacketsToServer)
            .sum())
        .isEqualTo(1);
    for (String store : List.of(
        Names.FLOW_STORE,
        Names.FLOW_VOLUME_STORE,
        Names.KNOWLEDGE_STORE,
        Names.EXCHANGE_STORE,
        Names.RPC_STORE,
        Names.RPC_SESSION_STORE,
        Names.RPC_WAITING_STORE,
        Names.LEG_STORE,
        Names.TIMER_STORE,
        Names.INTERACTION_STORE,
        Names.INTERACTION_ENTRY_STORE,
        Names.ROW_STORE,
        Names.ADMITTED_STORE,
        Names.DIRTY_STORE)) {
      assertThat(keys(store)).as(store).isEmpty();
    }
  }

  private List<String> keys(String store) {
    var keys = new ArrayList<String>();
    ((StateMap<?>) driver.getStateStore(store)).all((key, value) -> keys.add(key));
    return keys;
  }

  @Test
  void whatCannotBeDecodedGoesToDeadLettersAndStopsNothing() {
    packets.pipeInput("k".getBytes(), "secret payload".getBytes());
    packets.pipeInput("k".getBytes(), (byte[]) null);
    byte[] cut = AvroSerde.of(PacketBatch.class).encode(batchOf(posts));
    packets.pipeInput("k".getBytes(), java.util.Arrays.copyOf(cut, cut.length - 5));
    capture.at("00:00.000").sees(posts);
    assertThat(read(TOPICS.flows())).hasSize(1);

    List<TestRecord<byte[], byte[]>> letters = deadLetters.readRecordsToList();
    assertThat(letters).hasSize(3);
    assertThat(letters.get(0).key()).isEqualTo("k".getBytes());
    assertThat(letters.get(0).value()).isEqualTo("secret payload".getBytes());
    assertThat(headers(letters.get(0)))
        .containsEntry("sidewire.reason", "PacketBatch: no single-object encoding, 14 bytes")
        .containsEntry("sidewire.step", Names.ADMIT)
        .containsEntry("sidewire.topic", TOPICS.packets().name())
        .containsEntry("sidewire.offset", "0");
    assertThat(headers(letters.get(1)))
        .containsEntry("sidewire.reason", "IllegalArgumentException");
    assertThat(headers(letters.get(2)).get("sidewire.reason")).startsWith("PacketBatch: ");
    assertThat(counters.deadLetters.sum()).isEqualTo(3);
  }

  private PacketBatch batchOf(Flow flow) {
    var made = new ArrayList<PacketBatch>();
    new Capture("h3", "e1", false, made::add).at("00:00.000").sees(flow);
    return made.get(0);
  }

  private static Map<String, String> headers(TestRecord<byte[], byte[]> record) {
    var headers = new TreeMap<String, String>();
    record
        .headers()
        .forEach(header ->
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
    return headers;
  }

  @Test
  void aLegacyCallMeetsItsAnswerFromAnotherFlow() {
    capture.at("00:00.000").sees(stream, get(0, "/sse"), session(0, "S"));
    capture
        .at("00:01.000")
        .sees(
            posts,
            Seen.legacyPost(0, "S", 1, 0, 0),
            call(0, 0, 1L, "tools/call", "x")
                .with(RpcCall.class, call -> call.setSessionHash("S")));
    capture.at("00:01.500").sees(stream, result(0, 1, 1L));
    assertThat(exchanges())
        .filteredOn(row -> row.getExchangeId().equals("p-0"))
        .last()
        .returns(500_000L, Exchange::getTotalMicros);
  }

  @Test
  void twoHostsDoNotMeet() {
    var other = new Capture("h2", "e1", false, this::send);
    other.at("00:00.000").sees(Flow.tcp("x").to("10.0.0.2", 7777));
    capture
        .at("00:00.000")
        .sees(Flow.tcp("y").to("10.0.0.2", 7777).shows("http", "mcp"), get(0, "/mcp"));
    var types = new HashMap<String, String>();
    read(TOPICS.flows()).forEach(row -> types.put(row.key, row.value.getFlowType()));
    assertThat(types).isEqualTo(Map.of("x", "other", "y", "mcp_server"));
    assertThat(read(TOPICS.flows()))
        .extracting(row -> ((FlowRecord) row.value).getHost())
        .isEmpty();
  }
}
