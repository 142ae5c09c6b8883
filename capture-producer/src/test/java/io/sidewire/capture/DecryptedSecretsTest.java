package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.capture.redact.NamePolicy.Names;
import io.sidewire.schemas.AvroSerde;
import io.sidewire.schemas.Evidence;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is read inside TLS leaves as redacted as what is read in clear: no prompt, key, token or answer of the captures
 * (all of them have "canary" in their text), and no secret of the key log.
 */
class DecryptedSecretsTest {
  private static final Path AGENTS = Path.of("../testdata/agents");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "agent-full.pcap",
        "azure-curl.pcap",
        "azure-h1-tls12-mixed.pcap",
        "azure-h1-tls13-json.pcap",
        "azure-h1-tls13-stream.pcap",
        "other-providers.pcap",
        "wan-loss.pcap"
      })
  void nothingSecretLeaves(String name) throws IOException {
    Path keys = AGENTS.resolve(name.replaceAll("\\.pcap.*", ".keys"));
    CaptureConfig config = CaptureConfig.of(
        Map.of("keylog", keys.toString(), "names", Names.ALL.name().toLowerCase(Locale.ROOT)));
    var sink = new CollectingSink();
    try (var source = new CaptureFileSource(config, List.of(AGENTS.resolve(name)));
        var pipeline = new CapturePipeline(config, source, sink, new CaptureCounters())) {
      pipeline.start();
      pipeline.await();
    }
    assertThat(sink.observations(Request.class)
            .filter(request -> request.getEvidence() == Evidence.DECRYPTED))
        .isNotEmpty();

    AvroSerde<PacketBatch> serde = AvroSerde.of(PacketBatch.class);
    var left = new ByteArrayOutputStream();
    sink.all().forEach(batch -> left.writeBytes(serde.encode(batch)));
    String text = left.toString(StandardCharsets.ISO_8859_1);
    assertThat(text.toLowerCase(Locale.ROOT)).doesNotContain("canary", "c4n4ry", "hunter2");
    for (String line : Files.readAllLines(keys)) {
      String[] words = line.split(" ");
      if (words.length == 3) {
        byte[] secret = HexFormat.of().parseHex(words[2]);
        assertThat(text).doesNotContain(words[2]);
        assertThat(text).doesNotContain(new String(secret, StandardCharsets.ISO_8859_1));
      }
    }
  }
}
