package io.sidewire.wire.http;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The grammar of request lines and status lines, and how to find one in the middle of other bytes. */
final class StartLine {

  /** Methods that are believed without a version; any token is one where the version follows. */
  private static final Set<String> KNOWN_METHODS = Set.of(
      "GET",
      "HEAD",
      "POST",
      "PUT",
      "DELETE",
      "CONNECT",
      "OPTIONS",
      "TRACE",
      "PATCH",
      "QUERY",
      "PROPFIND",
      "PROPPATCH",
      "MKCOL",
      "COPY",
      "MOVE",
      "LOCK",
      "UNLOCK",
      "REPORT",
      "SEARCH");

  private static final int LONGEST_METHOD = 32;
  private static final int LONGEST_KNOWN_METHOD = 9;
  private static final byte[] HTTP = {'H', 'T', 'T', 'P', '/'};

  private static final boolean[] TOKEN = tokenBytes();

  private StartLine() {}

  /**
   * Reads a request line: {@code method SP target [SP version]}.
   *
   * @return null where it is none; without a valid version {@link HttpHead#validVersion} is false
   */
  static HttpHead request(byte[] bytes, int from, int to) {
    int methodEnd = token(bytes, from, to);
    if (methodEnd == from || methodEnd - from > LONGEST_METHOD) {
      return null;
    }
    String method = text(bytes, from, methodEnd);
    if (methodEnd == to || bytes[methodEnd] != ' ') {
      boolean alone = blank(bytes, methodEnd, to) && KNOWN_METHODS.contains(method);
      return alone ? HttpHead.request(method, "", null) : null;
    }
    int target = spaces(bytes, methodEnd, to);
    int targetEnd = word(bytes, target, to);
    int version = spaces(bytes, targetEnd, to);
    int versionEnd = trimmed(bytes, version, to);
    boolean known = KNOWN_METHODS.contains(method);
    boolean likely = targetLike(bytes, target, targetEnd);
    boolean http = startsWith(bytes, version, versionEnd, HTTP);
    // "POST /HTTP/1.1": the blank before the version was forgotten, or the target.
    boolean glued =
        version == versionEnd && targetEnd - target > 8 && httpOne(bytes, targetEnd - 8, targetEnd);
    if (http ? !known && !likely : !known && !glued || !likely) {
      return null;
    }
    if (!http && version < versionEnd && !contains(bytes, version, versionEnd, HTTP)) {
      return null; // RTSP/1.0, SIP/2.0, ICAP/1.0 and sentences
    }
    return HttpHead.request(
        method,
        text(bytes, target, targetEnd),
        version == versionEnd ? null : text(bytes, version, versionEnd));
  }

  /** What a request line says although its end was lost: method and target, if what follows may be a version. */
  static HttpHead requestBeginning(byte[] bytes, int from, int to) {
    int methodEnd = token(bytes, from, to);
    if (methodEnd == from || methodEnd == to || bytes[methodEnd] != ' ') {
      return null;
    }
    int target = spaces(bytes, methodEnd, to);
    int targetEnd = word(bytes, target, to);
    int version = spaces(bytes, targetEnd, to);
    if (targetEnd == to || !targetLike(bytes, target, targetEnd)) {
      return null;
    }
    for (int i = 0; i < HTTP.length && version + i < to; i++) {
      if (bytes[version + i] != HTTP[i]) {
        return null;
      }
    }
    String method = text(bytes, from, methodEnd);
    boolean sure = to - version >= HTTP.length || KNOWN_METHODS.contains(method);
    return sure ? HttpHead.request(method, text(bytes, target, targetEnd), "HTTP/1.1") : null;
  }

  /** Reads a status line: {@code HTTP/digit.digit SP 3 digits [SP reason]}; null where it is none. */
  static HttpHead status(byte[] bytes, int from, int to) {
    int versionEnd = word(bytes, from, to);
    int status = spaces(bytes, versionEnd, to);
    if (!startsWith(bytes, from, versionEnd, HTTP)
        || versionEnd - from > 8
        || status == versionEnd) {
      return null;
    }
    if (versionEnd - from < 6 || !digit(bytes[from + 5]) || to - status < 3) {
      return null;
    }
    int code = 0;
    for (int i = status; i < status + 3; i++) {
      if (!digit(bytes[i])) {
        return null;
      }
      code = 10 * code + bytes[i] - '0';
    }
    if (code < 100 || status + 3 < to && bytes[status + 3] != ' ' && bytes[status + 3] != '\r') {
      return null;
    }
    return HttpHead.response(code, text(bytes, from, versionEnd));
  }

  /** What {@link #status} says of these bytes it says whatever follows them. */
  static boolean statusIsWhole(byte[] bytes, int from, int to) {
    int versionEnd = word(bytes, from, to);
    int code = spaces(bytes, versionEnd, to);
    return versionEnd - from > 8 || to - code > 3;
  }

