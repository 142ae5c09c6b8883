package io.sidewire.processor.fold;

import java.util.HashMap;
import java.util.Map;

/**
 * The earliest time under each prefix of a map whose keys go on with a time, kept on the heap: most ticks find nothing
 * due, and this spares them the look.
 */
final class Earliest {
  private static final int DIGITS = 16;

  private final StateMap<?> map;
  /** Nothing is earlier; absent: not known yet. */
  private final Map<String, Long> bounds = new HashMap<>();

  Earliest(StateMap<?> map) {
    this.map = map;
  }

  /** An entry was put. */
  void put(String prefix, long at) {
    bounds.computeIfPresent(prefix, (k, known) -> Math.min(known, at));
  }

  /** False where nothing is due at {@code clock}. */
  boolean mayBeDue(String prefix, long clock) {
    return bounds.getOrDefault(prefix, Long.MIN_VALUE) <= clock;
  }

  /** All that was due was taken: what is next? */
  void taken(String prefix, String from) {
    String next = map.firstKey(from, StateKeys.after(prefix));
    bounds.put(
        prefix,
        next == null
            ? Long.MAX_VALUE
            : StateKeys.toNumber(next.substring(prefix.length(), prefix.length() + DIGITS)));
  }

  void forget(String prefix) {
    bounds.remove(prefix);
  }
}
