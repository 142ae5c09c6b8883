package io.sidewire.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.FuzzTarget;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;

/** Values of the packets topic: decoded or refused, and what was decoded is what is written again. */
final class PacketBatchFuzz implements FuzzTarget {
  private static final AvroSerde<PacketBatch> SERDE = AvroSerde.of(PacketBatch.class);
  private static final int HEADER = 10;

  @Override
  public void run(byte[] input) {
    decode(input);
    byte[] marked = Arrays.copyOf(SERDE.encode(AvroSerdeTest.batch()), HEADER + input.length);
    System.arraycopy(input, 0, marked, HEADER, input.length);
    decode(marked);
  }

  private static void decode(byte[] bytes) {
    PacketBatch batch;
    try {
      batch = SERDE.decode(bytes);
    } catch (SerializationException refused) {
      return;
    }
    assertThat(SERDE.decode(SERDE.encode(batch))).isEqualTo(batch);
  }

  @Override
  public List<byte[]> seeds() {
    byte[] whole = SERDE.encode(AvroSerdeTest.batch());
    return List.of(whole, Arrays.copyOfRange(whole, HEADER, whole.length));
  }
}
