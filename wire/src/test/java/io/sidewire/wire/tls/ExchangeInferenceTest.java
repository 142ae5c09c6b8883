package io.sidewire.wire.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.Side;
import io.sidewire.wire.tls.Records.Exchange;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sizes and times are as they were captured from the clients and servers that the names tell. */
class ExchangeInferenceTest {

  private static List<String> told(List<Exchange> exchanges) {
    return exchanges.stream().map(Exchange::toString).toList();
  }

  // TLS 1.2: no handshake among the data.

  @Test
  void tls12OverHttp11IsPlain() {
    List<Exchange> seen =
        Records.tls12(null).c(20, 972).s(148, 1058).c(300, 1026).s(500, 819).stream(
                504, 30, 20, 292)
            .end();
    assertThat(told(seen)).containsExactly("20 20 148 148", "300 300 500 1084 streamed");
    assertThat(seen.get(0).requestBytes).isEqualTo(977);
    assertThat(seen.get(1).chunks).isEqualTo(31);
  }

  @Test
  void tls12OverHttp2BeginsWithSettings() {
    List<Exchange> seen = Records.tls12("h2")
        .c(20, 88, 840)
        .s(21, 64)
        .c(22, 33)
        .s(22, 33)
        .s(300, 912)
        .s(305, 33)
        .c(400, 500)
        .s(500, 700, 33)
        .s(9000, 41)
        .end();
    assertThat(told(seen)).containsExactly("20 20 300 305", "400 400 500 500");
  }

  // TLS 1.3: handshake, tickets and alerts are records of data too.

  @Test
  void ticketsOfOpensslAreNoAnswer() {
    List<Exchange> seen = Records.tls13("http/1.1").c(4, 1071).s(6, 282, 282).s(203, 813).stream(
            207, 9, 20, 285)
        .s(5594, 19)
        .end();
    assertThat(told(seen)).containsExactly("4 4 203 367 streamed");
  }

  @Test
  void ticketsBeforeTheRequestAreNoAnswerEither() {
    assertThat(told(
            Records.tls13("http/1.1").s(5, 282).c(10, 600).s(11, 282).s(90, 700).end()))
        .containsExactly("10 10 90 90");
  }

  @Test
  void aShortHeadBehindTicketsIsTheAnswer() {
    // Anthropic's kind of head: the first record of the answer is shorter than many tickets.
    List<Exchange> seen = Records.tls13("http/1.1").c(4, 524).s(6, 282, 282).s(240, 313).stream(
            275, 20, 30, 145)
        .end();
    assertThat(told(seen)).containsExactly("4 4 240 845 streamed");
  }

  @Test
  void oneTicketOfGoOrAResumingServer() {
    assertThat(told(Records.tls13("http/1.1").c(4, 524).s(6, 147).s(120, 200).end()))
        .containsExactly("4 4 120 120");
  }

  @Test
  void theLongTicketOfJsse() {
    assertThat(told(Records.tls13InOne("http/1.1").c(4, 800).s(12, 2199).s(160, 850).stream(
                165, 12, 20, 290)
            .s(9000, 35)
            .end()))
        .containsExactly("4 4 160 385 streamed");
  }

  @Test
  void aPromptAnswerOfAServerWithoutTickets() {
    assertThat(told(Records.tls13InOne("http/1.1")
            .c(4, 800)
            .s(9, 900)
            .s(10, 4000)
            .c(60, 800)
            .s(65, 700)
            .end()))
        .containsExactly("4 4 9 10", "60 60 65 65");
  }

  @Test
  void aTicketAloneIsNoAnswerWhenTheClientGivesUp() {
    assertThat(told(Records.tls13("http/1.1").c(4, 800).s(6, 282).end(Side.CLIENT)))
        .containsExactly("4 4 - 7 RESET");
  }

  @Test
  void aClientCertificateBelongsToTheHandshake() {
    List<Exchange> seen = Records.hellos(0x1302, "http/1.1")
        .s(2, 38, 100, 1924, 281, 69)
        .c(3, 1500, 281, 69)
        .c(4, 700)
        .s(5, 282, 282)
        .s(50, 900)
        .end();
    assertThat(told(seen)).containsExactly("4 4 50 50");
  }

  @Test
  void aConnectionWithoutRequestsHasNoExchanges() {
    assertThat(Records.tls13("http/1.1").s(5, 282, 282).s(5000, 19).end()).isEmpty();
    assertThat(Records.tls13("h2")
            .c(4, 81)
            .s(5, 282, 282, 35)
            .c(6, 26)
            .s(6, 26)
            .s(9000, 34, 19)
            .end())
        .isEmpty();
  }

