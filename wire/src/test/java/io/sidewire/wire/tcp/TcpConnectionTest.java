package io.sidewire.wire.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.Frames;
import io.sidewire.testkit.TcpScript;
import io.sidewire.wire.Anomaly;
import org.junit.jupiter.api.Test;

class TcpConnectionTest {
  private static final byte[] NONE = {};

  private static TcpScript script() {
    return TcpScript.toPort(80);
  }

  @Test
  void bytesInOrderPassThrough() {
    Heard heard = Heard.play(script().connect().client("ask").server("answer").close());
    assertThat(heard.events).containsExactly("C:ask", "S:answer", "C end", "S end");
    assertThat(heard.marks).containsOnly(0);
  }

  @Test
  void theCallerOfTheHandshakeIsMeasured() {
    TcpConnection connection = new TcpConnection(Heard.RULES, new Heard());
    new Heard().feed(connection, script().every(2_000).connect().segments());
    assertThat(connection.handshakeRttMicros()).isEqualTo(4_000);
  }

  @Test
  void aRepeatedSynIsNoPartOfTheRoundTrip() {
    TcpConnection connection = new TcpConnection(Heard.RULES, new Heard());
    TcpScript script =
        script().every(2_000).syn().pause(1_000_000).repeat().synAck().ack(true);
    new Heard().feed(connection, script.segments());
    assertThat(connection.handshakeRttMicros()).isEqualTo(4_000);
  }

  @Test
  void anAcknowledgmentOfMoreThanTheHandshakeIsNoRoundTrip() {
    TcpConnection connection = new TcpConnection(Heard.RULES, new Heard());
    TcpScript script = script().syn().synAck().server("banner").ack(true);
    new Heard().feed(connection, script.segments());
    assertThat(connection.handshakeRttMicros()).isEqualTo(-1);
  }

  @Test
  void twoSegmentsInTheWrongOrderAreDeliveredInTheRightOneAtTheirOwnTimes() {
    Heard heard = Heard.play(script().connect().client("one").client("two").swap());
    assertThat(heard.timed).containsExactly("C:one @4", "C:two @3");
    assertThat(heard.marks.subList(3, 5))
        .containsExactly(TcpMarks.GAP_BEFORE, TcpMarks.OUT_OF_ORDER);
  }

  @Test
  void aHoleThatFillsLateWasSentAgain() {
    TcpScript script = script().connect().client("one").lose().client("two").pause(300_000);
    script.raw(true, script.next(true) - 6, 900_001, Frames.ACK, Frames.ascii("one"));
    Heard heard = Heard.play(script);
    assertThat(heard.events).containsExactly("C:one", "C:two");
    assertThat(heard.marks.get(4)).isEqualTo(TcpMarks.RETRANSMISSION);
  }

  @Test
  void aHoleThatTheReceiverAskedForWasSentAgainHoweverSoon() {
    TcpScript script = script().every(10).connect().client("one").lose().client("two");
    script.raw(false, 900_001, 1_001, Frames.ACK, NONE).repeat().repeat();
    script.raw(true, 1_001, 900_001, Frames.ACK, Frames.ascii("one"));
    assertThat(Heard.play(script).marks).endsWith(TcpMarks.RETRANSMISSION);
  }

  @Test
  void aRetransmissionIsDeliveredOnce() {
    Heard heard =
        Heard.play(script().connect().client("ask").repeat().ack(false).repeat(2));
    assertThat(heard.events).containsExactly("C:ask");
    assertThat(heard.marks.get(4)).isEqualTo(TcpMarks.RETRANSMISSION);
    assertThat(heard.marks.get(6)).isEqualTo(TcpMarks.RETRANSMISSION | TcpMarks.SPURIOUS);
  }

  @Test
  void aRetransmissionThatBringsMoreIsDeliveredFromWhereItIsNew() {
    TcpScript script = script().connect().client("abc");
    script.raw(true, script.next(true) - 3, 900_001, Frames.ACK, Frames.ascii("abcdef"));
    assertThat(Heard.play(script).events).containsExactly("C:abc", "C:def");
  }

  @Test
  void keepAlivesAreNeitherDataNorRetransmissions() {
    TcpScript script =
        script().connect().client("ask").ack(false).keepAlive(true).ack(false);
    script.raw(true, script.next(true) - 1, 900_001, Frames.ACK, new byte[1]);
    Heard heard = Heard.play(script);
    assertThat(heard.events).containsExactly("C:ask");
    assertThat(heard.marks.get(5)).isEqualTo(TcpMarks.KEEP_ALIVE);
    assertThat(heard.marks.get(7)).isEqualTo(TcpMarks.KEEP_ALIVE);
  }

