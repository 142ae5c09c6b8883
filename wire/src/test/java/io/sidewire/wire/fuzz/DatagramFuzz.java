package io.sidewire.wire.fuzz;

import static io.sidewire.testkit.Frames.concat;
import static io.sidewire.wire.tls.TlsBytes.hex;

import io.sidewire.testkit.FuzzTarget;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Side;
import io.sidewire.wire.dns.DnsBytes;
import io.sidewire.wire.flow.DatagramAnalyzer;
import io.sidewire.wire.fuzz.TalkBytes.Step;
import io.sidewire.wire.quic.QuicPackets;
import io.sidewire.wire.tls.TlsBytes;
import java.util.Arrays;
import java.util.List;

/**
 * The datagrams of a UDP flow: QUIC, DTLS, DNS or none of them. Of a step of kind {@link #FRAMES} the bytes are QUIC frames,
 * put into an Initial packet here.
 */
final class DatagramFuzz implements FuzzTarget {
  private static final int FRAMES = 5;
  private static final int FRAMES_V2 = 6;
  private static final int CUT = 7;
  private static final int V2 = 0x6b3343cf;
  private static final byte[] ID = hex("8394c8f03e515708");
  private static final int[] PORTS = {443, 53, 4433, 5353};

  @Override
  public void run(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int[] seen = {0};
    DatagramAnalyzer analyzer = new DatagramAnalyzer(
        Limits.DEFAULT, 40000, PORTS[(input[0] & 0xff) % PORTS.length], observation -> {
          StreamFuzz.text(observation);
          seen[0]++;
        });
    long time = 1_700_000_000_000_000L;
    int number = 0;
    for (Step step : TalkBytes.read(input, 1)) {
      byte[] bytes = step.bytes();
      boolean client = step.from() == Side.CLIENT;
      if (step.kind() == FRAMES || step.kind() == FRAMES_V2) {
        byte[] frames = Arrays.copyOf(bytes, Math.min(bytes.length, 1400));
        bytes = QuicPackets.initial(
            step.kind() == FRAMES ? 1 : V2, client, ID, ID, new byte[0], number++, frames, 30);
      }
      time += 500;
      analyzer.onDatagram(step.from(), bytes, 0, bytes.length, time, step.kind() != CUT);
    }
    analyzer.onFlowEnd(time);
    if (seen[0] > 100 + input.length) {
      throw new AssertionError(seen[0] + " observations of " + input.length + " bytes");
    }
  }

  @Override
  public List<byte[]> seeds() {
    byte[] hello = TlsBytes.clientHello(
        0x303, new int[] {0x1301}, TlsBytes.serverName("a.example"), TlsBytes.alpn("h3"));
    byte[] first = Arrays.copyOf(hello, 30);
    byte[] rest = Arrays.copyOfRange(hello, 30, hello.length);
    byte[] dtls = hex("16fefd0000000000000000003a010000 2e 0000 0000 0000002e fefd"
        + "0000000000000000000000000000000000000000000000000000000000000000 00 00 0002c02b 0100"
        + "0000");
    return List.of(
        concat(new byte[] {0}, TalkBytes.kind(FRAMES, Side.CLIENT, QuicPackets.crypto(0, hello))),
        concat(
            new byte[] {0},
            TalkBytes.kind(FRAMES_V2, Side.CLIENT, QuicPackets.crypto(30, rest), new byte[] {
              1, 0, 2, 1, 2, 0, 0
            }),
            TalkBytes.kind(FRAMES_V2, Side.CLIENT, QuicPackets.crypto(0, first)),
            TalkBytes.kind(
                FRAMES_V2, Side.SERVER, QuicPackets.crypto(0, TlsBytes.RFC_8448_SERVER_HELLO))),
        concat(
            new byte[] {0},
            TalkBytes.client(
                QuicPackets.initial(1, true, ID, ID, ID, 7, QuicPackets.crypto(0, hello), 1100))),
        concat(new byte[] {2}, TalkBytes.client(dtls), TalkBytes.kind(CUT, Side.CLIENT, dtls)),
        concat(
            new byte[] {1},
            TalkBytes.client(DnsBytes.query(7, "a.b.example", 28)),
            TalkBytes.server(DnsBytes.answer(
                7,
                0,
                "a.b.example",
                1,
                DnsBytes.record(5, 60, DnsBytes.name("c.example")),
                DnsBytes.record(1, 60, new byte[] {1, 2, 3, 4}),
                DnsBytes.record(28, 60, new byte[16])))));
  }
}
