package io.sidewire.wire.http;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.json.JsonDocument;
import io.sidewire.wire.json.JsonReader;
import io.sidewire.wire.json.JsonScanner;
import io.sidewire.wire.json.JsonShape;
import java.util.function.Consumer;

/** A body of one JSON text, or of several one after another; looked into as far as the limit. */
final class JsonBody implements BodyReader {

  /** Takes each object of the body. */
  interface Sink {
    /** @param time of the byte that completed it */
    void document(JsonDocument document, long time);
  }

  private final Consumer<Anomaly> odd;
  private final boolean declared;
  private final JsonReader reader;
  private long left;
  private boolean begun;
  private boolean over;
  private long time;

  /** @param declared its type says that it is JSON; else it is read only if it begins like an object or array */
  JsonBody(Limits limits, JsonShape shape, boolean declared, Sink sink, Consumer<Anomaly> odd) {
    this.odd = odd;
    this.declared = declared;
    this.left = limits.bodyPeek();
    this.reader = new JsonReader(limits, shape, document -> sink.document(document, time));
  }

  @Override
  public void data(byte[] bytes, int offset, int length, long time) {
    if (over || length == 0 || !begins(bytes, offset, length)) {
      return;
    }
    this.time = time;
    int count = (int) Math.min(length, left);
    left -= count;
    reader.feed(bytes, offset, count);
    if (reader.failure() != null) {
      if (declared) {
        boolean deep = reader.failure() == JsonScanner.Failure.TOO_DEEP;
        odd.accept(deep ? Anomaly.JSON_TOO_DEEP : Anomaly.JSON_INVALID);
      }
      finish();
    } else if (count < length) {
      odd.accept(Anomaly.BODY_LIMIT);
      finish();
    }
  }

  private boolean begins(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length && !begun && !over; i++) {
      boolean white = bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\n' || bytes[i] == '\r';
      begun = bytes[i] == '{' || bytes[i] == '[' || declared && !white;
      over = !begun && !white;
    }
    return begun;
  }

  @Override
  public void gap() {
    finish();
  }

  @Override
  public void end() {
    finish();
  }

  /** Hands over what is known of an object that is not whole. */
  private void finish() {
    if (!over) {
      over = true;
      reader.cut();
    }
  }
}