  @Test
  void otherProtocolsHaveNoExchanges() {
    assertThat(Records.tls13("imap").c(4, 60).s(9, 90).c(20, 70).s(30, 100).end())
        .isEmpty();
  }

  // HTTP/1.1.

  @Test
  void anUploadBehind100Continue() {
    List<Exchange> seen = Records.tls13("http/1.1")
        .c(6, 298)
        .s(7, 282, 282)
        .s(50, 42)
        .c(51, 16401, 16401, 16401)
        .c(54, 16263)
        .s(188, 1477)
        .end();
    assertThat(told(seen)).containsExactly("6 54 188 188");
    assertThat(seen.get(0).requestBytes).isEqualTo(298 + 3 * 16401 + 16263 + 5 * 5);
  }

  @Test
  void headAndBodyApartAreOneRequest() {
    assertThat(told(Records.tls13("http/1.1")
            .c(4, 250)
            .c(9, 400)
            .s(10, 282, 282)
            .s(80, 800)
            .end()))
        .containsExactly("4 9 80 80");
  }

  @Test
  void tinyRequestsOfHttp11Count() {
    assertThat(told(Records.tls12(null)
            .c(10, 24 + 40)
            .s(20, 24 + 90)
            .c(30, 24 + 18)
            .s(40, 24 + 60)
            .end()))
        .containsExactly("10 10 20 20", "30 30 40 40");
  }

  // HTTP/2, one stream at a time.

  @Test
  void prefaceAndSettingsAreNoRequest() {
    List<Exchange> seen = Records.tls13("h2", "http/1.1")
        .c(8, 81)
        .c(8.5, 164, 106)
        .s(11, 282, 282, 26, 26)
        .c(11.5, 26)
        .s(319, 1070)
        .s(320, 26)
        .end();
    assertThat(told(seen)).containsExactly("8.5 8.5 319 320");
  }

  @Test
  void controlFramesDuringAStreamAreNoRequests() {
    List<Exchange> seen = Records.tls13("h2")
        .c(4, 833)
        .s(5, 282, 282, 26)
        .c(6, 26)
        .s(7, 26)
        .s(220, 551)
        .stream(225, 10, 20, 290)
        .c(300, 30)
        .stream(430, 10, 20, 290)
        .c(500, 43)
        .s(640, 26)
        .s(8000, 34)
        .s(8001, 19)
        .end();
    assertThat(told(seen)).containsExactly("4 4 220 640 streamed");
  }

  @Test
  void headersAndDataOfTheJdkComeApart() {
    List<Exchange> seen = Records.hellos(0x1301, "h2", "http/1.1")
        .s(2, 32, 1924, 281, 53)
        .c(3, 69)
        .c(20, 102)
        .s(21, 30, 26)
        .c(22, 46, 42)
        .c(26, 108)
        .c(29, 444)
        .s(150, 701, 934, 26)
        .c(200, 105)
        .c(202, 444)
        .s(320, 701, 26)
        .end();
    assertThat(told(seen)).containsExactly("26 29 150 150", "200 202 320 320");
  }

  @Test
  void aColdJvmTakesItsTimeBetweenHeadersAndData() {
    List<Exchange> seen = Records.tls13("h2")
        .c(4, 190)
        .s(5, 282, 282, 26)
        .c(6, 26)
        .s(7, 26)
        .c(44, 120)
        .s(172, 1319)
        .s(173, 26)
        .c(300, 235)
        .s(400, 317)
        .stream(405, 20, 20, 290)
        .s(900, 26)
        .end();
    assertThat(told(seen)).containsExactly("4 44 172 173", "300 300 400 900 streamed");
  }

  @Test
  void theHelloOfAnUnknownServerStillShowsHttp2() {
    // The handshake in one record hides what was chosen; the acknowledgement of SETTINGS shows it.
    List<Exchange> seen = Records.tls13InOne("h2", "http/1.1")
        .c(4, 81)
        .s(12, 2199, 52)
        .c(13, 26)
        .c(40, 300)
        .s(200, 900)
        .end();
    assertThat(told(seen)).containsExactly("40 40 200 200");
  }

