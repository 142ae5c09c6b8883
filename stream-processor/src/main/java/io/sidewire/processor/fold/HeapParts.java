package io.sidewire.processor.fold;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Parts of one scope on the heap, found by their flow: no key is made of text, and none is compared with other flows'. */
final class HeapParts<V> implements FlowParts<V> {
  private final Map<String, NavigableMap<PartKey, V>> flows = new HashMap<>();

  @Override
  public V get(Scope scope, PartKey key) {
    NavigableMap<PartKey, V> parts = flows.get(key.flowId());
    return parts == null ? null : parts.get(key);
  }

  @Override
  public void put(Scope scope, PartKey key, V value) {
    NavigableMap<PartKey, V> parts = flows.get(key.flowId());
    if (parts == null) {
      parts = new TreeMap<>();
      flows.put(key.flowId(), parts);
    }
    parts.put(key, value);
  }

  @Override
  public void remove(Scope scope, PartKey key) {
    NavigableMap<PartKey, V> parts = flows.get(key.flowId());
    if (parts != null) {
      parts.remove(key);
      if (parts.isEmpty()) {
        flows.remove(key.flowId());
      }
    }
  }

  @Override
  public void ofFlow(Scope scope, String flowId, BiConsumer<PartKey, V> action) {
    NavigableMap<PartKey, V> parts = flows.get(flowId);
    if (parts != null) {
      List.copyOf(parts.keySet()).forEach(key -> visit(parts, key, action));
    }
  }

  @Override
  public void all(Scope scope, BiConsumer<PartKey, V> action) {
    var ids = new ArrayList<>(flows.keySet());
    ids.sort(null);
    ids.forEach(id -> ofFlow(scope, id, action));
  }

  private void visit(NavigableMap<PartKey, V> parts, PartKey key, BiConsumer<PartKey, V> action) {
    V value = parts.get(key);
    if (value != null) {
      action.accept(key, value);
    }
  }
}
