package io.sidewire.schemas;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Key of a traffic row: host and dimensions, then window, so that one series is one range.
 *
 * <p>Layout: host, flow type, server name and operation as UTF-8, each ended by a 0 byte (names from the wire hold no
 * control characters); 1 byte 0 for a volume row, 1 for an exchange row; window length in seconds, 4 bytes; window
 * start in epoch microseconds, 8 bytes; numbers big-endian.
 *
 * @param operation empty in volume rows
 */
public record TrafficKey(
    String host,
    String flowType,
    String serverName,
    String operation,
    boolean volumeRow,
    int windowSeconds,
    long windowStart) {

  public TrafficKey {
    Objects.requireNonNull(host);
    Objects.requireNonNull(flowType);
    Objects.requireNonNull(serverName);
    Objects.requireNonNull(operation);
  }

  public static TrafficKey of(TrafficWindow row) {
    return new TrafficKey(
        row.getHost(),
        row.getFlowType(),
        row.getServerName(),
        row.getOperation() == null ? "" : row.getOperation(),
        row.getVolumeRow(),
        row.getWindowSeconds(),
        row.getWindowStart());
  }

  public byte[] toBytes() {
    byte[][] parts = {
      KeyBytes.utf8(host),
      KeyBytes.utf8(flowType),
      KeyBytes.utf8(serverName),
      KeyBytes.utf8(operation)
    };
    int length = 1 + 4 + 8;
    for (byte[] part : parts) {
      length += part.length + 1;
    }
    var out = ByteBuffer.allocate(length);
    for (byte[] part : parts) {
      out.put(part).put((byte) 0);
    }
    out.put((byte) (volumeRow ? 0 : 1)).putInt(windowSeconds).putLong(windowStart);
    return out.array();
  }

  /** @throws IllegalArgumentException where the bytes are no such key */
  public static TrafficKey fromBytes(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    String host = KeyBytes.text(in);
    String flowType = KeyBytes.text(in);
    String serverName = KeyBytes.text(in);
    String operation = KeyBytes.text(in);
    if (in.remaining() != 13) {
      throw new IllegalArgumentException("traffic key of " + bytes.length + " bytes");
    }
    return new TrafficKey(
        host, flowType, serverName, operation, in.get() == 0, in.getInt(), in.getLong());
  }

  static Serde<TrafficKey> serde() {
    return Serdes.serdeFrom(
        (topic, key) -> key == null ? null : key.toBytes(),
        (topic, bytes) -> bytes == null ? null : fromBytes(bytes));
  }
}
