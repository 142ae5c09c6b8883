package io.sidewire.standalone.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ListenersTest {

  @Test
  @EnabledOnOs(OS.LINUX)
  void findsThisProcess() throws Exception {
    var listeners = new Listeners(Path.of("/proc"));
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
      assertThat(listeners.holder(port))
          .get()
          .extracting(Listeners.Holder::pid)
          .isEqualTo(ProcessHandle.current().pid());
      assertThat(listeners.holder(port)).get().asString().contains("java");
    }
    assertThat(listeners.isListening(port)).isFalse();
    assertThat(listeners.holder(port)).isEmpty();
  }

  @Test
  void readsBothTablesAndListeningSocketsAlone(@TempDir Path proc) throws Exception {
    Files.createDirectories(proc.resolve("net"));
    String head =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    Files.writeString(
        proc.resolve("net/tcp"),
        head
            + "   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0\n"
            + "   1: 0100007F:1F41 0100007F:1F40 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0\n");
    Files.writeString(
        proc.resolve("net/tcp6"),
        head
            + "   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 99 1\n");
    Files.createDirectories(proc.resolve("77/fd"));
    Files.writeString(proc.resolve("77/comm"), "uvicorn\n");
    Files.createSymbolicLink(proc.resolve("77/fd/3"), Path.of("socket:[4711]"));
    var listeners = new Listeners(proc);
    assertThat(listeners.ports()).containsOnlyKeys(8000, 8080);
    assertThat(listeners.holder(8000)).contains(new Listeners.Holder(77, "uvicorn"));
    assertThat(listeners.holder(8080)).isEmpty();
  }

  @Test
  void knowsNothingWhereThereIsNoProc(@TempDir Path nowhere) {
    assertThat(new Listeners(nowhere).ports()).isEmpty();
  }
}
