package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentKeyTest {
  @TempDir
  Path folder;

  @Test
  void aNewKeyIsItsOwnersAlone() throws IOException {
    Path file = folder.resolve("key");
    DeploymentKey.create(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file)).matches("[0-9a-f]{64}\n");
    assertThatThrownBy(() -> DeploymentKey.create(file))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void theSameFileIsTheSameKey() {
    Path file = folder.resolve("key");
    String id = DeploymentKey.readOrCreate(file).keyId();
    assertThat(DeploymentKey.readOrCreate(file).keyId()).isEqualTo(id);
    assertThat(DeploymentKey.read(file).keyId()).isEqualTo(id);
    assertThat(DeploymentKey.ephemeral().keyId()).isNotEqualTo(id);
  }

  @Test
  void whatIsWrongNamesTheFixAndNotTheContent() throws IOException {
    assertThatThrownBy(() -> DeploymentKey.read(folder.resolve("none")))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("./sidewire key new");
    Path file = Files.writeString(folder.resolve("bad"), "my secret passphrase");
    assertThatThrownBy(() -> DeploymentKey.read(file))
        .hasMessageContaining("64 hex digits")
        .message()
        .doesNotContain("passphrase");
    Path small = Files.writeString(folder.resolve("short"), "00ff");
    assertThatThrownBy(() -> DeploymentKey.read(small)).hasMessageContaining("64 hex digits");
    assertThatThrownBy(() -> DeploymentKey.readOrCreate(folder.resolve("no/such/folder/key")))
        .hasMessageContaining("cannot be made");
  }
}
