package io.sidewire.processor.step;

import io.sidewire.processor.fold.StateMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * A Kafka Streams store as a map of state.
 *
 * <p>Every change is written to the store at once; what was used last is kept decoded beside it, since decoding costs
 * more than the rest. The heap is never ahead of the store, so nothing is lost with it.
 */
final class StoreMap<V> implements StateMap<V> {
  /** Entries read before the action runs: an iterator may not see what is written under it. */
  private static final int CHUNK = 512;

  private final KeyValueStore<String, V> store;
  private final Map<String, V> decoded;

  /** @param kept values kept decoded; 0: none */
  StoreMap(KeyValueStore<String, V> store, int kept) {
    this.store = store;
    this.decoded = new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > kept;
      }
    };
  }

  @Override
  public V get(String key) {
    V value = decoded.get(key);
    if (value == null) {
      value = store.get(key);
      if (value != null) {
        decoded.put(key, value);
      }
    }
    return value;
  }

  @Override
  public void put(String key, V value) {
    store.put(key, value);
    decoded.put(key, value);
  }

  @Override
  public void remove(String key) {
    store.delete(key);
    decoded.remove(key);
  }

  @Override
  public String firstKey(String from, String to) {
    try (KeyValueIterator<String, V> found = store.range(from, to)) {
      String first = found.hasNext() ? found.peekNextKey() : null;
      return to.equals(first) ? null : first;
    }
  }

  @Override
  public void range(String from, String to, BiConsumer<String, V> action) {
    String next = from;
    while (next != null) {
      List<KeyValue<String, V>> chunk;
      try (KeyValueIterator<String, V> found = store.range(next, to)) {
        chunk = take(found);
      }
      next = visit(chunk, to, action);
    }
  }

  @Override
  public void all(BiConsumer<String, V> action) {
    List<KeyValue<String, V>> chunk;
    try (KeyValueIterator<String, V> found = store.all()) {
      chunk = take(found);
    }
    String next = visit(chunk, null, action);
    if (next != null) {
      range(next, null, action);
    }
  }

  private List<KeyValue<String, V>> take(KeyValueIterator<String, V> found) {
    List<KeyValue<String, V>> chunk = new ArrayList<>();
    while (found.hasNext() && chunk.size() < CHUNK) {
      chunk.add(found.next());
    }
    return chunk;
  }

  /** Visits a chunk; the answer is where the next one begins, or null. */
  private String visit(List<KeyValue<String, V>> chunk, String to, BiConsumer<String, V> action) {
    for (KeyValue<String, V> entry : chunk) {
      if (!entry.key.equals(to)) { // a store's range includes its end
        V live = decoded.get(entry.key);
        action.accept(entry.key, live != null ? live : entry.value);
      }
    }
    return chunk.size() < CHUNK ? null : chunk.get(CHUNK - 1).key + "\0";
  }
}
