package io.sidewire.capture.file;

/** An interface of a pcapng section: link type, snap length, and how its timestamps count. */
final class PcapngInterface {
  private static final int OPTION_RESOLUTION = 9;
  private static final int OPTION_OFFSET = 14;
  private static final int OPTION_DROPPED_BY_INTERFACE = 5;
  private static final int OPTION_DROPPED_BY_SYSTEM = 7;
  private static final int MICROS = 1_000_000;

  final int linkType;
  final int snapLength;

  /** Of the option: a power of ten, or with the top bit a power of two, of which a second has so many units. */
  private final int resolution;

  private final long offsetMicros;

  /** Units of a second, or of a microsecond where they are finer; 0: more than 64 bits hold. */
  private final long divisor;

  /** Of the statistics, which count from the beginning. */
  private long dropped;

  private PcapngInterface(int linkType, int snapLength, int resolution, long offsetSeconds) {
    this.linkType = linkType;
    this.snapLength = snapLength;
    this.resolution = resolution;
    offsetMicros = offsetSeconds * MICROS;
    divisor = (resolution & 0x80) != 0 ? 0 : powerOfTen(Math.abs(resolution - 6));
  }

  //  0        4        8           10         12            16
  // |  type  | length | link type | reserved | snap length | options
  static PcapngInterface read(Window in, int size) {
    int resolution = 6;
    long offset = 0;
    int at = 16;
    int end = size - 4;
    while (at + 4 <= end) {
      int code = in.u16(at);
      int length = in.u16(at + 2);
      if (code == 0 || at + 4 + length > end) {
        break;
      }
      if (code == OPTION_RESOLUTION && length >= 1) {
        resolution = in.bytes()[in.at() + at + 4] & 0xff;
      } else if (code == OPTION_OFFSET && length >= 8) {
        offset = in.i64(at + 4);
      }
      at += 4 + (length + 3 & ~3);
    }
    return new PcapngInterface(in.u16(8), in.i32(12), resolution, offset);
  }

  private static long powerOfTen(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      if (power > Long.MAX_VALUE / 10) {
        return 0;
      }
      power *= 10;
    }
    return power;
  }

  /** Epoch microseconds of a timestamp, an unsigned count of units. */
  long micros(long units) {
    return offsetMicros + sinceEpoch(units);
  }

  private long sinceEpoch(long units) {
    if ((resolution & 0x80) != 0) {
      return binary(units, resolution & 0x7f);
    }
    if (resolution == 6) {
      return units;
    }
    if (resolution < 6) {
      return units * divisor;
    }
    return divisor == 0 ? 0 : Long.divideUnsigned(units, divisor);
  }

  /** Units of 2^-bits seconds as microseconds, through a product of 128 bits. */
  private static long binary(long units, int bits) {
    long low = units * MICROS;
    long high = Math.multiplyHigh(units, MICROS) + (units < 0 ? MICROS : 0);
    if (bits == 0) {
      return low;
    }
    return bits < 64 ? high << 64 - bits | low >>> bits : high >>> bits - 64;
  }

  /** Packets that statistics report as dropped and that were not reported before. */
  long moreDropped(Window in, int start, int end) {
    long now = 0;
    int at = start;
    while (at + 4 <= end) {
      int code = in.u16(at);
      int length = in.u16(at + 2);
      if (code == 0 || at + 4 + length > end) {
        break;
      }
      boolean counts = code == OPTION_DROPPED_BY_INTERFACE || code == OPTION_DROPPED_BY_SYSTEM;
      if (counts && length == 8) {
        now += Math.max(0, in.i64(at + 4));
      }
      at += 4 + (length + 3 & ~3);
    }
    long more = Math.max(0, now - dropped);
    dropped += more;
    return more;
  }
}
