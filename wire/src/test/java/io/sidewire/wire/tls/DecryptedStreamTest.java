package io.sidewire.wire.tls;

import static io.sidewire.wire.tls.TlsBytes.clientHello;
import static io.sidewire.wire.tls.TlsBytes.extension;
import static io.sidewire.wire.tls.TlsBytes.join;
import static io.sidewire.wire.tls.TlsBytes.message;
import static io.sidewire.wire.tls.TlsBytes.record;
import static io.sidewire.wire.tls.TlsBytes.serverHello;
import static io.sidewire.wire.tls.TlsBytes.u16;
import static io.sidewire.wire.tls.TlsBytes.versions;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation;
import io.sidewire.wire.Observation.ChosenProtocol;
import io.sidewire.wire.Observation.ClientHello;
import io.sidewire.wire.Observation.Evidence;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.Observation.Request;
import io.sidewire.wire.Observation.ResponseEnd;
import io.sidewire.wire.Observation.ResponseStart;
import io.sidewire.wire.Side;
import io.sidewire.wire.flow.FlowAnalyzer;
import io.sidewire.wire.tls.decrypt.Decryption;
import io.sidewire.wire.tls.decrypt.KeySource;
import io.sidewire.wire.tls.decrypt.Sealer;
import io.sidewire.wire.tls.decrypt.TlsSecrets;
import io.sidewire.wire.tls.decrypt.TlsSecrets.Label;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS connections, made here, read with their secrets through {@link FlowAnalyzer}. */
class DecryptedStreamTest {
  private static final int GCM_13 = 0x1301;
  private static final int GCM_12 = 0xc02f;
  private static final long START = 1_000_000;
  private static final String QUESTION =
      "POST /v1/x HTTP/1.1\r\nHost: h.example\r\nContent-Length: 5\r\n\r\nhello";
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 300\r\n\r\n"
          + "a".repeat(300);

  private static final byte[] RETRY_RANDOM =
      TlsBytes.hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

  /** Bytes that one side sends, or loses. */
  private record Said(Side side, byte[] bytes, boolean lost) {}

  private final List<Said> talk = new ArrayList<>();
  private final List<Observation> seen = new ArrayList<>();
  private Keys keys = new Keys();

  private static final class Keys implements KeySource {
    private TlsSecrets secrets;
    private long version;
    private boolean complete = true;

    @Override
    public TlsSecrets secrets(byte[] clientRandom) {
      return secrets;
    }

    @Override
    public long version() {
      return version;
    }

    @Override
    public boolean complete() {
      return complete;
    }
  }

  // ---------------------------------------------------------------- making

  private void client(byte[]... bytes) {
    talk.add(new Said(Side.CLIENT, join(bytes), false));
  }

  private void server(byte[]... bytes) {
    talk.add(new Said(Side.SERVER, join(bytes), false));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] finished() {
    return message(20, new byte[32]);
  }

  /** The two directions behind a handshake of TLS 1.3. */
  private Sealer[] handshake13(int cipher, boolean earlyAccepted) {
    return handshake13(cipher, earlyAccepted, null);
  }

  private Sealer[] handshake13(int cipher, boolean earlyAccepted, Sealer early) {
    keys.secrets = Sealer.secrets(cipher);
    client(record(
        22,
        clientHello(
            0x303,
            new int[] {cipher},
            versions(0x304),
            early == null ? extension(51, u16(0)) : extension(42, new byte[0]))));
    if (early != null) {
      client(early.seal(23, text(QUESTION)));
    }
    Sealer serverFlight = new Sealer(cipher, Label.SERVER_HANDSHAKE_TRAFFIC_SECRET);
    byte[] h2 = extension(16, join(u16(3), new byte[] {2, 'h', '2'}));
    byte[] extensions = earlyAccepted ? join(h2, extension(42, new byte[0])) : h2;
    server(
        record(22, serverHello(0x303, new byte[0], cipher, extension(43, u16(0x304)))),
        record(20, new byte[] {1}),
        serverFlight.seal(
            22,
            join(message(8, join(u16(extensions.length), extensions)), message(11, new byte[900]))),
        serverFlight.seal(22, finished()));
    if (early != null && earlyAccepted) {
      client(early.seal(22, message(5, new byte[0])));
    }
    client(
        record(20, new byte[] {1}),
        new Sealer(cipher, Label.CLIENT_HANDSHAKE_TRAFFIC_SECRET).seal(22, finished()));
    Sealer server = new Sealer(cipher, Label.SERVER_TRAFFIC_SECRET_0);
    server(server.seal(22, message(4, new byte[200])));
    return new Sealer[] {new Sealer(cipher, Label.CLIENT_TRAFFIC_SECRET_0), server};
  }

