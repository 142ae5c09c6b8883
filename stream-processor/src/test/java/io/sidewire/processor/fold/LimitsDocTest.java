package io.sidewire.processor.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of limits in the docs has every limit of the class. */
class LimitsDocTest {

  @Test
  void everyLimitStandsInTheDocs() throws Exception {
    String page = Files.readString(Path.of("../docs/limits-and-counters.md"));
    for (RecordComponent limit : Limits.class.getRecordComponents()) {
      assertThat(page).contains("| `" + limit.getName() + "` | ");
    }
  }
}
