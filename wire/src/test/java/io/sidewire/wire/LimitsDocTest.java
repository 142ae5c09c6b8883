package io.sidewire.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of limits in the docs says what the class says. */
class LimitsDocTest {

  @Test
  void everyLimitStandsInTheDocsWithItsDefault() throws Exception {
    String page = Files.readString(Path.of("../docs/limits-and-counters.md"));
    for (RecordComponent limit : Limits.class.getRecordComponents()) {
      Object value = limit.getAccessor().invoke(Limits.DEFAULT);
      assertThat(page).contains("| `" + limit.getName() + "` | " + value + " |");
    }
  }
}
