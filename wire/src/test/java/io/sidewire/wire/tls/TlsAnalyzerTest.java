package io.sidewire.wire.tls;

import static io.sidewire.wire.tls.TlsBytes.alpn;
import static io.sidewire.wire.tls.TlsBytes.clientHello;
import static io.sidewire.wire.tls.TlsBytes.data;
import static io.sidewire.wire.tls.TlsBytes.extension;
import static io.sidewire.wire.tls.TlsBytes.hex;
import static io.sidewire.wire.tls.TlsBytes.join;
import static io.sidewire.wire.tls.TlsBytes.record;
import static io.sidewire.wire.tls.TlsBytes.records;
import static io.sidewire.wire.tls.TlsBytes.serverHello;
import static io.sidewire.wire.tls.TlsBytes.serverName;
import static io.sidewire.wire.tls.TlsBytes.versions;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.EverySplit;
import io.sidewire.testkit.EverySplit.Said;
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

class TlsAnalyzerTest {
  private static final int[] CIPHERS = {0x1301, 0x1302, 0xc02f};
  private static final byte[] RETRY = join(
      hex("0303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c00130100002e"),
      versions13Server(),
      extension(51, new byte[36]));

  /** What a test looks at: arrays have no equals. */
  record Seen(String kind, String name, Object detail) {
    static Seen of(Observation o) {
      if (o instanceof ClientHello h) {
        return new Seen(
            "hello", h.serverName(), h.alpn() + " " + h.version() + " " + h.ja3() + " " + h.ja4());
      }
      if (o instanceof ServerHello h) {
        return new Seen(
            "answer",
            h.alpn(),
            h.version() + " " + h.cipher() + " " + h.helloRetryRequest() + h.resumed());
      }
      if (o instanceof Content c) {
        return new Seen("content", c.kind(), null);
      }
      return new Seen(o.getClass().getSimpleName(), null, o instanceof Odd odd ? odd.kind() : o);
    }
  }

  private static byte[] versions13Server() {
    return extension(43, new byte[] {3, 4});
  }

  private static byte[] hello13(byte[]... more) {
    return clientHello(
        0x303,
        CIPHERS,
        join(more),
        alpn("h2", "http/1.1"),
        versions(0x304, 0x303),
        extension(45, new byte[] {1, 1}));
  }

  private static List<Seen> hear(Limits limits, List<Said> talk) {
    List<Seen> seen = new ArrayList<>();
    long[] number = {0};
    TlsAnalyzer analyzer = new TlsAnalyzer(limits, o -> seen.add(Seen.of(o)), () -> number[0]++);
    for (Said said : talk) {
      Side side = said.client() ? Side.CLIENT : Side.SERVER;
      analyzer.onData(side, said.bytes(), 0, said.bytes().length, 1000, 0);
    }
    analyzer.onFlowEnd(2000);
    return seen;
  }

  private static List<Seen> everySplit(Said... talk) {
    return EverySplit.assertSameTalk(List.of(talk), pieces -> hear(Limits.DEFAULT, pieces));
  }

  private static List<Seen> kinds(List<Seen> seen, String kind) {
    return seen.stream().filter(s -> s.kind().equals(kind)).toList();
  }

  @Test
  void readsTheHandshakeOfRfc8448() {
    List<Seen> seen = everySplit(
        Said.client(record(22, TlsBytes.RFC_8448_CLIENT_HELLO)),
        Said.server(join(record(22, TlsBytes.RFC_8448_SERVER_HELLO), data(674))));
    assertThat(seen.get(0)).isEqualTo(new Seen("content", "tls", null));
    assertThat(seen.get(1).name()).isEqualTo("server");
    assertThat(seen.get(2)).isEqualTo(new Seen("answer", null, "772 4865 falsefalse"));
    assertThat(seen).hasSize(3);
  }

  @Test
  void readsHellosThatRecordsCutFinely() {
    byte[] hello = hello13(serverName("Api.Example.ORG."));
    for (int size : new int[] {1, 2, 3, 5, 64, 100}) {
      List<Seen> seen = hear(
          Limits.DEFAULT,
          List.of(
              Said.client(records(hello, size)),
              Said.server(records(serverHello(0x303, new byte[0], 0xc02f), size))));
      assertThat(kinds(seen, "hello")).hasSize(1);
      assertThat(kinds(seen, "hello").get(0).name()).isEqualTo("api.example.org");
      assertThat(kinds(seen, "answer")).hasSize(1);
    }
    everySplit(
        Said.client(records(hello, 7)),
        Said.server(records(serverHello(0x303, new byte[0], 0xc02f), 9)));
  }

  @Test
  void aSecondHelloAfterARetryIsNoNews() {
    List<Seen> seen = everySplit(
        Said.client(record(22, hello13(serverName("a.example")))),
        Said.server(join(record(22, TlsBytes.message(2, RETRY)), record(20, new byte[] {1}))),
        Said.client(join(record(20, new byte[] {1}), record(22, hello13(serverName("a.example"))))),
        Said.server(record(22, serverHello(0x303, new byte[0], 0x1301, versions13Server()))));
    assertThat(kinds(seen, "hello")).hasSize(1);
    assertThat(kinds(seen, "answer")).hasSize(2);
    assertThat((String) kinds(seen, "answer").get(0).detail()).isEqualTo("772 4865 truefalse");
  }

