package io.sidewire.processor.fold;

import java.util.function.BiConsumer;

/** A sorted map of state. Keys are made by {@link StateKeys}; a value that was changed in place must be put again. */
public interface StateMap<V> {
  /** The value, or null. */
  V get(String key);

  void put(String key, V value);

  void remove(String key);

  /** Visits the entries from {@code from} to before {@code to}, in order; the action may change the map. */
  void range(String from, String to, BiConsumer<String, V> action);

  /** The least key from {@code from} to before {@code to}, or null. */
  String firstKey(String from, String to);

  /** Visits the entries whose keys begin with a prefix made by {@link StateKeys#prefix}. */
  default void prefix(String prefix, BiConsumer<String, V> action) {
    range(prefix, StateKeys.after(prefix), action);
  }

  /** Visits all entries, in order; the action may change the map. */
  void all(BiConsumer<String, V> action);

  default void removePrefix(String prefix) {
    prefix(prefix, (key, value) -> remove(key));
  }
}
