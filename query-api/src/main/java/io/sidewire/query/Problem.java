package io.sidewire.query;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An error that the asker can do something about, as RFC 9457 says it: its detail names the cause and the fix. */
public final class Problem extends RuntimeException {
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final long serialVersionUID = 1L;
  private static final int LONGEST_ECHO = 60;

  private final int status;
  private final String title;
  private final String parameter;

  private Problem(int status, String title, String parameter, String detail) {
    super(detail);
    this.status = status;
    this.title = title;
    this.parameter = parameter;
  }

  public static Problem of(int status, String title, String detail) {
    return new Problem(status, title, null, detail);
  }

  /** A parameter whose value cannot be used. */
  static Problem parameter(Param param, String detail) {
    return new Problem(400, "Bad parameter", param.wire(), param.wire() + ": " + detail);
  }

  /** A parameter that this path does not take; names the nearest one, and all. */
  static Problem unknownParameter(String name, Collection<String> known) {
    String all = known.isEmpty() ? "it takes none" : "known: " + String.join(", ", known);
    String near = nearest(name, known).map(one -> "did you mean " + one + "? ").orElse("");
    return new Problem(
        400,
        "Unknown parameter",
        echo(name),
        "no parameter " + echo(name) + " here; " + near + "(" + all + ")");
  }

  public int status() {
    return status;
  }

  /** The members of the JSON object. */
  public Map<String, Object> body() {
    var body = new LinkedHashMap<String, Object>();
    body.put("type", "about:blank");
    body.put("title", title);
    body.put("status", status);
    body.put("detail", getMessage());
    if (parameter != null) {
      body.put("parameter", parameter);
    }
    return body;
  }

  /** The known name that a mistyped one most likely meant. */
  public static Optional<String> nearest(String name, Collection<String> known) {
    Optional<String> begun = name.length() < 3
        ? Optional.empty()
        : known.stream().filter(candidate -> candidate.startsWith(name)).findFirst();
    return begun.or(() -> known.stream()
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
        .filter(best -> distance(name, best) <= Math.max(2, best.length() / 3)));
  }

  /** What the asker wrote, made safe to show: short, and without control characters. */
  static String echo(String value) {
    String clean = value.replaceAll("\\p{Cntrl}", "?");
    return "'"
        + (clean.length() > LONGEST_ECHO ? clean.substring(0, LONGEST_ECHO) + "…" : clean)
        + "'";
  }

  /** Levenshtein distance without regard to case, between short names. */
  private static int distance(String left, String right) {
    String a = left.substring(0, Math.min(left.length(), LONGEST_ECHO)).toLowerCase();
    String b = right.toLowerCase();
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
