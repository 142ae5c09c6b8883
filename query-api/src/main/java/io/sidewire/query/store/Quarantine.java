package io.sidewire.query.store;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jboss.logging.Logger;

/**
 * Where records go that cannot be read: counted, and sent to dead-letters with their origin and reason. A replica sends
 * its own copy; the origin headers tell copies apart.
 */
public final class Quarantine {
  private static final Logger LOG = Logger.getLogger(Quarantine.class);

  private final String deadLetters;
  private final Consumer<ProducerRecord<byte[], byte[]>> sender;
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  /**
   * @param deadLetters name of the topic
   * @param sender must neither block nor throw
   */
  public Quarantine(String deadLetters, Consumer<ProducerRecord<byte[], byte[]>> sender) {
    this.deadLetters = deadLetters;
    this.sender = sender;
  }

  void accept(RecordMetadata origin, Record<byte[], byte[]> record, RuntimeException cause) {
    String topic = origin == null ? "unknown" : origin.topic();
    counts.computeIfAbsent(topic, any -> new LongAdder()).increment();
    String reason = reason(cause);
    LOG.warnf(
        "%s partition %d offset %d cannot be read (%s): sent to %s",
        topic,
        origin == null ? -1 : origin.partition(),
        origin == null ? -1 : origin.offset(),
        reason,
        deadLetters);
    var letter = new ProducerRecord<>(deadLetters, record.key(), record.value());
    Headers headers = letter.headers();
    headers.add("sidewire.reason", utf8(reason));
    headers.add("sidewire.component", utf8("query-api"));
    if (origin != null) {
      headers.add("sidewire.topic", utf8(topic));
      headers.add("sidewire.partition", utf8(Integer.toString(origin.partition())));
      headers.add("sidewire.offset", utf8(Long.toString(origin.offset())));
    }
    sender.accept(letter);
  }

  /** Unreadable records since start, by topic. */
  public Map<String, Long> counts() {
    var answer = new TreeMap<String, Long>();
    counts.forEach((topic, count) -> answer.put(topic, count.sum()));
    return answer;
  }

  /** Texts of our own serdes never hold content; of any other exception only the class is safe to tell. */
  private static String reason(RuntimeException cause) {
    return cause instanceof SerializationException
        ? cause.getMessage()
        : cause.getClass().getSimpleName();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
