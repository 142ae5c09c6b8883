package io.sidewire.capture;

import io.sidewire.testkit.Golden;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The capture's table in docs/settings.md is what {@link CaptureConfig} says. */
class SettingsDocTest {
  @Test
  void everySettingWithItsDefault() {
    var table = new StringBuilder("| setting | default | what it does |\n|---|---|---|\n");
    for (ConfigKey<?> key : CaptureConfig.keys()) {
      String fallback = key.fallback().isEmpty() ? "–" : "`" + key.fallback() + "`";
      table.append("| `%s` | %s | %s |%n".formatted(key.name(), fallback, key.description()));
    }
    Golden.assertSection(Path.of("../docs/settings.md"), "capture", table.toString());
  }
}
