package io.sidewire.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.standalone.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are absent, no captures, or cut: told of, with exit code 1, and the others are read all the same. */
class BadFilesTest {
  private static final Path GOOD = Path.of("../testdata/agents/mcp-http-stateless.pcap");

  @TempDir
  Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String cut;
  private String text;

  @BeforeEach
  void files() throws Exception {
    byte[] good = Files.readAllBytes(GOOD);
    cut = Files.write(folder.resolve("cut.pcap"), Arrays.copyOf(good, good.length - 7))
        .toString();
    text = Files.writeString(folder.resolve("text.pcap"), "this is no capture").toString();
  }

  private int run(String... args) {
    return Sidewire.run(new Terminal(out, err, Map.of()), args);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void decodeReadsTheOthers() {
    assertThat(run(
            "decode",
            "--json",
            folder.resolve("absent.pcap").toString(),
            text,
            cut,
            GOOD.toString()))
        .isEqualTo(1);
    assertThat(err().lines()).hasSize(3).allMatch(line -> line.startsWith("sidewire: "));
    assertThat(err()).contains("absent.pcap").contains("text.pcap").contains("cut.pcap");
    assertThat(out().lines().filter(line -> line.contains("\"file\":\"" + GOOD + "\"")))
        .isNotEmpty();
    assertThat(out().lines().filter(line -> line.contains("\"file\":\"" + cut + "\"")))
        .isNotEmpty();
  }

  @Test
  void decodePrintsTablesForPeople() {
    assertThat(run("decode", GOOD.toString())).isZero();
    assertThat(out())
        .startsWith(GOOD + ": 7 flows")
        .contains("tools/call")
        .contains("mcp_server")
        .doesNotContain("\u001b");
    assertThat(err()).isEmpty();
  }

  @Test
  void decodeMasksTargetsUnlessItsOwnerAsks() {
    String legacy = "../testdata/agents/mcp-sse-sdk1.9.pcap";
    assertThat(run("decode", "--json", legacy)).isZero();
    assertThat(out()).contains("\"path\":\"/messages\"").doesNotContain("sessionId=");
    assertThat(run("decode", "--json", "--unmasked", legacy)).isZero();
    assertThat(out()).contains("/messages?sessionId=");
  }

  @Test
  void replayReadsTheOthers() {
    assertThat(run("replay", "--json", text, cut)).isEqualTo(1);
    assertThat(err()).contains("text.pcap").contains("cut.pcap");
    assertThat(out().lines().filter(line -> line.startsWith("{\"kind\":\"flow\"")))
        .isNotEmpty();
  }
}
