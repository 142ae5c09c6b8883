package io.sidewire.processor.step;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** A fold as a processor: opens its stores, hands it events, and forwards what it tells. */
abstract class Step<K, V> implements Processor<K, V, Object, Object> {
  private ProcessorContext<Object, Object> context;
  private long timestamp;

  @Override
  public final void init(ProcessorContext<Object, Object> opened) {
    context = opened;
    open(opened);
    schedule(opened);
  }

  @Override
  public final void process(Record<K, V> record) {
    timestamp = record.timestamp();
    try {
      handle(record);
    } catch (RuntimeException e) {
      // What the record changed on the heap may be half done; the stores hold what was put.
      open(context);
      throw e;
    }
  }

  /** Makes the fold anew, between two input records. */
  final void reopen() {
    open(context);
  }

  /** Makes the fold anew over the stores. */
  abstract void open(ProcessorContext<Object, Object> opened);

  /** Registers punctuations; none unless overridden. */
  void schedule(ProcessorContext<Object, Object> opened) {}

  abstract void handle(Record<K, V> record);

  final long now() {
    return context.currentSystemTimeMs();
  }

  /** Runs a punctuation. */
  final void punctuated(long at, Runnable action) {
    timestamp = at;
    action.run();
  }

  final void pass(Event event, String... steps) {
    for (String step : steps) {
      context.forward(new Record<>(null, event, timestamp), step);
    }
  }

  final void publish(Object key, Object value, String sink) {
    context.forward(new Record<>(key, value, timestamp), sink);
  }
}
