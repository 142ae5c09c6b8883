package io.sidewire.query.metrics;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Keeps the number of values of each label bounded: past the cap every new one is {@code _other}. */
final class BoundedLabels {
  private static final String OTHER = "_other";

  private final int cap;
  private final Map<String, Set<String>> values = new HashMap<>();

  BoundedLabels(int cap) {
    this.cap = cap;
  }

  /** The value itself where it is known or there is room; empty for null, which Prometheus takes for absent. */
  synchronized String value(String label, String value) {
    if (value == null) {
      return "";
    }
    Set<String> known = values.computeIfAbsent(label, any -> new HashSet<>());
    if (known.contains(value) || known.size() < cap) {
      known.add(value);
      return value;
    }
    return OTHER;
  }
}
