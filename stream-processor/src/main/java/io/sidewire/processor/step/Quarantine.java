package io.sidewire.processor.step;

import io.sidewire.processor.ProcessorCounters;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a record that cannot be decoded or processed on the dead-letters topic, with the reason in its headers, and goes
 * on. Faults of Kafka itself are no fault of the record: they end the attempt, and the record is read again.
 */
public final class Quarantine implements ProcessingExceptionHandler {
  /** Key of the dead-letters topic's name in the configuration. */
  public static final String TOPIC = "sidewire.dead.letters.topic";
  /** Key of the {@link ProcessorCounters} in the configuration. */
  public static final String COUNTERS = "sidewire.counters";

  private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

  private String topic;
  private ProcessorCounters counters;

  @Override
  public void configure(Map<String, ?> configs) {
    topic = (String) configs.get(TOPIC);
    counters = (ProcessorCounters) configs.get(COUNTERS);
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
    boolean recordsFault =
        exception instanceof SerializationException || !(exception instanceof KafkaException);
    if (!recordsFault) {
      return Response.fail();
    }
    counters.deadLetters.increment();
    // Texts of our own exceptions carry lengths and names, never content; of others, only the class
    // is told.
    String reason = exception instanceof SerializationException
        ? exception.getMessage()
        : exception.getClass().getSimpleName();
    LOG.warn(
        "dead letter: {} at {} ({}-{} offset {})",
        reason,
        context.processorNodeId(),
        context.topic(),
        context.partition(),
        context.offset());
    LOG.debug("dead letter", exception);
    var headers = new RecordHeaders();
    add(headers, "sidewire.reason", reason);
    add(headers, "sidewire.step", context.processorNodeId());
    add(headers, "sidewire.exception", exception.getClass().getName());
    add(headers, "sidewire.topic", context.topic());
    add(headers, "sidewire.partition", Integer.toString(context.partition()));
    add(headers, "sidewire.offset", Long.toString(context.offset()));
    return Response.resume(List.of(new ProducerRecord<>(
        topic, null, null, context.sourceRawKey(), context.sourceRawValue(), headers)));
  }

  private static void add(RecordHeaders headers, String name, String value) {
    headers.add(name, String.valueOf(value).getBytes(StandardCharsets.UTF_8));
  }
}
