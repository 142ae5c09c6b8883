package io.sidewire.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sidewire.standalone.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir
  Path temp;

  @Test
  void isHeldByOneAtATimeAndTheOtherIsToldWho() {
    Path path = temp.resolve("data");
    try (var held = DataFolder.open(path)) {
      new RunFile(ProcessHandle.current().pid(), "http://127.0.0.1:7420", "lo", "127.0.0.1:1", "1")
          .write(held.root());
      assertThatThrownBy(() -> DataFolder.open(path))
          .isInstanceOfSatisfying(
              Fault.class, fault -> assertThat(fault.exitCode()).isEqualTo(Fault.BUSY))
          .hasMessageContaining("pid " + ProcessHandle.current().pid())
          .hasMessageContaining("http://127.0.0.1:7420")
          .hasMessageContaining("--data");
    }
    DataFolder.open(path).close();
  }

  @Test
  void dataOfALaterVersionIsRefusedAndStaysAsItIs() throws Exception {
    Path path = temp.resolve("data");
    DataFolder.open(path).close();
    DataFormat today = DataFormat.today();
    assertThat(path.resolve("format")).hasContent(today.toString());
    Files.delete(path.resolve("format")); // as a version before the mark left it
    DataFolder.open(path).close();
    Files.writeString(
        path.resolve("format"), "1\n"); // as versions left it that told the layout alone
    DataFolder.open(path).close();
    assertThat(path.resolve("format")).hasContent(today.toString());
    for (String later : List.of(
        new DataFormat(today.layout() + 1, today.schemas(), today.kafka()).toString(),
        new DataFormat(today.layout(), today.schemas() + 1, today.kafka()).toString(),
        new DataFormat(today.layout(), today.schemas(), today.kafka() + 1).toString(),
        "2",
        "1.1",
        "x",
        "")) {
      Files.writeString(path.resolve("format"), later);
      assertThatThrownBy(() -> DataFolder.open(path))
          .isInstanceOf(Fault.class)
          .hasMessageContaining("later Sidewire")
          .hasMessageContaining("--data");
      assertThat(path.resolve("format")).hasContent(later);
    }
    Files.writeString(path.resolve("format"), "1.1.1"); // of an earlier one
    DataFolder.open(path).close(); // nothing held it
  }

  @Test
  void isReadableByItsOwnerAlone() throws Exception {
    try (var folder = DataFolder.open(temp.resolve("a/b"))) {
      assertThat(mode(folder.root())).isEqualTo("rwx------");
      new RunFile(1, "u", "c", "k", "v").write(folder.root());
      assertThat(mode(folder.root().resolve("run.json"))).isEqualTo("rw-------");
    }
  }

  @Test
  void aTemporaryOneIsGoneAfterwards() throws Exception {
    Path root;
    try (var folder = DataFolder.temporary()) {
      root = folder.root();
      Files.createDirectories(folder.broker().resolve("deep"));
      Files.writeString(folder.broker().resolve("deep/file"), "x");
    }
    assertThat(root).doesNotExist();
  }

  @Test
  void oneThatCannotBeWrittenNamesTheOption() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "x");
    assertThatThrownBy(() -> DataFolder.open(file.resolve("below")))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("--data");
  }

  @Test
  void aRunFileOfADeadProcessIsNobody() {
    new RunFile(Integer.MAX_VALUE, "u", "c", "k", "v").write(temp);
    assertThat(RunFile.read(temp)).isEmpty();
    var run = new RunFile(ProcessHandle.current().pid(), "u", "c", "k", "v");
    run.write(temp);
    assertThat(RunFile.read(temp)).contains(run);
    RunFile.delete(temp);
    assertThat(RunFile.read(temp)).isEmpty();
  }

  @Test
  void theDefaultFollowsTheEnvironment() {
    assertThat(DataFolder.defaultPath(Map.of("SIDEWIRE_DATA", "/x"))).isEqualTo(Path.of("/x"));
    assertThat(DataFolder.defaultPath(Map.of("XDG_DATA_HOME", "/y")))
        .isEqualTo(Path.of("/y/sidewire"));
    assertThat(DataFolder.defaultPath(Map.of()))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".local/share/sidewire"));
  }

  private static String mode(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
