package io.sidewire.wire.http;

import io.sidewire.wire.Anomaly;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The head of a message: its start line and the values of the {@link FieldName fields} that matter. */
public final class HttpHead {
  private static final int LONGEST_VALUE = 4096;
  private static final String HTTP2 = "HTTP/2";

  private final String method;
  private final String target;
  private final int status;
  private final String version;
  private final String[] values = new String[FieldName.values().length];
  private final Set<Anomaly> oddities = EnumSet.noneOf(Anomaly.class);
  private FieldName last;
  private int fields;
  private boolean cut;

  private HttpHead(String method, String target, int status, String version) {
    this.method = method;
    this.target = target;
    this.status = status;
    this.version = version;
    if (version == null) {
      oddities.add(Anomaly.HTTP_VERSION_09);
    } else if (!validVersion()) {
      oddities.add(Anomaly.HTTP_INVALID_VERSION);
    }
  }

  /** @param version as on the wire; null: none, as in HTTP/0.9 */
  static HttpHead request(String method, String target, String version) {
    return new HttpHead(method, target, 0, version);
  }

  static HttpHead response(int status, String version) {
    return new HttpHead(null, null, status, version);
  }

  /** The answer to an HTTP/0.9 request, or one whose head was not seen: there is no head, only a body. */
  static HttpHead none() {
    HttpHead head = new HttpHead(null, null, 0, null);
    head.oddities.clear();
    return head;
  }

  /** A head of HTTP/2, whose fields come one by one; what is not known is null, or 0. */
  public static HttpHead http2(String method, String target, int status) {
    HttpHead head = new HttpHead(method, target, status, HTTP2);
    head.oddities.clear();
    return head;
  }

  public boolean isRequest() {
    return method != null;
  }

  public String method() {
    return method;
  }

  /** Request target as sent. */
  public String target() {
    return target;
  }

  /** 0 where it is not known. */
  public int status() {
    return status;
  }

  /** HTTP/1.0 or HTTP/1.1. */
  boolean validVersion() {
    return "HTTP/1.1".equals(version) || "HTTP/1.0".equals(version);
  }

  /** No version at all: HTTP/0.9, or a client that is wrong. */
  boolean versionless() {
    return version == null;
  }

  boolean atLeast11() {
    return version != null && !"HTTP/1.0".equals(version) && version.startsWith("HTTP/1");
  }

  /** http/0.9, http/1.0, http/1.1 or http/2; a version that is none of them counts as the nearest. */
  public String protocol() {
    if (multiplexed()) {
      return "http/2";
    }
    return version == null ? "http/0.9" : "HTTP/1.0".equals(version) ? "http/1.0" : "http/1.1";
  }

  /** Of HTTP/2, where a field may be missing because the table that it stands in is not known. */
  boolean multiplexed() {
    return HTTP2.equals(version);
  }

  /** The value of a field, several joined by a comma; null where it is absent. */
  public String value(FieldName field) {
    return values[field.ordinal()];
  }

  boolean has(FieldName field) {
    return values[field.ordinal()] != null;
  }

  /** Oddities of the head itself, framing apart. */
  Set<Anomaly> oddities() {
    return oddities;
  }

  /** True where the end of the head was not seen: how the message ends cannot be known. */
  boolean cut() {
    return cut;
  }

  void markCut() {
    cut = true;
  }

  int fields() {
    return fields;
  }

  void odd(Anomaly kind) {
    oddities.add(kind);
  }

  /** Takes a field line without its ending. */
  void field(byte[] bytes, int from, int to) {
    if (from < to && (bytes[from] == ' ' || bytes[from] == '\t')) {
      oddities.add(fields == 0 ? Anomaly.HTTP_INVALID_HEADER : Anomaly.HTTP_OBSOLETE_FOLD);
      if (last != null) {
        put(last, values[last.ordinal()] + " " + trimmed(bytes, from, to));
      }
      return;
    }
    fields++;
    last = null;
    int nameEnd = StartLine.token(bytes, from, to);
    int colon = nameEnd;
    while (colon < to && (bytes[colon] == ' ' || bytes[colon] == '\t')) {
      colon++;
    }
    if (nameEnd == from || colon == to || bytes[colon] != ':') {
      oddities.add(Anomaly.HTTP_INVALID_HEADER);
      return;
    }
    if (colon > nameEnd) {
      oddities.add(Anomaly.HTTP_INVALID_HEADER); // RFC 9112, 5.1: a way to smuggle
    }
    last = FieldName.of(bytes, from, nameEnd);
    if (last != null) {
      String value = trimmed(bytes, colon + 1, to);
      String known = values[last.ordinal()];
      if (known == null) {
        put(last, value);
      } else if (last == FieldName.HOST || last == FieldName.CONTENT_TYPE) {
        oddities.add(Anomaly.HTTP_INVALID_HEADER);
        last = null; // the first one counts, and no fold belongs to it
      } else {
        put(last, known + ", " + value);
      }
    }
  }

  /** Takes a field that is decoded already. */
  public void field(String name, String value) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    FieldName field = FieldName.of(bytes, 0, bytes.length);
    fields++;
    if (field != null) {
      String known = values[field.ordinal()];
      if (known == null) {
        put(field, value.strip());
      } else if (field != FieldName.HOST && field != FieldName.CONTENT_TYPE) {
        put(field, known + ", " + value.strip());
      }
    }
  }

  /** Takes over the fields of another head; those that are here already stay. */
  public void take(HttpHead other) {
    fields += other.fields;
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] == null ? other.values[i] : values[i];
    }
  }

  private void put(FieldName field, String value) {
    values[field.ordinal()] =
        value.length() > LONGEST_VALUE ? value.substring(0, LONGEST_VALUE) : value;
  }

  private static String trimmed(byte[] bytes, int from, int to) {
    int start = from;
    int end = to;
    while (start < end && white(bytes[start])) {
      start++;
    }
    while (end > start && white(bytes[end - 1])) {
      end--;
    }
    return StartLine.text(bytes, start, Math.min(end, start + LONGEST_VALUE));
  }

  private static boolean white(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }

  // ---------------------------------------------------------------- what the fields mean

  /** Media type without parameters, in lower case; empty where there is none. */
  public String mediaType() {
    String type = value(FieldName.CONTENT_TYPE);
    if (type == null) {
      return "";
    }
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /** Host field; without one the authority of the target. */
  public String authority() {
    String host = value(FieldName.HOST);
    return host != null ? host : RequestTarget.authority(method, target);
  }

  /** Path of the target, without query. */
  public String path() {
    return RequestTarget.path(target);
  }
}
