package io.sidewire.wire.http2;

import static io.sidewire.wire.http.Talk.talk;
import static io.sidewire.wire.http2.Frames2.data;
import static io.sidewire.wire.http2.Frames2.frame;
import static io.sidewire.wire.http2.Frames2.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation;
import io.sidewire.wire.Side;
import io.sidewire.wire.http.FlowMemory;
import io.sidewire.wire.http.Talk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** HTTP/2 with bytes missing, with bytes that are none of it, and with senders that mean harm. */
class Http2LossTest {
  private final Frames2 client = new Frames2();
  private final Frames2 server = new Frames2();

  private Talk begun() {
    return talk()
        .client(join(Frames2.PREFACE, Frames2.settings()))
        .server(join(Frames2.settings(), Frames2.settingsAck()));
  }

  // ---------------------------------------------------------------- loss

  @Test
  void aGapInsideABodyIsSkipped() {
    byte[] body = data(1, true, "a".repeat(100));
    assertThat(begun()
            .client(client.get(1, "/a"))
            .server(join(server.answer(1, false, 200, "text/plain"), Arrays.copyOf(body, 30)))
            .serverLost(50)
            .server(Arrays.copyOfRange(body, 80, body.length))
            .client(client.get(3, "/b"))
            .server(server.answer(3, true, 200, "text/plain"))
            .seenOf("answer", "end", "odd"))
        .containsExactly(
            "answer #0 200 at 3",
            "end #0 ANSWERED at 5 bytes 133 body null incomplete",
            "answer #1 200 at 7",
            "end #1 ANSWERED at 7 bytes 12 body 0");
  }

  @Test
  void behindLostFramesTheTableIsNotKnownButWhatIsAddedIs() {
    byte[] lost = client.get(1, "/first");
    byte[] next = client.get(3, "/first"); // its path and authority stand in the table
    byte[] third = client.get(5, "/second");
    byte[] fourth = client.get(7, "/second");
    assertThat(begun()
            .clientLost(lost.length)
            .client(next)
            .client(third)
            .client(fourth)
            .seenOf("request", "odd"))
        .containsExactly(
            "odd HTTP_REQUEST_LOST",
            "request #0 GET null http/2 at 3-3 bytes 13 body null incomplete",
            "request #1 GET /second http/2 at 4-4 bytes 19 body null incomplete",
            "request #2 GET /second http/2 at 5-5 bytes 13 body null incomplete");
  }

  @Test
  void anAnswerWhoseRequestIsLostStaysAlone() {
    byte[] lost = client.get(1, "/first");
    assertThat(begun()
            .clientLost(lost.length)
            .client(client.get(3, "/second"))
            .server(server.answer(1, true, 200, "text/plain"))
            .server(server.answer(3, true, 404, "text/plain"))
            .seenOf("answer", "end"))
        .containsExactly(
            "answer #1 200 at 4",
            "end #1 ANSWERED at 4 bytes 24 body 0",
            "answer #0 404 at 5",
            "end #0 ANSWERED at 5 bytes 12 body 0");
  }

  @Test
  void framesAreFoundInTheMiddleOfABody() {
    byte[] body = data(1, false, "b".repeat(300));
    assertThat(begun()
            .client(client.get(1, "/a"))
            .server(server.answer(1, false, 200, "text/plain"))
            .serverLost(100)
            .server(join(
                Arrays.copyOfRange(body, 100, body.length),
                data(1, false, "c"),
                data(1, true, "d")))
            .seenOf("end", "odd"))
        .containsExactly(
            "odd HTTP_RESPONSE_LOST", "end #0 ANSWERED at 5 bytes 44 body null incomplete");
  }

  @Test
  void anEndThatIsLostIsAGap() {
    assertThat(begun()
            .client(client.get(1, "/a"))
            .server(server.answer(1, false, 200, "text/plain"))
            .serverLost(100)
            .serverEnds()
            .seenOf("end"))
        .containsExactly("end #0 GAP at 3 bytes 24 body null incomplete");
  }

  // ---------------------------------------------------------------- what is none, and harm

  @Test
  void anAnswerThatIsNoHttp2IsRefused() {
    assertThat(talk()
            .client(join(Frames2.PREFACE, Frames2.settings()))
            .server("HTTP/1.1 400 Bad Request\r\n\r\n")
            .seen())
        .containsExactly("content http2", "odd HTTP2_INVALID_FRAME");
  }

