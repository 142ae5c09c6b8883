package io.sidewire.standalone.letters;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A record of the dead-letters topic: what could not be decoded or processed, and why. Its bytes are handed on, never
 * shown.
 *
 * @param at place in the dead-letters topic
 * @param time when it was put there, epoch milliseconds
 * @param reason what was wrong, without content
 * @param component who gave it up: stream-processor or query-api
 * @param step of the topology; null where there is none
 * @param origin where it was read; null where that is not said
 */
public record DeadLetter(
    Place at,
    long time,
    String reason,
    String component,
    String step,
    Place origin,
    byte[] key,
    byte[] value) {

  /** A place in a topic. */
  public record Place(String topic, int partition, long offset) {
    @Override
    public String toString() {
      return topic + "-" + partition + "@" + offset;
    }
  }

  static DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
    String topic = text(record, "sidewire.topic");
    String component = text(record, "sidewire.component");
    return new DeadLetter(
        new Place(record.topic(), record.partition(), record.offset()),
        record.timestamp(),
        text(record, "sidewire.reason"),
        component == null ? "stream-processor" : component,
        text(record, "sidewire.step"),
        topic == null
            ? null
            : new Place(
                topic,
                (int) number(text(record, "sidewire.partition")),
                number(text(record, "sidewire.offset"))),
        record.key(),
        record.value());
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static long number(String text) {
    return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
  }
}
