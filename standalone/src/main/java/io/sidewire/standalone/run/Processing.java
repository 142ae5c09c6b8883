package io.sidewire.standalone.run;

import io.sidewire.processor.StreamConfig;
import io.sidewire.processor.StreamProcessor;
import io.sidewire.standalone.data.DataFolder;
import java.util.HashMap;
import java.util.Map;

/** How the stream processor runs beside everything else in one JVM. */
final class Processing {
  private Processing() {}

  static StreamProcessor start(Station.Settings settings, String kafka, DataFolder data) {
    return StreamProcessor.start(
        StreamConfig.load(null, System.getenv(), flags(settings, kafka, data)));
  }

  private static Map<String, String> flags(
      Station.Settings settings, String kafka, DataFolder data) {
    Map<String, String> flags = new HashMap<>();
    flags.put(StreamConfig.KAFKA.name(), kafka);
    flags.put(StreamConfig.TOPIC_PREFIX.name(), settings.topics().prefix());
    flags.put(StreamConfig.STATE_DIR.name(), data.streams().toString());
    flags.put(StreamConfig.CACHE.name(), settings.bulk() ? "64MiB" : "8MiB");
    flags.put(StreamConfig.ROCKSDB.name(), settings.bulk() ? "48MiB" : "16MiB");
    if (settings.bulk()) {
      // What is written once a commit is written a tenth as often; nobody waits for a single row.
      flags.put(StreamConfig.COMMIT_INTERVAL.name(), "1s");
      flags.put(StreamConfig.ROW_INTERVAL.name(), "1s");
      flags.put("kafka.producer.batch.size", "131072");
    }
    settings.rules().ifPresent(rules -> flags.put(StreamConfig.RULES.name(), rules.toString()));
    return flags;
  }
}
