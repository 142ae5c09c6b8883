package io.sidewire.wire.dns;

import static io.sidewire.wire.dns.DnsBytes.answer;
import static io.sidewire.wire.dns.DnsBytes.framed;
import static io.sidewire.wire.dns.DnsBytes.name;
import static io.sidewire.wire.dns.DnsBytes.query;
import static io.sidewire.wire.dns.DnsBytes.record;
import static io.sidewire.wire.tls.TlsBytes.hex;
import static io.sidewire.wire.tls.TlsBytes.join;
import static io.sidewire.wire.tls.TlsBytes.u16;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.EverySplit;
import io.sidewire.testkit.EverySplit.Said;
import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation;
import io.sidewire.wire.Observation.Content;
import io.sidewire.wire.Observation.DnsAnswer;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.Observation.Request;
import io.sidewire.wire.Observation.ResponseEnd;
import io.sidewire.wire.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DnsTest {
  private static final byte[] V4 = {104, 16, 125, 34};
  private static final byte[] V6 = hex("26064700000000000000000068107d22");

  private final List<Observation> seen = new ArrayList<>();
  private long number;
  private final DnsExchanges exchanges =
      new DnsExchanges(Limits.DEFAULT, seen::add, () -> number++);

  private boolean hear(Side from, long time, byte[] message) {
    return exchanges.message(
        message,
        0,
        message.length,
        false,
        new DnsExchanges.Arrival(from, time, time, message.length, true));
  }

  private <T> List<T> all(Class<T> type) {
    return seen.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Test
  void pairsAQuestionWithItsAnswer() {
    assertThat(hear(Side.CLIENT, 10, query(7, "Enabled.TLS13.com", 1))).isTrue();
    assertThat(hear(
            Side.SERVER,
            35,
            answer(
                7,
                0,
                "enabled.tls13.com",
                1,
                record(5, 60, name("x.example")),
                record(1, 188, V4),
                record(28, 90, V6))))
        .isTrue();
    assertThat(seen.get(0)).isEqualTo(new Content(10, "dns"));
    Request asked = all(Request.class).get(0);
    assertThat(asked.method()).isEqualTo("A");
    assertThat(asked.authority()).isEqualTo("enabled.tls13.com");
    assertThat(asked.target()).isNull();
    assertThat(all(DnsAnswer.class))
        .containsExactly(new DnsAnswer(
            0, "enabled.tls13.com", "A", 0, List.of("104.16.125.34", "2606:4700::6810:7d22"), 90));
    assertThat(all(ResponseEnd.class).get(0).time()).isEqualTo(35);
  }

  @Test
  void aRepeatedQuestionIsOneExchangeAndARepeatedAnswerNone() {
    hear(Side.CLIENT, 10, query(7, "a.example", 28));
    hear(Side.CLIENT, 1010, query(7, "a.example", 28));
    hear(Side.SERVER, 1020, answer(7, 3, "a.example", 28));
    hear(Side.SERVER, 1021, answer(7, 3, "a.example", 28));
    assertThat(all(Request.class)).hasSize(1);
    assertThat(all(DnsAnswer.class)).extracting(DnsAnswer::code).containsExactly(3);
    hear(Side.CLIENT, 5000, query(7, "a.example", 28)); // the id comes round again
    assertThat(all(Request.class)).hasSize(2);
    exchanges.end(Outcome.CAPTURE_ENDED, 9000);
    assertThat(all(ResponseEnd.class))
        .extracting(ResponseEnd::outcome)
        .containsExactly(Outcome.ANSWERED, Outcome.CAPTURE_ENDED);
  }

  @Test
  void idsTypesAndNamesKeepQuestionsApart() {
    hear(Side.CLIENT, 1, query(1, "a.example", 1));
    hear(Side.CLIENT, 2, query(2, "a.example", 28));
    hear(Side.CLIENT, 3, query(3, "b.example", 65));
    hear(Side.SERVER, 4, answer(3, 0, "b.example", 65));
    hear(Side.SERVER, 5, answer(1, 0, "a.example", 1, record(1, 5, V4)));
    assertThat(all(DnsAnswer.class)).extracting(DnsAnswer::exchange).containsExactly(2L, 0L);
    assertThat(all(DnsAnswer.class)).extracting(DnsAnswer::type).containsExactly("HTTPS", "A");
  }

  @Test
  void anAnswerWithoutItsQuestionIsToldAlone() {
    hear(Side.SERVER, 5, answer(1, 0, "a.example", 1, record(1, 5, V4)));
    assertThat(all(Request.class)).isEmpty();
    assertThat(all(DnsAnswer.class)).hasSize(1);
  }

  @Test
  void openQuestionsAreBounded() {
    for (int i = 0; i < 3000; i++) {
      hear(Side.CLIENT, i, query(i, "a.example", 1));
    }
    assertThat(all(ResponseEnd.class)).hasSize(3000 - Limits.DEFAULT.pipelined());
  }

  private static DnsMessage read(byte[] bytes, boolean known) {
    return DnsMessage.parse(bytes, 0, bytes.length, known, false);
  }

  @Test
  void refusesWhatIsNotDns() {
    byte[] good = query(7, "a.example", 1);
    assertThat(read(good, false)).isNotNull();
    assertThat(read(join(good, new byte[1]), false)).isNull(); // something behind it
    assertThat(read(join(good, new byte[1]), true)).isNotNull();
    assertThat(read(query(7, "a b.example", 1), false)).isNull();
    assertThat(read(query(7, "a.example", 999), false)).isNull();
    assertThat(read(query(7, "a.example", 999), true)).isNotNull();
    assertThat(read(query(7, "x".repeat(63) + "." + "y".repeat(63), 1), false)).isNotNull();
    assertThat(read(join(u16(7, 0x2900, 1, 0, 0, 0), name("a.example"), u16(1, 1)), true))
        .isNull(); // an update
    assertThat(read(join(u16(7, 0x0140, 1, 0, 0, 0), name("a.example"), u16(1, 1)), true))
        .isNull(); // reserved bit
    assertThat(read(new byte[12], true)).isNull();
    Random random = new Random(1035);
    for (int i = 0; i < 200_000; i++) {
      byte[] noise = new byte[12 + random.nextInt(60)];
      random.nextBytes(noise);
      assertThat(read(noise, false)).isNull();
    }
  }

  @Test
  void compressionMayNotLoop() {
    byte[] head = u16(7, 0x8180, 1, 0, 0, 0);
    assertThat(read(join(head, u16(0xc00c), u16(1, 1)), true)).isNull(); // to itself
    assertThat(read(join(head, new byte[] {1, 'a'}, u16(0xc00c), u16(1, 1)), true))
        .isNull(); // to its own beginning
    assertThat(read(join(head, u16(0xc00e), u16(0xc00c), u16(1, 1)), true)).isNull(); // forward
    assertThat(read(join(head, u16(0xc000), u16(1, 1)), true)).isNull(); // into the header
    byte[] chain = join(
        u16(7, 0x8180, 1, 1, 0, 0),
        name("a.example"),
        u16(1, 1),
        new byte[] {1, 'b'},
        u16(0xc00c, 1, 1, 0, 9, 4),
        V4);
    assertThat(read(chain, false).addresses).containsExactly("104.16.125.34");
  }

  @Test
  void oddNamesAreEscaped() {
    assertThat(read(query(7, "My Printer._ipp._tcp.local", 12), true).name)
        .isEqualTo("my\\032printer._ipp._tcp.local");
    assertThat(read(join(u16(7, 0x0100, 1, 0, 0, 0), new byte[1], u16(2, 1)), false).name)
        .isEqualTo(".");
  }

  @Test
  void readsMulticastForms() {
    byte[] several =
        join(u16(0, 0, 2, 0, 0, 0), name("a.local"), u16(1, 0x8001), name("b.local"), u16(28, 1));
    assertThat(read(several, true).questions).isEqualTo(2);
    byte[] unasked =
        join(u16(0, 0x8400, 0, 1, 0, 0), name("a.local"), u16(1, 0x8001, 0, 120, 4), V4);
    assertThat(read(unasked, true).name).isNull();
  }

  @Test
  void truncationAndDamageNeverThrow() {
    byte[] wire = answer(
        7,
        0,
        "a.example",
        1,
        record(5, 60, name("x.example")),
        record(1, 188, V4),
        record(28, 90, V6));
    for (int length = 0; length <= wire.length; length++) {
      DnsMessage.parse(wire, 0, length, true, true);
      assertThat(DnsMessage.parse(wire, 0, length, true, false) != null)
          .isEqualTo(length == wire.length);
    }
    Random random = new Random(53);
    for (int i = 0; i < 50_000; i++) {
      byte[] damaged = wire.clone();
      for (int hits = 1 + random.nextInt(5); hits > 0; hits--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      DnsMessage.parse(damaged, 0, damaged.length, random.nextBoolean(), random.nextBoolean());
    }
  }

  private static List<Observation> stream(List<Said> talk) {
    List<Observation> found = new ArrayList<>();
    long[] count = {0};
    DnsStream stream = new DnsStream(Limits.DEFAULT, found::add, () -> count[0]++);
    for (Said said : talk) {
      stream.onData(
          said.client() ? Side.CLIENT : Side.SERVER, said.bytes(), 0, said.bytes().length, 5, 0);
    }
    stream.onFlowEnd(9);
    return found;
  }

  @Test
  void readsDnsOverTcpThroughEverySplit() {
    byte[] questions = framed(query(1, "a.example", 1), query(2, "b.example", 28));
    byte[] answers = framed(
        answer(2, 0, "b.example", 28, record(28, 30, V6)),
        answer(1, 0, "a.example", 1, record(1, 60, V4)));
    List<Observation> found = EverySplit.assertSameTalk(
        List.of(Said.client(questions), Said.server(answers)), DnsTest::stream);
    assertThat(found.stream().filter(DnsAnswer.class::isInstance).map(DnsAnswer.class::cast))
        .extracting(DnsAnswer::exchange)
        .containsExactly(1L, 0L);
    assertThat(found).hasSize(1 + 2 + 6);
  }

  @Test
  void aStreamThatIsNotDnsIsLeft() {
    List<Observation> found =
        stream(List.of(Said.client("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n".repeat(700))));
    assertThat(found).containsExactly(new Odd(5, -1, Anomaly.DNS_INVALID));
  }

  @Test
  void aStreamGoesOnBehindAGap() {
    List<Observation> found = new ArrayList<>();
    DnsStream stream = new DnsStream(Limits.DEFAULT, found::add, () -> 0);
    byte[] question = framed(query(1, "a.example", 1));
    stream.onData(Side.CLIENT, question, 0, 9, 1, 0);
    stream.onGap(Side.CLIENT, 40, 2);
    stream.onData(Side.CLIENT, question, 3, 9, 3, 0); // the middle of another
    stream.onData(Side.CLIENT, question, 0, question.length, 4, 0);
    assertThat(found).hasSize(2);
  }
}
