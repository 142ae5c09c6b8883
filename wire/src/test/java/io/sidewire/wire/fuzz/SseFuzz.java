package io.sidewire.wire.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.EverySplit;
import io.sidewire.testkit.Frames;
import io.sidewire.testkit.FuzzTarget;
import io.sidewire.wire.sse.SseParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An event stream, with the longest event that the first byte says. */
final class SseFuzz implements FuzzTarget {

  private static final class Heard implements SseParser.Sink {
    final List<String> events = new ArrayList<>();
    final StringBuilder data = new StringBuilder();

    @Override
    public void data(byte[] bytes, int offset, int length) {
      data.append(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void event(SseParser.Event event) {
      events.add(event + (event.tooLong() ? "" : data.toString()));
      data.setLength(0);
    }

    @Override
    public void lost() {
      events.add("lost");
      data.setLength(0);
    }
  }

  @Override
  public void run(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int limit = input[0] == 0 ? 1 << 20 : input[0] & 0xff;
    byte[] stream = Arrays.copyOfRange(input, 1, input.length);
    List<String> whole = events(limit, List.of(stream));
    assertThat(events(limit, EverySplit.every(stream, 1))).as("in crumbs").isEqualTo(whole);
    assertThat(events(limit, EverySplit.every(stream, 5))).as("by fives").isEqualTo(whole);
    assertThat(events(limit, EverySplit.pieces(stream, stream.length / 2))).isEqualTo(whole);
  }

  private static List<String> events(int limit, List<byte[]> pieces) {
    Heard heard = new Heard();
    SseParser parser = new SseParser(limit, heard);
    for (byte[] piece : pieces) {
      parser.feed(piece, 0, piece.length, 5);
    }
    parser.end();
    return heard.events;
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        Frames.concat(
            Frames.hex("00 efbbbf"), Frames.ascii("event: a\r\ndata: 1\r\n\r\n:c\rdata:2\r\r")),
        Frames.concat(
            Frames.hex("10"),
            Frames.ascii("data\nid: 1\nretry: 10\ndata: long and longer\n\nx: y\n")));
  }
}
