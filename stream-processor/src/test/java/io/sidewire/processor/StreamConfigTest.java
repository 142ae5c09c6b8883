package io.sidewire.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sidewire.processor.fold.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamConfigTest {

  @Test
  void defaults() {
    StreamConfig config = StreamConfig.defaults();
    assertThat(config.get(StreamConfig.KAFKA)).isEqualTo("127.0.0.1:9092");
    assertThat(config.topics().packets().name()).isEqualTo("sidewire.packets");
    assertThat(config.get(StreamConfig.APPLICATION_ID)).isEqualTo("sidewire-processor");
    assertThat(config.stateDir()).isEqualTo(Path.of("/var/lib/sidewire/processor"));
    assertThat(config.outputTopics().flows().name()).isEqualTo("sidewire.flows");
    assertThat(config.rules()).isNull();
    assertThat(config.threads()).isEqualTo(1);
    assertThat(config.commitInterval()).isEqualTo(Duration.ofMillis(100));
    assertThat(config.cacheBytes()).isEqualTo(16L << 20);
    assertThat(config.rocksDbBytes()).isEqualTo(48L << 20);
    assertThat(config.get(StreamConfig.GROUP_PROTOCOL)).isEqualTo("streams");
    assertThat(config.limits()).isEqualTo(Limits.DEFAULT);
    assertThat(config.get(StreamConfig.SCHEMA_REGISTRY)).isEmpty();
    assertThat(config.wire().isSingleObject()).isTrue();
    assertThat(config.rowInterval()).isEqualTo(Duration.ofMillis(250));
    assertThat(config.epochSilence()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.epochMemory()).isEqualTo(Duration.ofDays(30));
    assertThat(config.epochFiles()).isEqualTo(10_000);
    assertThat(config.get(StreamConfig.HEALTH_BIND)).isEqualTo("127.0.0.1:7422");
    assertThat(config.kafka()).isEmpty();
  }

  @Test
  void explicitMappings() {
    var given = new HashMap<String, String>();
    given.put("kafka", "k1:9092,k2:9092");
    given.put("topic-prefix", "x.");
    given.put("schema-registry", "");
    given.put("application-id", "v2");
    given.put("output-prefix", "y.");
    given.put("state-dir", "/data");
    given.put("rules", "/etc/rules.yaml");
    given.put("threads", "4");
    given.put("commit-interval", "1s");
    given.put("cache", "32 MiB");
    given.put("rocksdb", "1g");
    given.put("group-protocol", "classic");
    given.put("request-patience", "90s");
    given.put("late-grace", "2m");
    given.put("interaction-idle", "10s");
    given.put("row-interval", "500ms");
    given.put("epoch-silence", "5m");
    given.put("epoch-memory", "24h");
    given.put("epoch-files", "7");
    given.put("health-bind", "0.0.0.0:1");
    given.put("kafka.security.protocol", "SSL");
    assertThat(given).hasSize(StreamConfig.keys().size() + 1);
    StreamConfig config = StreamConfig.of(given);
    Properties properties = StreamProcessor.properties(config, new ProcessorCounters());
    assertThat(properties)
        .containsEntry("bootstrap.servers", "k1:9092,k2:9092")
        .containsEntry("application.id", "v2")
        .containsEntry("state.dir", "/data")
        .containsEntry("num.stream.threads", "4")
        .containsEntry("commit.interval.ms", "1000")
        .containsEntry("statestore.cache.max.bytes", "0")
        .containsEntry(RocksDbMemory.BYTES, String.valueOf(1 << 30))
        .containsEntry("group.protocol", "classic")
        .containsEntry("consumer.session.timeout.ms", "6000")
        .containsEntry("processing.guarantee", "exactly_once_v2")
        .containsEntry("ensure.explicit.internal.resource.naming", "true")
        .containsEntry("security.protocol", "SSL")
        .containsEntry("sidewire.dead.letters.topic", "y.dead-letters");
    assertThat(config.topics().packets().name()).isEqualTo("x.packets");
    assertThat(config.outputTopics().flows().name()).isEqualTo("y.flows");
    assertThat(config.rules()).isEqualTo(Path.of("/etc/rules.yaml"));
    assertThat(config.limits())
        .isEqualTo(Limits.DEFAULT
            .withPatience(Duration.ofSeconds(90))
            .withGrace(Duration.ofMinutes(2))
            .withIdle(Duration.ofSeconds(10)));
    assertThat(config.rowInterval()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.epochSilence()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.epochMemory()).isEqualTo(Duration.ofHours(24));
    assertThat(config.epochFiles()).isEqualTo(7);
  }

  @Test
  void flagsBeatTheEnvironmentWhichBeatsTheFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("p.properties");
    Files.writeString(file, "threads=2\ncache=8MiB\nrocksdb=9MiB\n");
    StreamConfig config = StreamConfig.load(
        file,
        Map.of(
            "SIDEWIRE_PROCESSOR_CACHE", "10MiB",
            "SIDEWIRE_PROCESSOR_ROCKSDB", "11MiB",
            "SIDEWIRE_PROCESSOR_KAFKA_SASL_MECHANISM", "PLAIN",
            "SIDEWIRE_PROCESSOR_SCHEMA_REGISTRY", "http://r/",
            "SIDEWIRE_PROCESSOR_APICURIO_REGISTRY_AUTH_USERNAME", "me",
            "PATH", "/bin"),
        Map.of("rocksdb", "12MiB"));
    assertThat(config.threads()).isEqualTo(2);
    assertThat(config.cacheBytes()).isEqualTo(10L << 20);
    assertThat(config.rocksDbBytes()).isEqualTo(12L << 20);
    assertThat(config.kafka()).isEqualTo(Map.of("sasl.mechanism", "PLAIN"));
    assertThat(config.get(StreamConfig.SCHEMA_REGISTRY)).isEqualTo("http://r/");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      thread          | 2       | no setting thread; did you mean threads?
      threads         | 0       | threads is a number from 1 to 256, not 0
      commit-interval | soon    | commit-interval is a time such as 250ms
      late-grace      | 0s      | late-grace is a time such as 250ms
      cache           | 10      | cache is a size of at least 1MiB
      group-protocol  | stream  | group-protocol is streams or classic, not stream
      kafka           | ''      | kafka must not be empty
      output-prefix   | y.      | another application-id is needed
      """)
  void whatCannotBeUsedIsNamedWithTheFix(String name, String value, String message) {
    assertThatThrownBy(() -> StreamConfig.of(Map.of(name, value)))
        .isInstanceOf(StreamConfig.InvalidSetting.class)
        .hasMessageContaining(message);
  }
}
