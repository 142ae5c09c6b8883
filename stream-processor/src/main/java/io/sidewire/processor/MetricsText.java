package io.sidewire.processor;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** Metrics in the text format of Prometheus: our counters, and those of Kafka Streams that tell load and lag. */
final class MetricsText {
  private static final String PREFIX = "sidewire_processor_";

  /** Metric of Kafka by group and name, and the name it gets here. */
  private static final Map<String, String> KAFKA = Map.ofEntries(
      Map.entry("stream-thread-metrics/process-total", "records_processed_total"),
      Map.entry("stream-thread-metrics/process-ratio", "process_ratio"),
      Map.entry("stream-thread-metrics/poll-ratio", "poll_ratio"),
      Map.entry("stream-thread-metrics/commit-ratio", "commit_ratio"),
      Map.entry("stream-thread-metrics/punctuate-ratio", "punctuate_ratio"),
      Map.entry("stream-thread-metrics/commit-latency-avg", "commit_latency_avg_ms"),
      Map.entry("stream-thread-metrics/commit-latency-max", "commit_latency_max_ms"),
      Map.entry("stream-metrics/failed-stream-threads", "failed_stream_threads_total"),
      Map.entry("consumer-fetch-manager-metrics/records-lag-max", "records_lag_max"),
      Map.entry("producer-metrics/record-send-total", "rows_sent_total"),
      Map.entry("producer-metrics/record-error-total", "row_errors_total"));

  private MetricsText() {}

  static String of(StreamProcessor processor) {
    var out = new StringBuilder(4096);
    line(out, "up", processor.isAlive() ? 1 : 0);
    line(out, "running", processor.isRunning() ? 1 : 0);
    processor.counters().all().forEach((name, counter) -> line(out, name, counter.sum()));
    kafka(processor.metrics()).forEach((name, value) -> line(out, name, value));
    return out.toString();
  }

  /** Threads and clients together: sums of counters, the greatest of the rest. */
  private static Map<String, Double> kafka(Map<MetricName, ? extends Metric> metrics) {
    var values = new TreeMap<String, Double>();
    metrics.forEach((name, metric) -> {
      String ours = KAFKA.get(name.group() + "/" + name.name());
      // The same name stands once more for each topic and partition.
      boolean total = !name.tags().containsKey("topic") && !name.tags().containsKey("partition");
      if (ours != null
          && total
          && metric.metricValue() instanceof Number number
          && Double.isFinite(number.doubleValue())) {
        values.merge(
            ours, number.doubleValue(), ours.endsWith("_total") ? Double::sum : Double::max);
      }
    });
    return values;
  }

  private static void line(StringBuilder out, String name, double value) {
    String type = name.endsWith("_total") ? "counter" : "gauge";
    out.append("# TYPE ").append(PREFIX).append(name).append(' ').append(type).append('\n');
    out.append(PREFIX).append(name).append(' ');
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      out.append((long) value);
    } else {
      out.append(value);
    }
    out.append('\n');
  }
}