  /** As far as the bytes go, a status line may begin with them. */
  static boolean mayBeStatus(byte[] bytes, int from, int to) {
    int there = Math.min(to - from, HTTP.length);
    for (int i = 0; i < there; i++) {
      if (bytes[from + i] != HTTP[i]) {
        return false;
      }
    }
    return true;
  }

  /** Where in a line of other bytes a request line begins that runs to the line's end; -1: nowhere. */
  static int findRequest(byte[] bytes, int from, int to) {
    int versionAt = lastSpace(bytes, from, to);
    if (versionAt < 0 || !httpOne(bytes, versionAt + 1, to) || to - versionAt != 9) {
      return -1;
    }
    int targetAt = lastSpace(bytes, from, versionAt);
    if (targetAt < 0 || !targetLike(bytes, targetAt + 1, versionAt)) {
      return -1;
    }
    // A body may run up to the method without a separator: the longest method that ends here.
    for (int length = Math.min(LONGEST_KNOWN_METHOD, targetAt - from); length >= 3; length--) {
      if (KNOWN_METHODS.contains(text(bytes, targetAt - length, targetAt))) {
        return targetAt - length;
      }
    }
    return -1;
  }

  /** Where in a line of other bytes a status line begins that runs to the line's end; -1: nowhere. */
  static int findStatus(byte[] bytes, int from, int to) {
    for (int i = to - 12; i >= from; i--) {
      if (bytes[i] == 'H' && httpOne(bytes, i, to) && status(bytes, i, to) != null) {
        return i;
      }
    }
    return -1;
  }

  /** A field line looks like one: a token, a colon. */
  static boolean fieldLike(byte[] bytes, int from, int to) {
    int nameEnd = token(bytes, from, to);
    return nameEnd > from && nameEnd < to && bytes[nameEnd] == ':';
  }

  static boolean knownMethod(byte[] bytes, int from, int to) {
    return to - from <= LONGEST_KNOWN_METHOD && KNOWN_METHODS.contains(text(bytes, from, to));
  }

  /** Nothing but the beginning of a field's name, or a field. */
  static boolean fieldBeginning(byte[] bytes, int from, int to) {
    int nameEnd = token(bytes, from, to);
    return nameEnd == to || bytes[nameEnd] == ':';
  }

  /** End of the token that begins at {@code from}. */
  static int token(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && tokenByte(bytes[i])) {
      i++;
    }
    return i;
  }

  static boolean tokenByte(byte b) {
    return b > 0 && TOKEN[b];
  }

  private static boolean[] tokenBytes() {
    boolean[] token = new boolean[128];
    for (char c = '!'; c < 0x7f; c++) {
      token[c] = Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
    return token;
  }

  static boolean digit(byte b) {
    return b >= '0' && b <= '9';
  }

  static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** {@code /path}, {@code *}, {@code scheme://…}, {@code host:port}, or, from broken clients, the version itself. */
  static boolean targetLike(byte[] bytes, int from, int to) {
    if (from >= to) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (bytes[i] >= 0 && bytes[i] < ' ' || bytes[i] == 0x7f) {
        return false;
      }
    }
    if (bytes[from] == '/' || bytes[from] == '*' && to == from + 1) {
      return true;
    }
    int colon = from;
    while (colon < to && bytes[colon] != ':') {
      colon++;
    }
    boolean authority = colon + 1 < to && (digit(bytes[colon + 1]) || bytes[colon + 1] == '/');
    return authority || startsWith(bytes, from, to, HTTP);
  }

  private static boolean httpOne(byte[] bytes, int from, int to) {
    return to - from >= 8
        && startsWith(bytes, from, to, HTTP)
        && bytes[from + 5] == '1'
        && bytes[from + 6] == '.'
        && digit(bytes[from + 7]);
  }

  static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
    if (to - from < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (bytes[from + i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean contains(byte[] bytes, int from, int to, byte[] what) {
    for (int i = from; i + what.length <= to; i++) {
      if (startsWith(bytes, i, to, what)) {
        return true;
      }
    }
    return false;
  }

  private static boolean blank(byte[] bytes, int from, int to) {
    return spaces(bytes, from, to) == to;
  }

  private static int spaces(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\r')) {
      i++;
    }
    return i;
  }

  private static int word(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && bytes[i] != ' ' && bytes[i] != '\t') {
      i++;
    }
    return i;
  }

  private static int trimmed(byte[] bytes, int from, int to) {
    int i = to;
    while (i > from && (bytes[i - 1] == ' ' || bytes[i - 1] == '\t' || bytes[i - 1] == '\r')) {
      i--;
    }
    return i;
  }

  private static int lastSpace(byte[] bytes, int from, int to) {
    int i = to - 1;
    while (i >= from && bytes[i] != ' ') {
      i--;
    }
    return i >= from ? i : -1;
  }
}
