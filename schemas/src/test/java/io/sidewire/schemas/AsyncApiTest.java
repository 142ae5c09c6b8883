package io.sidewire.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;

/** The AsyncAPI document of the topics is what the topics and schemas say. */
class AsyncApiTest {
  private static final Path DOCUMENT = Path.of("../docs/asyncapi.yaml");
  private static final Path TOPICS = Path.of("../docs/topics.md");
  private static final String HISTORY = "../schemas/src/main/resources/io/sidewire/schemas/history";

  private record Channel(String name, Topic<?, ?> topic, Schema value, String key, String counts) {}

  private static List<Channel> channels() {
    Topics topics = Topics.withDefaultPrefix();
    return List.of(
        new Channel(
            "packets",
            topics.packets(),
            PacketBatch.getClassSchema(),
            "host/shard as UTF-8",
            "each, once per (host, epoch, shard, sequence)"),
        new Channel(
            "flows",
            topics.flows(),
            FlowRecord.getClassSchema(),
            "flow id as UTF-8",
            "the last of a flow id; final ends it"),
        new Channel(
            "exchanges",
            topics.exchanges(),
            Exchange.getClassSchema(),
            "flow id as UTF-8",
            "the highest revision of an exchangeId"),
        new Channel(
            "interactions",
            topics.interactions(),
            Interaction.getClassSchema(),
            "interaction id as UTF-8",
            "the highest revision of an interactionId"),
        new Channel(
            "traffic",
            topics.traffic(),
            TrafficWindow.getClassSchema(),
            "TrafficKey, binary: see its Javadoc",
            "the last of a key"),
        new Channel(
            "hosts",
            topics.hosts(),
            CaptureHealth.getClassSchema(),
            "HealthKey, binary: see its Javadoc",
            "the last of a key"),
        new Channel(
            "dead-letters",
            topics.deadLetters(),
            null,
            "the original key",
            "each; reason and origin in the headers"));
  }

  @Test
  void theDocumentIsWhatTopicsAndSchemasSay() {
    var out = new StringBuilder("""
        # Made from the schemas by AsyncApiTest; mvn -pl schemas -am test -Dtest=AsyncApiTest -Dgolden.update=true
        asyncapi: 3.0.0
        info:
          title: Sidewire
          version: "1"
          description: >-
            Topics that Sidewire writes, under the default prefix. Values are in Avro single-object encoding: C3 01, the
            fingerprint of the schema (CRC-64-AVRO, little-endian), the datum. With a schema registry they are in Confluent's wire
            format: docs/topics.md. Read with isolation.level=read_committed.
        defaultContentType: application/vnd.apache.avro+binary
        channels:
        """);
    for (Channel channel : channels()) {
      Map<String, String> settings = channel.topic().settings();
      line(out, 2, channel.name() + ":");
      line(out, 4, "address: " + channel.topic().name());
      line(out, 4, "description: \"The row that counts: " + channel.counts() + ".\"");
      line(out, 4, "messages:");
      line(out, 6, message(channel) + ":");
      line(out, 8, "$ref: '#/components/messages/" + message(channel) + "'");
      line(out, 4, "bindings:");
      line(out, 6, "kafka:");
      line(out, 8, "topicConfiguration:");
      line(out, 10, "cleanup.policy: [" + settings.get("cleanup.policy").replace(",", ", ") + "]");
      long hours =
          Duration.ofMillis(Long.parseLong(settings.get("retention.ms"))).toHours();
      line(out, 10, "retention.ms: " + settings.get("retention.ms") + " # " + hours + " h");
      line(out, 10, "max.message.bytes: " + settings.get("max.message.bytes"));
    }
    line(out, 0, "operations:");
    for (Channel channel : channels()) {
      line(out, 2, "read-" + channel.name() + ":");
      line(out, 4, "action: send");
      line(out, 4, "channel:");
      line(out, 6, "$ref: '#/channels/" + channel.name() + "'");
    }
    line(out, 0, "components:");
    line(out, 2, "messages:");
    for (Channel channel : channels()) {
      message(out, channel);
    }
    Golden.assertEquals(DOCUMENT, out.toString());
  }

  /** The table of docs/topics.md, row by row; what is wrong there is shown as it should be. */
  @Test
  void theTableOfTopicsIsWhatTheySay() throws IOException {
    List<String> rows = Files.readAllLines(TOPICS).stream()
        .filter(line -> line.startsWith("| `sidewire."))
        .toList();
    assertThat(rows)
        .containsExactlyElementsOf(channels().stream().map(AsyncApiTest::row).toList());
  }

  private static String row(Channel channel) {
    Map<String, String> settings = channel.topic().settings();
    Duration kept = Duration.ofMillis(Long.parseLong(settings.get("retention.ms")));
    return "| `%s` | %s | %s | %s | %s, %s |"
        .formatted(
            channel.topic().name(),
            channel.key(),
            channel.value() == null
                ? "the original bytes"
                : "`" + channel.value().getName() + "`",
            channel.counts(),
            settings.get("cleanup.policy").replace(",", " + "),
            kept.toDays() > 0 ? kept.toDays() + " d" : kept.toHours() + " h");
  }

  private static void message(StringBuilder out, Channel channel) {
    line(out, 4, message(channel) + ":");
    line(out, 6, "bindings:");
    line(out, 8, "kafka:");
    line(out, 10, "key:");
    line(out, 12, "type: string");
    line(out, 12, "description: \"" + channel.key() + "\"");
    if (channel.value() == null) {
      line(out, 6, "contentType: application/octet-stream");
      return;
    }
    List<Schema> versions = SchemaHistory.versionsOf(channel.value().getName());
    line(out, 6, "payload:");
    line(out, 8, "schemaFormat: application/vnd.apache.avro;version=1.9.0");
    line(out, 8, "schema:");
    String file = HISTORY + "/" + channel.value().getName() + "/" + versions.size() + ".avsc";
    line(out, 10, "$ref: '" + file + "'");
    line(out, 6, "x-fingerprints:");
    for (int i = 0; i < versions.size(); i++) {
      long fingerprint = SchemaNormalization.parsingFingerprint64(versions.get(i));
      line(out, 8, "%d: \"%016x\"".formatted(i + 1, fingerprint));
    }
  }

  private static String message(Channel channel) {
    return channel.value() == null ? "DeadLetter" : channel.value().getName();
  }

  private static void line(StringBuilder out, int indent, String text) {
    out.append(" ".repeat(indent)).append(text).append('\n');
  }
}
