package io.sidewire.wire.tls;

import static io.sidewire.wire.tls.TlsBytes.alpn;
import static io.sidewire.wire.tls.TlsBytes.clientHelloBody;
import static io.sidewire.wire.tls.TlsBytes.extension;
import static io.sidewire.wire.tls.TlsBytes.join;
import static io.sidewire.wire.tls.TlsBytes.serverName;
import static io.sidewire.wire.tls.TlsBytes.u16;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation;
import io.sidewire.wire.Observation.ClientHello;
import io.sidewire.wire.Observation.Content;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.Observation.ServerHello;
import io.sidewire.wire.Side;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DtlsAnalyzerTest {
  private static final int[] CIPHERS = {0x1301, 0xc02b};
  private static final byte[] HELLO = clientHelloBody(
      0xfefd,
      new byte[0],
      new byte[0],
      CIPHERS,
      serverName("rtc.example"),
      alpn("webrtc"),
      extension(43, new byte[] {4, (byte) 0xfe, (byte) 0xfc, (byte) 0xfe, (byte) 0xfd}));

  private final List<Observation> seen = new ArrayList<>();
  private final DtlsAnalyzer analyzer = new DtlsAnalyzer(Limits.DEFAULT, seen::add);

  private static byte[] u24(int value) {
    return new byte[] {(byte) (value >>> 16), (byte) (value >>> 8), (byte) value};
  }

  private static byte[] fragment(int type, byte[] body, int sequence, int from, int to) {
    byte[] part = Arrays.copyOfRange(body, from, to);
    byte[] message = join(
        new byte[] {(byte) type},
        u24(body.length),
        u16(sequence),
        u24(from),
        u24(part.length),
        part);
    return record(22, 0, message);
  }

  private static byte[] record(int type, int epoch, byte[] body) {
    return join(new byte[] {(byte) type}, u16(0xfefd, epoch), new byte[6], u16(body.length), body);
  }

  private void hear(Side side, byte[] datagram) {
    assertThat(DtlsAnalyzer.sniff(datagram, 0, datagram.length, true)).isTrue();
    analyzer.onDatagram(side, datagram, 0, datagram.length, 5, true);
  }

  @Test
  void readsAHelloInOnePiece() {
    hear(Side.CLIENT, fragment(1, HELLO, 0, 0, HELLO.length));
    assertThat(seen.get(0)).isEqualTo(new Content(5, "dtls"));
    ClientHello hello = (ClientHello) seen.get(1);
    assertThat(hello.serverName()).isEqualTo("rtc.example");
    assertThat(hello.version()).isEqualTo(0xfefc);
    assertThat(hello.ja4()).startsWith("dd3d0203wc_");
  }

  @Test
  void putsTogetherFragmentsInAnyOrder() {
    for (int cut = 1; cut < HELLO.length; cut++) {
      List<Observation> found = new ArrayList<>();
      DtlsAnalyzer fresh = new DtlsAnalyzer(Limits.DEFAULT, found::add);
      byte[] second = fragment(1, HELLO, 0, cut, HELLO.length);
      byte[] first = fragment(1, HELLO, 0, 0, cut);
      byte[] both = join(second, first);
      if (cut % 2 == 0) {
        fresh.onDatagram(Side.CLIENT, both, 0, both.length, 1, true);
      } else {
        fresh.onDatagram(Side.CLIENT, second, 0, second.length, 1, true);
        fresh.onDatagram(Side.CLIENT, first, 0, first.length, 2, true);
      }
      assertThat(found.stream().filter(ClientHello.class::isInstance))
          .as("cut at " + cut)
          .hasSize(1);
    }
  }

  @Test
  void aHelloSentAgainOrWithACookieIsNoNews() {
    byte[] cookie =
        clientHelloBody(0xfefd, new byte[0], new byte[20], CIPHERS, serverName("rtc.example"));
    hear(Side.CLIENT, fragment(1, HELLO, 0, 0, HELLO.length));
    hear(Side.CLIENT, fragment(1, HELLO, 0, 0, HELLO.length));
    hear(Side.SERVER, fragment(3, join(u16(0xfeff), new byte[21]), 0, 0, 23));
    hear(Side.CLIENT, fragment(1, cookie, 1, 0, cookie.length));
    byte[] answer = Arrays.copyOfRange(TlsBytes.serverHello(0xfefd, new byte[0], 0xc02b), 4, 42);
    hear(Side.SERVER, fragment(2, answer, 1, 0, answer.length));
    assertThat(seen.stream().filter(ClientHello.class::isInstance)).hasSize(1);
    assertThat(seen.get(seen.size() - 1))
        .isEqualTo(new ServerHello(5, "dtls", 0xfefd, 0xc02b, null, false, false));
  }

  @Test
  void inWebRtcTheFirstSenderMayBeTheServer() {
    hear(Side.SERVER, fragment(1, HELLO, 0, 0, HELLO.length));
    assertThat(seen).hasSize(2);
  }

  @Test
  void twoRecordsOfARunningConnectionShowDtls() {
    hear(Side.CLIENT, record(23, 1, new byte[80]));
    assertThat(seen).isEmpty();
    hear(Side.SERVER, record(23, 1, new byte[90]));
    assertThat(seen).containsExactly(new Content(5, "dtls"));
  }

  @Test
  void keepsTheHandshakeLimit() {
    Limits d = Limits.DEFAULT;
    for (int spare : new int[] {0, -1}) {
      Limits limits = new Limits(
          d.flows(),
          d.reassemblyBytesFlow(),
          d.reassemblyBytesTotal(),
          d.fragmentBytesTotal(),
          d.startLine(),
          d.headBytes(),
          d.headerCount(),
          d.bodyPeek(),
          d.sseEvent(),
          d.jsonDepth(),
          d.inflateRatio(),
          d.pipelined(),
          HELLO.length + spare,
          d.quicCryptoBytes(),
          d.rpcBatch(),
          d.nameBytes(),
          d.http2Streams(),
          d.http2HeaderTable(),
          d.http2Continuations(),
          d.http2Resets(),
          d.http2Control());
      List<Observation> found = new ArrayList<>();
      DtlsAnalyzer fresh = new DtlsAnalyzer(limits, found::add);
      byte[] datagram = fragment(1, HELLO, 0, 0, HELLO.length);
      fresh.onDatagram(Side.CLIENT, datagram, 0, datagram.length, 5, true);
      if (spare == 0) {
        assertThat(found).hasSize(2);
      } else {
        assertThat(found).containsExactly(new Odd(5, -1, Anomaly.TLS_HANDSHAKE_LIMIT));
      }
    }
  }

  @Test
  void otherDatagramsAreNotDtlsAndNothingThrows() {
    byte[] stun = TlsBytes.hex("000100002112a442000000000000000000000000");
    assertThat(DtlsAnalyzer.sniff(stun, 0, stun.length, true)).isFalse();
    byte[] wire = join(fragment(1, HELLO, 0, 0, HELLO.length), record(20, 0, new byte[] {1}));
    for (int length = 0; length <= wire.length; length++) {
      DtlsAnalyzer.sniff(wire, 0, length, false);
      new DtlsAnalyzer(Limits.DEFAULT, o -> {}).onDatagram(Side.CLIENT, wire, 0, length, 1, false);
    }
    Random random = new Random(6347);
    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = wire.clone();
      for (int hits = 1 + random.nextInt(5); hits > 0; hits--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      DtlsAnalyzer.sniff(damaged, 0, damaged.length, random.nextBoolean());
      new DtlsAnalyzer(Limits.DEFAULT, o -> {})
          .onDatagram(Side.SERVER, damaged, 0, damaged.length, 1, true);
    }
  }
}
