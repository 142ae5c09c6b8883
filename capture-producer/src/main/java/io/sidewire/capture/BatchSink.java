package io.sidewire.capture;

import io.sidewire.schemas.PacketBatch;

/** Where batches go: Kafka, or in tests and in {@code decode} a list. */
public interface BatchSink extends AutoCloseable {
  /**
   * Takes a batch, whose records must not be kept. Batches of one host and shard arrive in the order of their sequence.
   * A full buffer makes a capture file wait; of a live capture the batch is dropped and counted.
   */
  void send(PacketBatch batch);

  /**
   * Returns when everything sent is delivered.
   *
   * @throws CaptureException where some of it was not, naming the reason
   */
  void flush();

  @Override
  void close();
}
