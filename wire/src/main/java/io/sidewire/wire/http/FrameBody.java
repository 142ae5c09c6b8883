package io.sidewire.wire.http;

import io.sidewire.wire.Limits;
import io.sidewire.wire.json.Field;
import io.sidewire.wire.json.JsonDocument;
import io.sidewire.wire.json.JsonReader;
import io.sidewire.wire.json.JsonShape;
import io.sidewire.wire.llm.AwsEventStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A body of Amazon event stream frames: each holds JSON, or base64 of JSON in JSON. */
final class FrameBody implements BodyReader, AwsEventStream.Sink {

  /** Takes frames and the objects in them. */
  interface Sink {
    void document(JsonDocument document, long time);

    void exception(String type);

    void frameEnd(long time);
  }

  private final Sink sink;
  private final AwsEventStream frames = new AwsEventStream(this);
  private final JsonReader json;
  private final JsonReader inner;
  private boolean exception;
  private long time;

  FrameBody(Limits limits, JsonShape shape, Sink sink) {
    this.sink = sink;
    this.inner = new JsonReader(limits, shape, document -> sink.document(document, time));
    this.json = new JsonReader(limits, shape, this::document);
  }

  @Override
  public void data(byte[] bytes, int offset, int length, long time) {
    this.time = time;
    frames.feed(bytes, offset, length);
  }

  @Override
  public void gap() {
    frames.gap();
  }

  @Override
  public void end() {
    json.reset();
  }

  @Override
  public void frame(String type, boolean exception) {
    this.exception = exception;
    if (exception) {
      sink.exception(type);
    }
  }

  @Override
  public void payload(byte[] bytes, int offset, int length) {
    if (!exception) {
      json.feed(bytes, offset, length);
    }
  }

  @Override
  public void endFrame() {
    json.cut();
    sink.frameEnd(time);
  }

  private void document(JsonDocument document) {
    String coded = document.text(Field.BYTES);
    if (coded == null) {
      sink.document(document, time);
      return;
    }
    try {
      byte[] event = Base64.getDecoder().decode(coded.getBytes(StandardCharsets.ISO_8859_1));
      inner.feed(event, 0, event.length);
    } catch (IllegalArgumentException cutOrNoBase64) {
      // A long event, of which only the beginning was kept, says nothing that is needed.
    }
    inner.cut();
  }
}
