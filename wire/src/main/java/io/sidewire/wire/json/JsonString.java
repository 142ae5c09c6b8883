package io.sidewire.wire.json;

import java.util.Arrays;

/** The inside of a JSON string as it comes, unescaped; of it only as much is kept as was asked for. */
final class JsonString {
  private static final int SMALL = 64;

  /** What is kept, as UTF-8, up to {@link #length}. */
  byte[] bytes = new byte[SMALL];

  int length;

  /** It is longer than what was asked for. */
  boolean cut;

  /** It has no character at all. */
  boolean empty;

  private int wanted;
  private boolean ended;
  private boolean invalid;
  private int escape; // 0: none; 1: after a backslash; 2..5: hex digits still to come, plus 1
  private int codeUnit;
  private int highSurrogate;

  void begin(int wanted) {
    this.wanted = wanted;
    length = 0;
    cut = false;
    empty = true;
    ended = false;
    invalid = false;
    escape = 0;
    highSurrogate = 0;
  }

  boolean ended() {
    return ended;
  }

  boolean invalid() {
    return invalid;
  }

  /** Takes bytes up to and including the closing quote; returns where the next byte is. */
  int take(byte[] in, int from, int end) {
    int i = from;
    while (i < end) {
      byte b = in[i++];
      if (escape > 0) {
        escaped(b);
        if (invalid) {
          return i;
        }
      } else if (b == '"') {
        lonelySurrogate();
        ended = true;
        return i;
      } else if (b == '\\') {
        escape = 1;
      } else if (b >= 0 && b < ' ') {
        invalid = true;
        return i;
      } else {
        lonelySurrogate();
        empty = false;
        if (length < wanted) {
          keep(b);
        } else {
          cut = true;
          i = skipPlain(in, i, end);
        }
      }
    }
    return i;
  }

  /** Past the bytes that need no look but whether the string ends: what is not wanted is not copied. */
  private static int skipPlain(byte[] in, int from, int end) {
    int i = from;
    while (i < end && in[i] != '"' && in[i] != '\\' && (in[i] >= ' ' || in[i] < 0)) {
      i++;
    }
    return i;
  }

  private void escaped(byte b) {
    if (escape > 1) {
      int digit = Character.digit(b, 16);
      invalid = digit < 0;
      codeUnit = codeUnit << 4 | digit & 0xf;
      escape--;
      if (escape == 1) {
        escape = 0;
        codeUnit((char) codeUnit);
      }
      return;
    }
    if (b == 'u') {
      escape = 5;
      codeUnit = 0;
      return;
    }
    escape = 0;
    switch (b) {
      case '"', '\\', '/' -> character(b);
      case 'b' -> character('\b');
      case 'f' -> character('\f');
      case 'n' -> character('\n');
      case 'r' -> character('\r');
      case 't' -> character('\t');
      default -> invalid = true;
    }
  }

  private void codeUnit(char unit) {
    if (Character.isLowSurrogate(unit) && highSurrogate != 0) {
      int high = highSurrogate;
      highSurrogate = 0;
      character(Character.toCodePoint((char) high, unit));
    } else if (Character.isHighSurrogate(unit)) {
      lonelySurrogate();
      highSurrogate = unit;
      empty = false;
    } else {
      character(Character.isLowSurrogate(unit) ? '?' : unit);
    }
  }

  private void lonelySurrogate() {
    if (highSurrogate != 0) {
      highSurrogate = 0;
      character('?');
    }
  }

  /** Adds a code point as UTF-8, or nothing of it where it no longer fits. */
  private void character(int codePoint) {
    lonelySurrogate();
    empty = false;
    int size = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    if (length + size > wanted) {
      cut = true;
      wanted = length;
      return;
    }
    if (size == 1) {
      keep((byte) codePoint);
      return;
    }
    keep((byte) (0xf00 >> size & 0xff | codePoint >> 6 * (size - 1)));
    for (int shift = 6 * (size - 2); shift >= 0; shift -= 6) {
      keep((byte) (0x80 | codePoint >> shift & 0x3f));
    }
  }

  private void keep(byte b) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = b;
  }
}
