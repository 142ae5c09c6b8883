package io.sidewire.capture.redact;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Turns a request target into a path that tells which API was called and nothing of whom: the query is dropped, and
 * every segment that is not plainly a word of an API becomes {@code *}.
 */
final class PathMask {
  private static final Pattern NAME_PARTS = Pattern.compile("[._:@-]");
  private static final Pattern SEGMENT_PARTS = Pattern.compile("[._:-]");
  static final String MASK = "*";
  static final int MAX_LENGTH = 512;

  private static final int MAX_SEGMENTS = 24;
  private static final int MAX_SEGMENT = 40;
  private static final int MAX_TEMPLATE_SEGMENT = 64;
  private static final int MAX_DIGITS = 3;

  /** The segment after one of these is a deployment, model or region: kept, for it is what the call is about. */
  private static final Set<String> TEMPLATE_PARENTS =
      Set.of("deployments", "engines", "models", "model", "publishers", "locations");

  /** The segment after one of these names a person, an account or a secret, however much like a word it looks. */
  private static final Set<String> PRIVATE_PARENTS = Set.of(
      "user",
      "users",
      "account",
      "accounts",
      "customer",
      "customers",
      "client",
      "clients",
      "person",
      "people",
      "member",
      "members",
      "tenant",
      "tenants",
      "patient",
      "patients",
      "profile",
      "profiles",
      "employee",
      "employees",
      "contact",
      "contacts",
      "subscriber",
      "subscribers",
      "email",
      "emails",
      "session",
      "sessions",
      "token",
      "tokens",
      "key",
      "keys",
      "secret",
      "secrets",
      "invite",
      "invites",
      "reset",
      "verify",
      "projects",
      "subscriptions");

  private PathMask() {}

  /**
   * The masked path of a request target in any of its forms.
   *
   * @return null where the target has no path: null, empty, or the authority form of CONNECT
   */
  static String path(String target) {
    if (target == null || target.isEmpty()) {
      return null;
    }
    if (target.equals("*")) {
      return target;
    }
    int start = pathStart(target);
    if (start < 0) {
      return null;
    }
    var out = new StringBuilder(Math.min(target.length(), MAX_LENGTH) + 1);
    String parent = "";
    int segments = 0;
    int at = start;
    while (at < target.length() && target.charAt(at) == '/') {
      int end = segmentEnd(target, at + 1);
      String segment = target.substring(at + 1, end);
      String masked = mask(segment, parent);
      if (++segments > MAX_SEGMENTS || out.length() + masked.length() + 1 > MAX_LENGTH - 2) {
        return out.append('/').append(MASK).toString();
      }
      out.append('/').append(masked);
      parent = segment.toLowerCase(Locale.ROOT);
      at = skipParameters(target, end);
    }
    return out.length() == 0 ? "/" : out.toString();
  }

  /** The whole target, for the owner of a capture file: control characters replaced, length bounded. */
  static String unmasked(String target) {
    if (target == null) {
      return null;
    }
    var out = new StringBuilder(target.length());
    int length = Math.min(target.length(), 8192);
    for (int i = 0; i < length; i++) {
      char c = target.charAt(i);
      out.append(c > 0x20 && c < 0x7F ? c : '_');
    }
    return out.toString();
  }

  /** Where the path begins: after scheme and authority of an absolute target; -1 where there is none. */
  private static int pathStart(String target) {
    if (target.charAt(0) == '/') {
      return 0;
    }
    int scheme = target.indexOf("://");
    int query = target.indexOf('?');
    if (scheme < 0 || (query >= 0 && query < scheme)) {
      return -1;
    }
    int slash = target.indexOf('/', scheme + 3);
    return slash < 0 || (query >= 0 && query < slash) ? target.length() : slash;
  }

