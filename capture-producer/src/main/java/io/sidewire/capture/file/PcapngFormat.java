package io.sidewire.capture.file;

import java.io.IOException;
import java.util.Arrays;

/** The newer format: sections of blocks, each with its type and length; packets name their interface. */
final class PcapngFormat implements CaptureFileReader.Format {
  static final int SECTION = 0x0a0d0d0a;
  private static final int BYTE_ORDER = 0x1a2b3c4d;
  private static final int INTERFACE = 1;
  private static final int OBSOLETE_PACKET = 2;
  private static final int SIMPLE_PACKET = 3;
  private static final int STATISTICS = 5;
  private static final int ENHANCED_PACKET = 6;
  private static final int SECRETS = 10;

  /** Type, length, and the length again at the end. */
  private static final int BLOCK_OVERHEAD = 12;

  /** Longer blocks are stepped over unread; a packet's cannot be longer but by its options. */
  private static final int MAX_BLOCK = 16 << 20;

  private static final int MAX_INTERFACES = 1 << 16;

  private final Window in;
  private PcapngInterface[] interfaces = new PcapngInterface[4];
  private int interfaceCount;

  /** Interfaces of the sections before this one. */
  private int interfacesBefore;

  private long lastMicros;

  PcapngFormat(Window in) {
    this.in = in;
  }

  @Override
  public boolean next(CaptureFileReader reader) throws IOException {
    while (true) {
      if (!in.ensure(BLOCK_OVERHEAD)) {
        return in.available() == 0
            ? false
            : damage(reader, "block", "is cut short within its header");
      }
      int type = in.i32(0);
      if (type == SECTION && !beginSection(reader)) {
        return false;
      }
      long length = in.u32(4);
      if (length < BLOCK_OVERHEAD || (length & 3) != 0) {
        return damage(reader, "block", "has the impossible length " + length);
      }
      if (length > MAX_BLOCK) {
        if (isPacket(type)) {
          return damage(reader, "packet", "claims a length of " + length);
        }
        if (!in.skip(length)) {
          return reader.damage("the last block is cut short");
        }
        continue;
      }
      int size = (int) length;
      if (!in.ensure(size)) {
        return damage(
            reader, "block", "is cut short: " + in.available() + " of " + size + " bytes");
      }
      if (in.i32(size - 4) != size) {
        return damage(reader, "block", "has different lengths at its start and its end");
      }
      String problem = null;
      boolean packet = isPacket(type);
      switch (type) {
        case ENHANCED_PACKET -> problem = enhanced(reader, size);
        case SIMPLE_PACKET -> problem = simple(reader, size);
        case OBSOLETE_PACKET -> problem = obsolete(reader, size);
        case INTERFACE -> problem = addInterface(size);
        case STATISTICS -> statistics(reader, size);
        case SECRETS -> secrets(reader, size);
        default -> {} // names, comments and whatever comes to be: not packets
      }
      if (problem != null) {
        return damage(reader, packet ? "packet" : "block", problem);
      }
      in.advance(size);
      if (packet) {
        return true;
      }
    }
  }

  private boolean damage(CaptureFileReader reader, String what, String how) {
    return reader.damage("the " + what + " at byte " + in.position() + " " + how);
  }

  private static boolean isPacket(int type) {
    return type == ENHANCED_PACKET || type == SIMPLE_PACKET || type == OBSOLETE_PACKET;
  }

  //  0        4        8            12       14       16                24
  // |  type  | length | byte order |  major |  minor | section length  | options
  private boolean beginSection(CaptureFileReader reader) throws IOException {
    if (!in.ensure(28)) {
      return damage(reader, "section header", "is cut short");
    }
    in.order(false);
    int order = in.i32(8);
    in.order(order != BYTE_ORDER);
    if (in.i32(8) != BYTE_ORDER) {
      return damage(reader, "section header", "has no byte order mark");
    }
    if (in.u16(12) != 1) {
      return damage(
          reader,
          "section header",
          "has version " + in.u16(12) + "." + in.u16(14) + ", only version 1 is known");
    }
    // The section's own length is not trusted: blocks are followed one by one.
    interfacesBefore += interfaceCount;
    interfaceCount = 0;
    return true;
  }

  private String addInterface(int size) {
    if (size < 20) {
      return "is too short for an interface";
    }
    if (interfacesBefore + interfaceCount == MAX_INTERFACES) {
      return "describes one interface too many";
    }
    if (interfaceCount == interfaces.length) {
      interfaces = Arrays.copyOf(interfaces, 2 * interfaceCount);
    }
    interfaces[interfaceCount++] = PcapngInterface.read(in, size);
    return null;
  }

  //  0        4        8           12         16        20         24          28
  // |  type  | length | interface |time high | time low | captured | on the wire | packet
  private String enhanced(CaptureFileReader reader, int size) {
    return size < 32 ? "is too short" : timed(reader, size, in.u32(8), 28, 4);
  }

  //  0        4        8       10      12         16         20         24           28
  // |  type  | length | inter- | drops | time high | time low | captured | on the wire | packet
  private String obsolete(CaptureFileReader reader, int size) {
    return size < 32 ? "is too short" : timed(reader, size, in.u16(8), 28, 4);
  }

  private String timed(CaptureFileReader reader, int size, long id, int header, int trailer) {
    if (id >= interfaceCount) {
      return "is of interface " + id + ", which is not described";
    }
    PcapngInterface from = interfaces[(int) id];
    reader.timeMicros = from.micros(in.u32(12) << 32 | in.u32(16));
    lastMicros = reader.timeMicros;
    return packet(reader, (int) id, from, in.u32(20), in.u32(24), header, size - header - trailer);
  }

  /** On the wire, then the packet: of the first interface, cut at its snap length, at no time. */
  private String simple(CaptureFileReader reader, int size) {
    if (size < 16) {
      return "is too short";
    }
    if (interfaceCount == 0) {
      return "is of interface 0, which is not described";
    }
    PcapngInterface from = interfaces[0];
    long wire = in.u32(8);
    long captured = Math.min(wire, size - 16);
    if (from.snapLength > 0) {
      captured = Math.min(captured, from.snapLength & 0xffffffffL);
    }
    reader.timeMicros = lastMicros;
    return packet(reader, 0, from, captured, wire, 12, size - 16);
  }

  private String packet(
      CaptureFileReader reader,
      int id,
      PcapngInterface from,
      long captured,
      long wire,
      int header,
      int room) {
    if (captured > room || captured > CaptureFileReader.MAX_CAPTURED) {
      return "claims " + captured + " bytes, more than its block holds or a packet may have";
    }
    reader.linkType = from.linkType;
    reader.interfaceIndex = interfacesBefore + id;
    reader.offset = in.at() + header;
    reader.capturedLength = (int) captured;
    reader.wireLength = (int) Math.min(Math.max(wire, captured), Integer.MAX_VALUE);
    return null;
  }

  private void secrets(CaptureFileReader reader, int size) {
    if (size >= 20) {
      int length = (int) Math.min(in.u32(12), size - 20);
      reader.addSecrets(in.i32(8), in.copy(16, length));
    }
  }

  //  0        4        8           12        20
  // |  type  | length | interface |   time  | options
  private void statistics(CaptureFileReader reader, int size) {
    long id = size < 24 ? interfaceCount : in.u32(8);
    if (id < interfaceCount) {
      reader.dropped += interfaces[(int) id].moreDropped(in, 20, size - 4);
    }
  }
}
