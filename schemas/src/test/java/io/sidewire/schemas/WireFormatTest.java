package io.sidewire.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

/** With a registry only the head of a value differs, and only on the topics. */
class WireFormatTest {
  private final List<String> asked = new ArrayList<>();
  private final List<Schema> known = new ArrayList<>();

  private final SchemaRegistry registry = new SchemaRegistry() {
    @Override
    public int idOf(String topic, SpecificRecordBase sample) {
      asked.add("id of " + topic);
      known.add(new Schema.Parser().parse(sample.getSchema().toString()));
      return known.size() + 99;
    }

    @Override
    public Schema schemaOf(int id) {
      asked.add("schema " + id);
      if (id < 100 || id >= 100 + known.size()) {
        throw new SerializationException("no schema " + id);
      }
      return known.get(id - 100);
    }
  };

  private final Topics topics = Topics.withPrefix("x.", WireFormat.of(registry));
  private final Topic<HealthKey, CaptureHealth> hosts = topics.hosts();

  @Test
  void aZeroTheIdAndThePlainDatum() throws Exception {
    byte[] value = hosts.value().serializer().serialize("x.hosts", health());
    assertThat(value[0]).isZero();
    assertThat(ByteBuffer.wrap(value).getInt(1)).isEqualTo(100);
    var reader = new GenericDatumReader<GenericRecord>(CaptureHealth.getClassSchema());
    var decoder = DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null);
    assertThat(reader.read(null, decoder).get("host")).hasToString("laptop");
    assertThat(decoder.isEnd()).isTrue();
  }

  @Test
  void whatWasWrittenIsReadAndTheRegistryAskedOnce() {
    for (int i = 0; i < 3; i++) {
      byte[] value = hosts.value().serializer().serialize("x.hosts", health());
      assertThat(hosts.value().deserializer().deserialize("x.hosts", value)).isEqualTo(health());
    }
    assertThat(asked).containsExactly("id of x.hosts", "schema 100");
  }

  @Test
  void insideValuesAreInSingleObjectEncoding() {
    byte[] value = hosts.value().serializer().serialize("x.hosts", health());
    byte[] single = topics.wire().fromTopic(value);
    assertThat(single).isEqualTo(AvroSerde.of(CaptureHealth.class).encode(health()));
    assertThat(topics.wire().fromTopic(null)).isNull();
    assertThat(hosts.value().serializer().serialize("x.hosts", null)).isNull();
  }

  @Test
  void idsAreLearnedBeforehand() {
    topics.learnSchemas(topics.hosts(), topics.exchanges(), topics.deadLetters());
    assertThat(asked).containsExactly("id of x.hosts", "id of x.exchanges");
    hosts.value().serializer().serialize("x.hosts", health());
    assertThat(asked).hasSize(2);
  }

  @Test
  void anotherEncodingIsRefusedEitherWay() {
    byte[] single = AvroSerde.of(CaptureHealth.class).encode(health());
    byte[] confluent = hosts.value().serializer().serialize("x.hosts", health());
    assertThatThrownBy(() -> hosts.value().deserializer().deserialize("x.hosts", single))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("another topic prefix");
    Topics plain = Topics.withPrefix("x.");
    assertThatThrownBy(() -> plain.hosts().value().deserializer().deserialize("x.hosts", confluent))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("no single-object encoding");
    assertThatThrownBy(() ->
            hosts.value().deserializer().deserialize("x.hosts", new byte[] {0, 0, 0, 0, 1, 2}))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("no schema 1");
    assertThatThrownBy(
            () -> hosts.value().deserializer().deserialize("x.hosts", new byte[] {0, 0, 0}))
        .isInstanceOf(SerializationException.class);
  }

  @Test
  void withoutARegistryThereIsNothingToLearn() {
    Topics plain = Topics.withPrefix("x.", WireFormat.of("", java.util.Map.of()));
    plain.learnSchemas(plain.hosts());
    assertThat(plain.wire().isSingleObject()).isTrue();
    assertThat(plain.hosts().value()).isInstanceOf(AvroSerde.class);
  }

  @Test
  void aRegistryWithoutItsClientSaysWhatIsMissing() {
    assertThatThrownBy(() -> WireFormat.of("http://127.0.0.1:1/", java.util.Map.of()))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("sidewire-registry");
  }

  private static CaptureHealth health() {
    return CaptureHealth.newBuilder()
        .setHost("laptop")
        .setWindowStart(10_000_000)
        .setWindowSeconds(10)
        .setLate(3)
        .build();
  }
}