  @Test
  void aSecondHelloThatNamesTheServerIs() {
    List<Seen> seen = everySplit(
        Said.client(record(22, hello13())),
        Said.server(record(22, TlsBytes.message(2, RETRY))),
        Said.client(record(22, hello13(serverName("late.example")))));
    assertThat(kinds(seen, "hello")).extracting(Seen::name).containsExactly(null, "late.example");
  }

  @Test
  void readsAHelloInTheFormatOfSslv2() {
    byte[] old = hex("802e0100020015000000100100800200800300800400800500800600400700c0"
        + "00112233445566778899aabbccddeeff");
    assertThat(TlsSniff.sslv2Hello(old, 0, old.length)).isEqualTo(TlsSniff.Verdict.YES);
    List<Seen> seen = everySplit(Said.client(old), Said.server(hex("800304000100")));
    assertThat(seen)
        .containsExactly(
            new Seen("content", "tls", null), new Seen("hello", null, "[] 2 null null"));
  }

  @Test
  void anAnswerThatIsNoTlsIsOneOddity() {
    List<Seen> seen = everySplit(
        Said.client(record(22, hello13(serverName("a.example")))),
        Said.server("HTTP/1.1 400 Bad Request\r\n\r\n"));
    assertThat(kinds(seen, "Odd"))
        .extracting(Seen::detail)
        .containsExactly(Anomaly.TLS_INVALID_RECORD);
    assertThat(kinds(seen, "hello")).hasSize(1);
  }

  @Test
  void keepsTheHandshakeLimitWholeAndInCrumbs() {
    byte[] hello = hello13(serverName("a.example"), extension(21, new byte[3000]));
    int body = hello.length - 4;
    for (int size : new int[] {1, 700, 16384}) {
      List<Said> talk = List.of(Said.client(records(hello, size)));
      assertThat(kinds(hear(limit(body), talk), "hello")).hasSize(1);
      List<Seen> beyond = hear(limit(body - 1), talk);
      assertThat(kinds(beyond, "hello")).isEmpty();
      assertThat(kinds(beyond, "Odd"))
          .extracting(Seen::detail)
          .containsExactly(Anomaly.TLS_HANDSHAKE_LIMIT);
    }
  }

  private static Limits limit(int handshakeBytes) {
    Limits d = Limits.DEFAULT;
    return new Limits(
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
        handshakeBytes,
        d.quicCryptoBytes(),
        d.rpcBatch(),
        d.nameBytes(),
        d.http2Streams(),
        d.http2HeaderTable(),
        d.http2Continuations(),
        d.http2Resets(),
        d.http2Control());
  }

  @Test
  void aCutHelloStillNamesItsServer() {
    byte[] wire = record(22, hello13(serverName("api.example.org")));
    List<Observation> seen = new ArrayList<>();
    TlsAnalyzer analyzer = new TlsAnalyzer(Limits.DEFAULT, seen::add, () -> 0);
    analyzer.onData(Side.CLIENT, wire, 0, wire.length - 20, 5, 0);
    analyzer.onGap(Side.CLIENT, 20, 5);
    analyzer.onFlowEnd(9);
    ClientHello hello = (ClientHello) seen.get(1);
    assertThat(hello.serverName()).isEqualTo("api.example.org");
    assertThat(hello.ja4()).isNull();
    assertThat(seen).hasSize(2);
  }

  @Test
  void truncationAndDamageNeverThrow() {
    byte[] client = join(
        record(22, hello13(serverName("a.example"))),
        record(20, new byte[] {1}),
        data(53),
        data(400));
    byte[] server = join(
        record(22, serverHello(0x303, new byte[0], 0x1301, versions13Server())),
        record(20, new byte[] {1}),
        data(32),
        data(1900),
        data(53),
        data(282),
        data(282),
        data(900));
    for (int cut = 0; cut <= client.length; cut++) {
      hear(Limits.DEFAULT, List.of(Said.client(Arrays.copyOf(client, cut)), Said.server(server)));
    }
    for (int cut = 0; cut <= server.length; cut++) {
      hear(Limits.DEFAULT, List.of(Said.client(client), Said.server(Arrays.copyOf(server, cut))));
    }
    Random random = new Random(5246);
    for (int round = 0; round < 3000; round++) {
      TlsAnalyzer analyzer = new TlsAnalyzer(Limits.DEFAULT, o -> {}, () -> 0);
      for (int i = 0; i < 12; i++) {
        byte[] from = random.nextBoolean() ? client : server;
        byte[] piece = Arrays.copyOfRange(from, random.nextInt(from.length), from.length);
        for (int hits = random.nextInt(3); hits > 0; hits--) {
          piece[random.nextInt(piece.length)] = (byte) random.nextInt();
        }
        Side side = random.nextBoolean() ? Side.CLIENT : Side.SERVER;
        switch (random.nextInt(8)) {
          case 0 -> analyzer.onGap(side, 1 + random.nextInt(5000), i);
          case 1 -> analyzer.onEnd(side, random.nextBoolean(), i);
          case 2 -> analyzer.onTime(random.nextInt(2_000_000));
          default -> analyzer.onData(side, piece, 0, piece.length, random.nextInt(3_000_000), 0);
        }
      }
      analyzer.onFlowEnd(4_000_000);
    }
  }
}
