package io.sidewire.processor.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sidewire.processor.ProcessorCounters;
import io.sidewire.schemas.AdmittedNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a record that a step fails at. */
class StepTest {
  private static final String STORE = "numbers";

  private final ProcessorCounters counters = new ProcessorCounters();
  private final TopologyTestDriver driver = driver();
  private final TestInputTopic<byte[], byte[]> in =
      driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer());

  /** Adds numbers up on the heap and in a store; fails half-way at a word. */
  private static final class Adder extends Step<byte[], byte[]> {
    private KeptStore<Long> store;
    private long sum;

    @Override
    void open(ProcessorContext<Object, Object> opened) {
      store = opened.getStateStore(STORE);
      store.forgetUnchanged();
      Long kept = store.get("sum");
      sum = kept == null ? 0 : kept;
    }

    @Override
    void handle(Record<byte[], byte[]> record) {
      String text = new String(record.value(), StandardCharsets.UTF_8);
      if (text.equals("outage")) {
        throw new KafkaException("fenced");
      }
      sum += 1000;
      sum += Long.parseLong(text) - 1000;
      store.put("sum", sum);
    }
  }

  private TopologyTestDriver driver() {
    var topology = new Topology();
    var bytes = new ByteArrayDeserializer();
    topology.addSource("source", bytes, bytes, "in");
    topology.addProcessor("adder", Adder::new, "source");
    topology.addStateStore(
        new KeptStoreBuilder<>(
            Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(STORE), Serdes.String(), Serdes.Long()),
            4),
        "adder");
    var properties = new Properties();
    properties.put("application.id", "step-test");
    properties.put("bootstrap.servers", "none:1");
    properties.put("processing.exception.handler", Quarantine.class.getName());
    properties.put(Quarantine.TOPIC, "dead");
    properties.put(Quarantine.COUNTERS, counters);
    return new TopologyTestDriver(topology, properties);
  }

  @AfterEach
  void close() {
    driver.close();
  }

  private void send(String text) {
    in.pipeInput("k".getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aRecordThatFailsLeavesNothingBehindAndStopsNothing() {
    send("1");
    send("secret");
    send("2");
    assertThat(((KeptStore<?>) driver.getStateStore(STORE)).get("sum")).isEqualTo(3L);
    assertThat(counters.deadLetters.sum()).isEqualTo(1);
    TestRecord<byte[], byte[]> letter = driver
        .createOutputTopic("dead", new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readRecord();
    assertThat(new String(letter.value(), StandardCharsets.UTF_8)).isEqualTo("secret");
    assertThat(header(letter, "sidewire.step")).isEqualTo("adder");
    // Whatever the exception's text holds, only its class is told.
    assertThat(header(letter, "sidewire.reason")).isEqualTo("NumberFormatException");
  }

  @Test
  void anOutageOfKafkaIsNoFaultOfTheRecord() {
    assertThatThrownBy(() -> send("outage")).isInstanceOf(KafkaException.class);
    assertThat(counters.deadLetters.sum()).isZero();
  }

  private static String header(TestRecord<?, ?> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Test
  void stateOfALaterVersionStopsTheProcessorAndIsNoFaultOfTheRecord() {
    Serde<AdmittedNames> values = io.sidewire.processor.step.Stores.ADMITTED.values();
    byte[] today = values.serializer().serialize("", new AdmittedNames(List.of("a.example")));
    byte[] later = today.clone();
    later[5]++; // another fingerprint
    assertThat(values.deserializer().deserialize("", today)).isNotNull();
    assertThatThrownBy(() -> values.deserializer().deserialize("", later))
        .isInstanceOf(KafkaException.class)
        .isNotInstanceOf(SerializationException.class) // which Quarantine would put aside
        .hasMessageContaining("admitted-names")
        .hasMessageContaining("later Sidewire")
        .satisfies(fault ->
            assertThat(LaterStateException.behind(new StreamsException(fault))).isSameAs(fault));
    assertThat(LaterStateException.behind(new StreamsException("another"))).isNull();
  }
}
