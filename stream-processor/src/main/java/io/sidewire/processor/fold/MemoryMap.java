package io.sidewire.processor.fold;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** State on the heap, for a run over files without Kafka and for tests. */
public final class MemoryMap<V> implements StateMap<V> {
  private final TreeMap<String, V> entries = new TreeMap<>();

  @Override
  public V get(String key) {
    return entries.get(key);
  }

  @Override
  public void put(String key, V value) {
    entries.put(key, value);
  }

  @Override
  public void remove(String key) {
    entries.remove(key);
  }

  @Override
  public String firstKey(String from, String to) {
    var part = entries.subMap(from, to);
    return part.isEmpty() ? null : part.firstKey();
  }

  @Override
  public void range(String from, String to, BiConsumer<String, V> action) {
    visit(entries.subMap(from, to), action);
  }

  @Override
  public void all(BiConsumer<String, V> action) {
    visit(entries, action);
  }

  private void visit(Map<String, V> part, BiConsumer<String, V> action) {
    for (Map.Entry<String, V> entry : new TreeMap<>(part).entrySet()) {
      if (entries.containsKey(entry.getKey())) {
        action.accept(entry.getKey(), entry.getValue());
      }
    }
  }

  public int size() {
    return entries.size();
  }
}
