package io.sidewire.benchmarks.canary;

import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.CaptureCounters;
import io.sidewire.capture.CaptureFileSource;
import io.sidewire.capture.CapturePipeline;
import io.sidewire.capture.DeploymentKey;
import io.sidewire.capture.KafkaSink;
import io.sidewire.capture.redact.NamePolicy;
import io.sidewire.capture.redact.Redaction;
import io.sidewire.schemas.KeyedHash;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TopicsAdmin;
import io.sidewire.standalone.broker.Brokers;
import io.sidewire.standalone.broker.EmbeddedBroker;
import io.sidewire.standalone.cli.Logs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A capture whose redaction lacks one rule, the mask of paths, and which saves packets raw. */
final class Broken {
  private Broken() {}

  static void replay(List<Path> captures, Path folder, Path keys, Needles needles)
      throws Exception {
    Logs.quiet(null);
    Files.createDirectories(folder);
    Topics topics = Topics.withDefaultPrefix();
    try (var broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
      String kafka = broker.bootstrapServers();
      Map<String, TopicsAdmin.State> made = Brokers.create(kafka, topics, 1, (short) 1, Map.of());
      if (made.isEmpty()) {
        throw new IllegalStateException("no topics");
      }
      CaptureConfig config = CaptureConfig.of(Map.of(
          "kafka",
          kafka,
          "names",
          "all",
          "keylog",
          keys.toString(),
          "save-dir",
          folder.resolve("raw").toString(),
          "save-content",
          "raw"));
      KeyedHash key = DeploymentKey.ephemeral();
      Redaction redaction = Redaction.of(
              new NamePolicy(config.get(CaptureConfig.NAMES), name -> true, key), key)
          .unmasked();
      var counters = new CaptureCounters();
      try (var sink = KafkaSink.open(config, false, counters);
          var source = new CaptureFileSource(config, captures);
          var pipeline = new CapturePipeline(config, source, sink, counters, redaction)) {
        pipeline.start();
        pipeline.await();
      }
      TopicBytes.look(kafka, needles);
    }
  }
}
