package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.schemas.PacketBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A masked file shows what the original shows, and nothing that is secret. */
class SavedCapturesTest {
  private static final Path AGENTS = Path.of("../testdata/agents");
  private static final Pattern SESSION = Pattern.compile("\"sessionHash\": \"([0-9a-f]{16})\"");

  @TempDir
  Path folder;

  static Stream<Path> captures() throws IOException {
    try (Stream<Path> all = Files.list(AGENTS)) {
      return all
          .filter(file -> file.toString().matches(".*\\.pcap(ng)?"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("captures")
  void aMaskedFileShowsTheSame(Path capture) throws IOException {
    // Its answer in gzip is zeroed, and so unreadable: the one difference that there may be.
    boolean compressed = capture.endsWith("ollama-plain.pcap");
    Path saved = save(capture, Map.of());
    List<String> before = shown(Files.copy(capture, folder.resolve("capture")));
    Files.move(saved, folder.resolve("saved").resolve("capture"));
    List<String> after = shown(folder.resolve("saved").resolve("capture"));
    for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
      if (!compressed || !after.get(i).contains("BODY_INFLATE_ERROR")) {
        assertThat(after.get(i)).isEqualTo(before.get(i));
      }
    }
    assertThat(after).hasSameSizeAs(before);
  }

  @ParameterizedTest
  @MethodSource("captures")
  void noSecretIsInAMaskedFile(Path capture) throws IOException {
    byte[] saved = Files.readAllBytes(save(capture, Map.of()));
    assertThat(secretsIn(saved)).isEmpty();
  }

  @Test
  void aRawFileHasTheSecretsAndAFileOfHeadersHasNoPayload() throws IOException {
    Path capture = AGENTS.resolve("mcp-http-everything.pcap");
    Path raw = save(capture, Map.of("save-content", "raw"));
    assertThat(secretsIn(Files.readAllBytes(raw))).hasSizeGreaterThan(5);
    Files.delete(raw);
    Path headers = save(capture, Map.of("save-content", "headers"));
    assertThat(secretsIn(Files.readAllBytes(headers))).isEmpty();
    assertThat(Files.size(headers)).isLessThan(Files.size(capture));
    var sink = new CollectingSink();
    run(Map.of(), sink, headers);
    var whole = new CollectingSink();
    run(Map.of(), whole, capture);
    assertThat(sink.packets()).isEqualTo(whole.packets());
    assertThat(sink.frameBytes()).isEqualTo(whole.frameBytes());
  }

  @Test
  void filesRotateStayWithinTheirBoundAndAreTheOwnersAlone() throws IOException {
    Path capture = AGENTS.resolve("agent-full.pcap");
    Path saved = folder.resolve("saved");
    run(
        Map.of(
            "save-dir", saved.toString(), "save-rotate-bytes", "64KiB", "save-max-bytes", "160KiB"),
        new CollectingSink(),
        capture);
    long size = 0;
    try (Stream<Path> files = Files.list(saved)) {
      for (Path file : files.toList()) {
        size += Files.size(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
    }
    assertThat(size).isBetween(64L << 10, 160L << 10);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(saved)))
        .isEqualTo("rwx------");
  }

  private static List<String> secretsIn(byte[] bytes) throws IOException {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return Files.readAllLines(AGENTS.resolve("canaries.txt")).stream()
        .filter(secret -> !secret.startsWith("#"))
        .filter(text::contains)
        .toList();
  }

  private Path save(Path capture, Map<String, String> settings) throws IOException {
    var all = new HashMap<>(settings);
    all.put("save-dir", folder.resolve("saved").toString());
    all.put("save-rotate-bytes", "1GiB");
    run(all, new CollectingSink(), capture);
    try (Stream<Path> files = Files.list(folder.resolve("saved"))) {
      return files
          .filter(file -> file.toString().endsWith(".pcapng"))
          .findFirst()
          .orElseThrow();
    }
  }

  private void run(Map<String, String> settings, CollectingSink sink, Path capture) {
    var all = new HashMap<>(settings);
    all.put("names", "all");
    all.put("key-file", folder.resolve("key").toString());
    all.put("key-create", "true");
    CaptureConfig config = CaptureConfig.of(all);
    try (var source = new CaptureFileSource(config, List.of(capture));
        var pipeline = new CapturePipeline(config, source, sink, new CaptureCounters())) {
      pipeline.start();
      pipeline.await();
      assertThat(source.problems()).isEmpty();
    }
  }

  /** Each batch as text; session ids by the order in which they came. */
  private List<String> shown(Path capture) {
    var sink = new CollectingSink();
    run(Map.of(), sink, capture);
    var sessions = new HashMap<String, String>();
    var out = new ArrayList<String>();
    for (PacketBatch batch : sink.ofFlows()) {
      batch.setEpoch("");
      String text = batch.toString().replaceFirst("\"sequence\": [0-9]+, ", "");
      Matcher matcher = SESSION.matcher(text);
      out.add(matcher.replaceAll(found -> "\"sessionHash\": \""
          + sessions.computeIfAbsent(found.group(1), hash -> "s" + sessions.size()) + "\""));
    }
    return out;
  }
}
