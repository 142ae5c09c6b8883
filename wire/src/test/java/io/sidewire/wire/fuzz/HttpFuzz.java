package io.sidewire.wire.fuzz;

import static io.sidewire.testkit.Frames.concat;
import static io.sidewire.wire.fuzz.TalkBytes.client;
import static io.sidewire.wire.fuzz.TalkBytes.event;
import static io.sidewire.wire.fuzz.TalkBytes.server;

import io.sidewire.testkit.Frames;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import io.sidewire.wire.flow.FlowAnalyzer;
import io.sidewire.wire.tls.decrypt.Decryption;
import java.util.List;
import java.util.stream.Stream;

/** HTTP/1.x, what its bodies hold, and limits so low that inputs reach them. */
public final class HttpFuzz extends StreamFuzz {
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  /** The default, but for heads of 600 bytes, 12 fields, bodies and events of some hundreds. */
  public static final Limits LOW = new Limits(
      1 << 10, 4 << 20, 64 << 20, 16 << 20, 200, 600, 12, 700, 300, 12, 20, 4, 1 << 10, 1 << 10, 5,
      40, 6, 256, 3, 5, 20);

  @Override
  protected StreamConsumer reader(byte[] input, ObservationSink sink) {
    Limits limits = input.length > 0 && input[0] == 1 ? LOW : Limits.DEFAULT;
    // What is said is told as an observation is, so that it is compared, too.
    return new FlowAnalyzer(
        limits,
        80,
        sink,
        Decryption.off(),
        said -> sink.observe(
            new Observation.Content(said.exchange(), said.part() + said.text() + said.cut())));
  }

  @Override
  protected int header() {
    return 1;
  }

  @Override
  public List<byte[]> seeds() {
    byte[] plain = concat(
        client("GET /a HTTP/1.1\r\nHost: h\r\n\r\nHEAD /b HTTP/1.1\r\n\r\n"),
        server(OK + "Content-Length: 5\r\n\r\nhello" + OK + "Content-Length: 5\r\n\r\n"));
    byte[] chunked = concat(
        client("POST /v1/chat/completions HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: "
            + "100-continue\r\n\r\n1f\r\n{\"model\":\"m\",\"stream\":true,\"a\":1\r\n1\r\n}\r\n"
            + "0\r\nTrailer: x\r\n\r\n"),
        server("HTTP/1.1 100 Continue\r\n\r\n" + OK
            + "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "2b\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\r\n"
            + "11\r\n\n\ndata: [DONE]\n\n\r\n0\r\n\r\n"));
    byte[] rpc = concat(
        client(
            "POST /mcp HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 73\r\n\r\n"
                + "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"add\",\"x\":1}}"),
        server(OK + "Content-Type: application/json\r\nContent-Length: 36\r\n\r\n"
            + "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"));
    byte[] odd = concat(
        client("\r\nPOST / HTTP/1.1\nContent-Length: 3\nTransfer-Encoding:\n chunked\n\n0\r\n\r\n"
            + "OPTIONS\r\nHost: h\r\n\r\nGET /09\r\n"),
        server("HTTP/1.0 400 Bad\r\n\r\nto the close"),
        event(TalkBytes.END, Side.SERVER, 0));
    byte[] lost = concat(
        client("GET /a HTTP/1.1\r\n\r\nGET /b HT"),
        event(TalkBytes.GAP, Side.CLIENT, 30),
        client("GET /c HTTP/1.1\r\n\r\n"),
        server(OK + "Content-Length: 100\r\n\r\nabc"),
        event(TalkBytes.GAP, Side.SERVER, 96),
        server(OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nab"),
        event(TalkBytes.GAP, Side.SERVER, 6),
        server("\n3\r\nabc\r\n0\r\n\r\n" + OK + "Content-Length: 0\r\n\r\n"),
        event(TalkBytes.RESET, Side.SERVER, 0));
    byte[] tunnel = concat(
        client("CONNECT h:1 HTTP/1.1\r\n\r\nGET /in HTTP/1.1\r\n\r\n"),
        server("HTTP/1.1 200 OK\r\n\r\n" + OK + "Content-Length: 0\r\n\r\n"));
    byte[] packed = concat(
        client("GET / HTTP/1.1\r\n\r\n"),
        server(
            concat(
                Frames.ascii(OK
                    + "Content-Encoding: gzip\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 40\r\n\r\n"),
                Frames.hex(
                    "1f8b0800000000000003ab56ca4d4d c9cc5750b2520a2ea94acd4b5650aa 05003c9e5a12130000 00000000"))));
    String asked =
        "{\"model\":\"m\",\"messages\":[{\"content\":[{\"type\":\"text\",\"text\":\"what is it?\"}],"
            + "\"role\":\"user\"},{\"role\":\"tool\",\"content\":\"5\"}]}";
    String said =
        "{\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"message\":{\"content\":\"It is \\u00e4.\"}}]}";
    byte[] spoken = concat(
        client("POST /v1/chat/completions HTTP/1.1\r\nContent-Length: " + asked.length()
            + "\r\n\r\n" + asked),
        server(OK + "Content-Type: application/json\r\nContent-Length: " + said.length()
            + "\r\n\r\n" + said));
    return Stream.of(plain, chunked, rpc, odd, lost, tunnel, packed, spoken)
        .flatMap(talk -> Stream.of(concat(new byte[] {0}, talk), concat(new byte[] {1}, talk)))
        .toList();
  }
}