  private Sealer[] handshake12(int cipher, boolean encryptThenMac) {
    keys.secrets = Sealer.secrets(cipher);
    Sealer client = new Sealer(cipher, Side.CLIENT, encryptThenMac);
    Sealer server = new Sealer(cipher, Side.SERVER, encryptThenMac);
    client(record(22, clientHello(0x303, new int[] {cipher}, extension(22, new byte[0]))));
    server(record(
        22,
        join(
            encryptThenMac
                ? serverHello(0x303, new byte[0], cipher, extension(22, new byte[0]))
                : serverHello(0x303, new byte[0], cipher, extension(23, new byte[0])),
            message(11, new byte[700]),
            message(14, new byte[0]))));
    client(
        record(22, message(16, new byte[66])),
        record(20, new byte[] {1}),
        client.seal(22, finished()));
    server(record(20, new byte[] {1}), server.seal(22, finished()));
    return new Sealer[] {client, server};
  }

  /** Question and answer, the answer in records of 100 bytes. */
  private void exchange(Sealer[] sealers) {
    client(sealers[0].seal(23, text(QUESTION)));
    byte[] answer = text(ANSWER);
    for (int at = 0; at < answer.length; at += 100) {
      server(
          sealers[1].seal(23, Arrays.copyOfRange(answer, at, Math.min(answer.length, at + 100))));
    }
  }

  // ---------------------------------------------------------------- playing

  private List<Observation> play(int cut) {
    seen.clear();
    FlowAnalyzer flow = flow();
    long time = START;
    for (Said said : talk) {
      time += 1000;
      give(flow, said, cut, time);
    }
    end(flow, time);
    return List.copyOf(seen);
  }

  private FlowAnalyzer flow() {
    return new FlowAnalyzer(
        Limits.DEFAULT, 443, this::see, new Decryption(keys, Decryption.WAIT_MICROS));
  }

  /** Hellos are read as ever; and an array in them has no equals. */
  private void see(Observation observation) {
    if (!(observation instanceof ClientHello)) {
      seen.add(observation);
    }
  }

  private static void give(FlowAnalyzer flow, Said said, int cut, long time) {
    if (said.lost) {
      flow.onGap(said.side, said.bytes.length, time);
      return;
    }
    for (int at = 0; at < said.bytes.length; at += cut) {
      flow.onData(said.side, said.bytes, at, Math.min(cut, said.bytes.length - at), time, 0);
    }
  }

  private static void end(FlowAnalyzer flow, long time) {
    flow.onEnd(Side.CLIENT, false, time);
    flow.onEnd(Side.SERVER, false, time);
    flow.onFlowEnd(time);
  }

