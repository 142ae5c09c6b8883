package io.sidewire.wire.tls;

/** JA3: the MD5 of a client hello's version, ciphers, extensions, groups and point formats, in the order of the wire. */
final class Ja3 {

  private Ja3() {}

  static String of(Hello hello) {
    return Digests.md5(text(hello), 16);
  }

  static String text(Hello hello) {
    StringBuilder out = new StringBuilder(256).append(hello.legacyVersion).append(',');
    dashed(out, hello.ciphers).append(',');
    dashed(out, hello.extensions).append(',');
    dashed(out, hello.groups).append(',');
    return dashed(out, hello.pointFormats).toString();
  }

  private static StringBuilder dashed(StringBuilder out, int[] numbers) {
    boolean first = true;
    for (int number : numbers) {
      if (Hello.grease(number)) {
        continue;
      }
      if (!first) {
        out.append('-');
      }
      out.append(number);
      first = false;
    }
    return out;
  }
}
