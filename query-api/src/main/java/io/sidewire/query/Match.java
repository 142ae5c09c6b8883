package io.sidewire.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Any of some names, without regard to case, where {@code *} stands for any run of characters. */
final class Match {
  static final Match ALL = new Match(List.of());

  private final List<String> patterns;

  private Match(List<String> patterns) {
    this.patterns = patterns;
  }

  static Match anyOf(List<String> names) {
    var patterns = new ArrayList<String>();
    names.forEach(name -> patterns.add(name.toLowerCase(Locale.ROOT)));
    return patterns.isEmpty() ? ALL : new Match(List.copyOf(patterns));
  }

  boolean isAll() {
    return patterns.isEmpty();
  }

  /** A null name matches only where everything does. */
  boolean test(String name) {
    if (patterns.isEmpty()) {
      return true;
    }
    if (name == null) {
      return false;
    }
    String text = name.toLowerCase(Locale.ROOT);
    for (String pattern : patterns) {
      if (matches(pattern, text)) {
        return true;
      }
    }
    return false;
  }

  /** Linear in both lengths times stars: after a mismatch only the last star tries again. */
  private static boolean matches(String pattern, String text) {
    int p = 0;
    int star = -1;
    int resume = 0;
    int t = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