  private static int segmentEnd(String target, int from) {
    for (int i = from; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '/' || c == '?' || c == '#' || c == ';') {
        return i;
      }
    }
    return target.length();
  }

  /** Skips {@code ;name=value} parameters of a segment, which carry session ids. */
  private static int skipParameters(String target, int from) {
    int i = from;
    if (i < target.length() && target.charAt(i) == ';') {
      while (i < target.length() && "/?#".indexOf(target.charAt(i)) < 0) {
        i++;
      }
    }
    return i;
  }

  private static String mask(String segment, String parent) {
    if (segment.isEmpty() || segment.equals(MASK)) {
      return segment;
    }
    if (TEMPLATE_PARENTS.contains(parent)) {
      return template(segment);
    }
    if (PRIVATE_PARENTS.contains(parent) && !segment.equals("me")) {
      return MASK;
    }
    return isApiWord(segment) ? segment : MASK;
  }

  /** A deployment or model, with the {@code :verb} that may follow it. */
  private static String template(String segment) {
    String decoded = percentDecoded(segment);
    if (decoded == null || decoded.length() > MAX_TEMPLATE_SEGMENT) {
      return MASK;
    }
    if (decoded.startsWith("arn:")) {
      return MASK; // carries an account number
    }
    for (int i = 0; i < decoded.length(); i++) {
      char c = decoded.charAt(i);
      if (!isAlphanumeric(c) && "._:@-".indexOf(c) < 0) {
        return MASK;
      }
    }
    return looksSecret(decoded) ? MASK : decoded;
  }

  /** Names of models are words, versions and dates; a secret has a long run of mixed letters and digits. */
  static boolean looksSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith("sk-") || lower.startsWith("key-") || isUuid(lower)) {
      return true;
    }
    for (String part : NAME_PARTS.split(name)) {
      int digits = 0;
      for (int i = 0; i < part.length(); i++) {
        digits += isDigit(part.charAt(i)) ? 1 : 0;
      }
      boolean mixed = digits > 0 && digits < part.length();
      if (part.length() >= 24 || (mixed && part.length() >= 14) || looksRandom(part)) {
        return true;
      }
      if (digits == part.length() && part.length() > 8) {
        return true; // longer than a date
      }
    }
    return false;
  }

  /** True for what an API designer writes: words, and versions such as v1beta1; false for ids of any kind. */
  private static boolean isApiWord(String segment) {
    if (segment.length() > MAX_SEGMENT) {
      return false;
    }
    int digits = 0;
    int letters = 0;
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (isDigit(c)) {
        digits++;
      } else if (isAlphanumeric(c)) {
        letters++;
      } else if ("._-:".indexOf(c) < 0) {
        return false; // '@', '%', '~', '=', '+' and the like: mail addresses, names, encodings
      }
    }
    if (letters == 0 && digits > 0 || digits > MAX_DIGITS) {
      return false;
    }
    for (String part : SEGMENT_PARTS.split(segment)) {
      if (!isWord(part)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWord(String part) {
    if (part.length() > 24 || looksRandom(part)) {
      return false;
    }
    int changes = 0;
    for (int i = 1; i < part.length(); i++) {
      changes += isDigit(part.charAt(i)) != isDigit(part.charAt(i - 1)) ? 1 : 0;
    }
    return changes <= 3; // v1beta1 has three
  }

  /** Letters that no language puts in this order: hex, no vowels, or capitals strewn about. */
  static boolean looksRandom(String part) {
    int vowels = 0;
    int hex = 0;
    int capitals = 0;
    int humps = 0;
    int letters = 0;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      char lower = Character.toLowerCase(c);
      letters += isDigit(c) ? 0 : 1;
      vowels += "aeiouy".indexOf(lower) >= 0 ? 1 : 0;
      hex += isDigit(c) || (lower >= 'a' && lower <= 'f') ? 1 : 0;
      capitals += c >= 'A' && c <= 'Z' ? 1 : 0;
      humps +=
          i > 0 && c != lower && part.charAt(i - 1) == Character.toLowerCase(part.charAt(i - 1))
              ? 1
              : 0;
    }
    if (letters == 0) {
      return false;
    }
    return hex == part.length() && part.length() >= 8
        || letters >= 10 && vowels * 10 <= letters
        || capitals == letters && letters > 12
        || humps >= 3 && part.length() < 4 * humps;
  }

  private static boolean isUuid(String text) {
    if (text.length() != 36) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      char c = text.charAt(i);
      if (dash ? c != '-' : !(isDigit(c) || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return true;
  }

  /** Null where an escape is broken or the text is longer than any name. */
  private static String percentDecoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    if (text.length() > 3 * MAX_TEMPLATE_SEGMENT) {
      return null;
    }
    byte[] bytes = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        bytes[length++] = (byte) c;
        continue;
      }
      int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        return null;
      }
      bytes[length++] = (byte) (high << 4 | low);
      i += 2;
    }
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  private static boolean isAlphanumeric(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
