package io.sidewire.wire.link;

/** IEEE 802.11 data frames, and the headers that drivers put before them. */
final class WifiHeaders {
  private static final int TYPE_MANAGEMENT = 0;
  private static final int TYPE_CONTROL = 1;
  private static final int TYPE_DATA = 2;

  private WifiHeaders() {}

  static Header wifi(Cursor c, boolean paddedHeader) {
    if (!c.has(24)) {
      return c.stop("wifi_header_truncated");
    }
    int control = c.u8(0);
    int flags = c.u8(1);
    int type = control >> 2 & 3;
    if (type != TYPE_DATA) {
      return c.stop(
          type == TYPE_MANAGEMENT
              ? "wifi_management"
              : type == TYPE_CONTROL ? "wifi_control" : "wifi_extension");
    }
    boolean withoutData = (control & 0x40) != 0;
    boolean qos = (control & 0x80) != 0;
    if (withoutData) {
      return c.stop("wifi_without_data");
    }
    if ((flags & 0x40) != 0) {
      return c.stop("wifi_encrypted");
    }
    int length = 24;
    if ((flags & 0x03) == 0x03) {
      length += 6; // a fourth address, between access points
    }
    boolean aggregated = false;
    if (qos) {
      if (!c.has(length + 2)) {
        return c.stop("wifi_header_truncated");
      }
      aggregated = (c.u8(length) & 0x80) != 0;
      length += 2;
      if ((flags & 0x80) != 0) {
        length += 4; // high-throughput control
      }
    }
    if (paddedHeader) {
      length = length + 3 & ~3;
    }
    boolean fragmented = (flags & 0x04) != 0 || (c.u8(22) & 0x0f) != 0;
    if (fragmented) {
      return c.stop("wifi_fragment");
    }
    if (aggregated) {
      return firstOfAggregate(c, length);
    }
    if (!c.has(length)) {
      return c.stop("wifi_header_truncated");
    }
    c.skip(length);
    return Header.LLC;
  }

  /** Several frames in one: only the first of them is read. */
  private static Header firstOfAggregate(Cursor c, int header) {
    if (!c.has(header + 14)) {
      return c.stop("wifi_header_truncated");
    }
    int length = c.u16(header + 12);
    c.skip(header + 14);
    c.limit(length);
    return Header.LLC;
  }

  /** Version, pad, length, then presence words and the fields that they announce; little-endian. */
  static Header radiotap(Cursor c) {
    if (!c.has(8) || c.u16le(2) < 8 || !c.has(c.u16le(2))) {
      return c.stop("radiotap_header_truncated");
    }
    int length = c.u16le(2);
    boolean padded = (radiotapFlags(c, length) & 0x20) != 0;
    c.skip(length);
    return wifi(c, padded);
  }

  private static int radiotapFlags(Cursor c, int length) {
    final int timestamp = 1;
    final int flags = 2;
    int present = c.i32le(4);
    if ((present & flags) == 0) {
      return 0;
    }
    int at = 4;
    while ((c.i32le(at) & 0x80000000) != 0) {
      at += 4;
      if (at + 4 > length) {
        return 0;
      }
    }
    at += 4;
    if ((present & timestamp) != 0) {
      at = (at + 7 & ~7) + 8;
    }
    return at < length ? c.u8(at) : 0;
  }

  static Header prism(Cursor c) {
    if (!c.has(8)) {
      return c.stop("link_header_truncated");
    }
    // Either a Prism header, in either byte order, or AVS under the same number.
    if ((c.i32(0) & 0xfffff000) == 0x80211000) {
      return avs(c);
    }
    int length = c.i32le(4);
    if (length < 0 || length > 0xffff) {
      length = c.i32(4);
    }
    return skipToWifi(c, length);
  }

  static Header avs(Cursor c) {
    return c.has(8) ? skipToWifi(c, c.i32(4)) : c.stop("link_header_truncated");
  }

  private static Header skipToWifi(Cursor c, int length) {
    if (length < 8 || length > 0xffff || !c.has(length)) {
      return c.stop("link_header_truncated");
    }
    c.skip(length);
    return wifi(c, false);
  }
}
