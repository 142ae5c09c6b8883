package io.sidewire.query;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Moments and lengths of time as people write them, in microseconds. */
final class Times {
  static final long MILLI = 1_000;
  static final long SECOND = 1_000_000;

  private static final Map<String, Long> UNITS = Map.of(
      "us", 1L,
      "ms", MILLI,
      "s", SECOND,
      "m", 60 * SECOND,
      "h", 3_600 * SECOND,
      "d", 86_400 * SECOND,
      "w", 604_800 * SECOND);
  private static final Pattern LENGTH =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)(us|ms|s|m|h|d|w)?");
  private static final Pattern RELATIVE = Pattern.compile("(?:now)?-(.+)");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,17}(?:\\.\\d{1,9})?");

  /* Until the year 5138 seconds have at most 11 digits; after March 1973 milliseconds have 12 and microseconds 15. */
  private static final double LEAST_MILLIS = 1e11;
  private static final double LEAST_MICROS = 1e14;

  private Times() {}

  /**
   * @param unit of a bare number; null: a unit is required
   * @throws IllegalArgumentException where the text is no length
   */
  static long length(String text, String unit) {
    Matcher match = LENGTH.matcher(text.strip());
    if (!match.matches() || (match.group(2) == null && unit == null)) {
      throw new IllegalArgumentException(text);
    }
    double count = Double.parseDouble(match.group(1));
    double micros = count * UNITS.get(match.group(2) == null ? unit : match.group(2));
    if (micros > Long.MAX_VALUE / 4.0) {
      throw new IllegalArgumentException(text);
    }
    return Math.round(micros);
  }

  /** @throws IllegalArgumentException where the text is no moment */
  static long moment(String text, long nowMicros) {
    String at = text.strip();
    if (at.equals("now")) {
      return nowMicros;
    }
    Matcher relative = RELATIVE.matcher(at);
    if (relative.matches()) {
      return nowMicros - length(relative.group(1), null);
    }
    if (NUMBER.matcher(at).matches()) {
      return epoch(at);
    }
    return iso(at);
  }

  private static long epoch(String text) {
    double number = Double.parseDouble(text);
    if (number >= LEAST_MICROS) {
      return Long.parseLong(text.replaceAll("\\..*", ""));
    }
    return Math.round(number * (number >= LEAST_MILLIS ? MILLI : SECOND));
  }

  private static long iso(String text) {
    // A plus sign that nobody encoded arrives as a blank.
    String at = text.replaceFirst(" (\\d\\d:?\\d\\d)$", "+$1");
    try {
      return micros(OffsetDateTime.parse(at).toInstant());
    } catch (DateTimeParseException notAnInstant) {
      try {
        return micros(LocalDateTime.parse(at).toInstant(ZoneOffset.UTC));
      } catch (DateTimeParseException notATime) {
        try {
          return micros(LocalDate.parse(at).atStartOfDay().toInstant(ZoneOffset.UTC));
        } catch (DateTimeException notADay) {
          throw new IllegalArgumentException(text, notADay);
        }
      }
    }
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
