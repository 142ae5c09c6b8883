package io.sidewire.wire.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Retries and rate limits, out of header fields, as numbers or nothing. */
final class RateLimits {
  private static final Pattern ATTEMPT = Pattern.compile("attempt=(\\d{1,4})");
  private static final long LONGEST_SECONDS = 366L * 24 * 3600;

  private RateLimits() {}

  /** How long an answer asks to wait, in microseconds; null where it does not ask. */
  static Long retryAfterMicros(HttpHead head) {
    for (FieldName millis :
        new FieldName[] {FieldName.RETRY_AFTER_MS, FieldName.X_MS_RETRY_AFTER_MS}) {
      Double value = decimal(head.value(millis));
      if (value != null && value <= LONGEST_SECONDS * 1e3) {
        return Math.round(value * 1e3);
      }
    }
    String after = head.value(FieldName.RETRY_AFTER);
    Double seconds = decimal(after);
    if (seconds != null) {
      return seconds <= LONGEST_SECONDS ? Math.round(seconds * 1e6) : null;
    }
    Instant until = date(after);
    Instant now = until == null ? null : date(head.value(FieldName.DATE));
    if (now == null) {
      return null;
    }
    long wait = until.getEpochSecond() - now.getEpochSecond();
    return wait <= LONGEST_SECONDS ? Math.max(0, wait) * 1_000_000 : null;
  }

  static Long remainingRequests(HttpHead head) {
    return first(
        head,
        FieldName.X_RATELIMIT_REMAINING_REQUESTS,
        FieldName.ANTHROPIC_RATELIMIT_REQUESTS_REMAINING);
  }

  static Long remainingTokens(HttpHead head) {
    return first(
        head,
        FieldName.X_RATELIMIT_REMAINING_TOKENS,
        FieldName.ANTHROPIC_RATELIMIT_TOKENS_REMAINING);
  }

  /** How often a request was sent before, as its client says; null where it does not. */
  static Integer retryCount(HttpHead head) {
    Long count = number(head.value(FieldName.X_STAINLESS_RETRY_COUNT));
    if (count != null) {
      return count <= Integer.MAX_VALUE ? count.intValue() : null;
    }
    String amazon = head.value(FieldName.AMZ_SDK_REQUEST);
    Matcher attempt = amazon == null ? null : ATTEMPT.matcher(amazon);
    return attempt != null && attempt.find()
        ? Math.max(0, Integer.parseInt(attempt.group(1)) - 1)
        : null;
  }

  /** Digits alone, at most 18; null otherwise. */
  static Long number(String text) {
    if (text == null || text.isEmpty() || text.length() > 18) {
      return null;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return null;
      }
    }
    return Long.valueOf(text);
  }

  private static Long first(HttpHead head, FieldName... names) {
    for (FieldName name : names) {
      Long value = number(head.value(name));
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** Digits, with a fraction as some gateways send it. */
  private static Double decimal(String text) {
    if (text == null) {
      return null;
    }
    int point = text.indexOf('.');
    Long whole = number(point < 0 ? text : text.substring(0, point));
    Long fraction = point < 0 ? Long.valueOf(0) : number(text.substring(point + 1));
    if (whole == null || fraction == null) {
      return null;
    }
    return Double.valueOf(text);
  }

  private static Instant date(String text) {
    if (text == null) {
      return null;
    }
    try {
      return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException none) {
      return null;
    }
  }
}
