package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sidewire.capture.CaptureException.Kind;
import io.sidewire.schemas.FlowInfo;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.TlsClientHello;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Captures on this host's real loopback; what it sends there is a few bytes of its own. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LivePcapSourceTest {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

  private final CaptureCounters counters = new CaptureCounters();
  private final CollectingSink sink = new CollectingSink();

  @BeforeAll
  static void mayCapture() {
    try {
      open(Map.of("interface", "lo"), OwnTraffic.none(), new CaptureCounters()).close();
    } catch (CaptureException e) {
      System.err.println("NOT RUN: live capture tests, because " + e.getMessage());
      Assumptions.abort(e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lo", "any"})
  void aConnectionOnLoopbackIsSeenOnceWithBothDirections(String device) throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var capture =
            capture(Map.of("interface", device, "filter", "port " + server.getLocalPort()))) {
      int clientPort = exchange(server, 10);
      await().until(() -> ended(server.getLocalPort()));

      List<PacketBatch> batches = flow(clientPort, server.getLocalPort());
      FlowInfo flow = batches.get(0).getFlow();
      assertThat(flow.getServer().getPort()).isEqualTo(server.getLocalPort());
      assertThat(flow.getClientKnown()).isTrue();
      assertThat(flow.getTransport()).isEqualTo("tcp");
      long toServer = batches.stream()
          .filter(batch -> batch.getVolume() != null)
          .mapToLong(batch -> batch.getVolume().getPayloadBytesToServer())
          .sum();
      assertThat(toServer).as("bytes said to the server, each counted once").isEqualTo(50);
      assertThat(batches)
          .allMatch(batch -> batch.getTcp() == null
              || batch.getTcp().getRetransmissions() == 0 && batch.getTcp().getDuplicates() == 0);
      long wall = System.currentTimeMillis() * 1000;
      assertThat(batches.get(0).getStart()).isBetween(wall - 60_000_000, wall);
    }
    assertThat(sink.all()).noneMatch(PacketBatch::getFile);
  }

  @Test
  void processesOfBothEndsAreFound() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var capture =
            capture(Map.of("interface", "lo", "filter", "port " + server.getLocalPort()))) {
      try (var client = new Socket(server.getInetAddress(), server.getLocalPort());
          var accepted = server.accept()) {
        client.getOutputStream().write(HELLO);
        // A socket that is gone has no process: both stay open until theirs are known.
        await().until(() -> {
          accepted.getOutputStream().write(HELLO);
          return flow(0, server.getLocalPort()).stream()
              .map(PacketBatch::getFlow)
              .anyMatch(flow -> flow.getClientProcess() != null && flow.getServerProcess() != null);
        });
      }
      await().until(() -> ended(server.getLocalPort()));
      List<PacketBatch> batches = flow(0, server.getLocalPort());
      FlowInfo last = batches.get(batches.size() - 1).getFlow();
      int self = (int) ProcessHandle.current().pid();
      assertThat(last.getClientProcess().getPid()).isEqualTo(self);
      assertThat(last.getServerProcess().getPid()).isEqualTo(self);
      assertThat(last.getClientProcess().getCommand()).isEqualTo("java");
    }
  }

  @Test
  void theFilterKeepsOthersOut() throws Exception {
    try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        var wanted = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        var capture = capture(Map.of("interface", "lo", "ports", "" + wanted.getLocalPort()))) {
      for (int i = 0; i < 5; i++) {
        send(other, other.getLocalPort());
        send(other, wanted.getLocalPort());
      }
      await().until(() -> sink.packets() >= 5);
    }
    assertThat(sink.packets()).isEqualTo(5);
  }

  @Test
  void ownEndpointsAreLeftOutUnlessAskedFor() throws Exception {
    try (var broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var agent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String filter = "port " + broker.getLocalPort() + " or port " + agent.getLocalPort();
      OwnTraffic own = OwnTraffic.of(List.of("127.0.0.1:" + broker.getLocalPort()));
      try (var capture = capture(Map.of("interface", "any", "filter", filter), own)) {
        exchange(broker, 3);
        exchange(agent, 3);
        await().until(() -> ended(agent.getLocalPort()));
      }
      assertThat(flow(0, broker.getLocalPort())).isEmpty();
      assertThat(flow(0, agent.getLocalPort())).isNotEmpty();
      try (var capture =
          capture(Map.of("interface", "any", "filter", filter, "include-self", "true"), own)) {
        exchange(broker, 3);
        await().until(() -> ended(broker.getLocalPort()));
      }
      assertThat(flow(0, broker.getLocalPort())).isNotEmpty();
    }
  }

  @Test
  void anEndpointThatBecomesKnownLaterIsLeftOutFromThenOn() throws Exception {
    var brokers = java.util.concurrent.ConcurrentHashMap.<String>newKeySet();
    OwnTraffic own = OwnTraffic.none().and(() -> brokers);
    try (var source = open(Map.of("interface", "lo"), own, counters);
        var running = new Running(source, sink, counters)) {
      assertThat(source.filter()).isEmpty();
      brokers.add("127.0.0.1:9");
      await().until(() -> source.filter().equals("not (tcp and host 127.0.0.1 and port 9)"));
    }
  }

  @Test
  void aCaptureThatSeesNothingTicksByTheWallClock() throws Exception {
    try (var capture = capture(Map.of("interface", "lo", "filter", "port 1 and port 2"))) {
      await().until(() -> sink.ticks().size() >= 2);
    }
    assertThat(sink.ofFlows()).isEmpty();
    PacketBatch tick = sink.ticks().get(0);
    long wall = System.currentTimeMillis() * 1000;
    assertThat(tick.getTick().getPacketClock()).isBetween(wall - 30_000_000, wall);
    assertThat(tick.getTick().getSettings())
        .containsEntry("interface", "lo")
        .containsEntry("filter", "(port 1 and port 2)")
        .containsKey("processes");
    assertThat(sink.ticks().get(sink.ticks().size() - 1).getTick().getEndOfFile())
        .isTrue();
  }

  @Test
  void whatIsObservedIsPublishedWithoutWaitingForMorePackets() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var capture =
            capture(Map.of("interface", "lo", "filter", "port " + server.getLocalPort()))) {
      Thread hello = new Thread(() -> sayTlsHello(server));
      hello.start();
      await().until(() -> sink.observations(TlsClientHello.class).findAny().isPresent());
      hello.join();
    }
  }

  @Test
  void anUnknownInterfaceIsRefusedWithThoseThereAre() {
    assertThatThrownBy(() -> open(Map.of("interface", "lo1"), OwnTraffic.none(), counters))
        .isInstanceOfSatisfying(
            CaptureException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INTERFACE))
        .hasMessageStartingWith("no interface lo1; did you mean lo? There are: ")
        .hasMessageContaining("any");
  }

  @Test
  void aBadFilterIsRefusedInTheWordsOfLibpcap() {
    assertThatThrownBy(
            () -> open(Map.of("interface", "lo", "filter", "prt 80"), OwnTraffic.none(), counters))
        .isInstanceOfSatisfying(
            CaptureException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FILTER))
        .hasMessageContaining("\"(prt 80)\"")
        .hasMessageContaining("syntax error");
  }

  @Test
  void interfacesAreListedWithoutThoseThatCarryNoPackets() {
    assertThat(Interfaces.names()).contains("lo", "any").noneMatch(name -> name.startsWith("nf"));
  }

  private static LivePcapSource open(
      Map<String, String> settings, OwnTraffic own, CaptureCounters counters) {
    return LivePcapSource.open(CaptureConfig.of(settings), own, counters);
  }

  private Running capture(Map<String, String> settings) {
    return capture(settings, OwnTraffic.none());
  }

  private Running capture(Map<String, String> settings, OwnTraffic own) {
    return new Running(open(settings, own, counters), sink, counters);
  }

  /** A running capture, which ends in order. */
  private record Running(LivePcapSource source, CapturePipeline pipeline) implements AutoCloseable {
    Running(LivePcapSource source, CollectingSink sink, CaptureCounters counters) {
      this(source, new CapturePipeline(CaptureConfig.of(new HashMap<>()), source, sink, counters));
      pipeline.start();
    }

    @Override
    public void close() {
      source.stop();
      pipeline.await();
      pipeline.close();
      source.close();
    }
  }

  /** A client says hello some times and gets an answer each time; returns its port. */
  private static int exchange(ServerSocket server, int times) throws IOException {
    try (var client = new Socket(server.getInetAddress(), server.getLocalPort());
        var accepted = server.accept()) {
      for (int i = 0; i < times; i++) {
        client.getOutputStream().write(HELLO);
        accepted.getInputStream().readNBytes(HELLO.length);
        accepted.getOutputStream().write(HELLO);
        client.getInputStream().readNBytes(HELLO.length);
      }
      return client.getLocalPort();
    }
  }

  /** A client hello; the server hangs up. */
  private static void sayTlsHello(ServerSocket server) {
    try (var client = (SSLSocket) SSLSocketFactory.getDefault()
        .createSocket(server.getInetAddress(), server.getLocalPort())) {
      new Thread(() -> hangUp(server)).start();
      client.startHandshake();
    } catch (IOException e) {
      // As it should: nobody answers.
    }
  }

  private static void hangUp(ServerSocket server) {
    try (var accepted = server.accept()) {
      accepted.getInputStream().readNBytes(100);
    } catch (IOException e) {
      // The test is over.
    }
  }

  private static void send(DatagramSocket from, int port) throws IOException {
    from.send(new DatagramPacket(HELLO, HELLO.length, InetAddress.getLoopbackAddress(), port));
  }

  private boolean ended(int serverPort) {
    return flow(0, serverPort).stream()
        .anyMatch(batch -> !batch.getFlow().getState().equals("open"));
  }

  /** Batches of flows with a server port, and unless 0 a client port. */
  private List<PacketBatch> flow(int clientPort, int serverPort) {
    return sink.ofFlows().stream()
        .filter(batch -> batch.getFlow().getServer().getPort() == serverPort)
        .filter(batch -> clientPort == 0 || batch.getFlow().getClient().getPort() == clientPort)
        .toList();
  }
}
