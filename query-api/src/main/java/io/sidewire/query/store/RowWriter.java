package io.sidewire.query.store;

import io.sidewire.schemas.RegistryException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Writes the records of one topic into one store. What cannot be read goes to {@link Quarantine} and stops nothing;
 * what the store itself throws goes on, since then the replica is not whole.
 *
 * <p>Records come as bytes, both when they arrive and when they are read again after a restart: Kafka Streams calls
 * the same processor for both.
 */
abstract class RowWriter implements Processor<byte[], byte[], Void, Void> {
  private static final int ROLL_BUDGET = 200;

  private final String storeName;
  private final boolean indexed;
  private final Upkeep upkeep;
  private ProcessorContext<Void, Void> context;
  private RowTable table;
  private RollUps rollUps;

  RowWriter(String storeName, boolean indexed, Upkeep upkeep) {
    this.storeName = storeName;
    this.indexed = indexed;
    this.upkeep = upkeep;
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    this.context = context;
    KeyValueStore<Bytes, byte[]> store = context.getStateStore(storeName);
    table = new RowTable(store);
    upkeep.sweeper().watch(storeName, store, indexed, () -> upkeep.sums().swept(storeName));
    if (rolling() != null) {
      rollUps = new RollUps(store, rolling(), ROLL_BUDGET);
      upkeep.caretaker().rolls(storeName, rollUps);
    }
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Runnable write = null;
    try {
      byte[] value = upkeep.wire().fromTopic(record.value());
      write = read(record.key(), value, record.timestamp());
    } catch (RegistryException e) {
      throw e; // no fault of the record: it is read again
    } catch (RuntimeException e) {
      RecordMetadata origin = context.recordMetadata().orElse(null);
      upkeep.quarantine().accept(origin, record, e);
    }
    if (write != null) {
      upkeep.caretaker().write(write);
    }
  }

  /** How its rows are added up beforehand; null: they are not. */
  Rolling rolling() {
    return null;
  }

  /** Writes or removes a row of that time, so that no sum outlives it. */
  final void change(long time, Runnable write) {
    rollUps.touch(time, context.currentSystemTimeMs());
    write.run();
    upkeep.sums().touched(storeName, time);
  }

  /**
   * Reads a record and says what to write; any exception means that the record cannot be read.
   *
   * @param value null: the row is gone
   * @param arrivedMillis when the broker took it
   */
  abstract Runnable read(byte[] key, byte[] value, long arrivedMillis);

  final long now() {
    return context.currentSystemTimeMs();
  }

  final RowTable table() {
    return table;
  }

  final Upkeep upkeep() {
    return upkeep;
  }
}
