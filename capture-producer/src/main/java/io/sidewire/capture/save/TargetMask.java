package io.sidewire.capture.save;

import io.sidewire.capture.redact.Sanitizer;

/**
 * Masks the URL of a request in place: a path keeps what {@link Sanitizer#PATH} lets pass, ids get stand-ins of the same
 * look, the values of a query always do.
 */
final class TargetMask {
  private static final int VARIANTS = 16;
  private static final String SESSION_NAMES = "|sessionid|session_id|session|sid|";

  private final Pseudonyms pseudonyms;

  TargetMask(Pseudonyms pseudonyms) {
    this.pseudonyms = pseudonyms;
  }

  /** The target as it may be saved: as long as {@code raw}, a text of single bytes. */
  String mask(String raw, boolean connect) {
    if (connect) {
      return Host.mask(raw);
    }
    int query = indexOfAny(raw, "?#", 0);
    String path = query < 0 ? raw : raw.substring(0, query);
    return path(path) + (query < 0 ? "" : query(raw.substring(query)));
  }

  private String path(String raw) {
    int start = 0;
    String before = "";
    int scheme = raw.indexOf("://");
    if (scheme > 0 && !raw.startsWith("/")) {
      int slash = raw.indexOf('/', scheme + 3);
      start = slash < 0 ? raw.length() : slash;
      String name = raw.substring(0, scheme);
      before = (name.matches("https?|wss?") ? name : "x".repeat(scheme)) + "://"
          + Host.mask(raw.substring(scheme + 3, start));
    } else if (raw.equals("*")) {
      return raw;
    } else if (!raw.startsWith("/")) {
      return "x".repeat(raw.length());
    }
    return before + segments(raw.substring(start));
  }

  private String segments(String raw) {
    String cleaned = Sanitizer.PATH.clean(raw);
    if (raw.equals(cleaned)) {
      return raw;
    }
    String out = null;
    for (int variant = 0; variant < VARIANTS && out == null; variant++) {
      String candidate = standIns(raw, variant);
      if (cleaned == null || cleaned.equals(Sanitizer.PATH.clean(candidate))) {
        out = candidate;
      }
    }
    return out == null ? standIns(raw, 0) : out;
  }

  /** Replaces each segment that would not pass after the ones before it. */
  private String standIns(String raw, int variant) {
    var out = new StringBuilder(raw.length());
    String parent = "";
    int at = 0;
    while (at < raw.length()) {
      int end = raw.indexOf('/', at + 1);
      end = end < 0 ? raw.length() : end;
      int semicolon = raw.indexOf(';', at + 1);
      int wordEnd = semicolon < 0 || semicolon > end ? end : semicolon;
      String word = raw.substring(at + 1, wordEnd);
      out.append('/').append(passes(parent, word) ? word : standIn(word, variant));
      if (wordEnd < end) {
        out.append(';').append("x".repeat(end - wordEnd - 1)); // parameters carry session ids
      }
      parent = word;
      at = end;
    }
    return out.toString();
  }

  /** The path mask lets the segment pass, perhaps with its escapes resolved. */
  private static boolean passes(String parent, String word) {
    if (word.isEmpty()) {
      return true;
    }
    String cleaned = Sanitizer.PATH.clean("/" + (parent.isEmpty() ? "" : parent + "/") + word);
    String last = cleaned == null ? "*" : cleaned.substring(cleaned.lastIndexOf('/') + 1);
    return !last.equals("*") && (last.equals(word) || word.indexOf('%') >= 0);
  }

  private String standIn(String segment, int variant) {
    String made = pseudonyms.of(segment, variant);
    var out = new StringBuilder(made);
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (":@%".indexOf(c) >= 0) {
        out.setCharAt(i, c == '%' ? '~' : c); // still no word of an API
      }
    }
    return out.toString();
  }

  /** {@code ?name=value&…}: values get stand-ins, names stay where they are session ids or words of an API. */
  private String query(String raw) {
    var out = new StringBuilder(raw.length());
    int at = 0;
    while (at < raw.length()) {
      out.append(
          raw.charAt(at) == '?' || raw.charAt(at) == '&' || raw.charAt(at) == '#'
              ? raw.charAt(at)
              : 'x');
      int end = indexOfAny(raw, "&#", at + 1);
      end = end < 0 ? raw.length() : end;
      String pair = raw.substring(at + 1, end);
      int equals = pair.indexOf('=');
      String name = equals < 0 ? "" : pair.substring(0, equals);
      String value = equals < 0 ? pair : pair.substring(equals + 1);
      if (equals >= 0) {
        out.append(knownName(name) ? name : "x".repeat(name.length())).append('=');
      }
      out.append(pseudonyms.of(value, 0).replaceAll("[?#&=+]", "x"));
      at = end;
    }
    return out.toString();
  }

  private static boolean knownName(String name) {
    return SESSION_NAMES.contains("|" + name.toLowerCase(java.util.Locale.ROOT) + "|")
        || name.matches("api-version|api-key|key|token|access_token|alt|beta|stream|limit|after");
  }

  private static int indexOfAny(String text, String any, int from) {
    for (int i = from; i < text.length(); i++) {
      if (any.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** Host names stay, what stands before an at sign does not. */
  static final class Host {
    private Host() {}

    static String mask(String raw) {
      int at = raw.lastIndexOf('@');
      String host = raw.substring(at + 1);
      String cleaned = Sanitizer.AUTHORITY.clean(host);
      boolean passes = cleaned != null && cleaned.equalsIgnoreCase(host);
      return "x".repeat(Math.max(0, at))
          + (at < 0 ? "" : "@")
          + (passes ? host : "x".repeat(host.length()));
    }
  }
}
