package io.sidewire.processor.fold;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * State on the heap, for a run over files without Kafka and for tests.
 *
 * <p>Values are looked up by hash: most calls know their key, and the keys' long common beginnings make a sorted map slow.
 * The order of keys is kept besides, and touched only where keys come and go.
 */
public final class MemoryMap<V> implements StateMap<V> {
  private final Map<String, V> entries = new HashMap<>();
  /** Null: whoever asks for the order waits until the keys are sorted. */
  private final NavigableSet<String> order;

  public MemoryMap() {
    this(new TreeSet<>());
  }

  private MemoryMap(NavigableSet<String> order) {
    this.order = order;
  }

  /** A map whose order is asked for so rarely that it is not kept. */
  static <V> MemoryMap<V> unsorted() {
    return new MemoryMap<>(null);
  }

  @Override
  public V get(String key) {
    return entries.get(key);
  }

  @Override
  public void put(String key, V value) {
    if (entries.put(key, value) == null && order != null) {
      order.add(key);
    }
  }

  @Override
  public void remove(String key) {
    if (entries.remove(key) != null && order != null) {
      order.remove(key);
    }
  }

  @Override
  public String firstKey(String from, String to) {
    String first = order().ceiling(from);
    return first == null || first.compareTo(to) >= 0 ? null : first;
  }

  @Override
  public void range(String from, String to, BiConsumer<String, V> action) {
    NavigableSet<String> keys = order();
    String first = keys.ceiling(from);
    if (first != null && first.compareTo(to) < 0) {
      visit(keys.subSet(from, to), action);
    }
  }

  @Override
  public void all(BiConsumer<String, V> action) {
    visit(order(), action);
  }

  private NavigableSet<String> order() {
    return order != null ? order : new TreeSet<>(entries.keySet());
  }

  private void visit(Collection<String> part, BiConsumer<String, V> action) {
    for (String key : new ArrayList<>(part)) {
      V value = entries.get(key);
      if (value != null) {
        action.accept(key, value);
      }
    }
  }

  public int size() {
    return entries.size();
  }
}
