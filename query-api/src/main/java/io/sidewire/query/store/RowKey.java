package io.sidewire.query.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/**
 * Keys of the read model's stores: a kind, then big-endian time, then id, so that a span of time is one range.
 *
 * <pre>
 *  0        1                                9
 * | kind 0 |  time, sign bit flipped, 8 bytes | id            |  a row
 * | kind 1 |  id                                              |  where the row of an id is
 * | kind 2 |  name                                            |  a note: a flow type, or an exchange's interaction
 * </pre>
 */
final class RowKey {
  static final byte ROW = 0;
  static final byte INDEX = 1;
  static final byte NOTE = 2;

  private static final int TIME_OFFSET = 1;
  private static final int ID_OFFSET = 9;

  private RowKey() {}

  static Bytes row(long time, byte[] id) {
    return Bytes.wrap(ByteBuffer.allocate(ID_OFFSET + id.length)
        .put(ROW)
        .putLong(time ^ Long.MIN_VALUE)
        .put(id)
        .array());
  }

  /** Before every row of {@code time}, after every earlier one. */
  static Bytes before(long time) {
    return row(time, new byte[0]);
  }

  static Bytes index(byte[] id) {
    return prefixed(INDEX, id);
  }

  static Bytes note(byte[] name) {
    return prefixed(NOTE, name);
  }

  static boolean isRow(byte[] key) {
    return key.length >= ID_OFFSET && key[0] == ROW;
  }

  static long time(byte[] key) {
    return ByteBuffer.wrap(key).getLong(TIME_OFFSET) ^ Long.MIN_VALUE;
  }

  static byte[] id(byte[] key) {
    return Arrays.copyOfRange(key, ID_OFFSET, key.length);
  }

  /** What follows the kind. */
  static byte[] name(byte[] key) {
    return Arrays.copyOfRange(key, 1, key.length);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static Bytes prefixed(byte kind, byte[] rest) {
    return Bytes.wrap(ByteBuffer.allocate(1 + rest.length).put(kind).put(rest).array());
  }
}
