package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sidewire.capture.CaptureConfig.Pace;
import io.sidewire.capture.CaptureConfig.PacketDetail;
import io.sidewire.capture.redact.NamePolicy.Names;
import io.sidewire.capture.save.Ring;
import io.sidewire.capture.save.SaveSettings;
import io.sidewire.capture.save.SaveSettings.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureConfigTest {
  @Test
  void defaults() {
    CaptureConfig config = CaptureConfig.of(Map.of());
    var values = new HashMap<String, Object>();
    CaptureConfig.keys().forEach(key -> values.put(key.name(), config.get(key)));
    var expected = new HashMap<String, Object>();
    expected.put("host-id", null);
    expected.put("interface", "any");
    expected.put("mode", Mode.ALL);
    expected.put("ports", List.of());
    expected.put("filter", null);
    expected.put("include-self", false);
    expected.put("own-endpoints", List.of());
    expected.put("promiscuous", true);
    expected.put("snaplen", 262144);
    expected.put("ring", 16 << 20);
    expected.put("recent-dir", null);
    expected.put("recent-bytes", 64L << 20);
    expected.put("recent-age", Duration.ofMinutes(15));
    expected.put("queue", 32 << 20);
    expected.put("pace", Pace.FAST);
    expected.put("packet-detail", PacketDetail.FULL);
    expected.put("batch-packets", 256);
    expected.put("batch-linger", Duration.ofMillis(20));
    expected.put("shards", 1);
    expected.put("names", Names.AGENT);
    expected.put("key-file", null);
    expected.put("key-create", false);
    expected.put("rules", null);
    expected.put("processes", true);
    expected.put("process-socket", null);
    expected.put("proc", "/proc");
    expected.put("keylog", List.of());
    expected.put("key-wait", Duration.ofSeconds(2));
    expected.put("kafka", "127.0.0.1:9092");
    expected.put("topic-prefix", "sidewire.");
    expected.put("schema-registry", null);
    expected.put("kafka-buffer", 64 << 20);
    expected.put("kafka-patience", Duration.ofSeconds(30));
    expected.put("health-bind", "127.0.0.1:7421");
    expected.put("save-dir", null);
    expected.put("save-content", Content.MASKED);
    expected.put("save-max-bytes", 1L << 30);
    expected.put("save-files", 1000);
    expected.put("save-rotate-bytes", 64L << 20);
    expected.put("save-rotate-seconds", 3600);
    expected.put("save-queue", 16 << 20);
    assertThat(values).isEqualTo(expected);
    assertThat(config.kafka()).isEmpty();
  }

  @Test
  void mapsHowRecentPacketsAreKept() {
    SaveSettings ring = CaptureConfig.of(Map.of(
            "recent-dir", "/r",
            "recent-bytes", "8MiB",
            "recent-age", "80s",
            "save-content", "raw"))
        .recent();
    assertThat(ring).isEqualTo(Ring.settings(Path.of("/r"), 8 << 20, Duration.ofSeconds(80)));
    assertThat(ring.content()).isEqualTo(Content.MASKED);
    assertThat(CaptureConfig.of(Map.of()).recent().folder()).isNull();
  }

  @Test
  void mapsHowPacketsAreSaved() {
    SaveSettings save = CaptureConfig.of(Map.of(
            "save-dir", "/d",
            "save-content", "raw",
            "save-max-bytes", "8GiB",
            "save-files", "9",
            "save-rotate-bytes", "1MiB",
            "save-rotate-seconds", "60",
            "save-queue", "1MiB"))
        .save();
    assertThat(save)
        .isEqualTo(new SaveSettings(
            Path.of("/d"), Content.RAW, 8L << 30, 9, 1 << 20, 60, 1 << 20, SaveSettings.FOR_EVER));
  }

  @Test
  void explicitMappings() {
    CaptureConfig config = CaptureConfig.of(Map.ofEntries(
        Map.entry("host-id", "node-7"),
        Map.entry("interface", "eth0"),
        Map.entry("mode", "Azure"),
        Map.entry("ports", "8000, 9000-9010"),
        Map.entry("filter", "host 10.0.0.5"),
        Map.entry("include-self", "yes"),
        Map.entry("own-endpoints", "a:1,b:2"),
        Map.entry("promiscuous", "off"),
        Map.entry("snaplen", "64k"),
        Map.entry("ring", "1 GiB"),
        Map.entry("queue", "4MiB"),
        Map.entry("pace", "original"),
        Map.entry("packet-detail", "counts"),
        Map.entry("batch-packets", "1"),
        Map.entry("batch-linger", "0ms"),
        Map.entry("shards", "8"),
        Map.entry("names", "hash"),
        Map.entry("key-file", "/k"),
        Map.entry("key-create", "true"),
        Map.entry("rules", "/r"),
        Map.entry("processes", "false"),
        Map.entry("kafka", "k1:9092,k2:9092"),
        Map.entry("topic-prefix", "x."),
        Map.entry("schema-registry", "http://r/apis/registry/v3"),
        Map.entry("apicurio.registry.auth.username", "me"),
        Map.entry("kafka-patience", "2m"),
        Map.entry("health-bind", "off"),
        Map.entry("kafka.security.protocol", "SSL")));
    assertThat(config.get(CaptureConfig.HOST_ID)).isEqualTo("node-7");
    assertThat(config.get(CaptureConfig.MODE)).isEqualTo(Mode.AZURE);
    assertThat(config.get(CaptureConfig.PORTS)).containsExactly("8000", "9000-9010");
    assertThat(config.get(CaptureConfig.INCLUDE_SELF)).isTrue();
    assertThat(config.get(CaptureConfig.PROMISCUOUS)).isFalse();
    assertThat(config.get(CaptureConfig.SNAPLEN)).isEqualTo(65536);
    assertThat(config.get(CaptureConfig.RING)).isEqualTo(1 << 30);
    assertThat(config.get(CaptureConfig.PACE)).isEqualTo(Pace.ORIGINAL);
    assertThat(config.get(CaptureConfig.PACKET_DETAIL)).isEqualTo(PacketDetail.COUNTS);
    assertThat(config.get(CaptureConfig.BATCH_LINGER)).isEqualTo(Duration.ZERO);
    assertThat(config.get(CaptureConfig.NAMES)).isEqualTo(Names.HASH);
    assertThat(config.get(CaptureConfig.KAFKA_PATIENCE)).isEqualTo(Duration.ofMinutes(2));
    assertThat(config.kafka()).isEqualTo(Map.of("security.protocol", "SSL"));
    assertThat(config.get(CaptureConfig.SCHEMA_REGISTRY)).isEqualTo("http://r/apis/registry/v3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "interfaces | eth0 | no setting interfaces; did you mean interface?",
        "mode | azur | mode=azur: no mode azur; did you mean azure?",
        "ports | 80-70 | ports=80-70: ports such as 8000,9000-9010 are needed",
        "ports | 70000 | ports=70000: a number from 1 to 65535 is needed",
        "ports | x | ports=x: a number from 1 to 65535 is needed",
        "snaplen | big | snaplen=big: a size such as 16MiB is needed",
        "ring | 2GiB | ring=2GiB: a size from 1 to 1GiB is needed",
        "ring | 99999999999GiB | ring=99999999999GiB: ",
        "batch-linger | 20 | batch-linger=20: a duration such as 20ms or 1s is needed",
        "shards | 0 | shards=0: a number from 1 to 256 is needed",
        "names | some | names=some: one of agent, all, hash is needed",
        "include-self | perhaps | include-self=perhaps: true or false is needed"
      })
  void aWrongSettingIsRefusedByName(String name, String value, String message) {
    assertThatThrownBy(() -> CaptureConfig.of(Map.of(name, value)))
        .isInstanceOfSatisfying(
            CaptureException.class,
            e -> assertThat(e.kind()).isEqualTo(CaptureException.Kind.CONFIG))
        .hasMessageStartingWith(message);
  }

  @Test
  void flagsBeatTheEnvironmentWhichBeatsTheFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(
        folder.resolve("capture.properties"),
        "mode=llm\nshards=2\nhost-id=from-file\nkafka.linger.ms=1\n");
    CaptureConfig config = CaptureConfig.load(
        file,
        Map.of(
            "SIDEWIRE_CAPTURE_SHARDS", "3",
            "SIDEWIRE_CAPTURE_HOST_ID", "from-environment",
            "SIDEWIRE_CAPTURE_KAFKA_BUFFER", "1MiB",
            "SIDEWIRE_CAPTURE_KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
            "SIDEWIRE_API_BIND", "not ours",
            "PATH", "/bin"),
        Map.of("host-id", "from-flag"));
    assertThat(config.get(CaptureConfig.MODE)).isEqualTo(Mode.LLM);
    assertThat(config.get(CaptureConfig.SHARDS)).isEqualTo(3);
    assertThat(config.get(CaptureConfig.HOST_ID)).isEqualTo("from-flag");
    assertThat(config.get(CaptureConfig.KAFKA_BUFFER)).isEqualTo(1 << 20);
    assertThat(config.kafka()).isEqualTo(Map.of("linger.ms", "1", "security.protocol", "SASL_SSL"));
  }

  @Test
  void anUnknownVariableOfOursIsRefused() {
    assertThatThrownBy(
            () -> CaptureConfig.load(null, Map.of("SIDEWIRE_CAPTURE_SHARD", "3"), Map.of()))
        .hasMessage("no setting shard; did you mean shards?");
  }

  @Test
  void aSettingsFileThatIsNotThereIsNamed(@TempDir Path folder) {
    assertThatThrownBy(() -> CaptureConfig.load(folder.resolve("none"), Map.of(), Map.of()))
        .hasMessageContaining("none cannot be read (no such file)");
  }

  @Test
  void withChangesOneSetting() {
    CaptureConfig config = CaptureConfig.of(Map.of("shards", "2")).with(CaptureConfig.NAMES, "all");
    assertThat(config.get(CaptureConfig.NAMES)).isEqualTo(Names.ALL);
    assertThat(config.get(CaptureConfig.SHARDS)).isEqualTo(2);
  }

  @Test
  void eachSettingHasAVariableAndADescription() {
    assertThat(CaptureConfig.environmentVariable(CaptureConfig.HOST_ID))
        .isEqualTo("SIDEWIRE_CAPTURE_HOST_ID");
    assertThat(CaptureConfig.keys())
        .allSatisfy(key -> assertThat(key.description()).isNotBlank());
  }
}
