package io.sidewire.capture.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ProcessLookupTest {
  private static final int SELF = (int) ProcessHandle.current().pid();
  private static final String HEADER =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

  @TempDir
  Path proc;

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void bothEndsOfALocalConnectionAreFound(String address) throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getByName(address));
        var client = new Socket(server.getInetAddress(), server.getLocalPort());
        var accepted = server.accept();
        var lookup = ProcessLookup.in(Path.of("/proc"))) {
      ProcessTicket ticket = lookup.find(
          SocketPair.of("tcp", address, client.getLocalPort(), address, server.getLocalPort()));
      await().until(ticket::isDone);
      assertThat(ticket.client().pid()).isEqualTo(SELF);
      assertThat(ticket.server().pid()).isEqualTo(SELF);
      assertThat(ticket.client().executable()).endsWith("java");
    }
  }

  @Test
  void aClientOfAnIpv4AddressOnASocketForBothFamiliesIsFound() throws Exception {
    // Java's sockets are for both families, so the connection stands in tcp6 with mapped addresses.
    try (var server = new ServerSocket(0);
        var client = new Socket(InetAddress.getByName("127.0.0.1"), server.getLocalPort());
        var lookup = ProcessLookup.in(Path.of("/proc"))) {
      ProcessTicket ticket = lookup.find(SocketPair.of(
          "tcp", "127.0.0.1", client.getLocalPort(), "127.0.0.1", server.getLocalPort()));
      await().until(ticket::isDone);
      assertThat(ticket.client().pid()).isEqualTo(SELF);
      assertThat(ticket.server().pid()).as("not accepted yet: the listener's").isEqualTo(SELF);
    }
  }

  @Test
  void anUnconnectedUdpSocketIsFound() throws Exception {
    try (var socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        var lookup = ProcessLookup.in(Path.of("/proc"))) {
      ProcessTicket ticket =
          lookup.find(SocketPair.of("udp", "127.0.0.1", socket.getLocalPort(), "10.9.8.7", 53));
      await().until(ticket::isDone);
      assertThat(ticket.client().pid()).isEqualTo(SELF);
      assertThat(ticket.server()).isNull();
    }
  }

  @Test
  void aFlowOfOthersHasNone() {
    try (var lookup = ProcessLookup.in(Path.of("/proc"))) {
      ProcessTicket ticket = lookup.find(SocketPair.of("tcp", "10.9.8.7", 1, "10.9.8.6", 2));
      await().until(ticket::isDone);
      assertThat(ticket.client()).isNull();
      assertThat(ticket.server()).isNull();
    }
  }

  @Test
  void aLocalListenerIsNotTheServerOfAnotherHost() throws Exception {
    try (var server = new ServerSocket(0);
        var lookup = ProcessLookup.in(Path.of("/proc"))) {
      ProcessTicket ticket =
          lookup.find(SocketPair.of("tcp", "10.9.8.7", 1, "10.9.8.6", server.getLocalPort()));
      await().until(ticket::isDone);
      assertThat(ticket.server()).isNull();
    }
  }

  @Test
  void aContainersSocketIsFoundInItsNamespaceWithItsContainer() throws IOException {
    String container = "f".repeat(64);
    processFolder(7, "net:[1]");
    Files.writeString(proc.resolve("1/net/tcp"), HEADER);
    Path inner = processFolder(42, "net:[2]");
    Files.writeString(
        inner.resolve("net/tcp"),
        HEADER + "   0: 0200A8C0:9C40 08080808:01BB 01 00000000:00000000 00:00000000 00000000"
            + "  1000        0 555 1 0000 100 0 0 10 0\n");
    Files.createSymbolicLink(inner.resolve("exe"), proc.resolve("node"));
    Files.createDirectories(inner.resolve("fd"));
    Files.createSymbolicLink(inner.resolve("fd/3"), Path.of("socket:[555]"));
    Files.createSymbolicLink(inner.resolve("fd/4"), Path.of("pipe:[556]"));
    Files.writeString(inner.resolve("cgroup"), "0::/system.slice/docker-" + container + ".scope\n");
    try (var lookup = ProcessLookup.in(proc)) {
      ProcessTicket ticket =
          lookup.find(SocketPair.of("tcp", "192.168.0.2", 40_000, "8.8.8.8", 443));
      await().until(ticket::isDone);
      assertThat(ticket.client())
          .isEqualTo(new LocalProcess(42, proc.resolve("node").toString(), container));
      assertThat(lookup.settings()).containsOnlyKeys("processes", "rights");
    }
  }

  @Test
  void whereFilesMayNotBeListedTheContainerOfTheNamespaceIsKnown() throws IOException {
    String container = "e".repeat(64);
    String line = "   0: 0300A8C0:9C40 08080808:01BB 01 00000000:00000000 00:00000000 00000000"
        + "  1000        0 777 1 0000 100 0 0 10 0\n";
    Files.writeString(Files.createDirectories(proc.resolve("1/net")).resolve("tcp"), HEADER);
    Path inner = Files.createDirectories(proc.resolve("43/net")).getParent();
    Files.writeString(inner.resolve("net/tcp"), HEADER + line);
    Files.writeString(inner.resolve("cgroup"), "0::/kubepods/cri-" + container + ".scope\n");
    // What only holds a pod's namespaces is not whose traffic it is.
    Path pause = Files.createDirectories(proc.resolve("42/net")).getParent();
    Files.createLink(pause.resolve("net/tcp"), inner.resolve("net/tcp"));
    Files.writeString(pause.resolve("cgroup"), "0::/kubepods/cri-" + "d".repeat(64) + ".scope\n");
    Files.writeString(pause.resolve("comm"), "pause\n");
    var flow =
        new Wanted(SocketPair.of("tcp", "192.168.0.3", 40_000, "8.8.8.8", 443), false, false);
    assertThat(new ProcSearch(proc, proc.resolve("1")).find(List.of(flow)))
        .containsExactly(new Owners(new LocalProcess(null, null, container), null));

    Path second = Files.createDirectories(proc.resolve("44/net")).getParent();
    Files.createLink(second.resolve("net/tcp"), inner.resolve("net/tcp"));
    Files.writeString(second.resolve("cgroup"), "0::/kubepods/cri-" + "c".repeat(64) + ".scope\n");
    assertThat(new ProcSearch(proc, proc.resolve("1")).find(List.of(flow)))
        .as("two containers in one namespace: either")
        .containsExactly(Owners.NONE);
  }

  @Test
  void whereThePathMayNotBeReadTheKernelsNameStands() throws IOException {
    Path folder = processFolder(9, "net:[1]");
    Files.writeString(folder.resolve("comm"), "agent\n");
    Files.createDirectories(folder.resolve("fd"));
    Files.createSymbolicLink(folder.resolve("fd/3"), Path.of("socket:[9]"));
    assertThat(new SocketOwners(proc).find(Set.of(9L, 10L)))
        .isEqualTo(Map.of(9L, new LocalProcess(9, "agent", null)));
  }

  @Test
  void withoutProcNothingIsLookedFor() {
    try (var lookup = ProcessLookup.in(proc.resolve("none"))) {
      assertThat(
              lookup.find(SocketPair.of("tcp", "127.0.0.1", 1, "127.0.0.1", 2)).isDone())
          .isTrue();
      assertThat(lookup.settings()).containsEntry("processes", "off");
    }
  }

  @Test
  void pairsAreWrittenAsTheKernelDoes() {
    SocketPair pair = SocketPair.of("tcp", "127.0.0.1", 0xD431, "127.0.0.1", 8080);
    assertThat(pair.keys(false, false, true)).containsExactly("0100007F:D431 0100007F:1F90");
    assertThat(pair.keys(true, false, true))
        .containsExactly(
            "0100007F:1F90 0100007F:D431",
            "0100007F:1F90 00000000:0000",
            "00000000:1F90 00000000:0000");
    assertThat(pair.keys(false, true, true))
        .containsExactly(
            "0000000000000000FFFF00000100007F:D431 0000000000000000FFFF00000100007F:1F90");
    assertThat(SocketPair.of("tcp", "::1", 1, "::1", 2).keys(false, false, true))
        .isEmpty();
    assertThat(SocketPair.of("icmp", "127.0.0.1", -1, "127.0.0.1", -1)).isNull();
    assertThat(SocketPair.of("tcp", "some.name.invalid", 1, "127.0.0.1", 2)).isNull();
  }

  @Test
  void oddLinesOfATableAreSkipped() throws IOException {
    Path net = Files.createDirectories(proc.resolve("net"));
    Files.writeString(
        net.resolve("tcp"),
        HEADER + "\n garbage\n   0: 0100007F:1F90 00000000:0000 0A\n"
            + "   1: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 1000 0 x 1\n"
            + "   2: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000"
            + "        0 77 1");
    assertThat(SocketTables.find(
            net, Map.of("tcp", List.of("0100007F:1F90 00000000:0000"), "udp", List.of("x"))))
        .isEqualTo(Map.of("tcp 0100007F:1F90 00000000:0000", 77L));
  }

  private Path processFolder(int pid, String namespace) throws IOException {
    for (int each : new int[] {1, pid}) {
      Path folder = Files.createDirectories(proc.resolve("" + each + "/ns"));
      Files.createDirectories(proc.resolve(each + "/net"));
      if (!Files.isSymbolicLink(folder.resolve("net"))) {
        Files.createSymbolicLink(folder.resolve("net"), Path.of(each == 1 ? "net:[1]" : namespace));
      }
    }
    return proc.resolve("" + pid);
  }
}
