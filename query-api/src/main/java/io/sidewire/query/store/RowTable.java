package io.sidewire.query.store;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The writing side of one store: rows by time, found again by id.
 *
 * <p>A row whose time changes moves. Row and index go in one batch, so that a kill leaves both or neither.
 */
final class RowTable {
  private final KeyValueStore<Bytes, byte[]> store;

  RowTable(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /** The stored value of an id that has an index entry; null where there is none. */
  byte[] find(byte[] id) {
    byte[] where = store.get(RowKey.index(id));
    return where == null ? null : store.get(Bytes.wrap(where));
  }

  /** Puts a row that is found by its id, wherever it was before. */
  void putIndexed(byte[] id, long time, byte[] value) {
    Bytes index = RowKey.index(id);
    Bytes row = RowKey.row(time, id);
    byte[] before = store.get(index);
    List<KeyValue<Bytes, byte[]>> batch = new ArrayList<>(3);
    if (before == null) {
      batch.add(KeyValue.pair(index, row.get()));
    } else if (!row.equals(Bytes.wrap(before))) {
      batch.add(KeyValue.pair(Bytes.wrap(before), null));
      batch.add(KeyValue.pair(index, row.get()));
    }
    batch.add(KeyValue.pair(row, value));
    store.putAll(batch);
  }

  void removeIndexed(byte[] id) {
    Bytes index = RowKey.index(id);
    byte[] before = store.get(index);
    if (before != null) {
      store.putAll(
          List.of(KeyValue.pair(Bytes.wrap(before), null), KeyValue.pair(index, (byte[]) null)));
    }
  }

  /** Puts a row whose id and time are all of its key. */
  void putPlain(byte[] id, long time, byte[] value) {
    store.put(RowKey.row(time, id), value);
  }

  byte[] plain(byte[] id, long time) {
    return store.get(RowKey.row(time, id));
  }

  void removePlain(byte[] id, long time) {
    store.delete(RowKey.row(time, id));
  }

  void putNote(byte[] name, byte[] value) {
    store.put(RowKey.note(name), value);
  }

  byte[] note(byte[] name) {
    return store.get(RowKey.note(name));
  }
}
