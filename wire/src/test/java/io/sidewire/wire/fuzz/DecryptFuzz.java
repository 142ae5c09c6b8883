package io.sidewire.wire.fuzz;

import static io.sidewire.testkit.Frames.concat;
import static io.sidewire.wire.tls.TlsBytes.clientHello;
import static io.sidewire.wire.tls.TlsBytes.extension;
import static io.sidewire.wire.tls.TlsBytes.join;
import static io.sidewire.wire.tls.TlsBytes.message;
import static io.sidewire.wire.tls.TlsBytes.record;
import static io.sidewire.wire.tls.TlsBytes.serverHello;
import static io.sidewire.wire.tls.TlsBytes.u16;
import static io.sidewire.wire.tls.TlsBytes.versions;

import io.sidewire.testkit.Frames;
import io.sidewire.wire.Limits;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import io.sidewire.wire.flow.FlowAnalyzer;
import io.sidewire.wire.fuzz.TalkBytes.Step;
import io.sidewire.wire.tls.decrypt.Decryption;
import io.sidewire.wire.tls.decrypt.KeySource;
import io.sidewire.wire.tls.decrypt.Sealer;
import io.sidewire.wire.tls.decrypt.TlsSecrets;
import io.sidewire.wire.tls.decrypt.TlsSecrets.Label;
import java.util.Arrays;
import java.util.List;

/**
 * TLS with its keys: the input is what the peers say inside, and records that are none. The first byte chooses the cipher
 * suite.
 */
final class DecryptFuzz extends StreamFuzz {
  private static final int[] CIPHERS = {0x1301, 0x1303, 0xc02f, 0xcca8, 0xc013, 0xc0ac};
  private static final int HANDSHAKE = 5;
  private static final int ALERT = 6;
  private static final int RAW = 7;
  private static final int OPENING = 8;

  private Sealer[] sealers;

  private static int cipher(byte[] input) {
    return CIPHERS[input.length == 0 ? 0 : (input[0] & 0xff) % CIPHERS.length];
  }

  private static boolean tls13(int cipher) {
    return cipher >> 8 == 0x13;
  }

  @Override
  protected int header() {
    return 1;
  }

  @Override
  protected StreamConsumer reader(byte[] input, ObservationSink sink) {
    return new FlowAnalyzer(
        Limits.DEFAULT, 443, sink, new Decryption(new Keys(cipher(input)), Decryption.WAIT_MICROS));
  }

  private record Keys(int cipher) implements KeySource {
    @Override
    public TlsSecrets secrets(byte[] clientRandom) {
      return Sealer.secrets(cipher);
    }

    @Override
    public long version() {
      return 1;
    }

    @Override
    public boolean complete() {
      return true;
    }
  }

  @Override
  public void run(byte[] input) {
    int cipher = cipher(input);
    sealers = tls13(cipher)
        ? new Sealer[] {
          new Sealer(cipher, Label.CLIENT_TRAFFIC_SECRET_0),
          new Sealer(cipher, Label.SERVER_TRAFFIC_SECRET_0)
        }
        : new Sealer[] {
          new Sealer(cipher, Side.CLIENT, false), new Sealer(cipher, Side.SERVER, false)
        };
    super.run(input);
  }

  @Override
  protected byte[] wire(byte[] input, Step step) {
    byte[] bytes = step.bytes();
    byte[] content = bytes.length > 16_384 ? Arrays.copyOf(bytes, 16_384) : bytes;
    Sealer sealer = sealers[step.from().ordinal()];
    return switch (step.kind()) {
      case TalkBytes.GAP, TalkBytes.END, TalkBytes.RESET, TalkBytes.TIME, RAW -> bytes;
      case HANDSHAKE -> sealer.seal(22, content);
      case ALERT -> sealer.seal(21, content);
      case OPENING -> opening(cipher(input), step.from());
      default -> sealer.seal(23, content);
    };
  }

  /** What a side says before it says anything inside. */
  private byte[] opening(int cipher, Side from) {
    byte[] finished = message(20, new byte[32]);
    byte[] change = record(20, new byte[] {1});
    if (tls13(cipher)) {
      return from == Side.CLIENT
          ? record(22, clientHello(0x303, new int[] {cipher}, versions(0x304)))
          : join(
              record(22, serverHello(0x303, new byte[0], cipher, extension(43, u16(0x304)))),
              change,
              new Sealer(cipher, Label.SERVER_HANDSHAKE_TRAFFIC_SECRET).seal(22, finished));
    }
    return from == Side.CLIENT
        ? record(22, clientHello(0x303, new int[] {cipher}))
        : record(22, join(serverHello(0x303, new byte[0], cipher), message(14, new byte[0])));
  }

  private static byte[] change(Side from) {
    return TalkBytes.kind(RAW, from, record(20, new byte[] {1}));
  }

  @Override
  public List<byte[]> seeds() {
    byte[] hellos =
        concat(TalkBytes.kind(OPENING, Side.CLIENT), TalkBytes.kind(OPENING, Side.SERVER));
    byte[] ask = TalkBytes.client(
        "POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 13\r\n\r\n{\"model\":\"m\"}");
    byte[] answer = TalkBytes.server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    byte[] finished = Frames.concat(message(20, new byte[32]));
    byte[] handshake12 = concat(
        hellos,
        TalkBytes.kind(RAW, Side.CLIENT, record(22, message(16, new byte[66]))),
        change(Side.CLIENT),
        TalkBytes.kind(HANDSHAKE, Side.CLIENT, finished),
        change(Side.SERVER),
        TalkBytes.kind(HANDSHAKE, Side.SERVER, finished));
    byte[] http2 = TalkBytes.client(concat(
        Frames.ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        Frames.hex(
            "000000 04 00 00000000 00000d 01 05 00000001 82 86 84 41 8a08 9d5c0b8170dc780f 03")));
    byte[] update = TalkBytes.kind(HANDSHAKE, Side.CLIENT, message(24, new byte[1]));
    return List.of(
        concat(new byte[] {0}, hellos, change(Side.CLIENT), ask, answer),
        concat(new byte[] {0}, hellos, http2),
        concat(
            new byte[] {1},
            hellos,
            ask,
            update,
            answer,
            TalkBytes.kind(ALERT, Side.SERVER, new byte[2])),
        concat(
            new byte[] {2},
            handshake12,
            ask,
            answer,
            ask,
            TalkBytes.event(TalkBytes.GAP, Side.SERVER, 9)),
        concat(new byte[] {3}, handshake12, ask, answer),
        concat(new byte[] {4}, handshake12, ask, answer),
        concat(new byte[] {5}, hellos, ask));
  }
}
