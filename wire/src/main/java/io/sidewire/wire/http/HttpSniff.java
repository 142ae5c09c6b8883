package io.sidewire.wire.http;

import java.nio.charset.StandardCharsets;

/** Says from the first bytes of a direction whether they are HTTP: by grammar, never by port. */
public final class HttpSniff {

  /** What a prefix shows; all but {@link #MORE} stand whatever follows. */
  public enum Verdict {
    REQUEST,
    STATUS,
    /** HTTP/2 with prior knowledge. */
    PREFACE,
    NO,
    /** It fits so far. */
    MORE
  }

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HTTP = "HTTP/".getBytes(StandardCharsets.US_ASCII);
  private static final int STATUS_LENGTH = 64; // version, blanks, code and what follows it
  private static final int LONGEST_METHOD = 32;
  private static final int MOST_BLANK = 8;

  private HttpSniff() {}

  /** @param last nothing follows these bytes: a start line that is cut may still say enough */
  public static Verdict look(byte[] bytes, int offset, int length, int maxLine, boolean last) {
    int end = offset + length;
    int at = offset;
    while (at < end && at - offset < MOST_BLANK && (bytes[at] == '\r' || bytes[at] == '\n')) {
      at++;
    }
    if (at == end) {
      return Verdict.MORE;
    }
    Verdict status = fits(bytes, at, end, HTTP);
    if (status != Verdict.NO) {
      return status == Verdict.MORE ? Verdict.MORE : status(bytes, at, end, last);
    }
    Verdict preface = fits(bytes, at, end, PREFACE);
    if (preface != Verdict.NO) {
      return preface == Verdict.MORE ? Verdict.MORE : Verdict.PREFACE;
    }
    return request(bytes, at, end, maxLine, last);
  }

  /** Whether the bytes begin with {@code what}: STATUS stands for yes. */
  private static Verdict fits(byte[] bytes, int from, int end, byte[] what) {
    for (int i = 0; i < what.length; i++) {
      if (from + i == end) {
        return Verdict.MORE;
      }
      if (bytes[from + i] != what[i]) {
        return Verdict.NO;
      }
    }
    return Verdict.STATUS;
  }

  private static Verdict status(byte[] bytes, int from, int end, boolean last) {
    int lf = lineEnd(bytes, from, end);
    int most = Math.min(lf, from + STATUS_LENGTH);
    if (most == end && !last && !StartLine.statusIsWhole(bytes, from, end)) {
      return Verdict.MORE;
    }
    return StartLine.status(bytes, from, content(bytes, from, most)) != null
        ? Verdict.STATUS
        : Verdict.NO;
  }

  private static Verdict request(byte[] bytes, int from, int end, int maxLine, boolean last) {
    int methodEnd = StartLine.token(bytes, from, end);
    if (methodEnd - from > LONGEST_METHOD) {
      return Verdict.NO;
    }
    if (methodEnd == end) {
      return Verdict.MORE;
    }
    if (methodEnd > from && (bytes[methodEnd] == '\r' || bytes[methodEnd] == '\n')) {
      return methodAlone(bytes, from, methodEnd, end, maxLine, last);
    }
    if (methodEnd == from || bytes[methodEnd] != ' ') {
      return Verdict.NO;
    }
    int lf = lineEnd(bytes, methodEnd, end);
    // A known method is believed whatever follows: hostile targets are to be seen.
    boolean known = StartLine.knownMethod(bytes, from, methodEnd);
    for (int i = methodEnd; !known && i < lf; i++) {
      if (bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
        return Verdict.NO;
      }
    }
    if (lf < end) {
      return StartLine.request(bytes, from, content(bytes, from, lf)) != null
          ? Verdict.REQUEST
          : Verdict.NO;
    }
    if (last) {
      return StartLine.requestBeginning(bytes, from, end) != null ? Verdict.REQUEST : Verdict.NO;
    }
    if (end - from > maxLine) { // a known method and so long a target are HTTP beyond its limits
      return known && bytes[methodEnd + 1] == '/' ? Verdict.REQUEST : Verdict.NO;
    }
    return Verdict.MORE;
  }

  /** A known method and nothing else on its line is a request without a target, if a field follows. */
  private static Verdict methodAlone(
      byte[] bytes, int from, int methodEnd, int end, int maxLine, boolean last) {
    int field = bytes[methodEnd] == '\r' ? methodEnd + 2 : methodEnd + 1;
    if (!StartLine.knownMethod(bytes, from, methodEnd)) {
      return Verdict.NO;
    }
    if (field <= end && bytes[field - 1] != '\n') {
      return Verdict.NO;
    }
    int nameEnd = StartLine.token(bytes, Math.min(field, end), end);
    if (nameEnd == end) {
      return last || end - from > maxLine ? Verdict.NO : Verdict.MORE;
    }
    return nameEnd > field && bytes[nameEnd] == ':' ? Verdict.REQUEST : Verdict.NO;
  }

  private static int lineEnd(byte[] bytes, int from, int end) {
    int i = from;
    while (i < end && bytes[i] != '\n') {
      i++;
    }
    return i;
  }

  private static int content(byte[] bytes, int from, int lf) {
    return lf > from && bytes[lf - 1] == '\r' ? lf - 1 : lf;
  }
}
