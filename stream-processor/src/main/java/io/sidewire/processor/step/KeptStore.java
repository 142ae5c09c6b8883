package io.sidewire.processor.step;

import io.sidewire.processor.ProcessorCounters;
import io.sidewire.processor.fold.StateMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A map of state that keeps values decoded and writes what changed to a Kafka Streams store when the task commits.
 *
 * <p>A value that changes a thousand times between two commits is encoded and logged once, and one that came and went not
 * at all. The store below, its changelog and its restoring are those of Kafka Streams.
 */
/*
 * Exactly-once: a task's commit calls flushCache before the producer is flushed and the offsets are committed (it is
 * what Kafka Streams' own record caches live by; StateStore.flush is called on close only). So what is written belongs
 * to the same transaction as the offsets. A task that is closed for a fault calls clearCache, never flushCache.
 *
 * Keys that are perhaps not in the store below are kept in order besides: a range is those merged with the store's.
 */
final class KeptStore<V> implements StateStore, CachedStateStore<String, V>, StateMap<V> {
  /** Entries of the store below that are read before the action runs: an iterator may not see what is written under it. */
  private static final int CHUNK = 512;

  private static final Logger LOG = LoggerFactory.getLogger(KeptStore.class);

  /** What the store below holds under a key. */
  private enum Below {
    UNKNOWN,
    NOTHING,
    SOMETHING;

    static Below of(Object value) {
      return value == null ? NOTHING : SOMETHING;
    }
  }

  /** A value as the folds left it; null: there is none. */
  private static final class Entry<V> {
    private V value;
    private Below below;
    /** The store below does not hold this value. */
    private boolean changed;

    Entry(V value, Below below) {
      this.value = value;
      this.below = below;
    }
  }

