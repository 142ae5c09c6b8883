package io.sidewire.wire.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.EverySplit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SseParserTest {

  private static final class Heard implements SseParser.Sink {
    private final List<String> events = new ArrayList<>();
    private final StringBuilder data = new StringBuilder();

    @Override
    public void data(byte[] bytes, int offset, int length) {
      data.append(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void event(SseParser.Event event) {
      events.add("%s|%s|%d%s%s"
          .formatted(
              event.name(),
              event.tooLong() ? "" : data,
              event.bytes(),
              event.tooLong() ? " too long" : "",
              event.whole() ? "" : " cut"));
      data.setLength(0);
    }

    @Override
    public void lost() {
      events.add("lost");
      data.setLength(0);
    }
  }

  private static List<String> events(String stream, int limit) {
    return EverySplit.assertSame(stream.getBytes(StandardCharsets.ISO_8859_1), pieces -> {
      Heard heard = new Heard();
      SseParser parser = new SseParser(limit, heard);
      for (byte[] piece : pieces) {
        parser.feed(piece, 0, piece.length, 5);
      }
      parser.end();
      return heard.events;
    });
  }

  private static List<String> events(String stream) {
    return events(stream, 1000);
  }

  @Test
  void allLineEndings() {
    for (String ending : List.of("\n", "\r\n", "\r")) {
      assertThat(events("event: a~data: 1~~data:2~~".replace("~", ending)))
          .extracting(event -> event.substring(0, event.lastIndexOf('|')))
          .as(ending)
          .containsExactly("a|1", "null|2");
    }
    assertThat(events("data: 1\r\ndata: 2\n\rdata: 3\r\n\r\n"))
        .containsExactly("null|1\n2|18", "null|3|10");
  }

  @Test
  void dataOverSeveralLines() {
    assertThat(events("data: a\ndata:b\ndata\ndata: \n\n")).containsExactly("null|a\nb\n\n|28");
  }

  @Test
  void fieldsInAnyOrderAndWithoutSpace() {
    assertThat(events("data:{\"a\":1}\nid: 7\nretry: 10\nevent:message\nnonsense\n: note\n\n"))
        .containsExactly("message|{\"a\":1}|60");
    assertThat(events("data:  two spaces\n\n")).containsExactly("null| two spaces|19");
  }

  @Test
  void commentsAndPrimingEventsAreNone() {
    assertThat(events(": ping\n\nid: 1\n\nid: 2\ndata:\n\nevent: x\n\ndata: y\n\n"))
        .containsExactly("lost", "null|y|9");
  }

  @Test
  void aLeadingByteOrderMarkIsSkipped() {
    assertThat(events("\u00ef\u00bb\u00bfdata: x\n\n")).containsExactly("null|x|9");
  }

  @Test
  void theLastBlankLineMayBeMissing() {
    assertThat(events("data: x")).containsExactly("null|x|7");
    assertThat(events("data: x\n")).containsExactly("null|x|8");
    assertThat(events("event: x\n")).isEmpty();
  }

  @Test
  void eventsUpToTheLimit() {
    assertThat(events("data: 0123456\n\ndata: x\n\n", 15))
        .containsExactly("null|0123456|15", "null|x|9");
    assertThat(events("data: 01234567\n\ndata: x\n\n", 15))
        .containsExactly("null||16 too long", "null|x|9");
  }

  @Test
  void aGapEndsAnEventAndTheNextOneIsWhole() {
    Heard heard = new Heard();
    SseParser parser = new SseParser(1000, heard);
    feed(parser, "event: a\ndata: {\"id\":1,");
    parser.gap();
    feed(parser, "data\"}\n\nevent: b\ndata: 2\n\n");
    parser.gap();
    feed(parser, "event: c\ndata: 3\n\n");
    assertThat(heard.events).containsExactly("a|{\"id\":1,|23 cut", "b|2|18", "c|3|18");
  }

  private static void feed(SseParser parser, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    parser.feed(bytes, 0, bytes.length, 5);
  }
}
