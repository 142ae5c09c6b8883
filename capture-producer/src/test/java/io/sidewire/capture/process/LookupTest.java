package io.sidewire.capture.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The lookup beside, asked over its socket. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LookupTest {
  private static final Path PROC = Path.of("/proc");
  private static final int SELF = (int) ProcessHandle.current().pid();

  @TempDir
  Path folder;

  @Test
  void tellsWhoseSocketsTheyAreAndIsFoundAgainAfterItDied() throws Exception {
    Path socket = folder.resolve("socket");
    var lost = new AtomicInteger();
    Process first = lookup(socket);
    try (var server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        var client = new Socket(server.getInetAddress(), server.getLocalPort());
        var accepted = server.accept();
        var lookup = ProcessLookup.in(folder.resolve("no-proc"), socket, lost::incrementAndGet)) {
      SocketPair pair = SocketPair.of(
          "tcp", "127.0.0.1", client.getLocalPort(), "127.0.0.1", server.getLocalPort());
      // Its file is there a moment before it listens.
      await()
          .untilAsserted(() -> assertThat(found(lookup, pair).client())
              .isNotNull()
              .returns(SELF, LocalProcess::pid));
      assertThat(lookup.settings())
          .containsEntry("rights", Rights.ofThisProcess().text());

      first.destroyForcibly().waitFor();
      assertThat(found(lookup, pair).client()).as("nobody there, and no /proc").isNull();
      assertThat(lost).hasValue(1);

      Process second = lookup(socket);
      try {
        await().untilAsserted(() -> assertThat(found(lookup, pair).server()).isNotNull());
        assertThat(accepted.isConnected()).isTrue();
      } finally {
        second.destroyForcibly().waitFor();
      }
    } finally {
      first.destroyForcibly().waitFor();
    }
  }

  @Test
  void hangsUpOnWhoeverAsksForSomethingElseAndServesTheNext() throws Exception {
    Path socket = folder.resolve("socket");
    try (ServerSocketChannel server = LookupMain.listen(socket)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rw-rw----");
      var thread = new Thread(() -> {
        try {
          LookupMain.serve(server, PROC);
        } catch (IOException closed) {
          // By the end of the test.
        }
      });
      thread.start();
      for (byte[] odd : List.of(
          new byte[] {-1, -1}, "GET / HTTP/1.1\r\n\r\n".getBytes(), new byte[] {0, 1, 0, 5, 1, 2
          })) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
          channel.connect(UnixDomainSocketAddress.of(socket));
          channel.write(ByteBuffer.wrap(odd));
          channel.shutdownOutput();
          InputStream in = Channels.newInputStream(channel);
          assertThat(in.readAllBytes()).isEmpty();
        } catch (IOException reset) {
          // Hung up before all was read.
        }
      }
      try (var search = new AskedSearch(socket, new ProcSearch(folder, folder), () -> {})) {
        var wanted = new Wanted(SocketPair.of("udp", "::1", 1, "10.9.8.7", 2), true, false);
        assertThat(search.find(List.of(wanted))).containsExactly(Owners.NONE);
        assertThat(search.sees()).isEqualTo(Rights.ofThisProcess());
      }
    }
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    var owners = List.of(
        new Owners(new LocalProcess(7, "/usr/bin/node", "a".repeat(64)), null),
        new Owners(null, new LocalProcess(null, null, "b".repeat(64))));
    var wanted = List.of(
        new Wanted(SocketPair.of("udp", "::1", 1, "10.9.8.7", 65_535), true, false),
        new Wanted(SocketPair.of("tcp", "10.0.0.1", 0, "::2", 2), false, true));
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    LookupWire.ask(out, wanted);
    LookupWire.answer(out, Rights.CONTAINERS, owners);
    var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    assertThat(LookupWire.question(in)).isEqualTo(wanted);
    assertThat(LookupWire.answer(in, 2))
        .isEqualTo(new LookupWire.Answer(Rights.CONTAINERS, owners));
  }

  @Test
  void saysHowItIsUsed() {
    assertThat(LookupMain.run(List.of("--help"))).isZero();
    assertThat(LookupMain.run(List.of())).isEqualTo(2);
    assertThat(LookupMain.run(List.of(folder.resolve("none/socket").toString())))
        .isEqualTo(1);
  }

  private static ProcessTicket found(ProcessLookup lookup, SocketPair pair) {
    ProcessTicket ticket = lookup.find(pair);
    await().until(ticket::isDone);
    return ticket;
  }

  /** A lookup in a process of its own, once it listens. */
  private static Process lookup(Path socket) throws IOException {
    Files.deleteIfExists(socket);
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            Path.of("target/classes").toAbsolutePath().toString(),
            LookupMain.class.getName(),
            socket.toString())
        .inheritIO()
        .start();
    await().until(() -> Files.exists(socket));
    return process;
  }
}
