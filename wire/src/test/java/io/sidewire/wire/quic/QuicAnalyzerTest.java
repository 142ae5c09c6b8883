package io.sidewire.wire.quic;

import static io.sidewire.wire.quic.QuicPackets.V1;
import static io.sidewire.wire.quic.QuicPackets.V2;
import static io.sidewire.wire.quic.QuicPackets.crypto;
import static io.sidewire.wire.quic.QuicPackets.initial;
import static io.sidewire.wire.tls.TlsBytes.hex;
import static io.sidewire.wire.tls.TlsBytes.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation;
import io.sidewire.wire.Observation.ClientHello;
import io.sidewire.wire.Observation.Content;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.Observation.ServerHello;
import io.sidewire.wire.Side;
import io.sidewire.wire.tls.TlsBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuicAnalyzerTest {
  private static final byte[] ID = hex("8394c8f03e515708");
  private static final byte[] NONE = {};

  /** RFC 9001 appendix A.2: the CRYPTO frame of the client's Initial; A.3 and RFC 9369 A.3: the server's, protected. */
  private static final byte[] RFC_FRAME = hex(
      "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c000004130113"
          + "02010000c000000010000e00000b6578616d706c652e636f6dff01000100000a00080006001d001700180010000700"
          + "0504616c706e000500050100000000003300260024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f"
          + "1ce15d43e994ec74d748002b0003020304000d0010000e0403050306030203080408050806002d00020101001c0002"
          + "40010039003204 08ffffffffffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8f03e"
          + "51570806048000ffff");

  private static final byte[] RFC_SERVER_V1 = hex(
      "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb3"
          + "8cc5a99f5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb"
          + "84022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee");

  private static final byte[] RFC_SERVER_V2 = hex(
      "dc6b3343cf0008f067a5502a4262b5004075d92faaf16f05d8a4398c47089698baeea26b91eb761d9b89237bbf872630"
          + "17915358230035f7fd3945d88965cf17f9af6e16886c61bfc703106fbaf3cb4cfa52382dd16a393e42757507698075"
          + "b2c984c707f0a0812d8cd5a6881eaf21ceda98f4bd23f6fe1a3e2c43edd9ce7ca84bed8521e2e140");

  private final List<Observation> seen = new ArrayList<>();
  private final QuicAnalyzer analyzer = new QuicAnalyzer(Limits.DEFAULT, seen::add);

  private void client(byte[] datagram) {
    analyzer.onDatagram(Side.CLIENT, datagram, 0, datagram.length, 7, true);
  }

  private void server(byte[] datagram) {
    analyzer.onDatagram(Side.SERVER, datagram, 0, datagram.length, 9, true);
  }

  private ClientHello hello() {
    return seen.stream()
        .filter(ClientHello.class::isInstance)
        .map(ClientHello.class::cast)
        .findFirst()
        .orElse(null);
  }

  @Test
  void readsTheExampleOfRfc9001() {
    byte[] packet = initial(V1, true, ID, ID, NONE, 2, RFC_FRAME, 1162);
    String text = HexFormat.of().formatHex(packet);
    assertThat(packet).hasSize(1200);
    assertThat(text).startsWith("c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11");
    assertThat(text).endsWith("e221af44860018ab0856972e194cd934");
    assertThat(QuicAnalyzer.sniff(packet, 0, packet.length)).isTrue();
    client(packet);
    server(RFC_SERVER_V1);
    assertThat(seen.get(0)).isEqualTo(new Content(7, "quic"));
    assertThat(hello().serverName()).isEqualTo("example.com");
    assertThat(hello().alpn()).containsExactly("alpn");
    assertThat(hello().transport()).isEqualTo("quic");
    assertThat(hello().ja4()).startsWith("q13d0211an_");
    assertThat(seen.get(2))
        .isEqualTo(new ServerHello(9, "quic", 0x304, 0x1301, null, false, false));
    assertThat(seen).hasSize(3);
  }

  @Test
  void readsTheExampleOfRfc9369() {
    byte[] packet = initial(V2, true, ID, ID, NONE, 2, RFC_FRAME, 1162);
    String text = HexFormat.of().formatHex(packet);
    assertThat(text).startsWith("d76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485");
    assertThat(text).endsWith("a18b2faa745b6fe189cf772a9f84cbfc");
    client(packet);
    server(RFC_SERVER_V2);
    assertThat(hello().serverName()).isEqualTo("example.com");
    assertThat(seen).hasSize(3);
  }

  @Test
  void putsTogetherCryptoFramesInAnyOrderOverPackets() {
    byte[] message = Arrays.copyOfRange(RFC_FRAME, 4, RFC_FRAME.length);
    for (int cut = 1; cut < message.length; cut += 7) {
      List<Observation> found = new ArrayList<>();
      QuicAnalyzer fresh = new QuicAnalyzer(Limits.DEFAULT, found::add);
      byte[] late = crypto(cut, Arrays.copyOfRange(message, cut, message.length));
      byte[] early = join(
          new byte[] {1, 0, 0, 2, 0, 0, 0, 0},
          crypto(0, Arrays.copyOf(message, Math.min(message.length, cut + 3))));
      byte[] first = initial(V1, true, ID, ID, NONE, 0, late, 300);
      byte[] both = join(
          initial(V1, true, ID, ID, NONE, 1, new byte[] {1}, 40),
          initial(V1, true, ID, ID, NONE, 2, early, 300));
      fresh.onDatagram(Side.CLIENT, first, 0, first.length, 1, true);
      fresh.onDatagram(Side.CLIENT, both, 0, both.length, 2, true);
      assertThat(found).as("cut at byte " + cut).hasSize(2);
    }
  }

  @Test
  void followsARetryAndLaterIdsOfTheServer() {
    byte[] chosen = hex("f067a5502a4262b5");
    client(initial(V1, true, ID, ID, NONE, 0, new byte[] {1}, 100));
    server(hex("ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba")); // RFC
    // 9001
    // A.4
    client(initial(V1, true, chosen, chosen, NONE, 1, RFC_FRAME, 1162));
    assertThat(hello().serverName()).isEqualTo("example.com");
    assertThat(seen.stream().filter(Odd.class::isInstance)).isEmpty();
  }

  @Test
  void theFirstSenderOfTheFlowMayBeTheServer() {
    byte[] packet = initial(V1, true, ID, ID, NONE, 2, RFC_FRAME, 1162);
    server(packet);
    analyzer.onDatagram(Side.CLIENT, RFC_SERVER_V1, 0, RFC_SERVER_V1.length, 9, true);
    assertThat(seen).hasSize(3);
  }

  @Test
  void whatCannotBeOpenedIsOneOddity() {
    client(initial(V1, true, ID, ID, NONE, 0, new byte[] {1}, 100));
    byte[] damaged = initial(V1, true, ID, ID, NONE, 1, RFC_FRAME, 1162);
    damaged[60] ^= 1;
    client(damaged);
    client(damaged);
    assertThat(seen)
        .containsExactly(new Content(7, "quic"), new Odd(7, -1, Anomaly.QUIC_UNDECRYPTABLE));
  }

  @Test
  void keepsItsLimit() {
    byte[] message = TlsBytes.clientHello(
        0x303,
        new int[] {0x1301},
        TlsBytes.serverName("a.example"),
        TlsBytes.extension(21, new byte[900]));
    for (int spare : new int[] {0, -1}) {
      List<Observation> found = new ArrayList<>();
      Limits d = Limits.DEFAULT;
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
          d.handshakeBytes(),
          message.length + spare,
          d.rpcBatch(),
          d.nameBytes(),
          d.http2Streams(),
          d.http2HeaderTable(),
          d.http2Continuations(),
          d.http2Resets(),
          d.http2Control());
      QuicAnalyzer fresh = new QuicAnalyzer(limits, found::add);
      byte[] packet = initial(V1, true, ID, ID, NONE, 0, crypto(0, message), 0);
      fresh.onDatagram(Side.CLIENT, packet, 0, packet.length, 1, true);
      assertThat(found).hasSize(2);
      assertThat(found.get(1) instanceof ClientHello).isEqualTo(spare == 0);
    }
  }

  @Test
  void truncationAndDamageNeverThrow() {
    byte[] packet = initial(V1, true, ID, ID, NONE, 2, RFC_FRAME, 300);
    for (int length = 0; length <= packet.length; length++) {
      QuicAnalyzer fresh = new QuicAnalyzer(Limits.DEFAULT, o -> {});
      fresh.onDatagram(Side.CLIENT, packet, 0, length, 1, length == packet.length);
    }
    Random random = new Random(9000);
    for (int round = 0; round < 2000; round++) {
      QuicAnalyzer fresh = new QuicAnalyzer(Limits.DEFAULT, o -> {});
      byte[] frames = RFC_FRAME.clone();
      for (int hits = random.nextInt(6); hits > 0; hits--) {
        frames[random.nextInt(frames.length)] = (byte) random.nextInt();
      }
      byte[] sealed = initial(V1, true, ID, ID, NONE, round, frames, 300);
      for (int hits = random.nextInt(2); hits > 0; hits--) {
        sealed[random.nextInt(30)] = (byte) random.nextInt();
      }
      fresh.onDatagram(Side.CLIENT, sealed, 0, sealed.length, 1, true);
      fresh.onFlowEnd(2);
    }
  }

  @Test
  void framesBehindAHelloThatIsNoneAreNotRead() {
    byte[] none = crypto(0, hex("01000003000000"));
    client(initial(V1, true, ID, ID, NONE, 0, join(none, none, RFC_FRAME), 300));
    assertThat(seen)
        .containsExactly(new Content(7, "quic"), new Odd(7, -1, Anomaly.TLS_INVALID_HANDSHAKE));
  }

  @Test
  void otherDatagramsAreNotQuic() {
    for (String text : List.of("", "c0", "c000000002080000000000000000", "40", "c0000000011500")) {
      byte[] bytes = hex(text);
      assertThat(QuicAnalyzer.sniff(bytes, 0, bytes.length)).isFalse();
    }
  }
}
