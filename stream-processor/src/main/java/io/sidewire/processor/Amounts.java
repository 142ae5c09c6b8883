package io.sidewire.processor;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with units, as settings have them. */
final class Amounts {
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,12})\\s*([a-zA-Z]*)");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);
  private static final Map<String, Long> BYTES = Map.of(
      "", 1L, "b", 1L, "k", 1L << 10, "kib", 1L << 10, "m", 1L << 20, "mib", 1L << 20, "g",
      1L << 30, "gib", 1L << 30);

  private Amounts() {}

  /** A duration such as 250ms; null where the text is none. */
  static Duration duration(String text) {
    long millis = amount(text, MILLIS);
    return millis < 0 ? null : Duration.ofMillis(millis);
  }

  /** A size such as 48MiB; -1 where the text is none. */
  static long bytes(String text) {
    return amount(text, BYTES);
  }

  /** A number; -1 where the text is none. */
  static long number(String text) {
    return amount(text, Map.of("", 1L));
  }

  private static long amount(String text, Map<String, Long> units) {
    Matcher matcher = AMOUNT.matcher(text.strip());
    Long unit = matcher.matches() ? units.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
    if (unit == null) {
      return -1;
    }
    long number = Long.parseLong(matcher.group(1));
    return number > Long.MAX_VALUE / unit ? -1 : number * unit;
  }
}
