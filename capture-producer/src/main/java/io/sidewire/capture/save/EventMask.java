package io.sidewire.capture.save;

import java.nio.charset.StandardCharsets;

/** Masks server-sent events in place: the JSON of their data, the URL of an endpoint event, the names of fields. */
final class EventMask implements BodyMask {
  private enum State {
    NAME,
    /** A value whose whole line decides. */
    LINE,
    /** Data that is JSON. */
    JSON,
    /** The rest of the line says nothing that may stay. */
    FILL
  }

  private static final int LONGEST_NAME = 6; // data: and a space
  private static final int LONGEST_LINE = 4096;
  private static final String EVENTS =
      "message|endpoint|ping|error|done|completion|(response|thread)(\\.[a-z_]{1,40}){1,4}"
          + "|message_(start|delta|stop)|content_block_(start|delta|stop)";

  private final MaskedBytes out;
  private final Pseudonyms pseudonyms;
  private final FieldMask fields;
  private final byte[] kept = new byte[LONGEST_LINE];
  private int keptLength;
  private State state = State.NAME;
  private String field = "";
  private String event = "";
  private JsonMask json;
  private boolean empty = true;

  EventMask(MaskedBytes out, Pseudonyms pseudonyms, FieldMask fields) {
    this.out = out;
    this.pseudonyms = pseudonyms;
    this.fields = fields;
  }

  @Override
  public void feed(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b == '\n' || b == '\r') {
        endOfLine(b);
      } else {
        empty = false;
        take(bytes, i);
      }
    }
  }

  @Override
  public void release() {
    if (state == State.NAME || state == State.LINE) {
      out.fill('x', keptLength);
      if (keptLength > 0) {
        state = State.FILL;
      }
      keptLength = 0;
    } else if (state == State.JSON) {
      json.release();
    }
  }

  private void take(byte[] bytes, int at) {
    byte b = bytes[at];
    switch (state) {
      case NAME -> name(b);
      case LINE -> value(bytes, at);
      case JSON -> json.feed(bytes, at, at + 1);
      default -> out.put(b == ' ' ? b : 'x');
    }
  }

  private void name(byte b) {
    kept[keptLength++] = b;
    if (b == ':') {
      field = text();
      boolean known = field.matches("(data|event|id|retry):");
      out.put(known ? bytes(field) : bytes(":" + "x".repeat(keptLength - 1)), 0, keptLength);
      keptLength = 0;
      state = known ? State.LINE : State.FILL;
    } else if (keptLength > LONGEST_NAME) {
      release();
    }
  }

  private void value(byte[] bytes, int at) {
    kept[keptLength++] = bytes[at];
    if (field.equals("data:") && (json != null || beginsJson())) {
      goOn(json == null ? new JsonMask(out, pseudonyms) : json);
    } else if (keptLength == LONGEST_LINE) {
      release();
    }
  }

  /** An object or array begins; {@code [DONE]} is none. */
  private boolean beginsJson() {
    int start = keptLength > 0 && kept[0] == ' ' ? 1 : 0;
    if (start == keptLength || keptLength > LONGEST_NAME + 2) {
      return false;
    }
    return kept[start] == '{'
        || kept[start] == '[' && !"[DONE]".startsWith(text().substring(start));
  }

  private void goOn(JsonMask mask) {
    json = mask;
    json.feed(kept, 0, keptLength);
    keptLength = 0;
    state = State.JSON;
  }

  private void endOfLine(byte b) {
    if (state == State.LINE) {
      String raw = text();
      out.put(bytes(shown(raw)), 0, keptLength);
    } else if (state == State.NAME) {
      out.fill('x', keptLength);
    }
    keptLength = 0;
    out.put(b);
    if (empty && b == '\n') {
      json = null;
      event = "";
    } else if (state == State.JSON) {
      json.release();
    }
    empty = empty || b == '\n';
    state = State.NAME;
  }

  private String shown(String raw) {
    String word = raw.strip();
    return switch (field) {
      case "event:" -> {
        event = word;
        yield word.matches(EVENTS) ? raw : FieldMask.fill(raw);
      }
      case "id:" -> pseudonyms.of(raw, 0).replaceFirst("^x", raw.startsWith(" ") ? " " : "x");
      case "retry:" -> word.matches("[0-9]{1,9}") ? raw : FieldMask.fill(raw);
      default -> {
        int start = raw.indexOf(word);
        boolean url = event.equals("endpoint") && !word.isEmpty();
        yield word.equals("[DONE]")
            ? raw
            : url
                ? raw.substring(0, start) + fields.url(word) + raw.substring(start + word.length())
                : FieldMask.fill(raw);
      }
    };
  }

  private String text() {
    return new String(kept, 0, keptLength, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
