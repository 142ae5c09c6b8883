package io.sidewire.wire.http2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.apache.hc.core5.http2.hpack.HPackException;

/**
 * Reads the header blocks of one direction (HPACK, RFC 7541), with or without knowing all of its table.
 *
 * <p>Entries are numbered from the newest, so after a loss those that were added since can still be told; the others are
 * unknown. For the same reason a table that is larger than the sender's reads the same: it is never made larger, only
 * smaller, by what the sides agree on.
 */
final class HeaderReader {

  /** Takes the fields of a block. */
  interface Sink {
    /** @param latin the value as ISO 8859-1 reads its bytes; see {@link #utf8} */
    void field(String name, String latin);

    /** A field whose name or value cannot be known. */
    void unknown();
  }

  private static final int STATIC_ENTRIES = 61;
  private static final byte[] NAMELESS = {0x40, 0x01, '?'};

  private final int maxTable;
  private HPackDecoder decoder;
  private boolean lossy;
  private int added; // since the loss
  private boolean tableTooLarge;

  private byte[] block;
  private int at;
  private int end;

  HeaderReader(int maxTable) {
    this.maxTable = maxTable;
    this.decoder = fresh();
  }

  private HPackDecoder fresh() {
    return new HPackDecoder(maxTable, StandardCharsets.ISO_8859_1);
  }

  /** What was added to the table before is not known any more. */
  void lost() {
    if (!lossy || added > 0) {
      lossy = true;
      added = 0;
      decoder = fresh();
    }
  }

  /** The sender may use a larger table than is kept here; told once. */
  boolean tableTooLarge() {
    boolean told = tableTooLarge;
    tableTooLarge = false;
    return told;
  }

  /**
   * Reads a block.
   *
   * @return false where it is malformed or cut: the fields up to there were given, and the table is lost
   */
  boolean read(byte[] bytes, int offset, int length, Sink sink) {
    block = bytes;
    at = offset;
    end = offset + length;
    while (at < end) {
      if (!representation(sink)) {
        lost();
        return false;
      }
    }
    return true;
  }

  private boolean representation(Sink sink) {
    int from = at;
    int first = block[at] & 0xff;
    if (first >= 0x80) {
      int index = integer(7);
      return index > 0 && indexed(index, from, sink);
    }
    if ((first & 0xe0) == 0x20) {
      return resize(from);
    }
    boolean adds = first >= 0x40;
    int index = integer(adds ? 6 : 4);
    if (index < 0 || index == 0 && !string()) {
      return false;
    }
    int value = at;
    if (!string()) {
      return false;
    }
    boolean nameKnown = known(index);
    Header field = nameKnown ? decode(block, from, at) : null;
    if (field != null) {
      sink.field(field.getName(), field.getValue());
    } else {
      sink.unknown();
      if (adds && !placeholder(value)) {
        return false;
      }
    }
    added += adds ? 1 : 0;
    return true;
  }

  private boolean indexed(int index, int from, Sink sink) {
    Header field = known(index) ? decode(block, from, at) : null;
    if (field == null) {
      sink.unknown();
      return index <= STATIC_ENTRIES || lossy;
    }
    sink.field(field.getName(), field.getValue());
    return true;
  }

  private boolean known(int index) {
    return !lossy || index <= STATIC_ENTRIES || index - STATIC_ENTRIES <= added;
  }

  private boolean resize(int from) {
    int size = integer(5);
    if (size < 0) {
      return false;
    }
    tableTooLarge |= size > maxTable;
    decode(block, from, at);
    return true;
  }

  /** An entry whose name is not known takes its place in the table all the same. */
  private boolean placeholder(int value) {
    byte[] entry = new byte[NAMELESS.length + at - value];
    System.arraycopy(NAMELESS, 0, entry, 0, NAMELESS.length);
    System.arraycopy(block, value, entry, NAMELESS.length, at - value);
    return decode(entry, 0, entry.length) != null;
  }

  /** One representation; null where there is none in it, or it is malformed. */
  private Header decode(byte[] bytes, int from, int to) {
    try {
      return decoder.decodeHeader(ByteBuffer.wrap(bytes, from, to - from));
    } catch (HPackException | RuntimeException malformed) {
      return null; // an index beyond the table, or a code that is none
    }
  }

  /** An integer with a prefix of so many bits; -1 where it is cut or too large. */
  private int integer(int prefix) {
    int mask = (1 << prefix) - 1;
    int value = block[at++] & mask;
    if (value < mask) {
      return value;
    }
    for (int shift = 0; at < end && shift <= 21; shift += 7) {
      int b = block[at++];
      value += (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    return -1;
  }

  private boolean string() {
    int length = at < end ? integer(7) : -1;
    if (length < 0 || length > end - at) {
      return false;
    }
    at += length;
    return true;
  }

  /** The text of a value. Not made of each one unasked: one byte can name a value of the table's size again. */
  static String utf8(String latin) {
    if (latin == null) {
      return "";
    }
    for (int i = 0; i < latin.length(); i++) {
      if (latin.charAt(i) >= 0x80) {
        return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      }
    }
    return latin;
  }
}
