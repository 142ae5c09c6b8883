package io.sidewire.processor.step;

import io.sidewire.processor.ProcessorCounters;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leaves out a row that cannot be encoded or is too large for its topic, counted, so that it stops no other. */
public final class UnwritableRows implements ProductionExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(UnwritableRows.class);

  private ProcessorCounters counters;

  @Override
  public void configure(Map<String, ?> configs) {
    counters = (ProcessorCounters) configs.get(Quarantine.COUNTERS);
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
    if (exception instanceof RecordTooLargeException) {
      return leaveOut(record.topic(), exception);
    }
    return Response.fail();
  }

  @Override
  @SuppressWarnings("rawtypes") // the interface's own
  public Response handleSerializationError(
      ErrorHandlerContext context,
      ProducerRecord record,
      Exception exception,
      SerializationExceptionOrigin origin) {
    return leaveOut(record.topic(), exception);
  }

  private Response leaveOut(String topic, Exception exception) {
    counters.droppedRows.increment();
    LOG.warn("row for {} left out: {}", topic, exception.getClass().getSimpleName());
    return Response.resume();
  }
}