  @Test
  void windowUpdatesDuringAnUploadAreNoAnswer() {
    List<Exchange> seen = Records.tls13("h2")
        .c(4, 99, 105, 16401, 26, 3644)
        .s(5, 282, 282, 50)
        .s(9, 30, 95)
        .s(70, 900, 26)
        .c(100, 62, 16401, 16401, 3420)
        .s(102, 30, 95)
        .s(170, 400, 26)
        .end();
    assertThat(told(seen)).containsExactly("4 4 70 70", "100 100 170 170");
  }

  @Test
  void aGetOfAWarmConnectionMayBeShort() {
    List<Exchange> seen = Records.tls13("h2")
        .c(4, 205)
        .s(5, 282, 282, 26)
        .c(6, 26)
        .s(40, 3111, 26)
        .c(80, 56)
        .s(90, 3080, 26)
        .c(120, 30)
        .s(121, 26)
        .end();
    assertThat(told(seen)).containsExactly("4 4 40 40", "80 80 90 90");
  }

  @Test
  void frameHeadersInRecordsOfTheirOwnEndNoStream() {
    List<Exchange> seen = Records.tls13("h2")
        .c(4, 300)
        .s(5, 147)
        .s(100, 60, 4047)
        .s(101, 26, 16401, 26)
        .s(110, 16401, 26, 900)
        .c(200, 300)
        .s(300, 500, 26)
        .end();
    assertThat(told(seen)).containsExactly("4 4 100 110", "200 200 300 300");
  }

  // HTTP/2, several streams at once.

  @Test
  void aRequestWhileAnotherWaits() {
    List<Exchange> seen = Records.tls13("h2")
        .c(4, 336)
        .s(5, 282, 282, 26)
        .c(6, 26)
        .s(7, 26)
        .c(75, 225)
        .s(182, 1159, 26)
        .c(192, 232)
        .c(276, 239)
        .s(300, 842, 26)
        .s(383, 949, 26)
        .s(500, 700, 26)
        .end();
    assertThat(seen).hasSize(4).allMatch(e -> e.ambiguous && e.confidence < 0.96f);
    assertThat(seen.get(3).last).isEqualTo(500);
  }

  @Test
  void streamsThatGoOnBehindTheNextRequest() {
    Records records = Records.tls13("h2")
        .c(4, 390)
        .s(5, 282, 282, 26)
        .c(6, 26)
        .s(7, 26)
        .s(180, 550)
        .stream(189, 8, 15, 288)
        .c(310, 280)
        .stream(312, 30, 15, 288)
        .s(800, 26);
    assertThat(records.end()).hasSize(2).allMatch(e -> e.ambiguous);
  }

  @Test
  void requestsOfOneInstantAreCountedByTheEndsOfTheirAnswers() {
    List<Exchange> seen = Records.tls13("h2")
        .c(4, 336)
        .s(5, 282, 282, 26)
        .c(6, 26)
        .c(8, 234, 232, 239)
        .s(141, 1008)
        .s(147, 26)
        .s(150, 1061, 26)
        .s(195, 936, 26)
        .s(397, 747, 26)
        .end();
    assertThat(seen).hasSize(4).allMatch(e -> e.ambiguous);
  }

  @Test
  void earlierExchangesOfSuchAConnectionBecomeAmbiguousToo() {
    Records records = Records.tls13("h2")
        .c(4, 336)
        .s(5, 282, 282, 26)
        .c(6, 26)
        .s(100, 900, 26)
        .c(300, 225);
    assertThat(records.soFar()).hasSize(1).noneMatch(e -> e.ambiguous);
    assertThat(records.c(350, 230).s(500, 800, 26).s(550, 800, 26).end())
        .hasSize(3)
        .allMatch(e -> e.ambiguous);
  }

  // Where the capture lacks something.

  @Test
  void aCaptureThatBeginsInTheMiddle() {
    List<Exchange> seen =
        Records.midStream().s(0, 286).s(10, 290).s(50, 589).c(607, 2445).s(680, 813).stream(
                682, 12, 20, 287)
            .c(1200, 2500)
            .s(1400, 900)
            .end();
    assertThat(told(seen)).containsExactly("607 607 680 902 streamed", "1200 1200 1400 1400");
    assertThat(seen.get(0).confidence).isLessThan(0.9f);
  }

