package io.sidewire.capture.keylog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Observation;
import io.sidewire.wire.Observation.Evidence;
import io.sidewire.wire.Observation.LlmUsage;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.Observation.Request;
import io.sidewire.wire.flow.FlowView;
import io.sidewire.wire.tls.decrypt.Decryption;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Captures of real clients and servers (OpenSSL, BoringSSL's kin and Java's TLS), read with the key logs that they wrote. */
class DecryptedCapturesTest {
  private static final Path AGENTS = Path.of("../testdata/agents");
  private static final Path TLS = Path.of("../testdata/tls");

  /** Looks on at the observations. */
  private static final class Seen extends WireReading {
    private final List<Observation> all = new ArrayList<>();

    <T> List<T> of(Class<T> kind) {
      return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    List<Request> requests(Evidence evidence) {
      return of(Request.class).stream().filter(r -> r.evidence() == evidence).toList();
    }

    @Override
    public void observed(FlowView flow, Observation observation) {
      all.add(observation);
    }
  }

  private static Seen read(Path file, KeyLog log) throws IOException {
    var seen = new Seen();
    seen.read(file, new Decryption(log.keys(), 2_000_000));
    return seen;
  }

  @ParameterizedTest
  @CsvSource({
    "azure-h1-burst.pcap, 6",
    "azure-h1-tls12-mixed.pcap, 11",
    "azure-h1-tls13-json.pcap, 21",
    "azure-h1-tls13-resume.pcap, 5",
    "azure-h1-tls13-stream.pcap, 13",
    "azure-h2-mux.pcap, 38",
    "azure-h2-tls12.pcap, 9",
    "azure-h2-tls13.pcap, 29",
    "wan-h2.pcapng, 4",
    "agent-full.pcap, 13",
    "ipv6.pcap, 6",
    "wan-loss.pcap, 8"
  })
  void everyCallIsReadAndNoneIsInferred(String name, int calls) throws IOException {
    Path keys = AGENTS.resolve(name.replaceAll("\\.pcap.*", ".keys"));
    try (KeyLog log = KeyLog.read(List.of(keys), List.of())) {
      Seen seen = read(AGENTS.resolve(name), log);
      assertThat(seen.requests(Evidence.DECRYPTED)).hasSize(calls).allSatisfy(request -> {
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.complete()).isTrue();
      });
      assertThat(seen.requests(Evidence.INFERRED)).isEmpty();
      assertThat(seen.of(LlmUsage.class)).isNotEmpty();
    }
  }

  /** OpenSSL's CBC, CCM and ChaCha20, resumption, and key updates of both sides. */
  @ParameterizedTest
  @CsvSource({"suites, 20", "key-update, 3"})
  void readsEverySuite(String name, int calls) throws IOException {
    try (KeyLog log = KeyLog.read(List.of(TLS.resolve(name + ".keys")), List.of())) {
      Seen seen = read(TLS.resolve(name + ".pcap"), log);
      assertThat(seen.requests(Evidence.DECRYPTED)).hasSize(calls);
      assertThat(seen.requests(Evidence.INFERRED)).isEmpty();
      assertThat(seen.of(LlmUsage.class)).hasSize(calls).allSatisfy(usage -> {
        assertThat(usage.inputTokens()).isEqualTo(11);
        assertThat(usage.outputTokens()).isEqualTo(7);
      });
      assertThat(seen.of(Odd.class))
          .extracting(Odd::kind)
          .doesNotContain(Anomaly.TLS_UNDECRYPTABLE, Anomaly.TLS_KEYS_MISSING);
    }
  }

  @Test
  void whatTheCaptureCutIsInferred() throws IOException {
    try (KeyLog log = KeyLog.read(List.of(AGENTS.resolve("snap96.keys")), List.of())) {
      Seen seen = read(AGENTS.resolve("snap96.pcap"), log);
      assertThat(seen.requests(Evidence.DECRYPTED)).isEmpty();
      assertThat(seen.requests(Evidence.INFERRED)).isNotEmpty();
    }
  }

  /** A Decryption Secrets Block counts wherever it stands, here behind the packets. */
  @Test
  void readsSecretsThatTheCaptureCarries(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("with-secrets.pcapng");
    byte[] keys = Files.readAllBytes(AGENTS.resolve("azure-sdk7-node22.keys"));
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(Files.readAllBytes(AGENTS.resolve("azure-sdk7-node22.pcapng")));
    int padded = (keys.length + 3) / 4 * 4;
    ByteBuffer block = ByteBuffer.allocate(20 + padded).order(ByteOrder.LITTLE_ENDIAN);
    block.putInt(10).putInt(20 + padded).putInt(0x544c534b).putInt(keys.length).put(keys);
    block.putInt(16 + padded, 20 + padded);
    bytes.writeBytes(block.array());
    Files.write(file, bytes.toByteArray());
    try (KeyLog log = KeyLog.read(List.of(file), List.of())) {
      assertThat(read(file, log).requests(Evidence.DECRYPTED)).hasSize(6);
    }
    try (KeyLog log = KeyLog.read(List.of(), List.of(file))) {
      assertThat(read(file, log).requests(Evidence.DECRYPTED)).hasSize(6);
    }
  }
}
