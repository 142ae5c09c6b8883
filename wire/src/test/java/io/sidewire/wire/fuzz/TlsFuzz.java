package io.sidewire.wire.fuzz;

import static io.sidewire.testkit.Frames.concat;
import static io.sidewire.wire.fuzz.TalkBytes.client;
import static io.sidewire.wire.fuzz.TalkBytes.event;
import static io.sidewire.wire.fuzz.TalkBytes.server;
import static io.sidewire.wire.tls.TlsBytes.record;

import io.sidewire.wire.Limits;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import io.sidewire.wire.tls.TlsAnalyzer;
import io.sidewire.wire.tls.TlsBytes;
import java.util.List;

/** TLS: records, hellos, and the exchanges that are inferred from record sizes and times. */
final class TlsFuzz extends StreamFuzz {
  @Override
  protected StreamConsumer reader(byte[] input, ObservationSink sink) {
    long[] number = {0};
    return new TlsAnalyzer(Limits.DEFAULT, sink, () -> number[0]++);
  }

  @Override
  public List<byte[]> seeds() {
    byte[] hello = TlsBytes.clientHello(
        0x303,
        new int[] {0x1301, 0x0a0a},
        TlsBytes.serverName("a.example"),
        TlsBytes.alpn("h2", "http/1.1"),
        TlsBytes.versions(0x0a0a, 0x304, 0x303),
        TlsBytes.extension(0xfe0d, new byte[40]));
    byte[] retry = TlsBytes.hex(
        "020000560303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2"
            + "c8a8339c00130100002e002b00020304003300020017002c001c001a0018000000000000000000000000000000000000000000000000");
    byte[] early = client(record(22, TlsBytes.RFC_8448_CLIENT_HELLO));
    return List.of(
        concat(
            early,
            server(record(22, TlsBytes.RFC_8448_SERVER_HELLO), record(20, new byte[1])),
            server(TlsBytes.data(30), TlsBytes.data(1900)),
            client(record(20, new byte[1]), TlsBytes.data(69)),
            client(TlsBytes.data(700)),
            server(TlsBytes.data(1400), TlsBytes.data(60)),
            event(TalkBytes.TIME, Side.CLIENT, 5000),
            client(TlsBytes.data(500)),
            event(TalkBytes.GAP, Side.SERVER, 30),
            server(TlsBytes.data(200)),
            event(TalkBytes.END, Side.CLIENT, 0)),
        concat(
            client(TlsBytes.records(hello, 20)),
            server(record(22, retry)),
            client(record(22, hello))),
        concat(client(TlsBytes.hex("802e0100020015000000100100800200800300800600400700c0"
            + "00010203040506070809101112131415161718192021222324"))),
        concat(client(record(21, new byte[] {2, 40})), server(record(24, new byte[3]))));
  }
}
