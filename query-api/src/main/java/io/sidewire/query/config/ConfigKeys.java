package io.sidewire.query.config;

import io.quarkus.runtime.StartupEvent;
import io.sidewire.query.Problem;
import io.smallrye.config.ConfigMapping;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.eclipse.microprofile.config.ConfigProvider;

/** Refuses settings that nobody reads: a mistyped one must not be taken for set. */
@Singleton
public class ConfigKeys {
  private static final List<Class<?>> GROUPS =
      List.of(KafkaConfig.class, QueryConfig.class, ApiConfig.class);

  /** Read straight from the environment. */
  private static final String TOKEN = "SIDEWIRE_API_TOKEN";

  private static final String TOKEN_AS_PROPERTY = "sidewire.api.token";

  void check(@Observes StartupEvent event) {
    refuseUnknown(ConfigProvider.getConfig().getPropertyNames());
  }

  /** @throws IllegalStateException naming the first unknown key and the nearest known one */
  static void refuseUnknown(Iterable<String> names) {
    var known = new TreeSet<String>();
    var open = new TreeSet<String>();
    var prefixes = new TreeSet<String>();
    for (Class<?> group : GROUPS) {
      String prefix = group.getAnnotation(ConfigMapping.class).prefix() + ".";
      prefixes.add(prefix);
      for (Method method : group.getMethods()) {
        String key = prefix + kebab(method.getName());
        (method.getReturnType() == Map.class ? open : known).add(key);
      }
    }
    for (String name : names) {
      if (name.equals(TOKEN_AS_PROPERTY) && System.getenv(TOKEN) != null) {
        continue; // the variable under the name that the configuration gives it; as a -D it is
        // refused
      }
      boolean variable = name.startsWith("SIDEWIRE_");
      if (variable
          ? !variableIsKnown(name, prefixes, known, open)
          : !isKnown(name, prefixes, known, open)) {
        var candidates = new TreeSet<String>();
        known.forEach(key -> candidates.add(variable ? variable(key) : key));
        String near = Problem.nearest(name, candidates)
            .map(one -> "; did you mean " + one + "?")
            .orElse(" (known: " + String.join(", ", candidates) + ")");
        throw new IllegalStateException("unknown setting " + name + near);
      }
    }
  }

  private static boolean isKnown(
      String name, TreeSet<String> prefixes, TreeSet<String> known, TreeSet<String> open) {
    boolean ours = prefixes.stream().anyMatch(name::startsWith);
    return !ours
        || known.contains(name.replaceAll("\\[\\d+]$", ""))
        || open.stream().anyMatch(key -> name.startsWith(key + "."));
  }

  private static boolean variableIsKnown(
      String name, TreeSet<String> prefixes, TreeSet<String> known, TreeSet<String> open) {
    boolean ours = prefixes.stream().anyMatch(prefix -> name.startsWith(variable(prefix)));
    return !ours
        || name.equals(TOKEN)
        || known.stream().anyMatch(key -> name.equals(variable(key)))
        || open.stream().anyMatch(key -> name.startsWith(variable(key) + "_"));
  }

  private static String variable(String key) {
    return key.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
  }

  private static String kebab(String camel) {
    return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
