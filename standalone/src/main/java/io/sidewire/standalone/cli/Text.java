package io.sidewire.standalone.cli;

/** Text as a terminal shows it: emoji and East Asian characters take two columns. */
public final class Text {
  private Text() {}

  /** Columns that {@code text} takes; it holds no escape codes. */
  public static int columns(String text) {
    int columns = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      columns += columns(point);
      i += Character.charCount(point);
    }
    return columns;
  }

  /** The beginning of {@code text} that fits into {@code limit} columns, with an ellipsis where it was cut. */
  public static String cut(String text, int limit) {
    if (text.length() <= limit / 2 || columns(text) <= limit) {
      return text;
    }
    int columns = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      if (columns + columns(point) > limit - 1) {
        return text.substring(0, i) + "…";
      }
      columns += columns(point);
      i += Character.charCount(point);
    }
    return text;
  }

  /** Control characters, which a terminal could take for commands, replaced; names come from the network. */
  public static String clean(String text) {
    if (text == null) {
      return null;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || (c >= 0x7f && c < 0xa0) || Character.getType(c) == Character.FORMAT) {
        return text.replaceAll("[\\p{Cntrl}\\x7f-\\x9f\\p{Cf}]", "\uFFFD");
      }
    }
    return text;
  }

  private static int columns(int point) {
    if (point == 0xFE0F
        || point == 0x200D
        || Character.getType(point) == Character.NON_SPACING_MARK) {
      return 0;
    }
    boolean wide = (point >= 0x1F300 && point <= 0x1FAFF)
        || (point >= 0x1100 && point <= 0x115F)
        || (point >= 0x2E80 && point <= 0xA4CF)
        || (point >= 0xAC00 && point <= 0xD7A3)
        || (point >= 0xF900 && point <= 0xFAFF)
        || (point >= 0xFF00 && point <= 0xFF60)
        || (point >= 0x20000 && point <= 0x3FFFD);
    return wide ? 2 : 1;
  }
}
