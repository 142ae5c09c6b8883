package io.sidewire.query.store;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One row as it lies in a store; decoding of the record itself is left until a reader wants it.
 *
 * <pre>
 *  0                  8                  16
 * | arrived, 8 bytes | mark, 8 bytes    | the record as it came (Avro single-object encoding)
 * </pre>
 */
public final class Row {
  private static final int MARK_OFFSET = 8;
  private static final int RECORD_OFFSET = 16;

  private final byte[] key;
  private final byte[] value;

  Row(byte[] key, byte[] value) {
    this.key = key;
    this.value = value;
  }

  static byte[] value(long arrivedMillis, long mark, byte[] record) {
    return ByteBuffer.allocate(RECORD_OFFSET + record.length)
        .putLong(arrivedMillis)
        .putLong(mark)
        .put(record)
        .array();
  }

  static long arrivedMillis(byte[] value) {
    return ByteBuffer.wrap(value).getLong();
  }

  static long mark(byte[] value) {
    return ByteBuffer.wrap(value).getLong(MARK_OFFSET);
  }

  static byte[] record(byte[] value) {
    return Arrays.copyOfRange(value, RECORD_OFFSET, value.length);
  }

  /** Packet time that the row is ordered by. */
  public long time() {
    return RowKey.time(key);
  }

  /** Identity within the store. */
  public byte[] id() {
    return RowKey.id(key);
  }

  /** What the writer wants at hand without decoding: the revision, or the end of what has a length. */
  public long mark() {
    return mark(value);
  }

  public byte[] record() {
    return record(value);
  }

  /** The place of this row in its store's order; {@link Cursor} makes text of it. */
  byte[] position() {
    return key;
  }
}
