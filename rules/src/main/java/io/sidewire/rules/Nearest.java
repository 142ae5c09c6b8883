package io.sidewire.rules;

import java.util.Collection;

/** The known name that a mistyped one most likely meant. */
public final class Nearest {
  private Nearest() {}

  /** The closest of the known names, or null where none is close. */
  public static String of(String given, Collection<String> known) {
    String best = null;
    int bestDistance = Math.max(2, given.length() / 3) + 1;
    for (String candidate : known) {
      int distance = distance(given, candidate);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return best;
  }

  /** {@code "; did you mean x?"}, or all known names where none is close. */
  public static String hint(String given, Collection<String> known) {
    String best = of(given, known);
    return best != null
        ? "; did you mean " + best + "?"
        : "; known: " + String.join(", ", known.stream().sorted().toList());
  }

  /** Levenshtein's distance: insertions, deletions and replacements. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
