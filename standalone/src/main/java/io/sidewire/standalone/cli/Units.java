package io.sidewire.standalone.cli;

import io.sidewire.standalone.Fault;
import java.time.Duration;
import java.util.Locale;

/** Sizes, times and counts as people read them. */
public final class Units {
  private static final String[] SIZES = {"B", "KB", "MB", "GB", "TB"};

  private Units() {}

  /** 512 B, 2.1 KB, 33 MB: steps of 1024. */
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (Math.abs(value) >= 999.5 && unit < SIZES.length - 1) {
      value /= 1024;
      unit++;
    }
    return (unit == 0 || Math.abs(value) >= 9.95
            ? String.format(Locale.ROOT, "%.0f", value)
            : String.format(Locale.ROOT, "%.1f", value))
        + " "
        + SIZES[unit];
  }

  /** 25 µs, 0.4 ms, 333 ms, 12.3 s, 5 min 3 s; a dash for null. */
  public static String micros(Long micros) {
    if (micros == null) {
      return "–";
    }
    if (micros > 0 && micros < 100) {
      return micros + " µs";
    }
    double ms = micros / 1000.0;
    if (Math.abs(ms) < 9.95) {
      return String.format(Locale.ROOT, "%.1f ms", ms);
    }
    if (Math.abs(ms) < 999.5) {
      return String.format(Locale.ROOT, "%.0f ms", ms);
    }
    if (Math.abs(ms) < 99_950) {
      return String.format(Locale.ROOT, "%.1f s", ms / 1000);
    }
    long seconds = Math.round(ms / 1000);
    if (seconds < 7200) {
      return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
    }
    if (seconds < 172_800) {
      return seconds / 3600 + " h"
          + (seconds / 60 % 60 == 0 ? "" : " " + seconds / 60 % 60 + " min");
    }
    return seconds / 86_400 + " d"
        + (seconds / 3600 % 24 == 0 ? "" : " " + seconds / 3600 % 24 + " h");
  }

  /** 1,234,567. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /**
   * Reads 500ms, 5s, 2m, 1h or plain seconds.
   *
   * @throws IllegalArgumentException where it is none of these
   */
  public static Duration duration(String text) {
    var match = java.util.regex.Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ms|s|m|min|h|d)?")
        .matcher(text.strip());
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no duration: write 500ms, 5s, 2m, 1h or 1d");
    }
    double value = Double.parseDouble(match.group(1));
    double millis =
        switch (match.group(2) == null ? "s" : match.group(2)) {
          case "ms" -> value;
          case "m", "min" -> value * 60_000;
          case "h" -> value * 3_600_000;
          case "d" -> value * 86_400_000;
          default -> value * 1000;
        };
    return Duration.ofMillis(Math.round(millis));
  }

  /** The duration that an option has. */
  static Duration option(String option, String text) {
    try {
      return duration(text);
    } catch (IllegalArgumentException e) {
      throw new Fault(Fault.USAGE, option + ": " + e.getMessage(), e);
    }
  }

  /** The bytes that an option has. */
  static long sizeOption(String option, String text) {
    try {
      return size(text);
    } catch (IllegalArgumentException e) {
      throw new Fault(Fault.USAGE, option + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads 512M, 2GiB, 64k or plain bytes; steps of 1024.
   *
   * @throws IllegalArgumentException where it is none of these
   */
  public static long size(String text) {
    var match = java.util.regex.Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([kKmMgGtT]?)(?:i?[bB])?")
        .matcher(text.strip());
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no size: write 512M, 2G or plain bytes");
    }
    int power = "kmgt".indexOf(match.group(2).toLowerCase(Locale.ROOT)) + 1;
    return (long)
        (Double.parseDouble(match.group(1)) * Math.pow(1024, match.group(2).isEmpty() ? 0 : power));
  }
}
