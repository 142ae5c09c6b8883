package io.sidewire.capture;

import io.sidewire.capture.CaptureCounters.Count;
import java.util.Locale;

/** The counters in Prometheus' text format. */
final class MetricsText {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private MetricsText() {}

  static String of(CaptureCounters counters) {
    var out = new StringBuilder(4096);
    for (Count count : Count.values()) {
      String name = "sidewire_" + count.metric() + "_total";
      head(out, name, count.help());
      out.append(name).append(' ').append(counters.get(count)).append('\n');
    }
    String refused = "sidewire_capture_refused_parses_total";
    head(out, refused, "What could not be read as it should, by reason");
    counters
        .refusedParses()
        .forEach((kind, n) -> out.append(refused)
            .append("{reason=\"")
            .append(kind.toLowerCase(Locale.ROOT))
            .append("\"} ")
            .append(n)
            .append('\n'));
    return out.toString();
  }

  private static void head(StringBuilder out, String name, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(" counter\n");
  }
}
