package io.sidewire.capture.save;

import java.nio.charset.StandardCharsets;

/** What a JSON string means. */
final class JsonText {
  private static final String SHORT = "\"\\/bfnrt";
  private static final String MEANT = "\"\\/\b\f\n\r\t";

  private JsonText() {}

  /** The meaning of what stands between the quotes, given as single bytes of UTF-8; null where an escape is broken. */
  static String unescaped(String raw) {
    String text = new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    if (text.indexOf('\\') < 0) {
      return text;
    }
    var out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      if (++i == text.length()) {
        return null;
      }
      int known = SHORT.indexOf(text.charAt(i));
      if (known >= 0) {
        out.append(MEANT.charAt(known));
      } else if (text.charAt(i) == 'u' && i + 4 < text.length()) {
        int value = 0;
        for (int k = 1; k <= 4; k++) {
          value = value << 4 | Character.digit(text.charAt(i + k), 16) & 0xffff;
        }
        out.append((char) value);
        i += 4;
      } else {
        return null;
      }
    }
    return out.toString();
  }
}
