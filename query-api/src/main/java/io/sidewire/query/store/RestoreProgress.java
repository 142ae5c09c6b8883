package io.sidewire.query.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/** How far a starting replica has read. */
final class RestoreProgress implements StateRestoreListener {
  private record Span(long from, long at, long to) {}

  private final Map<TopicPartition, Span> spans = new ConcurrentHashMap<>();

  void clear() {
    spans.clear();
  }

  @Override
  public void onRestoreStart(TopicPartition partition, String store, long from, long to) {
    spans.put(partition, new Span(from, from, to));
  }

  @Override
  public void onBatchRestored(TopicPartition partition, String store, long at, long count) {
    spans.computeIfPresent(partition, (any, span) -> new Span(span.from(), at, span.to()));
  }

  @Override
  public void onRestoreEnd(TopicPartition partition, String store, long total) {
    spans.computeIfPresent(partition, (any, span) -> new Span(span.from(), span.to(), span.to()));
  }

  /** Empty where nothing was begun. */
  @Override
  public String toString() {
    long done = 0;
    long all = 0;
    for (Span span : spans.values()) {
      done += span.at() - span.from();
      all += span.to() - span.from();
    }
    return spans.isEmpty() ? "" : "reading the topics: " + done + " of " + all + " records";
  }
}
