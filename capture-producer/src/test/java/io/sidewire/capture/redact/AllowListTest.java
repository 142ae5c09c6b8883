package io.sidewire.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.schemas.PacketBatch;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class AllowListTest {
  @Test
  void everyStringFieldThatACaptureCanPublishHasASanitizer() {
    var fields = new TreeSet<String>();
    collect(PacketBatch.getClassSchema(), "PacketBatch", fields, new HashSet<>());
    assertThat(fields)
        .as("string fields of PacketBatch and what it holds, against AllowList")
        .containsExactlyInAnyOrderElementsOf(AllowList.fields().keySet());
  }

  @Test
  void noFieldCanHoldBytes() {
    assertThat(PacketBatch.getClassSchema().toString())
        .doesNotContain("\"bytes\"}", "\"fixed\"")
        .doesNotContainPattern("\"type\":\\s*\"bytes\"");
  }

  /** Names of string fields, {@code #key} for the keys of maps. */
  private static void collect(Schema schema, String field, Set<String> out, Set<String> seen) {
    switch (schema.getType()) {
      case STRING -> out.add(field);
      case ARRAY -> collect(schema.getElementType(), field, out, seen);
      case MAP -> {
        out.add(field + "#key");
        collect(schema.getValueType(), field, out, seen);
      }
      case UNION -> schema.getTypes().forEach(type -> collect(type, field, out, seen));
      case RECORD -> {
        if (seen.add(schema.getFullName())) {
          schema
              .getFields()
              .forEach(f -> collect(f.schema(), schema.getName() + "." + f.name(), out, seen));
        }
      }
      default -> {}
    }
  }
}
