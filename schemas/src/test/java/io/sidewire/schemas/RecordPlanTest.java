package io.sidewire.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The plan reads and writes what the library does. */
class RecordPlanTest {
  static {
    AvroSerde.of(PacketBatch.class); // trusts the generated classes
  }

  static Stream<Schema> types() {
    return Stream.concat(
        SchemaHistory.CURRENT.stream(),
        Stream.of(
            FlowState.getClassSchema(),
            ExchangeState.getClassSchema(),
            RpcState.getClassSchema(),
            InteractionState.getClassSchema(),
            RowState.getClassSchema()));
  }

  private static byte[] byLibrary(Schema schema, Object datum) throws IOException {
    var bytes = new ByteArrayOutputStream();
    BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<>(schema).write(datum, out);
    out.flush();
    return bytes.toByteArray();
  }

  private static Object readByLibrary(Schema schema, byte[] bytes) throws IOException {
    return new SpecificDatumReader<>(schema, schema, SpecificData.get())
        .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
  }

  private static byte[] byPlan(RecordPlan plan, SpecificRecordBase datum) throws IOException {
    var bytes = new ByteArrayOutputStream();
    BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
    plan.write(datum, out);
    out.flush();
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("types")
  void agreesWithTheLibrary(Schema schema) throws Exception {
    var plan = new RecordPlan(schema, Set.of());
    for (Object random : new RandomData(schema, 100, 42)) {
      byte[] written = byLibrary(schema, random);
      var decoder = DecoderFactory.get().binaryDecoder(written, null);
      Object read = plan.read(decoder);
      assertThat(decoder.isEnd()).isTrue();
      Object expected = readByLibrary(schema, written);
      assertThat(read).isEqualTo(expected).hasSameClassAs(expected);
      // Not the bytes are compared: maps have no order.
      assertThat(readByLibrary(schema, byPlan(plan, (SpecificRecordBase) read))).isEqualTo(read);
    }
  }

  @Test
  void skippedArraysComeOutEmptyAndTheRestIsThere() {
    var batch = new PacketBatch();
    batch.setHost("h");
    batch.setEpoch("e");
    batch.setPackets(List.of(new PacketMeta(1, 2, 3, 4), new PacketMeta(5, 6, 7, 8)));
    batch.setObservations(List.of(new FlowStart(9L)));
    batch.setUnflowed(List.of());
    byte[] bytes = AvroSerde.of(PacketBatch.class).encode(batch);
    PacketBatch read = AvroSerde.skipping(PacketBatch.class, Set.of("packets")).decode(bytes);
    assertThat(read.getPackets()).isEmpty();
    assertThat(read.getObservations()).containsExactly(new FlowStart(9L));
  }
}
