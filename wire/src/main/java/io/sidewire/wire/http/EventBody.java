package io.sidewire.wire.http;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.json.JsonDocument;
import io.sidewire.wire.json.JsonReader;
import io.sidewire.wire.json.JsonShape;
import io.sidewire.wire.sse.SseParser;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** A body of server-sent events, whose data is JSON or a few words. */
final class EventBody implements BodyReader, SseParser.Sink {

  /** Takes the objects in an event's data, then the event. */
  interface Sink {
    void eventDocument(JsonDocument document);

    /** @param words the beginning of data that does not begin like an object; else empty */
    void event(SseParser.Event event, String words);
  }

  private static final int WORDS = 2048; // the URL of an endpoint event

  private final Sink sink;
  private final Consumer<Anomaly> odd;
  private final SseParser parser;
  private final JsonReader json;
  private byte[] words = new byte[64];
  private int wordsLength;
  private boolean any; // data of this event
  private boolean object;

  EventBody(Limits limits, JsonShape shape, Sink sink, Consumer<Anomaly> odd) {
    this.sink = sink;
    this.odd = odd;
    this.parser = new SseParser(limits.sseEvent(), this);
    this.json = new JsonReader(limits, shape, sink::eventDocument);
  }

  @Override
  public void data(byte[] bytes, int offset, int length, long time) {
    parser.feed(bytes, offset, length, time);
  }

  @Override
  public void gap() {
    parser.gap();
  }

  @Override
  public void end() {
    parser.end();
  }

  // ---------------------------------------------------------------- events

  @Override
  public void data(byte[] bytes, int offset, int length) {
    if (!any && length > 0) {
      any = true;
      object = bytes[offset] == '{';
    }
    if (!object && wordsLength < WORDS) {
      int count = Math.min(length, WORDS - wordsLength);
      if (wordsLength + count > words.length) {
        words = Arrays.copyOf(words, WORDS);
      }
      System.arraycopy(bytes, offset, words, wordsLength, count);
      wordsLength += count;
    }
    json.feed(bytes, offset, length);
  }

  @Override
  public void event(SseParser.Event event) {
    if (event.tooLong()) {
      odd.accept(Anomaly.SSE_EVENT_TOO_LONG);
    }
    json.cut();
    sink.event(event, new String(words, 0, wordsLength, StandardCharsets.UTF_8));
    clear();
  }

  @Override
  public void lost() {
    json.reset();
    clear();
  }

  private void clear() {
    wordsLength = 0;
    any = false;
    object = false;
  }
}
