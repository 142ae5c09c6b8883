package io.sidewire.capture.save;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Writes one pcapng file: a section, an interface for each link type as it comes, packets with times in microseconds. */
final class PcapngWriter implements Closeable {
  private static final int SECTION = 0x0a0d0d0a;
  private static final int BYTE_ORDER = 0x1a2b3c4d;
  private static final int INTERFACE = 1;
  private static final int PACKET = 6;
  private static final int APPLICATION = 4; // option of a section: who wrote it
  private static final int SNAP_LENGTH = 256 << 10;
  private static final int BUFFER = 64 << 10;
  private static final int RAW_IP = 101;

  private final OutputStream out;
  private final Map<Integer, Integer> interfaces = new HashMap<>();
  private long size;

  PcapngWriter(OutputStream out, String application) throws IOException {
    this.out = new BufferedOutputStream(out, BUFFER);
    section(application);
  }

  /** Bytes of the file, those that wait in memory too. */
  long size() {
    return size;
  }

  void frame(SavedFrame frame) throws IOException {
    int id = interfaceOf(frame.linkType);
    int padded = frame.length + 3 & ~3;
    ByteBuffer block = block(PACKET, 20 + padded);
    block.putInt(id);
    block.putInt((int) (frame.timeMicros >>> 32));
    block.putInt((int) frame.timeMicros);
    block.putInt(frame.length);
    block.putInt(frame.wireLength);
    block.put(frame.bytes, 0, frame.length);
    end(block);
  }

  void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void section(String application) throws IOException {
    byte[] name = application.getBytes(StandardCharsets.US_ASCII);
    int padded = name.length + 3 & ~3;
    ByteBuffer block = block(SECTION, 16 + 4 + padded + 4);
    block.putInt(BYTE_ORDER);
    block.putShort((short) 1);
    block.putShort((short) 0);
    block.putLong(-1);
    block.putShort((short) APPLICATION);
    block.putShort((short) name.length);
    block.put(name);
    end(block);
  }

  private int interfaceOf(int linkType) throws IOException {
    Integer known = interfaces.get(linkType);
    if (known != null) {
      return known;
    }
    int id = interfaces.size();
    interfaces.put(linkType, id);
    ByteBuffer block = block(INTERFACE, 8);
    // Number 12 (and 14) is that of libpcap's handles; files have another for raw IP.
    block.putShort((short) (linkType == 12 || linkType == 14 ? RAW_IP : linkType));
    block.putShort((short) 0);
    block.putInt(SNAP_LENGTH);
    end(block);
    return id;
  }

  private static ByteBuffer block(int type, int body) {
    int length = body + 12;
    return ByteBuffer.allocate(length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(type)
        .putInt(length);
  }

  private void end(ByteBuffer block) throws IOException {
    block.putInt(block.capacity() - 4, block.capacity());
    out.write(block.array());
    size += block.capacity();
  }
}
