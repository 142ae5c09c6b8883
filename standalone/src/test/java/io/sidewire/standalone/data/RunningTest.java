package io.sidewire.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sidewire.standalone.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningTest {
  @TempDir
  Path temporary;

  private Path byDefault;

  @BeforeEach
  void folders() throws IOException {
    byDefault = Files.createDirectory(temporary.resolve("default"));
  }

  @Test
  void theOneOnTheDefaultDataComesFirst() throws IOException {
    runs(byDefault, "a");
    runs(Files.createDirectory(temporary.resolve("sidewire-1")), "b");
    assertThat(find(null).url()).isEqualTo("a");
  }

  @Test
  void theOnlyOneOnTemporaryDataIsFoundToo() throws IOException {
    Files.createDirectory(temporary.resolve("sidewire-empty"));
    runs(Files.createDirectory(temporary.resolve("sidewire-1")), "b");
    runs(Files.createDirectory(temporary.resolve("else")), "c");
    assertThat(find(null).url()).isEqualTo("b");
  }

  @Test
  void ofSeveralOnTemporaryDataOneIsToBeNamed() throws IOException {
    runs(Files.createDirectory(temporary.resolve("sidewire-1")), "b");
    runs(Files.createDirectory(temporary.resolve("sidewire-2")), "c");
    assertThatThrownBy(() -> find(null))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("--data")
        .hasMessageContaining("sidewire-1")
        .hasMessageContaining("sidewire-2");
    assertThat(find(temporary.resolve("sidewire-2")).url()).isEqualTo("c");
  }

  @Test
  void whereDataAreNamedNoOtherIsTaken() throws IOException {
    runs(Files.createDirectory(temporary.resolve("sidewire-1")), "b");
    assertThatThrownBy(() -> find(byDefault))
        .hasMessageContaining("No Sidewire runs on the data in " + byDefault)
        .hasMessageContaining("./sidewire up")
        .hasMessageContaining("--url");
  }

  private RunFile find(Path named) {
    return Running.find(named, byDefault, temporary, "--url");
  }

  private static void runs(Path folder, String url) {
    new RunFile(ProcessHandle.current().pid(), url, "lo", "127.0.0.1:1", "1").write(folder);
  }
}
