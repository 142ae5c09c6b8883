package io.sidewire.processor.fold;

/**
 * Keys of the stores: parts joined by a 0 character, numbers as 16 hex digits, so that the order of keys is the order of
 * their parts.
 */
public final class StateKeys {
  private static final char SEPARATOR = '\0';
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private StateKeys() {}

  public static String of(String... parts) {
    return String.join("\0", parts);
  }

  /* The same for few parts, which is most of them, without an array. */

  static String of(String first, String second) {
    return first + SEPARATOR + second;
  }

  static String of(String first, String second, String third) {
    return first + SEPARATOR + second + SEPARATOR + third;
  }

  static String of(String first, String second, String third, String fourth) {
    return first + SEPARATOR + second + SEPARATOR + third + SEPARATOR + fourth;
  }

  /** The beginning of all keys whose first parts are these. */
  public static String prefix(String... parts) {
    return of(parts) + SEPARATOR;
  }

  static String prefix(String first, String second) {
    return first + SEPARATOR + second + SEPARATOR;
  }

  static String prefix(String first, String second, String third) {
    return first + SEPARATOR + second + SEPARATOR + third + SEPARATOR;
  }

  /** The least key that is greater than all keys with this prefix. */
  static String after(String prefix) {
    int last = prefix.length() - 1;
    if (last < 0 || prefix.charAt(last) != SEPARATOR) {
      throw new IllegalArgumentException("a prefix ends with a separator");
    }
    return prefix.substring(0, last) + (char) (SEPARATOR + 1);
  }

  /** Flow id, number and the part, where there is one. */
  static String of(PartKey key) {
    String id = of(text(key.flowId()), number(key.number()));
    return key.part() == null ? id : of(id, key.part());
  }

  /** The key that {@link #of(PartKey)} made. */
  static PartKey toPart(String id) {
    int flow = id.indexOf(SEPARATOR);
    int number = id.indexOf(SEPARATOR, flow + 1);
    return new PartKey(
        id.substring(0, flow),
        toNumber(id.substring(flow + 1, number < 0 ? id.length() : number)),
        number < 0 ? null : id.substring(number + 1));
  }

  /** A number that is not negative, as a part. */
  public static String number(long value) {
    var out = new char[16];
    long rest = Math.max(0, value);
    for (int i = 15; i >= 0; i--) {
      out[i] = HEX[(int) (rest & 15)];
      rest >>>= 4;
    }
    return new String(out);
  }

  static long toNumber(String part) {
    return Long.parseLong(part, 16);
  }

  static String last(String key) {
    return key.substring(key.lastIndexOf(SEPARATOR) + 1);
  }

  /** Text from the wire or from a setting, as a part. */
  static String text(String value) {
    return value.indexOf(SEPARATOR) < 0 ? value : value.replace(SEPARATOR, '_');
  }
}
