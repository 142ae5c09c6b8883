package io.sidewire.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Capture files as bytes: a small writer of pcap and pcapng in either byte order. */
public final class CaptureFiles {
  private static final int MAX_BYTES = 8 << 20;

  private final ByteBuffer out;

  private CaptureFiles(ByteOrder order) {
    out = ByteBuffer.allocate(MAX_BYTES).order(order);
  }

  /**
   * A pcap file with its header.
   *
   * @param magic a1b2c3d4 (microseconds), a1b23c4d (nanoseconds) or a1b2cd34 (modified)
   */
  public static CaptureFiles pcap(ByteOrder order, int magic, int snapLength, int linkType) {
    var file = new CaptureFiles(order);
    file.out.putInt(magic).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0);
    file.out.putInt(snapLength).putInt(linkType);
    return file;
  }

  /** Blocks of a pcapng file, none yet; a file begins with a {@link #section}. */
  public static CaptureFiles pcapng(ByteOrder order) {
    return new CaptureFiles(order);
  }

  /** A pcap file of microseconds with these frames, one millisecond apart from 1 s on. */
  public static byte[] pcap(int linkType, Iterable<byte[]> frames) {
    var file = pcap(ByteOrder.LITTLE_ENDIAN, 0xa1b2c3d4, 262144, linkType);
    int at = 0;
    for (byte[] frame : frames) {
      file.record(1, 1000 * at++, frame, frame.length);
    }
    return file.bytes();
  }

  /** A record of a pcap file. */
  public CaptureFiles record(int seconds, int fraction, byte[] frame, int wireLength) {
    out.putInt(seconds).putInt(fraction).putInt(frame.length).putInt(wireLength).put(frame);
    return this;
  }

  /** A record of a modified pcap file, with its eight bytes more. */
  public CaptureFiles modifiedRecord(int seconds, int fraction, byte[] frame, int wireLength) {
    out.putInt(seconds).putInt(fraction).putInt(frame.length).putInt(wireLength);
    out.putInt(3).putShort((short) 8).putShort((short) 0).put(frame);
    return this;
  }

  /** A section header block; {@code order} holds from here on. */
  public CaptureFiles section(ByteOrder order) {
    out.order(order);
    int start = begin(0x0a0d0d0a);
    out.putInt(0x1a2b3c4d).putShort((short) 1).putShort((short) 0).putLong(-1);
    return end(start);
  }

  /** An interface description block with options (from {@link #option}). */
  public CaptureFiles interfaceDescription(int linkType, int snapLength, byte[]... options) {
    int start = begin(1);
    out.putShort((short) linkType).putShort((short) 0).putInt(snapLength);
    for (byte[] option : options) {
      out.put(option);
    }
    return end(start);
  }

  /** An option of the byte order that holds now, padded. */
  public byte[] option(int code, byte[] value) {
    var option = ByteBuffer.allocate(4 + (value.length + 3) / 4 * 4).order(out.order());
    return option
        .putShort((short) code)
        .putShort((short) value.length)
        .put(value)
        .array();
  }

  /** An enhanced packet block. */
  public CaptureFiles enhanced(int interfaceId, long timestamp, byte[] frame, int wireLength) {
    int start = begin(6);
    out.putInt(interfaceId).putInt((int) (timestamp >>> 32)).putInt((int) timestamp);
    out.putInt(frame.length).putInt(wireLength).put(frame);
    return end(start);
  }

  /** An obsolete packet block. */
  public CaptureFiles obsolete(int interfaceId, long timestamp, byte[] frame, int wireLength) {
    int start = begin(2);
    out.putShort((short) interfaceId).putShort((short) 0);
    out.putInt((int) (timestamp >>> 32)).putInt((int) timestamp);
    out.putInt(frame.length).putInt(wireLength).put(frame);
    return end(start);
  }

  /** A simple packet block: no time, no interface. */
  public CaptureFiles simple(byte[] frame, int wireLength) {
    int start = begin(3);
    out.putInt(wireLength).put(frame);
    return end(start);
  }

  /** A decryption secrets block; {@code type} 0x544c534b is a TLS key log. */
  public CaptureFiles secrets(int type, byte[] secrets) {
    int start = begin(10);
    out.putInt(type).putInt(secrets.length).put(secrets);
    return end(start);
  }

  /** A block of any type. */
  public CaptureFiles block(int type, byte[] body) {
    int start = begin(type);
    out.put(body);
    return end(start);
  }

  public byte[] bytes() {
    return Arrays.copyOf(out.array(), out.position());
  }

  private int begin(int type) {
    int start = out.position();
    out.putInt(type).putInt(0);
    return start;
  }

  private CaptureFiles end(int start) {
    while (out.position() % 4 != start % 4) {
      out.put((byte) 0);
    }
    int length = out.position() + 4 - start;
    out.putInt(start + 4, length).putInt(length);
    return this;
  }
}