  @Test
  void aCutRecordIsMeasuredByItsHeader() {
    byte[] record = TlsBytes.data(1400);
    Records records = Records.tls13("http/1.1").c(4, 800).s(5, 282, 282);
    records
        .say(Side.SERVER, 90, java.util.Arrays.copyOf(record, 30))
        .gap(Side.SERVER, 90, record.length - 30);
    List<Exchange> seen = records.c(200, 700).s(260, 500).end();
    assertThat(told(seen)).containsExactly("4 4 90 90", "200 200 260 260");
    assertThat(seen.get(0).bytes).isEqualTo(1405);
    assertThat(seen.get(0).complete).isFalse();
    assertThat(seen.get(0).confidence).isLessThan(0.7f);
    assertThat(seen.get(1).complete).isTrue();
  }

  // Time.

  @Test
  void silenceReportsAndLaterBytesRevise() {
    Records records = Records.tls12(null).c(20, 900).tick(100);
    assertThat(records.soFar()).isEmpty();
    assertThat(told(records.tick(400).soFar())).containsExactly("20 20 - - null");
    records.s(1000, 500).tick(1200);
    assertThat(told(records.soFar())).containsExactly("20 20 1000 - null");
    assertThat(told(records.tick(1700).soFar())).containsExactly("20 20 1000 1000");
    records.tick(5000).s(6000, 400).s(6500, 400);
    List<Exchange> seen = records.end();
    assertThat(told(seen)).containsExactly("20 20 1000 6500");
    assertThat(seen.get(0).ends).isEqualTo(2);
  }

  @Test
  void aSlowUploadReportedBySilenceIsReportedAgain() {
    Records records = Records.tls12(null).c(20, 16408).tick(500).c(800, 16408).s(900, 300);
    assertThat(told(records.end())).containsExactly("20 800 900 900");
  }

  @Test
  void ticksChangeNothingInTheEnd() {
    Records without = Records.tls13("h2").c(4, 833).s(5, 282, 282, 26).c(6, 26).s(820, 551).stream(
            825, 40, 50, 290)
        .s(2900, 26)
        .c(4000, 441)
        .s(5500, 900, 26);
    Records with = Records.tls13("h2").c(4, 833).s(5, 282, 282, 26).c(6, 26);
    for (int t = 10; t < 820; t += 50) {
      with.tick(t);
    }
    with.s(820, 551).stream(825, 40, 50, 290).tick(2850).s(2900, 26);
    for (int t = 2900; t < 4000; t += 50) {
      with.tick(t);
    }
    with.c(4000, 441).tick(5000).s(5500, 900, 26).tick(7000);
    assertThat(told(with.end())).isEqualTo(told(without.end()));
  }

  // Streaming or not.

  @Test
  void aBodyInPiecesWithPausesOfTcpIsNoStream() {
    Records records = Records.tls12(null).c(20, 900).s(100, 900);
    for (int i = 0; i < 20; i++) {
      records.s(101 + i / 4 * 80, 16408);
    }
    assertThat(records.end().get(0).streamed).isFalse();
    records = Records.tls12(null).c(20, 900).s(100, 900);
    for (int i = 0; i < 40; i++) {
      records.s(101 + i / 10 * 80, 1395); // Go begins with records of one segment
    }
    assertThat(records.end().get(0).streamed).isFalse();
  }

  @Test
  void aFastStreamHasNoPauses() {
    assertThat(Records.tls12(null).c(20, 900).s(100, 900).stream(101, 40, 1, 180)
            .end()
            .get(0)
            .streamed)
        .isTrue();
  }

  @Test
  void nothingThrowsAndStateStaysBounded() {
    Random random = new Random(1);
    for (int round = 0; round < 300; round++) {
      Records records =
          switch (random.nextInt(5)) {
            case 0 -> Records.tls13("h2");
            case 1 -> Records.tls13("http/1.1");
            case 2 -> Records.tls13InOne("h2", "http/1.1");
            case 3 -> Records.tls12("h2");
            default -> Records.midStream();
          };
      double time = 5;
      for (int i = 0; i < 200; i++) {
        time += random.nextInt(4) == 0 ? random.nextInt(400) : random.nextDouble();
        int length = random.nextInt(3) == 0 ? 17 + random.nextInt(60) : 17 + random.nextInt(16384);
        switch (random.nextInt(9)) {
          case 0 ->
            records.gap(
                random.nextBoolean() ? Side.CLIENT : Side.SERVER, time, 1 + random.nextInt(3000));
          case 1 -> records.tick(time);
          case 2, 3, 4 -> records.c(time, length);
          default -> records.s(time, length);
        }
      }
      records.end(); // checks that each answer has a request before it
    }
  }
}
