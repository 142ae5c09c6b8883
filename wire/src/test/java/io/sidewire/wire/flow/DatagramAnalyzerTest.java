package io.sidewire.wire.flow;

import static io.sidewire.wire.tls.TlsBytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation;
import io.sidewire.wire.Observation.ClientHello;
import io.sidewire.wire.Observation.Content;
import io.sidewire.wire.Side;
import io.sidewire.wire.dns.DnsBytes;
import io.sidewire.wire.quic.QuicPackets;
import io.sidewire.wire.tls.TlsBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DatagramAnalyzerTest {
  private final List<Observation> seen = new ArrayList<>();

  private DatagramAnalyzer on(int clientPort, int serverPort) {
    return new DatagramAnalyzer(Limits.DEFAULT, clientPort, serverPort, seen::add);
  }

  private static void hear(DatagramAnalyzer analyzer, Side from, byte[] bytes) {
    analyzer.onDatagram(from, bytes, 0, bytes.length, 1, true);
  }

  @Test
  void knowsDnsOnAnyPort() {
    DatagramAnalyzer analyzer = on(40000, 8600);
    hear(analyzer, Side.CLIENT, DnsBytes.query(1, "a.example", 1));
    hear(analyzer, Side.SERVER, DnsBytes.answer(1, 0, "a.example", 1));
    analyzer.onFlowEnd(9);
    assertThat(seen).hasSize(5).first().isEqualTo(new Content(1, "dns"));
  }

  @Test
  void knowsQuicOnAnyPort() {
    byte[] id = hex("8394c8f03e515708");
    byte[] hello =
        TlsBytes.clientHello(0x303, new int[] {0x1301}, TlsBytes.serverName("a.example"));
    hear(
        on(40000, 8443),
        Side.CLIENT,
        QuicPackets.initial(1, true, id, id, new byte[0], 0, QuicPackets.crypto(0, hello), 1162));
    assertThat(seen).hasSize(2).first().isEqualTo(new Content(1, "quic"));
    assertThat(((ClientHello) seen.get(1)).serverName()).isEqualTo("a.example");
  }

  @Test
  void findsDtlsBehindStun() {
    DatagramAnalyzer analyzer = on(40000, 50000);
    for (int i = 0; i < 50; i++) {
      hear(analyzer, Side.CLIENT, hex("000100002112a442000000000000000000000000"));
    }
    byte[] body = TlsBytes.clientHelloBody(0xfefd, new byte[0], new byte[0], new int[] {0xc02b});
    byte[] length = {0, 0, (byte) body.length};
    byte[] message = TlsBytes.join(new byte[] {1}, length, new byte[5], length, body);
    hear(
        analyzer,
        Side.SERVER,
        TlsBytes.join(hex("16fefd0000000000000000"), TlsBytes.u16(message.length), message));
    assertThat(seen).hasSize(2).first().isEqualTo(new Content(1, "dtls"));
  }

  @Test
  void noiseIsNothing() {
    Random random = new Random(17);
    for (int flow = 0; flow < 500; flow++) {
      DatagramAnalyzer analyzer = on(random.nextInt(65536), 1 + random.nextInt(50));
      for (int i = 0; i < 20; i++) {
        byte[] noise = new byte[random.nextInt(300)];
        random.nextBytes(noise);
        hear(analyzer, random.nextBoolean() ? Side.CLIENT : Side.SERVER, noise);
      }
      analyzer.onFlowEnd(9);
    }
    assertThat(seen).isEmpty();
  }
}
