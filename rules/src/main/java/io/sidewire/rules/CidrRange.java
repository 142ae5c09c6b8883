package io.sidewire.rules;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** A range of addresses, as 10.0.0.0/8 or fd00::/8. */
final class CidrRange {
  private final byte[] network;
  private final int bits;

  /** @throws IllegalArgumentException where the text is no such range */
  CidrRange(String text) {
    int slash = text.indexOf('/');
    network = parse(slash < 0 ? text : text.substring(0, slash));
    if (network == null) {
      throw new IllegalArgumentException("no address: " + text);
    }
    try {
      bits = slash < 0 ? network.length * 8 : Integer.parseInt(text.substring(slash + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("no prefix length: " + text, e);
    }
    if (bits < 0 || bits > network.length * 8) {
      throw new IllegalArgumentException("prefix length out of range: " + text);
    }
  }

  boolean contains(String address) {
    byte[] candidate = parse(address);
    if (candidate == null || candidate.length != network.length) {
      return false;
    }
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (candidate[i] != network[i]) {
        return false;
      }
    }
    int rest = bits % 8;
    return rest == 0 || ((candidate[whole] ^ network[whole]) & 0xFF) >>> (8 - rest) == 0;
  }

  /** The bytes of a literal address, null for anything else: a name must never be looked up here. */
  private static byte[] parse(String text) {
    if (text == null || !text.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
      return null;
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
