package io.sidewire.capture;

import io.sidewire.schemas.AvroSerde;
import io.sidewire.schemas.PacketBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Keeps batches as a reader of the topic would get them: encoded and decoded. */
final class CollectingSink implements BatchSink {
  private final AvroSerde<PacketBatch> serde = AvroSerde.of(PacketBatch.class);
  private final List<PacketBatch> batches = new ArrayList<>();

  @Override
  public synchronized void send(PacketBatch batch) {
    batches.add(serde.decode(serde.encode(batch)));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}

  synchronized List<PacketBatch> all() {
    return List.copyOf(batches);
  }

  /** Batches with packets or observations of a flow. */
  List<PacketBatch> ofFlows() {
    return all().stream().filter(batch -> batch.getFlow() != null).toList();
  }

  List<PacketBatch> ticks() {
    return all().stream().filter(batch -> batch.getTick() != null).toList();
  }

  /** All observations of one type, in the order of the topic. */
  <T> Stream<T> observations(Class<T> type) {
    return all().stream()
        .flatMap(batch -> batch.getObservations().stream())
        .filter(type::isInstance)
        .map(type::cast);
  }

  /** Packets of flows that count in sums, and of none. */
  long packets() {
    return all().stream().mapToLong(Volumes::packets).sum();
  }

  long frameBytes() {
    return all().stream().mapToLong(Volumes::frameBytes).sum();
  }
}
