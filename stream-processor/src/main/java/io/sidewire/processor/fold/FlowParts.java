package io.sidewire.processor.fold;

import java.util.function.BiConsumer;

/**
 * A sorted map of what belongs to the exchanges of flows. A value that was changed in place must be put again.
 *
 * <p>{@link StoredParts} keeps it in a map with text keys, which a store of Kafka Streams needs; {@link HeapParts} finds
 * it by the flow alone, for a run over files.
 */
public interface FlowParts<V> {
  /** The value, or null. */
  V get(Scope scope, PartKey key);

  void put(Scope scope, PartKey key, V value);

  void remove(Scope scope, PartKey key);

  /** Visits the parts of one flow, in order; the action may change the map. */
  void ofFlow(Scope scope, String flowId, BiConsumer<PartKey, V> action);

  /** Visits all parts, in order of flow ids; the action may change the map. */
  void all(Scope scope, BiConsumer<PartKey, V> action);
}
