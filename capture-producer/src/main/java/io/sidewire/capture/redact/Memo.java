package io.sidewire.capture.redact;

import java.util.function.UnaryOperator;

/**
 * A pure function of text that remembers its last results: most exchanges of a host repeat the same few methods, paths
 * and types. Equal texts mostly give the same object, so rows that are kept share it.
 *
 * <p>Bounded: {@link #SLOTS} texts of at most {@link #LONGEST} characters; a newer one takes the place of an older one.
 * Safe for use by many threads.
 */
final class Memo implements UnaryOperator<String> {
  private static final int SLOTS = 256;
  private static final int LONGEST = 256;

  private record Entry(String raw, String result) {}

  private final UnaryOperator<String> function;
  private final Entry[] entries = new Entry[SLOTS];

  Memo(UnaryOperator<String> function) {
    this.function = function;
  }

  @Override
  public String apply(String raw) {
    if (raw == null || raw.length() > LONGEST) {
      return function.apply(raw);
    }
    int hash = raw.hashCode();
    int slot = (hash ^ hash >>> 8 ^ hash >>> 20) & SLOTS - 1;
    Entry known = entries[slot]; // an entry never changes, so a race costs one more call at most
    if (known == null || !known.raw.equals(raw)) {
      known = new Entry(raw, function.apply(raw));
      entries[slot] = known;
    }
    return known.result;
  }
}
