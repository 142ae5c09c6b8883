package io.sidewire.wire.http;

/** The forms of a request target (RFC 9112, section 3.2): origin, absolute, authority, asterisk. */
final class RequestTarget {
  private RequestTarget() {}

  /** Authority of an absolute target or of CONNECT; null in the other forms. */
  static String authority(String method, String target) {
    if ("CONNECT".equals(method)) {
      return target;
    }
    int start = target == null ? -1 : authorityStart(target);
    return start < 0 ? null : target.substring(start, authorityEnd(target, start));
  }

  /** Path without query and fragment; of an absolute target what follows the authority. */
  static String path(String target) {
    if (target == null) {
      return "";
    }
    int authority = authorityStart(target);
    int start = authority < 0 ? 0 : authorityEnd(target, authority);
    int end = start;
    while (end < target.length() && target.charAt(end) != '?' && target.charAt(end) != '#') {
      end++;
    }
    return target.substring(start, end);
  }

  /** Query without its question mark; empty where there is none. */
  static String query(String target) {
    int mark = target == null ? -1 : target.indexOf('?');
    if (mark < 0) {
      return "";
    }
    int end = target.indexOf('#', mark);
    return target.substring(mark + 1, end < 0 ? target.length() : end);
  }

  private static int authorityStart(String target) {
    int colon = target.indexOf("://");
    int slash = target.indexOf('/');
    return colon > 0 && colon < slash ? colon + 3 : -1;
  }

  private static int authorityEnd(String target, int start) {
    int end = start;
    while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    return end;
  }
}