  private final KeyValueStore<String, V> store;
  private final int capacity;
  /** The least recently used first. */
  private final LinkedHashMap<String, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);

  private final Map<String, Entry<V>> changes = new HashMap<>();
  /** Keys that were put, not yet written, and are perhaps not below. */
  private final NavigableSet<String> fresh = new TreeSet<>();
  /** So often the changes were written: what was read from below before may be old since. */
  private long writes;

  private ProcessorCounters counters = new ProcessorCounters();

  /** @param capacity entries kept; when more come, what changed is written early */
  KeptStore(KeyValueStore<String, V> store, int capacity) {
    this.store = store;
    this.capacity = capacity;
  }

  @Override
  public V get(String key) {
    return entry(key).value;
  }

  @Override
  public void put(String key, V value) {
    Entry<V> entry = entries.get(key);
    if (entry == null) {
      entry = new Entry<>(null, Below.UNKNOWN);
      add(key, entry);
    }
    if (entry.value == null && entry.below != Below.SOMETHING) {
      fresh.add(key);
    }
    entry.value = value;
    change(key, entry);
  }

  @Override
  public void remove(String key) {
    Entry<V> entry = entry(key);
    if (entry.below == Below.UNKNOWN) {
      // It was put without a look: one look costs less than to write that it is gone.
      entry.below = Below.of(store.get(key));
    }
    if (entry.value != null && entry.below == Below.NOTHING) {
      fresh.remove(key);
      changes.remove(key);
      entry.changed = false;
    } else if (entry.value != null) {
      fresh.remove(key);
      change(key, entry);
    }
    entry.value = null;
  }

  private void change(String key, Entry<V> entry) {
    if (!entry.changed) {
      entry.changed = true;
      changes.put(key, entry);
    }
  }

  @Override
  public String firstKey(String from, String to) {
    String first = fresh.ceiling(from);
    if (first != null && first.compareTo(to) >= 0) {
      first = null;
    }
    try (KeyValueIterator<String, V> found = store.range(from, to)) {
      while (found.hasNext()) {
        String key = found.peekNextKey();
        if (key.equals(to) || first != null && first.compareTo(key) <= 0) {
          break;
        }
        Entry<V> entry = entries.get(key);
        if (entry == null || entry.value != null) {
          return key;
        }
        found.next();
      }
    }
    return first;
  }

  @Override
  public void range(String from, String to, BiConsumer<String, V> action) {
    visitAll(from, to, action);
  }

  @Override
  public void all(BiConsumer<String, V> action) {
    visitAll(null, null, action);
  }

  private void visitAll(String from, String to, BiConsumer<String, V> action) {
    String next = from;
    boolean more = true;
    while (more) {
      List<KeyValue<String, V>> chunk = chunk(next, to);
      more = chunk.size() == CHUNK && !chunk.get(CHUNK - 1).key.equals(to);
      String end = more ? chunk.get(CHUNK - 1).key + '\0' : to;
      visit(merged(chunk, next, end), to, action);
      next = end;
    }
  }

  private List<KeyValue<String, V>> chunk(String from, String to) {
    List<KeyValue<String, V>> chunk = new ArrayList<>();
    try (KeyValueIterator<String, V> found = store.range(from, to)) {
      while (found.hasNext() && chunk.size() < CHUNK) {
        chunk.add(found.next());
      }
    }
    return chunk;
  }

  /** Entries below and fresh keys of a range; those of fresh keys have no value yet. */
  private List<KeyValue<String, V>> merged(
      List<KeyValue<String, V>> below, String from, String to) {
    NavigableSet<String> part = from == null ? fresh : fresh.tailSet(from, true);
    part = to == null ? part : part.headSet(to, false);
    if (part.isEmpty()) {
      return below;
    }
    List<KeyValue<String, V>> all = new ArrayList<>();
    int at = 0;
    for (String key : part) {
      while (at < below.size() && below.get(at).key.compareTo(key) < 0) {
        all.add(below.get(at++));
      }
      if (at < below.size() && below.get(at).key.equals(key)) {
        at++;
      }
      all.add(KeyValue.pair(key, null));
    }
    all.addAll(below.subList(at, below.size()));
    return all;
  }

  private void visit(List<KeyValue<String, V>> part, String to, BiConsumer<String, V> action) {
    long read = writes;
    for (KeyValue<String, V> found : part) {
      Entry<V> entry = entries.get(found.key);
      V value = entry != null ? entry.value : read == writes ? found.value : store.get(found.key);
      if (value != null && !found.key.equals(to)) { // a store's range includes its end
        action.accept(found.key, value);
      }
    }
  }

  private Entry<V> entry(String key) {
    Entry<V> entry = entries.get(key);
    if (entry == null) {
      V value = store.get(key);
      entry = new Entry<>(value, Below.of(value));
      add(key, entry);
    }
    return entry;
  }

  private void add(String key, Entry<V> entry) {
    if (entries.size() >= capacity) {
      var eldest = entries.entrySet().iterator();
      if (eldest.next().getValue().changed) {
        write();
      }
      eldest.remove();
    }
    entries.put(key, entry);
  }

  /** Writes what changed; it is no change any more only when all of it is written. */
  private void write() {
    if (changes.isEmpty()) {
      return;
    }
    List<KeyValue<String, V>> all = new ArrayList<>(changes.size());
    changes.forEach((key, entry) -> all.add(KeyValue.pair(key, entry.value)));
    try {
      store.putAll(all);
    } catch (SerializationException e) {
      all.forEach(this::writeOne); // values are encoded before the first is written
    }
    for (Entry<V> entry : changes.values()) {
      entry.changed = false;
      entry.below = Below.of(entry.value);
    }
    changes.clear();
    fresh.clear();
    writes++;
  }

  /** One value that cannot be encoded must not stop the others: what was below stays. */
  private void writeOne(KeyValue<String, V> change) {
    try {
      store.put(change.key, change.value);
    } catch (SerializationException e) {
      counters.leftOutValues.increment();
      LOG.warn("a value of {} left out: {}", name(), e.getMessage());
      entries.remove(change.key);
    }
  }

  /** Forgets what the store below holds too: it may have been changed in place, or the store by another. */
  void forgetUnchanged() {
    entries.values().removeIf(entry -> !entry.changed);
  }

  @Override
  public void flushCache() {
    write();
  }

  @Override
  public void clearCache() {
    entries.clear();
    changes.clear();
    fresh.clear();
  }

  @Override
  public boolean setFlushListener(CacheFlushListener<String, V> listener, boolean sendOldValues) {
    return false; // nothing downstream lives by what is written
  }

  @Override
  public String name() {
    return store.name();
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    Object shared = context.appConfigs().get(Quarantine.COUNTERS);
    if (shared instanceof ProcessorCounters counted) {
      counters = counted;
    }
    store.init(context, root);
  }

  @Override
  public void commit(Map<TopicPartition, Long> offsets) {
    write();
    store.commit(offsets);
  }

  @Override
  public Long committedOffset(TopicPartition partition) {
    return store.committedOffset(partition);
  }

  @Override
  public boolean managesOffsets() {
    return store.managesOffsets();
  }

  @Override
  public void close() {
    clearCache(); // a clean close has committed before
    store.close();
  }

  @Override
  public boolean persistent() {
    return store.persistent();
  }

  @Override
  public boolean isOpen() {
    return store.isOpen();
  }

  @Override
  public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
    return store.query(query, bound, config);
  }

  @Override
  public Position getPosition() {
    return store.getPosition();
  }
}