  @Test
  void theLastByteSentAgainIsNoKeepAliveBeforeItIsAcknowledged() {
    TcpScript script = script().connect().client("a").repeat();
    assertThat(Heard.play(script).marks.get(4)).isEqualTo(TcpMarks.RETRANSMISSION);
  }

  @Test
  void theFirstCopyOfAByteWinsAndTheDifferenceIsNoted() {
    TcpScript script = script().connect().client("one").lose();
    long first = script.next(true) - 3;
    script.raw(true, first + 3, 900_001, Frames.ACK, Frames.ascii("def"));
    script.raw(true, first + 2, 900_001, Frames.ACK, Frames.ascii("cXXfg"));
    script.raw(true, first, 900_001, Frames.ACK, Frames.ascii("ab"));
    Heard heard = Heard.play(script);
    assertThat(heard.client).hasToString("abcdefg");
    assertThat(heard.oddities).containsExactly(Anomaly.TCP_OVERLAP_DIFFERS);
  }

  @Test
  void aRetransmissionWithOtherBytesIsNotedThoughTheFirstWereDeliveredLongAgo() {
    TcpScript script = script().connect();
    for (int i = 0; i < 40; i++) {
      script.client("0123456789").server("abcdefghij");
    }
    script.raw(true, 1_016, 900_001, Frames.ACK, Frames.ascii("5678901234"));
    assertThat(Heard.play(script).oddities).isEmpty();
    script.raw(true, 1_016, 900_001, Frames.ACK, Frames.ascii("56789X1234"));
    Heard heard = Heard.play(script);
    assertThat(heard.oddities).containsExactly(Anomaly.TCP_OVERLAP_DIFFERS);
    assertThat(heard.client).hasToString("0123456789".repeat(40));
  }

  @Test
  void theByteOfAKeepAliveIsNoDifference() {
    TcpScript script = script().connect().client("ask").ack(false);
    script.raw(true, script.next(true) - 1, 900_001, Frames.ACK, new byte[1]);
    assertThat(Heard.play(script).oddities).isEmpty();
  }

  @Test
  void allConnectionsShareOneBudget() {
    ReassemblyRules rules = ReassemblyRules.of(1 << 20, 10_000);
    Heard first = new Heard();
    Heard second = new Heard();
    TcpConnection a = new TcpConnection(rules, first);
    TcpConnection b = new TcpConnection(rules, second);
    int room = 10_000 - 2 * ReassemblyRules.SEGMENT_COST;
    first.feed(a, script().connect().client("x").lose().client(new byte[1_000]).segments());
    TcpScript script = script().connect().client("x").lose().mss(20_000);
    second.feed(b, script.client(new byte[room - 1_000]).segments());
    assertThat(second.oddities).isEmpty();
    assertThat(rules.budget().used()).isEqualTo(10_000);
    b.finish(0);
    script = script().connect().client("x").lose().mss(20_000).client(new byte[room - 999]);
    second.feed(new TcpConnection(rules, second), script.segments());
    assertThat(second.oddities).containsExactly(Anomaly.REASSEMBLY_LIMIT);
    assertThat(first.events).isEmpty();
  }

  @Test
  void sequenceNumbersWrap() {
    Heard heard = Heard.play(script()
        .numbered(0xfffffffcL, 0xfffffffeL)
        .mss(4)
        .connect()
        .client("abcdefgh")
        .swap()
        .server("12345678")
        .repeat()
        .close());
    assertThat(heard.client).hasToString("abcdefgh");
    assertThat(heard.server).hasToString("12345678");
    assertThat(heard.events).endsWith("C end", "S end").noneMatch(e -> e.contains("gap"));
  }

  @Test
  void aLossThatTheReceiverAcknowledgedIsGivenUpAfterAWhile() {
    TcpScript script = script().connect().client("one").lose().client("two").ack(false);
    Heard heard = new Heard();
    TcpConnection connection = new TcpConnection(Heard.RULES, heard);
    heard.feed(connection, script.segments());
    connection.expire(script.clock() + 198_000);
    assertThat(heard.events).isEmpty();
    connection.expire(script.clock() + 199_000);
    assertThat(heard.timed).containsExactly("C gap 3 @4", "C:two @4");
    assertThat(connection.waits()).isFalse();
  }

  @Test
  void aLossThatNobodyAcknowledgedWaitsForItsRetransmission() {
    TcpScript script = script().connect().client("one").lose().client("two").pause(30_000_000);
    script.raw(false, 900_001, 1_001, Frames.ACK, NONE);
    script.raw(true, 1_001, 900_001, Frames.ACK, Frames.ascii("one"));
    assertThat(Heard.play(script).events).containsExactly("C:one", "C:two");
  }

