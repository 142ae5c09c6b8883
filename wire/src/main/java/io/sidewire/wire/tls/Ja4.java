package io.sidewire.wire.tls;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * JA4, the TLS client fingerprint of FoxIO (BSD 3-Clause, see NOTICE): {@code a_b_c} with the counts of a hello in a, a hash
 * of its sorted ciphers in b, and one of its sorted extensions and its signature algorithms in c. The other methods of the
 * JA4+ family stand under another licence and are not made here.
 */
final class Ja4 {
  private static final String NOTHING = "000000000000";
  private static final int MOST = 99;

  private Ja4() {}

  /** @param transport t (TCP), q (QUIC) or d (DTLS) */
  static String of(Hello hello, char transport) {
    int[] ciphers = known(hello.ciphers);
    int[] extensions = known(hello.extensions);
    StringBuilder out = new StringBuilder(36)
        .append(transport)
        .append(version(hello.version()))
        .append(hello.has(Hello.SERVER_NAME) ? 'd' : 'i');
    twoDigits(out, ciphers.length);
    twoDigits(out, extensions.length);
    alpn(out, hello.firstAlpn);
    out.append('_').append(hash(listed(new StringBuilder(), sorted(ciphers, false))));
    out.append('_')
        .append(extensions.length == 0 ? NOTHING : hash(extensionText(hello, extensions)));
    return out.toString();
  }

  private static StringBuilder extensionText(Hello hello, int[] extensions) {
    StringBuilder text = listed(new StringBuilder(), sorted(extensions, true));
    int[] signatures = known(hello.signatureAlgorithms);
    return signatures.length == 0 ? text : listed(text.append('_'), signatures);
  }

  private static String version(int version) {
    return switch (version) {
      case 0x0304 -> "13";
      case 0x0303 -> "12";
      case 0x0302 -> "11";
      case 0x0301 -> "10";
      case 0x0300 -> "s3";
      case 0x0002 -> "s2";
      case 0xfeff -> "d1";
      case 0xfefd -> "d2";
      case 0xfefc -> "d3";
      default -> "00";
    };
  }

  private static void twoDigits(StringBuilder out, int count) {
    int shown = Math.min(count, MOST);
    out.append((char) ('0' + shown / 10)).append((char) ('0' + shown % 10));
  }

  /** First and last character of the first protocol; where one of them is no letter or digit, of its hex form. */
  private static void alpn(StringBuilder out, byte[] name) {
    if (name.length == 0) {
      out.append("00");
      return;
    }
    byte first = name[0];
    byte last = name[name.length - 1];
    if (alphanumeric(first) && alphanumeric(last)) {
      out.append((char) first).append((char) last);
    } else {
      out.append(Character.forDigit(first >> 4 & 15, 16)).append(Character.forDigit(last & 15, 16));
    }
  }

  private static boolean alphanumeric(byte b) {
    return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z';
  }

  private static int[] known(int[] numbers) {
    int[] out = new int[numbers.length];
    int count = 0;
    for (int number : numbers) {
      if (!Hello.grease(number)) {
        out[count++] = number;
      }
    }
    return Arrays.copyOf(out, count);
  }

  private static int[] sorted(int[] numbers, boolean extensions) {
    // SNI and ALPN differ from site to site, so they would split one client into many.
    int[] out = new int[numbers.length];
    int count = 0;
    for (int number : numbers) {
      if (!extensions || number != Hello.SERVER_NAME && number != Hello.ALPN) {
        out[count++] = number;
      }
    }
    Arrays.sort(out, 0, count);
    return Arrays.copyOf(out, count);
  }

  private static StringBuilder listed(StringBuilder out, int[] numbers) {
    HexFormat hex = HexFormat.of();
    for (int i = 0; i < numbers.length; i++) {
      if (i > 0) {
        out.append(',');
      }
      out.append(hex.toHexDigits((short) numbers[i]));
    }
    return out;
  }

  private static String hash(StringBuilder text) {
    if (text.isEmpty()) {
      return NOTHING;
    }
    return Digests.sha256(text.toString(), 6);
  }
}
