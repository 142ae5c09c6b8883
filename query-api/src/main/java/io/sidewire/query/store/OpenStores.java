package io.sidewire.query.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The RocksDB stores of one client, closed after it whatever became of it.
 *
 * <p>A client whose start fails halfway, because the broker went away, leaves stores open that it had begun with; RocksDB
 * then refuses the next client of the same process, for as long as the process lives.
 */
final class OpenStores {
  private final List<KeyValueStore<Bytes, byte[]>> made = new CopyOnWriteArrayList<>();

  KeyValueBytesStoreSupplier supplier(String name) {
    KeyValueBytesStoreSupplier rocks = Stores.persistentKeyValueStore(name);
    return new KeyValueBytesStoreSupplier() {
      @Override
      public String name() {
        return rocks.name();
      }

      @Override
      public KeyValueStore<Bytes, byte[]> get() {
        KeyValueStore<Bytes, byte[]> store = rocks.get();
        made.add(store);
        return store;
      }

      @Override
      public String metricsScope() {
        return rocks.metricsScope();
      }
    };
  }

  /** Closes what is still open; after the client. */
  void closeLeft() {
    made.stream().filter(KeyValueStore::isOpen).forEach(KeyValueStore::close);
  }
}