  private <T> List<T> seen(Class<T> kind) {
    return seen.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private void assertExchanges(int count) {
    assertThat(seen(Request.class)).hasSize(count).allSatisfy(request -> {
      assertThat(request.evidence()).isEqualTo(Evidence.DECRYPTED);
      assertThat(request.target()).isEqualTo("/v1/x");
      assertThat(request.complete()).isTrue();
      assertThat(request.bytes()).isEqualTo(QUESTION.length());
      assertThat(request.sequence()).isEqualTo(-1);
    });
    assertThat(seen(ResponseEnd.class)).hasSize(count).allSatisfy(end -> {
      assertThat(end.outcome()).isEqualTo(Outcome.ANSWERED);
      assertThat(end.bodyBytes()).isEqualTo(300);
      assertThat(end.complete()).isTrue();
    });
    assertThat(seen(ResponseStart.class)).extracting(ResponseStart::status).containsOnly(200);
    assertThat(seen(Odd.class)).isEmpty();
  }

  // ---------------------------------------------------------------- tests

  @ParameterizedTest
  @ValueSource(ints = {0x1301, 0x1302, 0x1303})
  void readsTls13OverEverySplit(int cipher) {
    Sealer[] sealers = handshake13(cipher, false);
    exchange(sealers);
    sealers[0].pad(77);
    exchange(sealers);
    List<Observation> whole = play(Integer.MAX_VALUE / 2);
    assertExchanges(2);
    for (int cut = 1; cut < 700; cut += cut < 40 ? 1 : 37) {
      assertThat(play(cut)).as("cut at %d", cut).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0xc02f, 0x9d, 0xcca8, 0x2f, 0x35, 0x3c, 0xc028})
  void readsTls12OverEverySplit(int cipher) {
    exchange(handshake12(cipher, false));
    List<Observation> whole = play(Integer.MAX_VALUE / 2);
    assertExchanges(1);
    for (int cut = 1; cut < 700; cut += cut < 40 ? 1 : 37) {
      assertThat(play(cut)).as("cut at %d", cut).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0xc013, 0x35, 0x3c, 0xc028})
  void readsEncryptThenMac(int cipher) {
    exchange(handshake12(cipher, true));
    play(100);
    assertExchanges(1);
  }

  @Test
  void followsKeyUpdatesOfEitherSide() {
    Sealer[] sealers = handshake13(GCM_13, false);
    exchange(sealers);
    for (int update = 0; update < 3; update++) {
      server(sealers[1].seal(22, message(24, new byte[1])));
      sealers[1].update();
      client(sealers[0].seal(22, message(24, new byte[1])));
      sealers[0].update();
      exchange(sealers);
    }
    play(50);
    assertExchanges(4);
  }

  @Test
  void aRecordHasTheTimeOfThePacketThatCompletedIt() {
    Sealer[] sealers = handshake13(GCM_13, false);
    exchange(sealers);
    byte[] question = sealers[0].seal(23, text(QUESTION));
    client(Arrays.copyOf(question, 30));
    client(Arrays.copyOfRange(question, 30, question.length));
    exchange(sealers);
    play(Integer.MAX_VALUE / 2);
    Request request = seen(Request.class).get(1);
    Request first = seen(Request.class).get(0);
    assertThat(request.start()).isEqualTo(request.end()).isGreaterThan(first.end() + 1000);
  }

  @Test
  void readsEarlyDataThatWasAccepted() {
    Sealer early = new Sealer(GCM_13, Label.CLIENT_EARLY_TRAFFIC_SECRET);
    Sealer[] sealers = handshake13(GCM_13, true, early);
    server(sealers[1].seal(23, text(ANSWER)));
    exchange(sealers);
    play(61);
    assertExchanges(2);
    assertThat(seen(Request.class).get(0).start()).isEqualTo(START + 2000);
  }

  @Test
  void countsEarlyDataThatWasAcceptedWithoutItsKey() {
    Sealer[] sealers =
        handshake13(GCM_13, true, new Sealer(GCM_13, Label.CLIENT_EARLY_TRAFFIC_SECRET));
    server(sealers[1].seal(23, text(ANSWER)));
    exchange(sealers);
    keys.secrets = TlsSecrets.EMPTY;
    for (Label label : Label.values()) {
      if (label.name().contains("TRAFFIC") && label != Label.CLIENT_EARLY_TRAFFIC_SECRET) {
        keys.secrets = keys.secrets.with(label, Sealer.secret(label, 32));
      }
    }
    play(61);
    assertThat(seen(Odd.class))
        .extracting(Odd::kind)
        .containsOnlyOnce(Anomaly.TLS_EARLY_DATA_UNREAD);
    assertThat(seen(Request.class)).isNotEmpty();
  }

  @Test
  void tellsTheProtocolThatTheServerChose() {
    exchange(handshake13(GCM_13, false));
    play(61);
    assertThat(seen(ChosenProtocol.class)).extracting(ChosenProtocol::alpn).containsExactly("h2");
  }

  @Test
  void ignoresEarlyDataThatWasRefused() {
    exchange(handshake13(GCM_13, false, new Sealer(GCM_13, Label.CLIENT_EARLY_TRAFFIC_SECRET)));
    play(61);
    assertExchanges(1);
  }

  /** RFC 8446, section 4.1.4: a second hello, and no early data any more. */
  @Test
  void readsBehindAHelloRetryRequest() {
    exchange(handshake13(GCM_13, false, new Sealer(GCM_13, Label.CLIENT_EARLY_TRAFFIC_SECRET)));
    byte[] retry = serverHello(0x303, new byte[0], GCM_13, extension(43, u16(0x304)));
    System.arraycopy(RETRY_RANDOM, 0, retry, 6, RETRY_RANDOM.length);
    byte[] again = clientHello(0x303, new int[] {GCM_13}, versions(0x304), extension(51, u16(0)));
    talk.add(2, new Said(Side.SERVER, join(record(22, retry), record(20, new byte[] {1})), false));
    talk.add(3, new Said(Side.CLIENT, join(record(20, new byte[] {1}), record(22, again)), false));
    List<Observation> whole = play(Integer.MAX_VALUE / 2);
    assertExchanges(1);
    for (int cut = 1; cut < 200; cut += 7) {
      assertThat(play(cut)).as("cut at %d", cut).isEqualTo(whole);
    }
  }

  @Test
  void readsWithoutTheSecretsOfTheHandshake() {
    exchange(handshake13(GCM_13, false));
    keys.secrets = TlsSecrets.EMPTY
        .with(Label.CLIENT_TRAFFIC_SECRET_0, Sealer.secret(Label.CLIENT_TRAFFIC_SECRET_0, 32))
        .with(Label.SERVER_TRAFFIC_SECRET_0, Sealer.secret(Label.SERVER_TRAFFIC_SECRET_0, 32));
    play(61);
    assertExchanges(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x1301, 0x1303, 0xc02f, 0xcca8, 0x2f})
  void goesOnBehindLostRecords(int cipher) {
    Sealer[] sealers =
        cipher >>> 8 == 0x13 ? handshake13(cipher, false) : handshake12(cipher, false);
    exchange(sealers);
    exchange(sealers);
    exchange(sealers);
    int first = talk.size() - 8; // of the answer of the second exchange, and what follows of it
    for (int i = first; i < first + 3; i++) {
      Said said = talk.get(i);
      talk.set(i, new Said(said.side, said.bytes, true));
    }
    play(Integer.MAX_VALUE / 2);
    assertThat(seen(Request.class)).hasSize(3);
    List<ResponseEnd> ends = seen(ResponseEnd.class);
    assertThat(ends).hasSize(3);
    assertThat(ends.get(0).complete()).isTrue();
    assertThat(ends.get(1).complete()).isFalse();
    assertThat(ends.get(2).complete()).isTrue();
  }

  @Test
  void aKeyUpdateThatWasLostIsFound() {
    Sealer[] sealers = handshake13(GCM_13, false);
    exchange(sealers);
    talk.add(new Said(Side.SERVER, sealers[1].seal(22, message(24, new byte[1])), true));
    sealers[1].update();
    exchange(sealers);
    exchange(sealers);
    play(Integer.MAX_VALUE / 2);
    assertThat(seen(ResponseEnd.class)).hasSize(3);
    assertThat(seen(Request.class)).hasSize(3);
  }

  /** In AES-GCM of TLS 1.2 each record tells its number; otherwise numbers are tried, up to a cap. */
  @ParameterizedTest
  @CsvSource({
    "0xc02f, 5000, 2",
    "0xcca8, 1023, 2",
    "0xcca8, 1100, 1",
    "0x1301, 1023, 2",
    "0x1301, 1100, 1"
  })
  void findsTheNumberBehindALongLoss(String cipher, int records, int readable) {
    int suite = Integer.decode(cipher);
    Sealer[] sealers = suite >>> 8 == 0x13 ? handshake13(suite, false) : handshake12(suite, false);
    exchange(sealers);
    for (int i = 0; i < records; i++) {
      talk.add(new Said(Side.SERVER, sealers[1].seal(23, text("lost")), true));
    }
    exchange(sealers);
    play(Integer.MAX_VALUE / 2);
    assertThat(seen(Request.class)).hasSize(2);
    assertThat(seen(ResponseStart.class)).hasSize(readable);
  }

  @Test
  void aLostKeyUpdateIsFoundInTheMiddleOfALoss() {
    Sealer[] sealers = handshake13(GCM_13, false);
    exchange(sealers);
    for (int i = 0; i < 50; i++) {
      if (i == 20) {
        talk.add(new Said(Side.SERVER, sealers[1].seal(22, message(24, new byte[1])), true));
        sealers[1].update();
      }
      talk.add(new Said(Side.SERVER, sealers[1].seal(23, text("lost")), true));
    }
    exchange(sealers);
    play(Integer.MAX_VALUE / 2);
    assertThat(seen(ResponseStart.class)).hasSize(2);
  }

  @Test
  void wrongKeysFallBackToInference() {
    exchange(handshake13(GCM_13, false));
    keys.secrets = Sealer.secrets(0x1302);
    play(100);
    assertThat(seen(Request.class)).extracting(Request::evidence).containsOnly(Evidence.INFERRED);
    assertThat(seen(Odd.class)).extracting(Odd::kind).containsExactly(Anomaly.TLS_UNDECRYPTABLE);
  }

  @Test
  void missingKeysFallBackToInferenceAsIfNoneHadBeenLookedFor() {
    exchange(handshake13(GCM_13, false));
    keys.secrets = null;
    List<Observation> without = new ArrayList<>(play(100));
    assertThat(seen(Odd.class)).extracting(Odd::kind).containsExactly(Anomaly.TLS_KEYS_MISSING);
    without.removeIf(Odd.class::isInstance);
    List<Observation> plain = new ArrayList<>();
    FlowAnalyzer flow = new FlowAnalyzer(Limits.DEFAULT, 443, o -> {
      if (!(o instanceof ClientHello)) {
        plain.add(o);
      }
    });
    long time = START;
    for (Said said : talk) {
      give(flow, said, 100, time += 1000);
    }
    end(flow, time);
    assertThat(without).isEqualTo(plain);
  }

  @Test
  void keysThatComeWithinTheWaitLeaveNothingInferred() {
    exchange(handshake13(GCM_13, false));
    playWithKeysAt(talk.size() - 1, 1000);
    assertExchanges(1);
  }

  @Test
  void keysThatComeLaterWithdrawWhatWasInferred() {
    Sealer[] sealers = handshake13(GCM_13, false);
    exchange(sealers);
    exchange(sealers);
    playWithKeysAt(talk.size() - 1, 500_000);
    List<Request> inferred = seen(Request.class).stream()
        .filter(request -> request.evidence() == Evidence.INFERRED)
        .toList();
    assertThat(inferred).isNotEmpty();
    for (Request request : inferred) {
      assertThat(seen(ResponseEnd.class).stream()
              .filter(end -> end.exchange() == request.exchange())
              .reduce((before, after) -> after)
              .orElseThrow()
              .outcome())
          .isEqualTo(Outcome.SUPERSEDED);
    }
    assertThat(seen(Request.class))
        .filteredOn(r -> r.evidence() == Evidence.DECRYPTED)
        .hasSize(2);
  }

  private void playWithKeysAt(int index, long step) {
    TlsSecrets secrets = keys.secrets;
    keys.secrets = null;
    keys.complete = false;
    FlowAnalyzer flow = flow();
    long time = START;
    for (int i = 0; i < talk.size(); i++) {
      time += step;
      if (i == index) {
        keys.secrets = secrets;
        keys.version++;
      }
      flow.onTime(time);
      give(flow, talk.get(i), 100, time);
    }
    end(flow, time);
  }

  /** Rule 2 of the module: whatever is damaged or lost, nothing throws, and nothing wrong is reported as whole. */
  @Test
  void survivesDamage() {
    Random random = new Random(7);
    Sealer[] sealers = handshake13(GCM_13, false);
    exchange(sealers);
    exchange(sealers);
    List<Said> sound = List.copyOf(talk);
    for (int round = 0; round < 400; round++) {
      talk.clear();
      for (Said said : sound) {
        byte[] bytes = said.bytes.clone();
        if (random.nextInt(6) == 0) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
        }
        if (random.nextInt(12) == 0) {
          bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
        }
        talk.add(new Said(said.side, bytes, random.nextInt(15) == 0));
      }
      play(1 + random.nextInt(900));
      assertThat(seen(Request.class))
          .filteredOn(r -> r.evidence() == Evidence.DECRYPTED)
          .allSatisfy(
              request -> assertThat(request.bytes()).isLessThanOrEqualTo(QUESTION.length()));
    }
  }
}
