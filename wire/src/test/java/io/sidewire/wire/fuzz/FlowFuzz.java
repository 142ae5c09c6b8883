package io.sidewire.wire.fuzz;

import static io.sidewire.testkit.Frames.concat;
import static io.sidewire.wire.fuzz.TalkBytes.client;
import static io.sidewire.wire.fuzz.TalkBytes.event;
import static io.sidewire.wire.fuzz.TalkBytes.server;
import static io.sidewire.wire.tls.TlsBytes.record;

import io.sidewire.testkit.Frames;
import io.sidewire.wire.Limits;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import io.sidewire.wire.flow.FlowAnalyzer;
import io.sidewire.wire.tls.TlsBytes;
import java.util.List;

/** The bytes of a TCP connection whose protocol is not known: the first byte says whether its port is that of DNS. */
final class FlowFuzz extends StreamFuzz {
  private static final byte[] WEB = {80};
  private static final byte[] DNS = {53};

  @Override
  protected StreamConsumer reader(byte[] input, ObservationSink sink) {
    return new FlowAnalyzer(Limits.DEFAULT, input.length > 0 && input[0] == 53 ? 53 : 80, sink);
  }

  @Override
  protected int header() {
    return 1;
  }

  @Override
  public List<byte[]> seeds() {
    byte[] hello = record(22, TlsBytes.RFC_8448_CLIENT_HELLO);
    byte[] answer = record(22, TlsBytes.RFC_8448_SERVER_HELLO);
    byte[] tls = concat(client(hello), server(answer, TlsBytes.data(900)));
    return List.of(
        concat(WEB, tls, client(TlsBytes.data(300)), server(TlsBytes.data(1200))),
        concat(
            WEB,
            client("CONNECT h.example:443 HTTP/1.1\r\n\r\n"),
            server("HTTP/1.1 200 OK\r\n\r\n"),
            tls),
        concat(WEB, server("220 mail\r\n"), client("STARTTLS\r\n"), server("220 go\r\n"), tls),
        concat(
            WEB,
            client("GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),
            server("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n"),
            client(Frames.hex("8185 01020304 69676f6873")),
            server(Frames.hex("8105 68656c6c6f"))),
        concat(
            WEB,
            client("GET / HTTP/1.1\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"),
            server("HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n"),
            server(Frames.hex("000000 04 00 00000000"))),
        concat(
            WEB,
            server("mid-stream\r\n"),
            client("GET /a HTTP/1.1\r\n\r\n"),
            event(TalkBytes.GAP, Side.SERVER, 100),
            server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
            event(TalkBytes.END, Side.SERVER, 0)),
        concat(
            DNS,
            client(Frames.hex(
                "001d 0007 0100 0001 0000 0000 0000 0161 076578616d706c65 00 0001 0001"))));
  }
}
