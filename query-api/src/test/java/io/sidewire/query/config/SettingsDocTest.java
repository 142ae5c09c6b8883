package io.sidewire.query.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The API's table in docs/settings.md has every setting of its classes, with its variable and default. */
class SettingsDocTest {
  @Test
  void everySettingWithItsVariableAndDefault() throws Exception {
    var expected = new ArrayList<String>();
    for (Class<?> group : List.of(KafkaConfig.class, QueryConfig.class, ApiConfig.class)) {
      String prefix = group.getAnnotation(ConfigMapping.class).prefix() + ".";
      Arrays.stream(group.getMethods())
          .sorted(Comparator.comparing(method -> kebab(method.getName())))
          .forEach(method -> expected.add(row(prefix + kebab(method.getName()), method)));
    }
    List<String> found = Files.readAllLines(Path.of("../docs/settings.md")).stream()
        .filter(line -> line.startsWith("| `sidewire."))
        .map(line -> line.substring(0, line.lastIndexOf(" | ")))
        .toList();
    assertThat(found).containsExactlyElementsOf(expected);
  }

  private static String row(String key, Method method) {
    var fallback = method.getAnnotation(WithDefault.class);
    return "| `%s` | `%s` | %s"
        .formatted(
            key,
            key.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT),
            fallback == null ? "–" : "`" + fallback.value() + "`");
  }

  private static String kebab(String camel) {
    return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
