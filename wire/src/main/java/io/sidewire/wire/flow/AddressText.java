package io.sidewire.wire.flow;

/** IP addresses as text: dotted for IPv4, RFC 5952 for IPv6. */
public final class AddressText {
  private AddressText() {}

  public static String v4(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 0xff)
        + "."
        + (address >>> 8 & 0xff)
        + "."
        + (address & 0xff);
  }

  public static String v6(long high, long low) {
    if (high == 0 && low >>> 32 == 0xffff) {
      return "::ffff:" + v4((int) low); // RFC 5952 section 5: a known mapping keeps its dots
    }
    int longest = 0;
    int longestAt = -1;
    for (int i = 0; i < 8; ) {
      int zeros = 0;
      while (i + zeros < 8 && group(high, low, i + zeros) == 0) {
        zeros++;
      }
      if (zeros > Math.max(1, longest)) { // one group alone is never shortened
        longest = zeros;
        longestAt = i;
      }
      i += Math.max(1, zeros);
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == longestAt) {
        text.append("::");
        i += longest - 1;
      } else {
        if (i > 0 && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(group(high, low, i)));
      }
    }
    return text.toString();
  }

  private static int group(long high, long low, int i) {
    long half = i < 4 ? high : low;
    return (int) (half >>> (48 - 16 * (i & 3))) & 0xffff;
  }
}