  @Test
  void aLossAtTheEndIsGivenUpTooOnceAcknowledged() {
    TcpScript script = script().connect().client("request").lose().ack(false);
    Heard heard = new Heard();
    TcpConnection connection = new TcpConnection(Heard.RULES, heard);
    heard.feed(connection, script.segments());
    connection.expire(script.clock() + 200_000);
    assertThat(heard.events).containsExactly("C gap 7");
  }

  @Test
  void aLostFinIsNoLostByte() {
    TcpScript script =
        script().connect().client("ask").fin(true).lose().ack(false).fin(false);
    assertThat(Heard.play(script).events).containsExactly("C:ask", "S end");
  }

  @Test
  void anAnswerComesAfterTheRequestThatItAcknowledgesThoughCapturedBefore() {
    TcpScript script = script().connect().client("ask").server("answer").swap();
    assertThat(Heard.play(script).events).containsExactly("C:ask", "S:answer");
  }

  @Test
  void anAnswerToALostRequestComesAfterTheGap() {
    TcpScript script = script().connect().client("lost").lose().server("answer").pause(200_000);
    script.client("next").server("last");
    assertThat(Heard.play(script).events)
        .containsExactly("C gap 4", "S:answer", "C:next", "S:last");
  }

  @Test
  void requestsBehindALostOneComeBeforeTheirAnswers() {
    TcpScript script = script().connect().client("one").lose().client("two");
    script.raw(false, script.next(false), 1_004, Frames.ACK, Frames.ascii("A1"));
    script.raw(false, script.next(false) + 2, 1_007, Frames.ACK, Frames.ascii("A2"));
    assertThat(Heard.play(script).events).containsExactly("C gap 3", "C:two", "S:A1", "S:A2");
  }

  @Test
  void whereOneSideIsNotCapturedAHoleWaitsForSomeTime() {
    TcpScript script = script().at(0).every(0);
    script.raw(true, 1_000, 7, Frames.ACK, Frames.ascii("abc"));
    script.raw(true, 1_006, 9, Frames.ACK, Frames.ascii("ghi"));
    Heard heard = new Heard();
    TcpConnection connection = new TcpConnection(Heard.RULES, heard);
    heard.feed(connection, script.segments());
    connection.expire(1_999_999);
    assertThat(heard.events).containsExactly("C:abc");
    connection.expire(2_000_000);
    assertThat(heard.events).containsExactly("C:abc", "C gap 3", "C:ghi");
  }

  @Test
  void theSideThatIsNotCapturedHasNoGaps() {
    TcpScript script = script().syn().synAck().lose().ack(true).client("ask");
    script.server("long answer").lose().ack(true).client("more").fin(true);
    assertThat(Heard.play(script).events).containsExactly("C:ask", "C:more", "C end");
  }

  @Test
  void aCaptureThatBeginsInTheMiddleBeginsWithItsFirstPayload() {
    TcpScript script =
        script().numbered(5_000, 9_000).keepAlive(true).client("ask").server("answer");
    Heard heard = Heard.play(script);
    assertThat(heard.events).containsExactly("C:ask", "S:answer");
    assertThat(heard.marks).containsOnly(0);
  }

  @Test
  void whereTheAnswerToASynWasLostItsNumberIsKnownFromTheHandshake() {
    TcpScript script =
        script().syn().synAck().lose().ack(true).server("one").server("two").swap();
    assertThat(Heard.play(script).events).containsExactly("S:one", "S:two");
  }

  @Test
  void whatTheSnapLengthCutIsAGapAtOnce() {
    TcpScript script =
        script().connect().client("0123456789").cut(14 + 20 + 20 + 4).client("next");
    assertThat(Heard.play(script).events).containsExactly("C:0123", "C cut 6", "C:next");
  }

  @Test
  void aCutSegmentOutOfOrderIsCutInItsPlace() {
    TcpScript script =
        script().connect().client("0123").client("456789").cut(14 + 40 + 2).swap();
    assertThat(Heard.play(script).events).containsExactly("C:0123", "C:45", "C cut 4");
  }

  @Test
  void aFinWaitsForTheBytesBeforeIt() {
    TcpScript script = script().connect().client("ask").fin(true).swap().server("answer");
    assertThat(Heard.play(script).events).containsExactly("C:ask", "C end", "S:answer");
  }

  @Test
  void aFinWithDataEndsAfterIt() {
    TcpScript script = script().connect();
    script.raw(true, 1_001, 900_001, Frames.ACK | Frames.FIN, Frames.ascii("bye"));
    assertThat(Heard.play(script).events).containsExactly("C:bye", "C end");
  }

