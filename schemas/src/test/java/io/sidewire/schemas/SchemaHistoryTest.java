package io.sidewire.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
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
    return SchemaHistory.CURRENT;
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
