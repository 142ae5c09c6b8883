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
 * | kind 3 |  level | detail | time, 8 bytes                    |  a bucket is rolled up (see RollUps)
 * | kind 4 |  level | detail | time, 8 bytes | id               |  a row of it
 * </pre>
 */
final class RowKey {
  static final byte ROW = 0;
  static final byte INDEX = 1;
  static final byte NOTE = 2;
  static final byte DONE = 3;
  static final byte ROLLED = 4;

  private static final int TIME_OFFSET = 1;
  private static final int ID_OFFSET = 9;
  private static final int ROLLED_ID_OFFSET = 11;

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

  /** Says that a bucket is rolled up; it goes before the rows, where both are removed for their age. */
  static Bytes done(int level, int detail, long time) {
    return Bytes.wrap(rolled(DONE, level, detail, time, new byte[0]));
  }

  /** A row of a bucket; with an empty id: before all of them. */
  static Bytes rolled(int level, int detail, long time, byte[] id) {
    return Bytes.wrap(rolled(ROLLED, level, detail, time, id));
  }

  private static byte[] rolled(byte kind, int level, int detail, long time, byte[] id) {
    return ByteBuffer.allocate(ROLLED_ID_OFFSET + id.length)
        .put(kind)
        .put((byte) level)
        .put((byte) detail)
        .putLong(time ^ Long.MIN_VALUE)
        .put(id)
        .array();
  }

  static long rolledTime(byte[] key) {
    return ByteBuffer.wrap(key).getLong(ROLLED_ID_OFFSET - Long.BYTES) ^ Long.MIN_VALUE;
  }

  static byte[] rolledId(byte[] key) {
    return Arrays.copyOfRange(key, ROLLED_ID_OFFSET, key.length);
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
