package io.sidewire.capture.save;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sidewire.capture.BpfChoice;
import io.sidewire.capture.CaptureException;
import io.sidewire.capture.file.CaptureFileReader;
import io.sidewire.capture.save.FlowChoice.End;
import io.sidewire.capture.save.FlowChoice.Part;
import io.sidewire.testkit.TcpScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ran is saved out of the ring, masked, and the ring keeps no more than it may. */
class RingTest {
  private static final int ETHERNET = 1;
  private static final long EVER = Long.MAX_VALUE / 2;
  private static final String SECRET = "hunter2-hunter2";
  private static final String POST = "POST /v1/messages HTTP/1.1\r\nHost: h\r\nX-Api-Key: " + SECRET
      + "\r\nContent-Length: 0\r\n\r\n";

  @TempDir
  Path folder;

  private final long[] counted = new long[2];

  @Test
  void aCallIsSavedWithItsHandshakeAndWithoutItsNeighbours() throws Exception {
    TcpScript script = script(40_000).client(POST).client(POST).close();
    keep(script);
    long second = script.segments().get(4).timeMicros();
    Path out = folder.resolve("out.pcapng");
    var contents = Ring.copy(ring(), call(40_000, second, second), out);

    assertThat(contents.packets()).isEqualTo(script.size());
    assertThat(packets(out)).isEqualTo(contents.taken()).isLessThan(script.size());
    assertThat(bytes(out)).containsOnlyOnce("POST /v1/messages").doesNotContain("hunter");
    assertThat(Files.getPosixFilePermissions(out))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void theWholeConnectionIsSavedAndNoOther() throws Exception {
    TcpScript one = script(40_000).client(POST).close();
    TcpScript other = script(40_001).client(POST).client(POST).close();
    keep(one, other);
    Path out = folder.resolve("out.pcapng");
    assertThat(Ring.copy(ring(), call(40_000, 0, EVER), out).taken()).isEqualTo(one.size());
    assertThat(Ring.copy(ring(), call(End.ANY_PORT, 0, EVER), folder.resolve("any.pcapng"))
            .taken())
        .isEqualTo(one.size() + other.size());
    assertThatThrownBy(() -> Ring.copy(ring(), call(40_000, 0, EVER), out))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void aFilterSavesWhatItTakes() throws Exception {
    TcpScript one = script(40_000).client(POST);
    keep(one, script(40_001).client(POST));
    try (var choice = new BpfChoice("tcp port 40000")) {
      assertThat(Ring.copy(ring(), choice, folder.resolve("out.pcapng")).taken())
          .isEqualTo(one.size());
    }
    assertThatThrownBy(() -> new BpfChoice("tcp prt 1"))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("tcp prt 1")
        .hasMessageContaining("man pcap-filter");
  }

  @Test
  void whatIsNotThereMakesNoFile() throws Exception {
    keep(script(40_000).client(POST));
    Path out = folder.resolve("out.pcapng");
    var contents = Ring.copy(ring(), call(1, 0, EVER), out);
    assertThat(contents.taken()).isZero();
    assertThat(contents.oldest()).isPositive().isLessThan(contents.newest());
    assertThat(out).doesNotExist();
  }

  @Test
  void theZeroedPartsOfWhatIsSavedAreListedBesideIt() throws Exception {
    String unknown = "\u0001\u0002 neither HTTP nor anything else that is known ".repeat(4);
    keep(script(40_000).client(unknown), script(40_001).client(unknown));
    Path out = folder.resolve("out.pcapng");
    Ring.copy(ring(), call(40_000, 0, EVER), out);
    assertThat(Files.readAllLines(SaveFolder.listOf(out)))
        .isNotEmpty()
        .allMatch(line -> line.contains("40000") && line.contains("\"zeroed\""));
  }

  @Test
  void theOldestGoesByBytesAndByAge() throws Exception {
    long most = 16 << 10;
    var saver =
        FrameSaver.start(Ring.settings(ring(), most, Duration.ofMinutes(15)), false, counts());
    TcpScript script = script(40_000);
    for (int i = 0; i < 400; i++) {
      script.client(POST);
    }
    offer(saver, script);
    saver.close();
    long left = 0;
    for (Path file : SaveFolder.files(ring())) {
      left += Files.size(file);
    }
    assertThat(left).isBetween(most / 2, most);
    assertThat(counted[0]).isEqualTo(script.size());

    Path oldest = SaveFolder.files(ring()).get(0);
    Files.setLastModifiedTime(oldest, FileTime.from(Instant.now().minusSeconds(901)));
    int before = SaveFolder.files(ring()).size();
    try (var files = new SavedFiles(Ring.settings(ring(), most, Duration.ofMinutes(15)))) {
      files.expire();
    }
    assertThat(SaveFolder.files(ring())).hasSize(before - 1).doesNotContain(oldest);
  }

  @Test
  void anEmptiedRingIsGoneButNotTheFilesOfOthers() throws Exception {
    keep(script(40_000).client(POST));
    Path other = Files.writeString(ring().resolve("notes.txt"), "mine");
    Ring.clear(ring());
    assertThat(ring()).isDirectoryContaining(file -> file.equals(other));
    assertThat(SaveFolder.files(ring())).isEmpty();
    Files.delete(other);
    Ring.clear(ring());
    assertThat(ring()).doesNotExist();
    Ring.clear(ring());
  }

  @Test
  void anAddressIsNeverLookedUp() {
    assertThatThrownBy(() -> End.of("example.org", 1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(End.of("::1", 1).address()).hasSize(16);
  }

  // ------------------------------------------------------------------ helpers

  private Path ring() {
    return folder.resolve("ring");
  }

  private static FlowChoice call(int port, long start, long end) {
    return new FlowChoice(
        List.of(new Part(End.of("10.0.0.1", port), End.of("10.0.1.9", 8000), start, end)));
  }

  private static TcpScript script(int port) {
    return TcpScript.between("10.0.0.1", port, "10.0.1.9", 8000).connect();
  }

  private void keep(TcpScript... scripts) throws Exception {
    var settings = Ring.settings(ring(), 1 << 20, Duration.ofMinutes(15));
    try (var saver = FrameSaver.start(settings, false, counts())) {
      for (TcpScript script : scripts) {
        offer(saver, script);
      }
    }
  }

  private static void offer(FrameSaver saver, TcpScript script) throws InterruptedException {
    saver.offer(script.segments().stream()
        .map(s -> new FrameSaver.Frame(ETHERNET, s.frame().clone(), s.wireLength(), s.timeMicros()))
        .toList());
  }

  private FrameSaver.Counts counts() {
    return new FrameSaver.Counts() {
      @Override
      public void saved(long packets) {
        counted[0] += packets;
      }

      @Override
      public void dropped(long packets) {
        counted[1] += packets;
      }
    };
  }

  private static long packets(Path file) throws IOException {
    try (var reader = CaptureFileReader.open(file)) {
      while (reader.next()) {
        // Counted by the reader.
      }
      assertThat(reader.problem()).isNull();
      return reader.packets();
    }
  }

  private static String bytes(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
