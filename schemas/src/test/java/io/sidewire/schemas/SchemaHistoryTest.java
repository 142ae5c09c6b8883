package io.sidewire.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The law of the schemas: what any release wrote, this one reads, and today's schema stands in the history.
 *
 * <p>After a wanted change: {@code mvn -pl schemas test -Dsidewire.schemas.release=new} writes the new version; while
 * the last one has not been released, {@code =overwrite} replaces it.
 */
class SchemaHistoryTest {

  static List<Schema> current() {
    return Stream.concat(SchemaHistory.CURRENT.stream(), SchemaHistory.STATE.stream())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("current")
  void readsEveryReleasedVersion(Schema today) {
    for (Schema released : SchemaHistory.versionsOf(today.getName())) {
      var result = SchemaCompatibility.checkReaderWriterCompatibility(today, released);
      assertThat(result.getType())
          .as("%s: %s", today.getName(), result.getDescription())
          .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }
  }

  @ParameterizedTest
  @MethodSource("current")
  void standsInTheHistory(Schema today) throws Exception {
    List<Schema> versions = SchemaHistory.versionsOf(today.getName());
    boolean known = !versions.isEmpty() && versions.get(versions.size() - 1).equals(today);
    String release = System.getProperty("sidewire.schemas.release", "");
    if (!known && !release.isEmpty()) {
      int version = Math.max(1, versions.size() + (release.equals("overwrite") ? 0 : 1));
      Path file = Path.of("src/main/resources/io/sidewire/schemas/history")
          .resolve(today.getName())
          .resolve(version + ".avsc");
      Files.createDirectories(file.getParent());
      Files.writeString(file, today.toString(true) + "\n");
      return;
    }
    assertThat(known)
        .as("%s differs from its last released version; see this test's Javadoc", today.getName())
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("current")
  void enumsHaveDefaultsAndLaterFieldsToo(Schema today) {
    assertDefaults(today, new java.util.HashSet<>());
  }

  @Test
  void anIncompatibleChangeWouldBeCaught() {
    Schema writer = FlowRecord.getClassSchema();
    Schema reader = new Schema.Parser()
        .parse(writer.toString().replaceFirst("\"name\":\"flowId\"", "\"name\":\"renamed\""));
    assertThat(
            SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType())
        .isEqualTo(SchemaCompatibilityType.INCOMPATIBLE);
  }

  /** What an older build left in its stores and changelogs is gone on from: no field was lost, new ones have defaults. */
  @ParameterizedTest
  @MethodSource("current")
  void decodesTheBytesOfEveryReleasedVersion(Schema today) throws Exception {
    var type = Class.forName(today.getFullName()).asSubclass(SpecificRecordBase.class);
    for (Schema released : SchemaHistory.versionsOf(today.getName())) {
      var old = new GenericData.Record(released);
      released.getFields().forEach(field -> old.put(field.pos(), sample(field.schema())));
      var bytes = new ByteArrayOutputStream();
      BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
      new GenericDatumWriter<>(released).write(old, out);
      out.flush();
      byte[] value = ByteBuffer.allocate(10 + bytes.size())
          .order(ByteOrder.LITTLE_ENDIAN)
          .put(new byte[] {(byte) 0xC3, 1})
          .putLong(SchemaNormalization.parsingFingerprint64(released))
          .put(bytes.toByteArray())
          .array();
      SpecificRecordBase read = AvroSerde.of(type).decode(value);
      assertThat(read).as(today.getName()).isNotNull();
      for (Schema.Field field : released.getFields()) {
        boolean plain = field.schema().getType() == Schema.Type.STRING
            || field.schema().getType() == Schema.Type.LONG;
        if (plain) {
          assertThat(read.get(field.name())).isEqualTo(old.get(field.pos()));
        }
      }
    }
  }

  @Test
  void anEpochOfTheFirstBuildHasNoHoles() {
    Schema first = SchemaHistory.versionsOf("EpochState").get(0);
    assertThat(first.getField("holes")).isNull();
    assertThat(SchemaHistory.versionsOf("EpochState")).hasSizeGreaterThan(1);
  }

  private static Object sample(Schema schema) {
    return switch (schema.getType()) {
      case STRING -> "text";
      case LONG -> 7L;
      case INT -> 7;
      case FLOAT -> 0.5f;
      case DOUBLE -> 0.5;
      case BOOLEAN -> true;
      case BYTES -> ByteBuffer.wrap(new byte[] {1});
      case ENUM -> new GenericData.EnumSymbol(schema, schema.getEnumSymbols().get(0));
      case ARRAY -> new GenericData.Array<>(schema, List.of(sample(schema.getElementType())));
      case MAP -> java.util.Map.of("key", sample(schema.getValueType()));
      case UNION -> sample(schema.getTypes().get(schema.getTypes().size() - 1));
      case RECORD -> {
        var record = new GenericData.Record(schema);
        schema.getFields().forEach(field -> record.put(field.pos(), sample(field.schema())));
        yield record;
      }
      default -> throw new IllegalArgumentException(schema.getType().toString());
    };
  }

  private static void assertDefaults(Schema schema, java.util.Set<String> seen) {
    switch (schema.getType()) {
      case ENUM -> assertThat(schema.getEnumDefault()).as(schema.getFullName()).isNotNull();
      case ARRAY -> assertDefaults(schema.getElementType(), seen);
      case MAP -> assertDefaults(schema.getValueType(), seen);
      case UNION -> schema.getTypes().forEach(type -> assertDefaults(type, seen));
      case RECORD -> {
        if (seen.add(schema.getFullName())) {
          schema.getFields().forEach(field -> assertDefaults(field.schema(), seen));
        }
      }
      default -> {}
    }
  }
}
