package io.sidewire.rules;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A pattern over host or process names; {@code *} stands for one or more characters, case does not matter. */
final class HostGlob {
  private final Pattern pattern;
  private final String suffix;
  private final String exact;

  HostGlob(String glob) {
    String text = glob.toLowerCase(Locale.ROOT);
    exact = text.indexOf('*') < 0 ? text : null;
    boolean plainSuffix = text.startsWith("*") && text.indexOf('*', 1) < 0;
    suffix = plainSuffix ? text.substring(1) : null;
    pattern = exact != null || plainSuffix ? null : compile(text);
  }

  private static Pattern compile(String text) {
    return Pattern.compile(
        Arrays.stream(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".+")));
  }

  /** @param name in lower case */
  boolean matches(String name) {
    if (exact != null) {
      return name.equals(exact);
    }
    if (suffix != null) {
      return name.length() > suffix.length() && name.endsWith(suffix);
    }
    return pattern.matcher(name).matches();
  }

  /** A host name as the globs see it: lower case, without port, brackets or trailing dot. */
  static String normalize(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.startsWith("[")) {
      int end = name.indexOf(']');
      return end < 0 ? name : name.substring(1, end);
    }
    int colon = name.indexOf(':');
    if (colon >= 0 && colon == name.lastIndexOf(':')) {
      name = name.substring(0, colon);
    }
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