  @Test
  void dataAfterAFinIsNotDelivered() {
    TcpScript script = script().connect().client("bye").fin(true);
    script.raw(true, 1_005, 900_001, Frames.ACK, Frames.ascii("ghost"));
    script.raw(true, 1_001, 900_001, Frames.ACK, Frames.ascii("bye+ghost"));
    assertThat(Heard.play(script).events).containsExactly("C:bye", "C end");
  }

  @Test
  void aResetEndsBothSides() {
    Heard heard = new Heard();
    TcpConnection connection = new TcpConnection(Heard.RULES, heard);
    heard.feed(
        connection, script().connect().client("ask").rst(false).client("x").segments());
    assertThat(heard.events).containsExactly("C:ask", "S reset", "C reset");
    assertThat(connection.state()).isEqualTo(TcpConnection.State.RESET);
  }

  @Test
  void aResetDeliversWhatWaited() {
    TcpScript script = script().connect().client("one").lose().client("two").rst(true);
    assertThat(Heard.play(script).events).containsExactly("C gap 3", "C:two", "C reset", "S reset");
  }

  @Test
  void aResetThatSomebodyGuessedIsIgnored() {
    TcpScript script = script().connect().client("ask");
    script.raw(false, 900_001 + (64 << 20), 5, Frames.RST | Frames.ACK, NONE).server("answer");
    assertThat(Heard.play(script).events).containsExactly("C:ask", "S:answer");
  }

  @Test
  void aResetAfterBothSidesClosedChangesNothing() {
    Heard heard = new Heard();
    TcpConnection connection = new TcpConnection(Heard.RULES, heard);
    heard.feed(connection, script().connect().close().rst(true).segments());
    assertThat(heard.events).containsExactly("C end", "S end");
    assertThat(connection.state()).isEqualTo(TcpConnection.State.CLOSED);
  }

  @Test
  void dataOnASynCounts() {
    TcpScript script = script();
    script.raw(true, 1_000, 0, Frames.SYN, Frames.ascii("fast"));
    script.raw(false, 900_000, 1_005, Frames.SYN | Frames.ACK, NONE);
    script.raw(true, 1_005, 900_001, Frames.ACK, Frames.ascii("er"));
    assertThat(Heard.play(script).events).containsExactly("C:fast", "C:er");
  }

  @Test
  void dataOnASynThatTheServerIgnoredIsDeliveredOnce() {
    TcpScript script = script();
    script.raw(true, 1_000, 0, Frames.SYN, Frames.ascii("fast"));
    script.raw(false, 900_000, 1_001, Frames.SYN | Frames.ACK, NONE);
    script.raw(true, 1_001, 900_001, Frames.ACK, Frames.ascii("faster"));
    assertThat(Heard.play(script).events).containsExactly("C:fast", "C:er");
  }

  @Test
  void bothSidesMayOpenAtOnce() {
    TcpScript script = script().syn();
    script.raw(false, 900_000, 0, Frames.SYN, NONE);
    script.raw(true, 1_000, 900_001, Frames.SYN | Frames.ACK, NONE);
    script.raw(false, 900_000, 1_001, Frames.SYN | Frames.ACK, NONE);
    script.raw(true, 1_001, 900_001, Frames.ACK, Frames.ascii("a"));
    script.raw(false, 900_001, 1_002, Frames.ACK, Frames.ascii("b"));
    assertThat(Heard.play(script).events).containsExactly("C:a", "S:b");
  }

  @Test
  void urgentDataStaysInline() {
    TcpScript script = script().connect();
    script.raw(true, 1_001, 900_001, Frames.ACK | Frames.URG, Frames.ascii("abc"));
    assertThat(Heard.play(script).events).containsExactly("C:abc");
  }

  @Test
  void aStrayIsIgnoredUnlessAnotherContinuesIt() {
    TcpScript script = script().connect().client("a");
    long far = 1_002 - (200L << 20);
    script.raw(true, far, 900_001, Frames.ACK, Frames.ascii("stray"));
    script.client("b");
    script.raw(true, far, 900_001, Frames.ACK, Frames.ascii("stray"));
    script.raw(true, far + 5, 900_001, Frames.ACK, Frames.ascii("stays"));
    assertThat(Heard.play(script).events)
        .containsExactly("C:a", "C:b", "C gap " + ((1L << 32) - (200L << 20) + 4), "C:stays");
  }

  @Test
  void timeMayGoBackwards() {
    TcpScript script =
        script().connect().client("one").at(5).client("two").at(1_000).server("x");
    assertThat(Heard.play(script).events).containsExactly("C:one", "C:two", "S:x");
  }
}
