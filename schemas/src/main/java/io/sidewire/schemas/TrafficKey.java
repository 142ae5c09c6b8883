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
 * start in epoch microseconds, 8 bytes; then the row's one writer: epoch as UTF-8, ended by a 0 byte, and shard, 4 bytes;
 * numbers big-endian. Rows that differ only in their writer add up.
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
    long windowStart,
    String epoch,
    int shard) {

  public TrafficKey {
    Objects.requireNonNull(host);
    Objects.requireNonNull(flowType);
    Objects.requireNonNull(serverName);
    Objects.requireNonNull(operation);
    Objects.requireNonNull(epoch);
  }

  public static TrafficKey of(TrafficWindow row) {
    return new TrafficKey(
        row.getHost(),
        row.getFlowType(),
        row.getServerName(),
        row.getOperation() == null ? "" : row.getOperation(),
        row.getVolumeRow(),
        row.getWindowSeconds(),
        row.getWindowStart(),
        row.getEpoch(),
        row.getShard());
  }

  public byte[] toBytes() {
    byte[][] parts = {
      KeyBytes.utf8(host),
      KeyBytes.utf8(flowType),
      KeyBytes.utf8(serverName),
      KeyBytes.utf8(operation)
    };
    byte[] epochBytes = KeyBytes.utf8(epoch);
    int length = 1 + 4 + 8 + epochBytes.length + 1 + 4;
    for (byte[] part : parts) {
      length += part.length + 1;
    }
    var out = ByteBuffer.allocate(length);
    for (byte[] part : parts) {
      out.put(part).put((byte) 0);
    }
    out.put((byte) (volumeRow ? 0 : 1)).putInt(windowSeconds).putLong(windowStart);
    out.put(epochBytes).put((byte) 0).putInt(shard);
    return out.array();
  }

  /** @throws IllegalArgumentException where the bytes are no such key */
  public static TrafficKey fromBytes(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    String host = KeyBytes.text(in);
    String flowType = KeyBytes.text(in);
    String serverName = KeyBytes.text(in);
    String operation = KeyBytes.text(in);
    if (in.remaining() < 13 + 1 + 4) {
      throw new IllegalArgumentException("traffic key of " + bytes.length + " bytes");
    }
    boolean volumeRow = in.get() == 0;
    int windowSeconds = in.getInt();
    long windowStart = in.getLong();
    String epoch = KeyBytes.text(in);
    if (in.remaining() != 4) {
      throw new IllegalArgumentException("traffic key of " + bytes.length + " bytes");
    }
    return new TrafficKey(
        host,
        flowType,
        serverName,
        operation,
        volumeRow,
        windowSeconds,
        windowStart,
        epoch,
        in.getInt());
  }

  static Serde<TrafficKey> serde() {
    return Serdes.serdeFrom(
        (topic, key) -> key == null ? null : key.toBytes(),
        (topic, bytes) -> bytes == null ? null : fromBytes(bytes));
  }
}
