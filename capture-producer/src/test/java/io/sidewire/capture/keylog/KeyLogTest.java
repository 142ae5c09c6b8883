package io.sidewire.capture.keylog;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sidewire.capture.CaptureException;
import io.sidewire.wire.tls.decrypt.TlsSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyLogTest {
  @TempDir
  Path folder;

  private static String random(int number) {
    return String.format("%064x", number);
  }

  private static String master(int number) {
    return "CLIENT_RANDOM " + random(number) + " " + String.format("%096x", 1000 + number) + "\n";
  }

  private static TlsSecrets secrets(KeyLog log, int number) {
    return log.keys().secrets(HexFormat.of().parseHex(random(number)));
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, US_ASCII, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Test
  void readsEveryLabelAndSkipsWhatIsNone() throws IOException {
    Path file = folder.resolve("keys");
    String secret = " " + "ab".repeat(32) + "\n";
    append(
        file,
        "# SSL/TLS secrets log file\n"
            + "CLIENT_TRAFFIC_SECRET_0 " + random(1) + secret
            + "SERVER_TRAFFIC_SECRET_0 " + random(1).toUpperCase() + secret.toUpperCase()
            + "EXPORTER_SECRET " + random(1) + secret
            + "\r\n"
            + "CLIENT_RANDOM " + random(2) + " abc\n"
            + "CLIENT_RANDOM zz zz\n"
            + "x".repeat(2000) + "\n"
            + "\u0000\u0001\n"
            + master(3).strip());
    try (KeyLog log = KeyLog.read(List.of(file), List.of())) {
      assertThat(secrets(log, 1).sufficient(true)).isTrue();
      assertThat(secrets(log, 1).sufficient(false)).isFalse();
      assertThat(secrets(log, 2)).isNull();
      assertThat(secrets(log, 3).sufficient(false)).isTrue();
      assertThat(log.connections()).isEqualTo(2);
      assertThat(log.unreadableLines()).isEqualTo(4);
      assertThat(log.keys().complete()).isTrue();
    }
  }

  @Test
  void readsAFolder() throws IOException {
    append(folder.resolve("a"), master(1));
    append(folder.resolve("b"), master(2));
    Files.createDirectory(folder.resolve("c"));
    try (KeyLog log = KeyLog.read(List.of(folder), List.of())) {
      assertThat(log.connections()).isEqualTo(2);
    }
  }

  @Test
  void aKeyLogThatIsNotThereIsAFault() {
    assertThatThrownBy(() -> KeyLog.read(List.of(folder.resolve("none")), List.of()))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("none");
  }

  @Test
  void followsAFileThatComesGrowsIsCutAndIsReplaced() throws IOException {
    Path file = folder.resolve("keys");
    try (KeyLog log = KeyLog.follow(List.of(file))) {
      assertThat(log.keys().complete()).isFalse();
      append(file, master(1) + master(2).substring(0, 50));
      awaitSecrets(log, 1);
      assertThat(secrets(log, 2)).isNull();
      append(file, master(2).substring(50));
      awaitSecrets(log, 2);
      Files.writeString(file, "#\n" + master(3)); // truncated and written anew
      awaitSecrets(log, 3);
      Path other = folder.resolve("new");
      append(other, master(4) + master(5) + master(6));
      append(file, master(7));
      Files.move(file, folder.resolve("keys.1"), StandardCopyOption.REPLACE_EXISTING);
      Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
      awaitSecrets(log, 6);
      awaitSecrets(log, 7);
    }
  }

  @Test
  void followsAFolder() throws IOException {
    try (KeyLog log = KeyLog.follow(List.of(folder))) {
      append(folder.resolve("a"), master(1));
      awaitSecrets(log, 1);
      append(folder.resolve("b"), master(2));
      append(folder.resolve("a"), master(3));
      awaitSecrets(log, 2);
      awaitSecrets(log, 3);
    }
  }

  private static void awaitSecrets(KeyLog log, int number) {
    await().until(() -> secrets(log, number) != null);
  }
}
