package io.sidewire.capture.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sidewire.capture.Rights;
import io.sidewire.capture.process.SocketSearch.End;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LookupApartTest {
  private static final long SELF = ProcessHandle.current().pid();

  @TempDir
  Path folder;

  private Process apart;

  @AfterEach
  void endIt() throws InterruptedException {
    if (apart != null) {
      apart.destroyForcibly().waitFor();
    }
  }

  @Test
  void aProcessBesideTheCaptureSaysWhoseSocketsTheyAreAndIsFoundAgainAfterItDied()
      throws Exception {
    Path socket = folder.resolve("lookup");
    try (var server = new ServerSocket(0);
        var client = new Socket("127.0.0.1", server.getLocalPort());
        // The capture itself sees nothing: no /proc.
        var lookup = ProcessLookup.by(socket, folder.resolve("none"))) {
      assertThat(lookup.settings()).containsEntry("processLookup", "away");
      SocketPair pair = SocketPair.of(
          "tcp", "127.0.0.1", client.getLocalPort(), "127.0.0.1", server.getLocalPort());

      start(socket);
      await().untilAsserted(() -> assertThat(pidOf(lookup, pair)).isEqualTo(SELF));
      assertThat(lookup.settings())
          .containsEntry("processLookup", "apart")
          .containsEntry("rights", "processes")
          .doesNotContainKey("processLookupLosses");

      apart.destroyForcibly().waitFor();
      assertThat(pidOf(lookup, pair)).isNull();
      assertThat(lookup.settings())
          .containsEntry("processLookup", "away")
          .containsEntry("processLookupLosses", "1");

      start(socket);
      await().untilAsserted(() -> assertThat(pidOf(lookup, pair)).isEqualTo(SELF));
    }
  }

  @Test
  void itsSocketIsItsOwnersAloneAndNonsenseDoesNotEndIt() throws Exception {
    Path socket = folder.resolve("lookup");
    start(socket);
    assertThat(Files.getPosixFilePermissions(socket))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    for (int[] nonsense : new int[][] {{0x7f, -1, -1, -1}, {0, 0, 0, 1, 0, 99}, {-1, -1, -1, -1}}) {
      try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        var bytes = ByteBuffer.allocate(nonsense.length);
        Arrays.stream(nonsense).forEach(b -> bytes.put((byte) b));
        channel.write(bytes.flip());
        assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      }
    }
    assertThat(apart.isAlive()).isTrue();
  }

  @Test
  void itEndsWithTheProcessThatItIsFor() throws Exception {
    Process other = new ProcessBuilder("cat").start();
    start(folder.resolve("lookup"), "/proc", Long.toString(other.pid()));
    other.destroyForcibly().waitFor();
    assertThat(apart.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void wrongUseIsRefused() throws IOException {
    var said = new ByteArrayOutputStream();
    assertThat(LookupMain.run(new String[0], new PrintStream(said))).isEqualTo(2);
    assertThat(LookupMain.run(
            new String[] {folder.resolve("no/such/folder").toString()}, new PrintStream(said)))
        .isEqualTo(1);
    assertThat(said.toString()).contains("Usage:").contains("in a folder that this user alone");
  }

  @Test
  void whatIsSaidComesAcross() throws IOException {
    var pair = SocketPair.of("udp", "fe80::1", 65_535, "::1", 53);
    var ends = List.of(new End(pair, true, false), new End(pair, false, true));
    var bytes = new ByteArrayOutputStream();
    LookupWire.writeQuestion(new DataOutputStream(bytes), ends);
    assertThat(LookupWire.readQuestion(in(bytes))).isEqualTo(ends);

    var found =
        Arrays.asList(null, new LocalProcess(7, "/bin/é", null), new LocalProcess(8, null, "c"));
    bytes.reset();
    LookupWire.writeAnswer(new DataOutputStream(bytes), found);
    assertThat(LookupWire.readAnswer(in(bytes), 3)).isEqualTo(found);
  }

  @Test
  void aContainerIsToldByItsOwnTablesAlone() throws IOException {
    String line = "   0: 0200A8C0:9C40 08080808:01BB 01 00000000:00000000 00:00000000 00000000"
        + "  1000        0 %d 1 0000 100 0 0 10 0\n";
    String header = "  sl  local_address rem_address   st …\n";
    processFolder(1, header, null);
    processFolder(40, header + line.formatted(5), "a".repeat(64));
    processFolder(41, header + line.formatted(5), "a".repeat(64));
    processFolder(50, header, "b".repeat(64));
    SocketPair pair = SocketPair.of("tcp", "192.168.0.2", 40_000, "8.8.8.8", 443);
    var ends = List.of(End.of(pair, false, Set.of()));

    assertThat(containerOf(ends)).isEqualTo(new LocalProcess(null, null, "a".repeat(64)));
    processFolder(50, header + line.formatted(6), "b".repeat(64));
    assertThat(containerOf(ends)).as("in two containers").isNull();
    processFolder(50, header, "b".repeat(64));
    processFolder(1, header + line.formatted(5), null);
    assertThat(containerOf(ends)).as("the host's own").isNull();
  }

  @Test
  void levelsAreNamed() {
    assertThat(Rights.values())
        .containsExactly(Rights.PACKETS, Rights.CONTAINERS, Rights.PROCESSES);
    assertThat(ContainerTables.visible(folder)).isFalse();
  }

  private LocalProcess containerOf(List<End> ends) {
    var found = Arrays.asList((LocalProcess) null);
    new ContainerTables(folder, folder.resolve("1/net")).fill(ends, found);
    return found.get(0);
  }

  private void processFolder(int pid, String table, String container) throws IOException {
    Path process = folder.resolve(Integer.toString(pid));
    Files.createDirectories(process.resolve("net"));
    Files.writeString(process.resolve("net/tcp"), table);
    Files.writeString(
        process.resolve("cgroup"),
        container == null ? "0::/\n" : "0::/docker-" + container + ".scope\n");
  }

  private void start(Path socket, String... further) throws Exception {
    var command = new ArrayList<>(List.of(
        ProcessHandle.current().info().command().orElseThrow(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        LookupMain.class.getName(),
        socket.toString()));
    command.addAll(List.of(further));
    apart = new ProcessBuilder(command).inheritIO().start();
    await().until(() -> Files.exists(socket) && answers(socket));
  }

  private static boolean answers(Path socket) {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static Long pidOf(ProcessLookup lookup, SocketPair pair) {
    ProcessTicket ticket = lookup.find(pair);
    await().until(ticket::isDone);
    return ticket.client() == null ? null : ticket.client().pid().longValue();
  }

  private static DataInputStream in(ByteArrayOutputStream bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
  }
}
