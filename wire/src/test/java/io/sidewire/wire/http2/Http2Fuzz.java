package io.sidewire.wire.http2;

import static io.sidewire.wire.fuzz.TalkBytes.client;
import static io.sidewire.wire.fuzz.TalkBytes.event;
import static io.sidewire.wire.fuzz.TalkBytes.server;
import static io.sidewire.wire.http2.Frames2.data;
import static io.sidewire.wire.http2.Frames2.frame;
import static io.sidewire.wire.http2.Frames2.join;

import io.sidewire.wire.Limits;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import io.sidewire.wire.fuzz.HttpFuzz;
import io.sidewire.wire.fuzz.StreamFuzz;
import io.sidewire.wire.fuzz.TalkBytes;
import io.sidewire.wire.http.FlowMemory;
import java.util.Arrays;
import java.util.List;

/** HTTP/2 with HPACK; the first byte chooses the limits. */
final class Http2Fuzz extends StreamFuzz {
  @Override
  protected StreamConsumer reader(byte[] input, ObservationSink sink) {
    long[] number = {0};
    return new Http2Connection(
        input.length > 0 && input[0] == 1 ? HttpFuzz.LOW : Limits.DEFAULT,
        sink,
        () -> number[0]++,
        new FlowMemory(sink),
        Http2Connection.Beginning.PREFACE);
  }

  @Override
  protected int header() {
    return 1;
  }

  @Override
  public List<byte[]> seeds() {
    Frames2 asks = new Frames2();
    Frames2 answers = new Frames2();
    byte[] block = asks.block(":method", "GET", ":path", "/long", "x", "y".repeat(60));
    byte[] talk = join(
        client(join(Frames2.PREFACE, Frames2.settings()), asks.post(1, "/v1/chat/completions")),
        server(Frames2.settings(), Frames2.settingsAck()),
        client(
            data(1, true, "{\"model\":\"m\",\"stream\":true}"), asks.get(3, "/b"), Frames2.ping()),
        server(answers.answer(1, false, 200, "text/event-stream"), data(1, false, "data: {\"a\":")),
        server(
            answers.answer(3, true, 204, "text/plain"),
            Frames2.padded(1, true, "1}\n\n", 9),
            Frames2.reset(3),
            Frames2.goAway(3)));
    byte[] continued = join(
        client(
            Frames2.PREFACE,
            frame(1, 0, 1, Arrays.copyOf(block, 20)),
            frame(9, 4, 1, Arrays.copyOfRange(block, 20, block.length))),
        event(TalkBytes.GAP, Side.SERVER, 50),
        server(Frames2.settings(), answers.answer(1, false, 200, "text/plain"), data(1, true, "x")),
        client(asks.get(5, "/c"), frame(8, 0, 0, new byte[] {0, 0, 1, 0})),
        event(TalkBytes.RESET, Side.SERVER, 0));
    return List.of(
        join(new byte[] {0}, talk),
        join(new byte[] {1}, talk),
        join(new byte[] {0}, continued),
        join(new byte[] {1}, continued));
  }
}
