package io.sidewire.processor.step;

import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** Counts what is written to a store. */
record CountingStore(KeyValueStore<String, String> store, long[] writes)
    implements KeyValueStore<String, String> {
  @Override
  public void put(String key, String value) {
    writes[0]++;
    store.put(key, value);
  }

  @Override
  public String putIfAbsent(String key, String value) {
    writes[0]++;
    return store.putIfAbsent(key, value);
  }

  @Override
  public void putAll(List<KeyValue<String, String>> all) {
    writes[0] += all.size();
    store.putAll(all);
  }

  @Override
  public String delete(String key) {
    writes[0]++;
    return store.delete(key);
  }

  @Override
  public String get(String key) {
    return store.get(key);
  }

  @Override
  public KeyValueIterator<String, String> range(String from, String to) {
    return store.range(from, to);
  }

  @Override
  public KeyValueIterator<String, String> all() {
    return store.all();
  }

  @Override
  public long approximateNumEntries() {
    return store.approximateNumEntries();
  }

  @Override
  public String name() {
    return store.name();
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    store.init(context, root);
  }

  @Override
  public void close() {
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
}
