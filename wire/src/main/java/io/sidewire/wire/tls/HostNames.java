package io.sidewire.wire.tls;

import java.nio.charset.StandardCharsets;

/** Names read from the wire, checked before they become text. */
public final class HostNames {
  private static final int LONGEST = 255; // RFC 1035

  private HostNames() {}

  /** Lower case and without a trailing dot; null unless every character may stand in a host name. */
  static String clean(ByteView name) {
    int length = name.left();
    if (length == 0 || length > LONGEST) {
      return null;
    }
    char[] text = new char[length];
    for (int i = 0; i < length; i++) {
      int b = name.u8();
      char c = (char) (b >= 'A' && b <= 'Z' ? b + 32 : b);
      // Underscores are no part of host names but of many names in use; colons come with literal
      // IPv6 addresses.
      boolean good = c >= 'a' && c <= 'z'
          || c >= '0' && c <= '9'
          || c == '-'
          || c == '.'
          || c == '_'
          || c == ':';
      if (!good) {
        return null;
      }
      text[i] = c;
    }
    int end = text[length - 1] == '.' ? length - 1 : length;
    return end == 0 ? null : new String(text, 0, end);
  }

  /** As text where all of it is printable ASCII, else as hex after {@code 0x}. */
  static String printable(byte[] name) {
    for (byte b : name) {
      if (b < 0x21 || b > 0x7e) {
        return "0x" + java.util.HexFormat.of().formatHex(name);
      }
    }
    return new String(name, StandardCharsets.US_ASCII);
  }
}
