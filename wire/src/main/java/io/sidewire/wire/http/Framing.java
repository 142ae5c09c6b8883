package io.sidewire.wire.http;

import io.sidewire.wire.Anomaly;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * How a message ends: a function of its head and, for an answer, of the method that it answers (RFC 9112, section 6.3).
 *
 * @param length of the body, with {@link Kind#LENGTH} alone
 * @param oddities what is wrong with the head's word on it, for requests a way to smuggle
 */
record Framing(Kind kind, long length, Set<Anomaly> oddities) {

  enum Kind {
    /** No body. */
    NONE,
    LENGTH,
    CHUNKED,
    /** Up to the end of the connection. */
    CLOSE,
    /** It cannot be known: look for the next message. */
    UNKNOWN,
    /** The message ends here, and so does HTTP: CONNECT was granted. */
    TUNNEL,
    /** The message ends here, and so does HTTP: 101. */
    UPGRADE
  }

  /** @param requestMethod of the request that an answer answers; null for a request, and where it was not seen */
  static Framing of(HttpHead head, String requestMethod) {
    Set<Anomaly> odd = EnumSet.noneOf(Anomaly.class);
    if (head.cut()) {
      return new Framing(Kind.UNKNOWN, 0, odd);
    }
    // Step 1: answers that never have a body, whatever their fields say.
    int status = head.status();
    if (!head.isRequest()) {
      if (status == 0) {
        return new Framing(
            Kind.CLOSE, 0, odd); // HTTP/0.9: a body without a head, whatever asked for it
      }
      if (status == 101) {
        return new Framing(Kind.UPGRADE, 0, odd);
      }
      if ("CONNECT".equals(requestMethod) && status / 100 == 2) {
        return new Framing(Kind.TUNNEL, 0, odd);
      }
      if (status / 100 == 1 || status == 204 || status == 304 || "HEAD".equals(requestMethod)) {
        return new Framing(Kind.NONE, 0, odd);
      }
    }
    // Step 2: Transfer-Encoding beats Content-Length.
    String coding = head.value(FieldName.TRANSFER_ENCODING);
    String length = head.value(FieldName.CONTENT_LENGTH);
    if (coding != null) {
      if (length != null) {
        odd.add(Anomaly.HTTP_LENGTH_AND_CHUNKED);
      }
      Framing framing = transferCoding(head, coding, odd);
      if (framing != null) {
        return framing;
      }
    }
    // Step 3: a valid Content-Length.
    if (length != null) {
      return contentLength(length, odd);
    }
    // Step 4: nothing said: a request has no body, an answer runs to the close.
    return new Framing(head.isRequest() ? Kind.NONE : Kind.CLOSE, 0, odd);
  }

  /** Null where the field says nothing: {@code identity}, which RFC 2616 knew. */
  private static Framing transferCoding(HttpHead head, String value, Set<Anomaly> odd) {
    String[] codings = value.toLowerCase(Locale.ROOT).split(",");
    int chunked = 0;
    String last = "";
    boolean onlyIdentity = true;
    for (String coding : codings) {
      last = coding.strip();
      chunked += last.equals("chunked") ? 1 : 0;
      onlyIdentity &= last.equals("identity") || last.isEmpty();
    }
    if (onlyIdentity || chunked > 1 || !head.atLeast11()) {
      odd.add(Anomaly.HTTP_TRANSFER_CODING_UNKNOWN);
    }
    if (onlyIdentity) {
      return null;
    }
    if (last.equals("chunked")) {
      return new Framing(Kind.CHUNKED, 0, odd);
    }
    odd.add(Anomaly.HTTP_TRANSFER_CODING_UNKNOWN);
    return new Framing(head.isRequest() ? Kind.UNKNOWN : Kind.CLOSE, 0, odd);
  }

  private static Framing contentLength(String value, Set<Anomaly> odd) {
    long agreed = -1;
    for (String part : value.split(",", -1)) {
      long length = decimal(part.strip());
      if (length < 0) {
        odd.add(Anomaly.HTTP_LENGTH_INVALID);
        return new Framing(Kind.UNKNOWN, 0, odd);
      }
      if (agreed >= 0 && agreed != length) {
        odd.add(Anomaly.HTTP_LENGTH_CONFLICT);
        return new Framing(Kind.UNKNOWN, 0, odd);
      }
      agreed = length;
    }
    return new Framing(agreed == 0 ? Kind.NONE : Kind.LENGTH, agreed, odd);
  }

  /** Digits alone; -1 where there is another character or more than fits. */
  private static long decimal(String text) {
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
        return -1;
      }
      value = 10 * value + digit;
    }
    return text.isEmpty() ? -1 : value;
  }
}
