package io.sidewire.wire.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.Frames;
import io.sidewire.testkit.Links;
import io.sidewire.testkit.TcpScript;
import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WireAnalyzerTest {
  private static final long SECOND = 1_000_000;

  private final Witness witness = new Witness();
  private final WireAnalyzer analyzer = new WireAnalyzer("host", Limits.DEFAULT, witness);

  private static TcpScript script() {
    return TcpScript.toPort(80);
  }

  private void play(TcpScript script) {
    witness.play(analyzer, script);
  }

  private Witness.Row only() {
    analyzer.end();
    assertThat(witness.rows()).hasSize(1);
    return witness.rows().get(0);
  }

  @Test
  void aConnectionIsOneFlowWithItsFigures() {
    play(script().connect().client("ask").server("answer").close());
    Witness.Row row = only();
    assertThat(row.toString())
        .isEqualTo("tcp 10.0.0.1:40000 > 10.0.0.2:80 known none closed 5+4 packets 3+6 payload");
    FlowCounts counts = row.flow().counts();
    assertThat(counts.ipBytesToServer).isEqualTo(5 * 40 + 3);
    assertThat(counts.frameBytesToServer).isEqualTo(5 * 54 + 3);
    assertThat(row.flow().handshakeRttMicros()).isEqualTo(2_000);
    assertThat(row.flow().communityId()).startsWith("1:").hasSize(30);
    assertThat(row.flow().firstSeen()).isEqualTo(1_700_000_000_000_000L);
    assertThat(row.flow().lastSeen()).isEqualTo(1_700_000_000_008_000L);
  }

  @Test
  void ipv6IsWrittenAsRfc5952Says() {
    play(TcpScript.between("2001:db8:0:0:1:0:0:1", 40000, "::ffff:1.2.3.4", 443).connect());
    assertThat(only().toString())
        .startsWith("tcp [2001:db8::1:0:0:1]:40000 > [::ffff:1.2.3.4]:443 known");
    assertThat(AddressText.v6(0, 1)).isEqualTo("::1");
    assertThat(AddressText.v6(0, 0)).isEqualTo("::");
    assertThat(AddressText.v6(0x1000000000000L, 0)).isEqualTo("1::");
    assertThat(AddressText.v6(0x1000200030004L, 0x5000600070000L)).isEqualTo("1:2:3:4:5:6:7:0");
  }

  // ------------------------------------------------------------------ who is the client

  @Test
  void aSynAckTellsTheServer() {
    play(script().syn().lose().synAck().ack(true));
    assertThat(only().toString()).startsWith("tcp 10.0.0.1:40000 > 10.0.0.2:80 known");
  }

  @Test
  void withoutAHandshakeThePortTells() {
    play(script().server("x"));
    assertThat(only().toString()).startsWith("tcp 10.0.0.1:40000 > 10.0.0.2:80 guessed");
  }

  @Test
  void aRequestFromTheSideThatWasTakenForTheServerTurnsTheFlow() {
    TcpScript script = TcpScript.between("10.0.0.1", 80, "10.0.0.2", 40000);
    play(script.ack(true).ack(false).client("GET / HTTP/1.1\r\n\r\n").server("x"));
    assertThat(witness.turned).isEqualTo(1);
    assertThat(only().toString())
        .startsWith("tcp 10.0.0.1:80 > 10.0.0.2:40000 known none capture_ended 2+2 packets 18+1");
  }

  @Test
  void aSynThatComesLateTurnsTheFlowToo() {
    TcpScript script = TcpScript.between("10.0.0.1", 80, "10.0.0.2", 40000);
    play(script.syn().synAck().ack(true).shuffle(0, new Random(1)));
    assertThat(only().toString()).startsWith("tcp 10.0.0.1:80 > 10.0.0.2:40000 known");
  }

  @Test
  void oneWhoseContentIsReadAlreadyIsNotTurned() {
    TcpScript script = TcpScript.between("10.0.0.1", 80, "10.0.0.2", 40000);
    play(script.client("?????").client("GET / HTTP/1.1\r\n\r\n"));
    assertThat(witness.turned).isZero();
    assertThat(only().toString()).startsWith("tcp 10.0.0.2:40000 > 10.0.0.1:80 guessed");
  }

  @Test
  void evidenceThatAgreesMakesAGuessCertain() {
    play(script().ack(true).client("GET / HTTP/1.1\r\n\r\n"));
    assertThat(witness.turned).isZero();
    assertThat(only().toString()).startsWith("tcp 10.0.0.1:40000 > 10.0.0.2:80 known");
  }

  // ------------------------------------------------------------------ port reuse, time, eviction

  @Test
  void aNewSynAfterTheEndIsANewFlow() {
    play(script().connect().close().numbered(77_000, 88_000).connect().client("x"));
    analyzer.end();
    assertThat(witness.rows())
        .extracting(Witness.Row::state)
        .containsExactly("closed", "capture_ended");
    assertThat(witness.ids()).hasSize(2);
  }

  @Test
  void theSameSynAgainIsTheSameFlow() {
    play(script().syn().repeat().synAck().repeat().ack(true));
    assertThat(only().flow().counts().retransmissions).isEqualTo(2);
  }

  @Test
  void reuseWithinOneMicrosecondHasAnIdOfItsOwn() {
    play(script().every(0).syn().numbered(5, 6).syn().numbered(7, 8).syn());
    analyzer.end();
    assertThat(witness.ids()).hasSize(3);
  }

  @Test
  void latePacketsOfAClosedConnectionAreItsOwn() {
    play(script().connect().close().pause(119 * SECOND).ack(false).rst(true));
    assertThat(only().state()).isEqualTo("closed");
  }

  @Test
  void aPacketLongAfterTheCloseBeginsAnewWithOrWithoutTicks() {
    for (boolean ticks : new boolean[] {false, true}) {
      Witness seen = new Witness();
      WireAnalyzer wire = new WireAnalyzer("host", Limits.DEFAULT, seen);
      TcpScript script = script().connect().close();
      seen.play(wire, script);
      long later = script.clock() + 121 * SECOND;
      if (ticks) {
        wire.tick(later, 100);
        assertThat(wire.flows()).isZero();
      }
      seen.play(wire, script().numbered(3_000, 4_000).at(later).ack(true));
      wire.end();
      assertThat(seen.rows())
          .extracting(Witness.Row::state)
          .containsExactly("closed", "capture_ended");
    }
  }

  @Test
  void silenceEndsAFlowWhenItsKindSaysSo() {
    TcpScript open = script().connect();
    play(open);
    byte[] datagram = Links.ethernet(Frames.udp("10.0.0.1", 50000, "10.0.0.2", 6000, new byte[4]));
    analyzer.packet(1, datagram, 0, datagram.length, datagram.length, open.clock());
    long now = open.clock();
    analyzer.tick(now + 120 * SECOND, 100);
    assertThat(analyzer.flows()).isEqualTo(2);
    analyzer.tick(now + 121 * SECOND, 100);
    assertThat(witness.ended()).extracting(Witness.Row::state).containsExactly("idle");
    analyzer.tick(now + 899 * SECOND, 100);
    assertThat(analyzer.flows()).isEqualTo(1);
    analyzer.tick(now + 901 * SECOND, 100);
    assertThat(analyzer.flows()).isZero();
  }

  @Test
  void aTickEndsNoMoreThanItsBudget() {
    long time = 0;
    for (int port = 1; port <= 10; port++) {
      witness.play(
          analyzer, TcpScript.between("10.0.0.1", port, "10.0.0.2", 80).at(time).syn());
    }
    analyzer.tick(1_000 * SECOND, 4);
    assertThat(analyzer.flows()).isEqualTo(6);
  }

  @Test
  void aFlowFromTheFutureDoesNotKeepTheOthers() {
    witness.play(
        analyzer,
        TcpScript.between("10.0.0.1", 1, "10.0.0.2", 80).at(Long.MAX_VALUE / 4).syn());
    witness.play(
        analyzer, TcpScript.between("10.0.0.1", 2, "10.0.0.2", 80).at(0).syn());
    analyzer.tick(200 * SECOND, 100);
    assertThat(analyzer.flows()).isEqualTo(1);
    analyzer.tick(400 * SECOND, 100);
    assertThat(analyzer.flows()).isZero();
  }

  @Test
  void theLeastRecentlyActiveFlowIsEvicted() {
    WireAnalyzer small = new WireAnalyzer("host", limits(3, 4 << 20), witness);
    TcpScript[] scripts = new TcpScript[5];
    for (int i = 0; i < 3; i++) {
      scripts[i] = TcpScript.between("10.0.0.1", 1000 + i, "10.0.0.2", 80).at(i).syn();
      witness.play(small, scripts[i]);
    }
    witness.play(
        small, TcpScript.between("10.0.0.1", 1000, "10.0.0.2", 80).at(10).syn());
    witness.play(
        small, TcpScript.between("10.0.0.1", 1003, "10.0.0.2", 80).at(11).syn());
    assertThat(witness.ended()).hasSize(1);
    assertThat(witness.ended().get(0).toString())
        .startsWith("tcp 10.0.0.1:1001 >")
        .contains("evicted");
    assertThat(small.flows()).isEqualTo(3);
  }

  @Test
  void closedAndUnansweredConnectionsAreEvictedBeforeOthers() {
    WireAnalyzer small = new WireAnalyzer("host", limits(3, 4 << 20), witness);
    witness.play(small, TcpScript.between("10.0.0.1", 1, "10.0.0.2", 80).at(0).connect());
    witness.play(small, TcpScript.between("10.0.0.1", 2, "10.0.0.2", 80).at(10).syn());
    witness.play(
        small, TcpScript.between("10.0.0.1", 3, "10.0.0.2", 80).at(20).syn().rst(false));
    for (int port = 4; port < 8; port++) {
      witness.play(
          small, TcpScript.between("10.0.0.1", port, "10.0.0.2", 80).at(90).syn());
    }
    small.end();
    assertThat(witness.ended())
        .extracting(row -> row.flow().clientPort() + " " + row.state())
        .containsExactly(
            "3 reset",
            "2 evicted",
            "4 evicted",
            "5 evicted",
            "6 capture_ended",
            "7 capture_ended",
            "1 capture_ended");
  }

  private static Limits limits(int flows, int reassembly) {
    Limits d = Limits.DEFAULT;
    return new Limits(
        flows,
        reassembly,
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
  void idsAreTheSameInAnotherRunAndDifferByHost() {
    List<Long> ids = new ArrayList<>();
    for (String salt : new String[] {"host", "host", "another"}) {
      Witness seen = new Witness();
      seen.play(new WireAnalyzer(salt, Limits.DEFAULT, seen), script().connect());
      ids.addAll(seen.ids());
    }
    assertThat(ids.get(0)).isEqualTo(ids.get(1)).isNotEqualTo(ids.get(2));
  }

  // ------------------------------------------------------------------ figures of TCP

  @Test
  void oddPacketsAreMarkedAndCounted() {
    TcpScript script =
        script().connect().client("one").repeat().client("two").client("three").swap();
    play(script.ack(false).keepAlive(true).zeroWindow(false).duplicate());
    FlowCounts counts = only().flow().counts();
    assertThat(counts.retransmissions).isEqualTo(1);
    assertThat(counts.outOfOrder).isEqualTo(1);
    assertThat(counts.keepAlives).isEqualTo(1);
    assertThat(counts.zeroWindows).isEqualTo(1);
    assertThat(counts.duplicates).isEqualTo(1);
    assertThat(witness.marks)
        .containsExactly(
            0,
            0,
            0,
            0,
            PacketView.MARK_RETRANSMISSION,
            PacketView.MARK_GAP_BEFORE,
            PacketView.MARK_OUT_OF_ORDER,
            0,
            PacketView.MARK_KEEP_ALIVE,
            0,
            PacketView.MARK_DUPLICATE);
  }

  @Test
  void aGapIsCountedAndObserved() {
    play(script().connect().client("lost").lose().client("next").server("answer"));
    FlowCounts counts = only().flow().counts();
    assertThat(counts.gapBytes).isEqualTo(4);
    assertThat(counts.cutBytes).isZero();
    assertThat(witness.observed).contains("Odd TCP_GAP");
  }

  @Test
  void whatTheSnapLengthCutIsCountedApart() {
    play(script().connect().client("0123456789").cut(58));
    Witness.Row row = only();
    assertThat(row.flow().counts().gapBytes).isEqualTo(6);
    assertThat(row.flow().counts().cutBytes).isEqualTo(6);
    assertThat(row.toString()).endsWith("10+0 payload");
    assertThat(witness.observed).doesNotContain("Odd TCP_GAP");
  }

  @Test
  void aTickGivesUpWhatWaitedTooLong() {
    TcpScript script = script().connect().client("lost").lose().client("next").ack(false);
    play(script);
    analyzer.tick(script.clock() + 100_000, 10);
    assertThat(witness.observed).doesNotContain("Odd TCP_GAP");
    analyzer.tick(script.clock() + 200_000, 10);
    assertThat(witness.observed).contains("Odd TCP_GAP");
  }

  @Test
  void beyondTheReassemblyLimitTheHoleIsGivenUpWhateverTheCuts() {
    for (int mss : new int[] {1460, 200, 3000}) {
      for (int bytes : new int[] {20_000, 20_001}) {
        Witness seen = new Witness();
        WireAnalyzer small = new WireAnalyzer("host", limits(10, 20_000), seen);
        TcpScript script = script().connect().client("lost").lose().mss(mss);
        seen.play(small, script.client(new byte[bytes]));
        boolean limited = seen.observed.contains("Odd " + Anomaly.REASSEMBLY_LIMIT);
        assertThat(limited).as("%d bytes by %d", bytes, mss).isEqualTo(bytes > 20_000);
      }
    }
  }

  // ------------------------------------------------------------------ other transports, fragments,
  // tunnels

  private void packet(byte[] frame, long time) {
    witness.frame(frame.length);
    analyzer.packet(1, frame, 0, frame.length, frame.length, time);
  }

  @Test
  void allIcmpOfTwoAddressesIsOneFlow() {
    packet(Links.ethernet(Frames.icmp("10.0.0.2", "10.0.0.1", 0, 0, new byte[8])), 1);
    packet(Links.ethernet(Frames.icmp("10.0.0.1", "10.0.0.2", 8, 0, new byte[8])), 2);
    packet(Links.ethernet(Frames.icmp("10.0.0.2", "10.0.0.1", 3, 1, new byte[8])), 3);
    assertThat(only().toString())
        .isEqualTo("icmp 10.0.0.1 > 10.0.0.2 known none capture_ended 1+2 packets 0+0 payload");
  }

  @Test
  void aDatagramsFirstSenderIsTheClientUnlessItsPortSaysOtherwise() {
    packet(Links.ethernet(Frames.udp("10.0.0.1", 50000, "10.0.0.2", 4000, new byte[4])), 1);
    packet(Links.ethernet(Frames.udp("10.0.0.2", 53, "10.0.0.1", 50000, new byte[4])), 2);
    analyzer.end();
    assertThat(witness.rows().toString())
        .contains("udp 10.0.0.1:50000 > 10.0.0.2:4000", "udp 10.0.0.1:50000 > 10.0.0.2:53");
  }

  @Test
  void fragmentsCountForTheFlowOfTheirDatagramInAnyOrder() {
    byte[] whole = Frames.udp("10.0.0.1", 50000, "10.0.0.2", 4000, new byte[100]);
    for (int seed = 0; seed < 20; seed++) {
      List<byte[]> fragments = new ArrayList<>(Frames.fragments(whole, 7, 40));
      Collections.shuffle(fragments, new Random(seed));
      Witness seen = new Witness();
      WireAnalyzer wire = new WireAnalyzer("host", Limits.DEFAULT, seen);
      long time = 0;
      for (byte[] fragment : fragments) {
        byte[] frame = Links.ethernet(fragment);
        seen.frame(frame.length);
        wire.packet(1, frame, 0, frame.length, frame.length, time++);
      }
      wire.end();
      assertThat(seen.rows().toString())
          .isEqualTo(
              "[udp 10.0.0.1:50000 > 10.0.0.2:4000 guessed none capture_ended 3+0 packets 100+0"
                  + " payload]");
      assertThat(seen.rows().get(0).flow().firstSeen()).isZero();
      seen.assertConserved();
    }
  }

  @Test
  void fragmentsWithoutTheFirstAreCountedWhenTheyAreGivenUp() {
    byte[] whole = Frames.udp("10.0.0.1", 50000, "10.0.0.2", 4000, new byte[100]);
    packet(Links.ethernet(Frames.fragments(whole, 7, 40).get(1)), 0);
    assertThat(witness.unflowed).isEmpty();
    analyzer.tick(60 * SECOND, 10);
    assertThat(witness.unflowed).containsExactly("malformed ip_fragment_without_first");
    witness.assertConserved();
  }

  @Test
  void innerFlowsDoNotCountAgain() {
    byte[] inner = Frames.udp("192.168.0.1", 50000, "192.168.0.2", 4000, new byte[10]);
    packet(Links.ethernet(Frames.ip("10.0.0.1", "10.0.0.2", 4, inner)), 0);
    analyzer.end();
    assertThat(witness.rows().toString())
        .contains("4 10.0.0.1 > 10.0.0.2 guessed outer")
        .contains("udp 192.168.0.1:50000 > 192.168.0.2:4000 guessed inner");
    witness.assertConserved();
  }

  @Test
  void tagsAreWrittenDownButDoNotSplitAFlow() {
    byte[] plain = Links.ethernet(Frames.udp("10.0.0.1", 50000, "10.0.0.2", 4000, new byte[4]));
    packet(plain, 0);
    packet(Links.vlan(7, plain), 1);
    packet(Links.vlan(9, plain), 2);
    packet(Links.vlan(7, plain), 3);
    assertThat(only().flow().vlans()).containsExactly(7, 9);
  }

  @Test
  void whatIsNoIpIsCountedWithItsReason() {
    packet(Links.etherType(0x0806, new byte[28]), 0);
    analyzer.end();
    assertThat(witness.rows()).isEmpty();
    assertThat(witness.unflowed).containsExactly("other arp");
    witness.assertConserved();
  }

  @Test
  void volumeIsConservedWhateverComes() {
    for (int seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      Witness seen = new Witness();
      WireAnalyzer wire = new WireAnalyzer("host", limits(2 + random.nextInt(20), 2_000), seen);
      long time = 0;
      for (int i = 0; i < 600; i++) {
        byte[] frame = anything(random);
        seen.frame(frame.length + random.nextInt(2));
        int cut = random.nextInt(8) == 0 ? random.nextInt(frame.length + 1) : frame.length;
        wire.packet(1, frame, 0, cut, seen.lastFrame(), time);
        time += random.nextInt(10) == 0 ? random.nextInt(40_000_000) : random.nextInt(1000);
        time -= random.nextInt(50) == 0 ? random.nextInt(40_000_000) : 0;
        if (random.nextInt(30) == 0) {
          wire.tick(time, random.nextInt(20));
        }
      }
      wire.end();
      seen.assertConserved();
      assertThat(seen.ids()).hasSize(seen.rows().size());
      assertThat(new HashSet<>(seen.ended())).hasSameSizeAs(seen.rows());
    }
  }

  private static byte[] anything(Random random) {
    String source = "10.0.0." + random.nextInt(4);
    String target = "10.0.0." + random.nextInt(4);
    byte[] body = new byte[1 + random.nextInt(60)];
    random.nextBytes(body);
    int port = random.nextInt(3);
    byte[] ip =
        switch (random.nextInt(6)) {
          case 0 -> Frames.udp(source, port, target, 1, body);
          case 1 -> Frames.icmp(source, target, random.nextInt(256), 0, body);
          case 2 -> Frames.ip(source, target, random.nextInt(256), body);
          default ->
            Frames.tcp(
                source,
                port,
                target,
                80,
                random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(400),
                random.nextInt(400),
                random.nextInt(256),
                body);
        };
    if (random.nextInt(5) == 0) {
      List<byte[]> parts = Frames.fragments(ip, random.nextInt(3), 24);
      ip = parts.get(random.nextInt(parts.size()));
    }
    if (random.nextInt(8) == 0) {
      ip = Frames.ip("172.16.0.1", "172.16.0.2", 4, ip);
    }
    byte[] frame = Links.ethernet(ip);
    for (int i = random.nextInt(6); i == 0; i++) {
      frame[random.nextInt(frame.length)]++;
    }
    return frame;
  }

  // ------------------------------------------------------------------ content

  @Test
  void contentIsReadTheSameWhateverTheNetworkDoesToItsSegments() {
    String request = "GET /v1/models HTTP/1.1\r\nHost: models.example\r\n\r\n";
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    play(script().connect().client(request).server(answer).close());
    analyzer.end();
    List<String> whole = content(witness.seen);
    assertThat(whole).contains("GET /v1/models 49", "200", "ANSWERED true 43");
    for (int mss : new int[] {1, 3, 7, 40}) {
      for (int seed = 0; seed < 10; seed++) {
        Witness seen = new Witness();
        WireAnalyzer wire = new WireAnalyzer("host", Limits.DEFAULT, seen);
        TcpScript cut = script().mss(mss).every(10).connect().client(request);
        cut.shuffle(3, new Random(seed));
        int first = cut.size();
        cut.server(answer).shuffle(first, new Random(seed)).repeat().close();
        seen.play(wire, cut);
        wire.end();
        assertThat(content(seen.seen)).as("segments of %d, seed %d", mss, seed).isEqualTo(whole);
      }
    }
  }

  /** What was observed, without times. */
  private static List<String> content(List<Observation> observations) {
    List<String> content = new ArrayList<>();
    for (Observation o : observations) {
      if (o instanceof Observation.Request r) {
        content.add(r.method() + " " + r.target() + " " + r.bytes());
      } else if (o instanceof Observation.ResponseStart r) {
        content.add(String.valueOf(r.status()));
      } else if (o instanceof Observation.ResponseEnd r) {
        content.add(r.outcome() + " " + r.complete() + " " + r.bytes());
      } else {
        content.add(o.getClass().getSimpleName());
      }
    }
    return content;
  }

  /** Requests and answers by exchange, e.g. {@code /a 200}. */
  private List<String> pairs() {
    analyzer.end();
    Map<Long, String> pairs = new TreeMap<>();
    for (Observation o : witness.seen) {
      if (o instanceof Observation.Request r) {
        pairs.merge(r.exchange(), r.target(), (answer, request) -> request + " " + answer);
      } else if (o instanceof Observation.ResponseStart r) {
        pairs.merge(r.exchange(), String.valueOf(r.status()), (request, x) -> request + " " + x);
      }
    }
    return List.copyOf(pairs.values());
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }

  private static String answer(int status) {
    return "HTTP/1.1 " + status + " x\r\nContent-Length: 0\r\n\r\n";
  }

  @Test
  void oneLostRequestDoesNotShiftTheOthers() {
    TcpScript script = script().connect();
    for (int i = 0; i < 5; i++) {
      script.client(get("/" + i));
      if (i == 2) {
        script.lose();
      }
      script.server(answer(200 + i));
    }
    play(script);
    assertThat(pairs()).contains("/0 200", "/1 201", "/3 203", "/4 204").doesNotContain("/3 202");
  }

  @Test
  void oneLostAnswerDoesNotShiftTheOthers() {
    TcpScript script = script().connect();
    for (int i = 0; i < 5; i++) {
      script.client(get("/" + i)).server(answer(200 + i));
      if (i == 2) {
        script.lose();
      }
    }
    play(script);
    assertThat(pairs()).contains("/0 200", "/1 201", "/2", "/3 203", "/4 204");
  }

  @Test
  void aRetransmittedRequestIsOneRequest() {
    play(script()
        .connect()
        .client(get("/a"))
        .repeat()
        .server(answer(200))
        .repeat()
        .repeat());
    assertThat(pairs()).containsExactly("/a 200");
  }

  @Test
  void requestsOfAOneSidedCaptureAreRead() {
    TcpScript script =
        script().syn().client(get("/a")).server(answer(200)).lose().ack(true);
    play(script.client(get("/b")).fin(true));
    assertThat(pairs()).containsExactly("/a", "/b");
  }
}
