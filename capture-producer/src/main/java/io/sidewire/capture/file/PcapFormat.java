package io.sidewire.capture.file;

import java.io.IOException;

/** The classic format: a file header, then a record for each packet. */
final class PcapFormat implements CaptureFileReader.Format {
  private static final int MICROSECONDS = 0xa1b2c3d4;
  private static final int NANOSECONDS = 0xa1b23c4d;

  /** Kuznetzov's modification: eight bytes more a record. */
  private static final int MODIFIED = 0xa1b2cd34;

  private static final int FILE_HEADER = 24;
  private static final int RECORD_HEADER = 16;

  private final Window in;
  private final int recordHeader;
  private final boolean nanoseconds;
  private final int linkType;

  /** Files before version 2.3 have the lengths the other way round, those of 2.3 perhaps. */
  private final boolean lengthsSwapped;

  private final boolean lengthsPerhapsSwapped;

  private PcapFormat(Window in, int magic) {
    this.in = in;
    nanoseconds = magic == NANOSECONDS;
    recordHeader = magic == MODIFIED ? RECORD_HEADER + 8 : RECORD_HEADER;
    int major = in.u16(4);
    int minor = in.u16(6);
    lengthsSwapped = major == 2 && minor < 3;
    lengthsPerhapsSwapped = major == 2 && minor == 3;
    // The upper bits say how long a frame check sequence is.
    linkType = in.i32(20) & 0x03ffffff;
    in.advance(FILE_HEADER);
  }

  /** Reads the file header; null where this is another format. */
  static PcapFormat of(Window in, String name) throws IOException {
    int magic = in.i32(0);
    boolean bigEndian = !known(magic);
    magic = bigEndian ? Integer.reverseBytes(magic) : magic;
    if (!known(magic)) {
      return null;
    }
    if (!in.ensure(FILE_HEADER)) {
      throw new CaptureFormatException(
          name + " ends within its file header: copy it again, or repair it with pcapfix");
    }
    in.order(bigEndian);
    return new PcapFormat(in, magic);
  }

  private static boolean known(int magic) {
    return magic == MICROSECONDS || magic == NANOSECONDS || magic == MODIFIED;
  }

  //  0              4              8               12             16
  // |    seconds   |   fraction   |    captured    |   on the wire |  (modified: eight bytes)
  // packet
  @Override
  public boolean next(CaptureFileReader reader) throws IOException {
    if (!in.ensure(recordHeader)) {
      return in.available() == 0
          ? false
          : reader.damage("the record header at byte " + in.position() + " is cut short");
    }
    int captured = in.i32(8);
    int wire = in.i32(12);
    if (lengthsSwapped || lengthsPerhapsSwapped && captured > wire) {
      int other = captured;
      captured = wire;
      wire = other;
    }
    if (captured < 0 || captured > CaptureFileReader.MAX_CAPTURED) {
      return reader.damage("the record at byte " + in.position() + " claims a packet of "
          + (captured & 0xffffffffL) + " bytes");
    }
    long seconds = in.u32(0);
    long fraction = in.u32(4);
    if (!in.ensure(recordHeader + captured)) {
      return reader.damage("the packet at byte " + in.position() + " is cut short: "
          + (in.available() - recordHeader) + " of " + captured + " bytes");
    }
    reader.linkType = linkType;
    reader.timeMicros = seconds * 1_000_000 + (nanoseconds ? fraction / 1000 : fraction);
    reader.offset = in.at() + recordHeader;
    reader.capturedLength = captured;
    reader.wireLength = wire < 0 ? Integer.MAX_VALUE : Math.max(wire, captured);
    in.advance(recordHeader + captured);
    return true;
  }
}
