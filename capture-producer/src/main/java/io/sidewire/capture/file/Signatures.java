package io.sidewire.capture.file;

/** What a file is that is no capture which we read, by its first bytes, and what to do about it. */
final class Signatures {
  private Signatures() {}

  /** Goes on after the file's name. */
  static String explain(Window in) {
    return switch (in.bigEndian32(0)) {
      case 0x28b52ffd -> " is compressed with zstd: unpack it with `zstd -d`";
      case 0x04224d18 -> " is compressed with lz4: unpack it with `lz4 -d`";
      case 0xfd377a58 -> " is compressed with xz: unpack it with `xz -d`";
      case 0x504b0304 -> " is a zip archive: unpack it with `unzip`";
      case 0x736e6f6f -> " is a snoop capture: convert it with `editcap -F pcapng IN OUT`";
      case 0x474d4255, 0x52545353 ->
        " is a Network Monitor capture: convert it with `editcap -F pcapng IN OUT`";
      default -> {
        if (in.bigEndian32(0) >>> 8 == 0x425a68) {
          yield " is compressed with bzip2: unpack it with `bzip2 -d`";
        }
        yield " is no capture file (it begins with "
            + String.format("%08x", in.bigEndian32(0))
            + "): pcap and pcapng are read; convert others with `editcap -F pcapng IN OUT`";
      }
    };
  }
}
