package io.sidewire.processor.fold;

import java.util.function.BiConsumer;

/** Parts under text keys: scope, flow id, number, and the part where there is one. */
public record StoredParts<V>(StateMap<V> map) implements FlowParts<V> {
  @Override
  public V get(Scope scope, PartKey key) {
    return map.get(text(scope, key));
  }

  @Override
  public void put(Scope scope, PartKey key, V value) {
    map.put(text(scope, key), value);
  }

  @Override
  public void remove(Scope scope, PartKey key) {
    map.remove(text(scope, key));
  }

  @Override
  public void ofFlow(Scope scope, String flowId, BiConsumer<PartKey, V> action) {
    visit(scope, StateKeys.prefix(scope.key(), StateKeys.text(flowId)), action);
  }

  @Override
  public void all(Scope scope, BiConsumer<PartKey, V> action) {
    visit(scope, StateKeys.prefix(scope.key()), action);
  }

  private void visit(Scope scope, String prefix, BiConsumer<PartKey, V> action) {
    int from = StateKeys.prefix(scope.key()).length();
    map.prefix(
        prefix, (text, value) -> action.accept(StateKeys.toPart(text.substring(from)), value));
  }

  private String text(Scope scope, PartKey key) {
    return StateKeys.of(scope.key(), StateKeys.of(key));
  }
}