  @Test
  void anyBytesAreTakenWithoutFailing() {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      List<Observation> seen = new ArrayList<>();
      Http2Connection connection = connection(Limits.DEFAULT, seen);
      Frames2 asks = new Frames2();
      Frames2 answers = new Frames2();
      give(connection, Side.CLIENT, join(Frames2.PREFACE, Frames2.settings()), 0);
      give(connection, Side.SERVER, Frames2.settings(), 0);
      for (int i = 0; i < 12; i++) {
        int stream = 1 + 2 * random.nextInt(6);
        Side side = random.nextBoolean() ? Side.CLIENT : Side.SERVER;
        byte[] bytes = side == Side.CLIENT
            ? join(asks.post(stream, "/v1/messages"), data(stream, random.nextBoolean(), "{}"))
            : join(
                answers.answer(stream, random.nextBoolean(), 200, "text/event-stream"),
                Frames2.padded(stream, random.nextBoolean(), "data: {}\n\n", random.nextInt(20)));
        for (int flips = random.nextInt(4); flips > 0; flips--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        if (random.nextInt(5) == 0) {
          connection.onGap(side, 1 + random.nextInt(100), i);
        }
        give(connection, side, bytes, i);
      }
      connection.onFlowEnd(20);
      long asked = seen.stream().filter(Observation.Request.class::isInstance).count();
      long ended =
          seen.stream().filter(Observation.ResponseEnd.class::isInstance).count();
      assertThat(ended).as("seed %d: each request ends", seed).isGreaterThanOrEqualTo(asked);
    }
  }

  @Test
  void floodsStayWithinTheCaps() {
    List<Observation> seen = new ArrayList<>();
    Http2Connection connection = connection(Limits.DEFAULT, seen);
    give(connection, Side.CLIENT, join(Frames2.PREFACE, Frames2.settings()), 0);
    byte[] block = client.block(":method", "GET", ":path", "/");
    for (int i = 0; i < 20_000; i++) { // rapid reset
      give(
          connection,
          Side.CLIENT,
          join(frame(1, 5, 2 * i + 1, block), Frames2.reset(2 * i + 1)),
          1);
    }
    assertThat(seen.stream().filter(Observation.Request.class::isInstance).count())
        .isEqualTo(201);
    for (int i = 0; i < 20_000; i++) {
      give(connection, Side.CLIENT, join(Frames2.settings(), Frames2.ping()), 1);
    }
    give(connection, Side.CLIENT, frame(1, 0, 50_001, block), 2_000_000);
    for (int i = 0; i < 20_000; i++) { // a block that does not end
      give(connection, Side.CLIENT, frame(9, 0, 50_001, new byte[1000]), 2_000_000);
    }
    byte[] bomb = new byte[60_000]; // one large entry, again and again
    byte[] entry = client.block("cookie", "x".repeat(3000));
    System.arraycopy(entry, 0, bomb, 0, entry.length);
    Arrays.fill(bomb, entry.length, bomb.length, (byte) 0xbe);
    give(connection, Side.CLIENT, frame(9, 4, 50_001, new byte[0]), 2_000_000);
    give(connection, Side.CLIENT, frame(1, 5, 50_003, bomb), 2_000_000);
    for (int i = 0; i < 5_000; i++) { // streams that stay open
      give(connection, Side.CLIENT, frame(1, 4, 60_001 + 2 * i, block), 3_000_000);
    }
    assertThat(seen.stream().filter(Observation.Odd.class::isInstance).map(Talk::line))
        .contains(
            "odd HTTP2_RESET_FLOOD",
            "odd HTTP2_CONTROL_FLOOD",
            "odd HTTP2_CONTINUATION_FLOOD",
            "odd HTTP_TOO_MANY_HEADERS",
            "odd HTTP2_STREAM_LIMIT")
        .doesNotHaveDuplicates();
  }

  private static Http2Connection connection(Limits limits, List<Observation> seen) {
    long[] next = {0};
    return new Http2Connection(
        limits,
        seen::add,
        () -> next[0]++,
        new FlowMemory(seen::add),
        Http2Connection.Beginning.PREFACE);
  }

  private static void give(Http2Connection connection, Side side, byte[] bytes, long time) {
    connection.onData(side, bytes, 0, bytes.length, time, 0);
  }
}
