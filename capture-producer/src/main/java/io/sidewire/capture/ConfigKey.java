package io.sidewire.capture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One setting: its name in files and flags, its default as text, what it does, and how its text is read.
 *
 * @param fallback empty: absent unless given
 * @param parser throws {@link IllegalArgumentException} with a message that says what is allowed
 */
public record ConfigKey<T>(
    String name, String fallback, String description, Function<String, T> parser) {
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,12})\\s*([a-zA-Z]*)");
  private static final Map<String, Long> SIZES = Map.of(
      "", 1L, "b", 1L, "k", 1L << 10, "kib", 1L << 10, "m", 1L << 20, "mib", 1L << 20, "g",
      1L << 30, "gib", 1L << 30);
  private static final Map<String, Long> TIMES =
      Map.of("us", 1L, "ms", 1_000L, "s", 1_000_000L, "m", 60_000_000L, "h", 3_600_000_000L);

  static String text(String text) {
    return text.isEmpty() ? null : text;
  }

  static Boolean flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw new IllegalArgumentException("true or false is needed");
    };
  }

  /** A number of bytes up to 1 GiB: 65536, 16MiB. */
  static Integer size(String text) {
    long bytes = amount(text, SIZES, "a size such as 16MiB is needed");
    if (bytes < 1 || bytes > 1 << 30) {
      throw new IllegalArgumentException("a size from 1 to 1GiB is needed");
    }
    return (int) bytes;
  }

  /** A number of bytes from 64 KiB to 1 PiB. */
  static Long bigSize(String text) {
    long bytes = amount(text, SIZES, "a size such as 1GiB is needed");
    if (bytes < 64 << 10 || bytes > 1L << 50) {
      throw new IllegalArgumentException("a size from 64KiB to 1048576GiB is needed");
    }
    return bytes;
  }

  /** A duration up to a day: 20ms, 1s. */
  static Duration duration(String text) {
    long micros = amount(text, TIMES, "a duration such as 20ms or 1s is needed");
    if (micros > Duration.ofDays(1).toMillis() * 1000) {
      throw new IllegalArgumentException("a duration up to 24h is needed");
    }
    return Duration.ofNanos(micros * 1000);
  }

  static Function<String, Integer> number(int least, int most) {
    return text -> {
      try {
        int value = Integer.parseInt(text);
        if (value >= least && value <= most) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Said below, with the limits.
      }
      throw new IllegalArgumentException("a number from " + least + " to " + most + " is needed");
    };
  }

  static <E extends Enum<E>> Function<String, E> oneOf(Class<E> type) {
    return text -> {
      for (E value : type.getEnumConstants()) {
        if (value.name().equalsIgnoreCase(text)) {
          return value;
        }
      }
      var names = Arrays.stream(type.getEnumConstants())
          .map(value -> value.name().toLowerCase(Locale.ROOT))
          .toList();
      throw new IllegalArgumentException("one of " + String.join(", ", names) + " is needed");
    };
  }

  /** Ports and ranges with commas between: 8000,9000-9010; in the form {@code 8000} or {@code 9000-9010}. */
  static List<String> ports(String text) {
    var out = new ArrayList<String>();
    for (String part : list(text)) {
      String[] ends = part.split("-", -1);
      int from = number(1, 65535).apply(ends[0].strip());
      int to = ends.length == 1 ? from : number(1, 65535).apply(ends[ends.length - 1].strip());
      if (ends.length > 2 || to < from) {
        throw new IllegalArgumentException("ports such as 8000,9000-9010 are needed");
      }
      out.add(from == to ? "" + from : from + "-" + to);
    }
    return List.copyOf(out);
  }

  static List<String> list(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  private static long amount(String text, Map<String, Long> units, String otherwise) {
    Matcher matcher = AMOUNT.matcher(text.strip());
    Long unit = matcher.matches() ? units.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
    if (unit == null) {
      throw new IllegalArgumentException(otherwise);
    }
    return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit.longValue());
  }
}
