package io.sidewire.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.standalone.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Usage, help, errors and exit codes of every command. */
class CommandLineTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    out.reset();
    err.reset();
    return Sidewire.run(new Terminal(out, err, Map.of()), args);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void everyCommandHasHelpWithADescription() {
    CommandLine line = Sidewire.commandLine(new Terminal(out, err, Map.of()));
    assertThat(line.getSubcommands()).isNotEmpty();
    for (String command : line.getSubcommands().keySet()) {
      assertThat(run(command, "--help")).as(command).isZero();
      assertThat(out()).as(command).startsWith("Usage: sidewire " + command);
      assertThat(out().lines().count()).as(command).isGreaterThan(2);
      assertThat(err()).isEmpty();
    }
  }

  @Test
  void savingSaysWhatItNeeds(@TempDir Path folder) {
    assertThat(run("save")).isEqualTo(2);
    assertThat(err()).contains("--exchange", "--interaction", "--filter");
    assertThat(run("save", "--exchange", "a", "--filter", "tcp")).isEqualTo(2);
    assertThat(err()).contains("mutually exclusive");
    for (String what : new String[] {"--exchange", "--interaction"}) {
      assertThat(run("save", what, "a-0", "--data", folder.toString())).isEqualTo(2);
      assertThat(err()).contains("There is no ring", "up --ring 64M", "recent-dir");
    }
  }

  @Test
  void noCommandIsWrongUsage() {
    assertThat(run()).isEqualTo(2);
    assertThat(err()).isEqualTo("sidewire: Missing the command.\nSee: sidewire --help\n");
  }

  @Test
  void anUnknownOptionNamesTheLikelyOne() {
    assertThat(run("version", "--jsom")).isEqualTo(2);
    assertThat(err())
        .contains("Unknown option: '--jsom'")
        .contains("--json")
        .contains("See: sidewire version --help");
    assertThat(out()).isEmpty();
  }

  @Test
  void aWordThatIsNoneOfTheKnownNamesThem() {
    assertThat(run("stats", "--by", "colour")).isEqualTo(2);
    assertThat(err())
        .contains("'colour' is none of flow-type, protocol, process, host, interface, server");
  }

  @Test
  void anUnknownCommandNamesTheLikelyOne() {
    assertThat(run("topic")).isEqualTo(2);
    assertThat(err()).contains("topics");
  }

  @Test
  void versionIsThatOfTheBuild() {
    assertThat(run("version", "--json")).isZero();
    assertThat(out()).startsWith("{\"kind\":\"version\",\"version\":\"").doesNotContain("${");
  }

  @Test
  void topicsAreListedWithTheirSchemas() {
    assertThat(run("topics")).isZero();
    assertThat(out())
        .contains("sidewire.packets")
        .contains("sidewire.dead-letters")
        .contains("7 d");
    assertThat(run("topics", "--json", "--schemas", "--prefix", "x.")).isZero();
    assertThat(out().lines())
        .hasSize(7)
        .allMatch(line -> line.startsWith("{\"kind\":\"topic\",\"name\":\"x."));
    assertThat(out()).contains("\"name\":\"PacketBatch\"");
  }

  @Test
  void aBrokerThatIsNotThereIsNamed() {
    assertThat(run("topics", "create", "--kafka", "no port")).isEqualTo(4);
    assertThat(err())
        .startsWith("sidewire: The broker no port cannot be used")
        .contains("--kafka HOST:PORT");
    assertThat(err().lines()).hasSize(1);
  }

  @Test
  void aKeyIsWrittenOnceAndForItsOwnerAlone(@TempDir Path folder) throws Exception {
    Path key = folder.resolve("key");
    assertThat(run("key", "new", key.toString())).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    String first = Files.readString(key);
    assertThat(first).matches("[0-9a-f]{64}\n");
    assertThat(run("key", "new", key.toString())).isEqualTo(2);
    assertThat(err()).contains("exists");
    assertThat(Files.readString(key)).isEqualTo(first);
  }

  @Test
  void completionKnowsTheCommands() {
    assertThat(run("completion")).isZero();
    assertThat(out()).contains("topics").contains("complete -F");
  }
}
