package io.sidewire.schemas;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Key of a health row: host, epoch and shard (the one writer of the row), then window.
 *
 * <p>Layout: host and epoch as UTF-8, each ended by a 0 byte; shard, 4 bytes; window start in epoch microseconds, 8
 * bytes; numbers big-endian.
 */
public record HealthKey(String host, String epoch, int shard, long windowStart) {

  public HealthKey {
    Objects.requireNonNull(host);
    Objects.requireNonNull(epoch);
  }

  public byte[] toBytes() {
    byte[] hostBytes = KeyBytes.utf8(host);
    byte[] epochBytes = KeyBytes.utf8(epoch);
    return ByteBuffer.allocate(hostBytes.length + epochBytes.length + 2 + 12)
        .put(hostBytes)
        .put((byte) 0)
        .put(epochBytes)
        .put((byte) 0)
        .putInt(shard)
        .putLong(windowStart)
        .array();
  }

  /** @throws IllegalArgumentException where the bytes are no such key */
  public static HealthKey fromBytes(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    String host = KeyBytes.text(in);
    String epoch = KeyBytes.text(in);
    if (in.remaining() != 12) {
      throw new IllegalArgumentException("health key of " + bytes.length + " bytes");
    }
    return new HealthKey(host, epoch, in.getInt(), in.getLong());
  }

  static Serde<HealthKey> serde() {
    return Serdes.serdeFrom(
        (topic, key) -> key == null ? null : key.toBytes(),
        (topic, bytes) -> bytes == null ? null : fromBytes(bytes));
  }
}
