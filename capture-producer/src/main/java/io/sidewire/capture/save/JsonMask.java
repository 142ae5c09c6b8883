package io.sidewire.capture.save;

import io.sidewire.wire.json.Field;
import io.sidewire.wire.json.JsonShape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Masks JSON texts in place, byte by byte: strings become x, digits 1, unless {@link JsonValues} knows their place. What
 * is not JSON is zeroed from there on.
 */
final class JsonMask implements BodyMask {
  private enum State {
    VALUE,
    FIRST_KEY,
    KEY,
    COLON,
    AFTER,
    STRING,
    NUMBER,
    LITERAL,
    FAILED
  }

  private static final int MAX_DEPTH = 256;
  private static final int MAX_KEPT = 512;
  private static final String[] LITERALS = {"true", "false", "null"};

  /** An object or array that is open, and where it stands. */
  private record Level(boolean object, JsonShape.Node place) {}

  private final MaskedBytes out;
  private final JsonValues values;
  private final List<Level> levels = new ArrayList<>();
  private State state = State.VALUE;
  private JsonShape.Node place = JsonShape.MESSAGES.root();
  private Field field;
  private boolean key;
  private boolean escaped;
  private boolean buffering;
  private final byte[] kept = new byte[MAX_KEPT];
  private int keptLength;
  private String literal;
  private int literalAt;
  private int digits;

  JsonMask(MaskedBytes out, Pseudonyms pseudonyms) {
    this.out = out;
    this.values = new JsonValues(pseudonyms);
  }

  @Override
  public void feed(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      take(bytes[i]);
    }
  }

  @Override
  public void release() {
    if (buffering) {
      buffering = false;
      out.fill('x', keptLength);
      keptLength = 0;
      place = key ? null : place;
    }
  }

  /** True between texts: a new one may begin. */
  boolean failed() {
    return state == State.FAILED;
  }

  private void take(byte b) {
    switch (state) {
      case STRING -> string(b);
      case NUMBER -> number(b);
      case LITERAL -> literal(b);
      case FAILED -> out.put(0);
      default -> {
        if (b == ' ' || b == '\t' || b == '\r' || b == '\n') {
          out.put(b);
        } else {
          structure(b);
        }
      }
    }
  }

  private void structure(byte b) {
    switch (state) {
      case VALUE -> value(b);
      case FIRST_KEY, KEY -> {
        if (b == '"') {
          begin(true);
        } else if (b == '}' && state == State.FIRST_KEY) {
          close(b, true);
        } else {
          fail();
        }
      }
      case COLON -> {
        if (b == ':') {
          out.put(b);
          state = State.VALUE;
        } else {
          fail();
        }
      }
      default -> after(b);
    }
  }

  private void value(byte b) {
    field = place == null ? null : place.field();
    if (b == '{' || b == '[') {
      if (levels.size() == MAX_DEPTH) {
        fail();
        return;
      }
      if (levels.isEmpty()) {
        values.begin();
      }
      boolean object = b == '{';
      levels.add(new Level(object, place));
      out.put(b);
      state = object ? State.FIRST_KEY : State.VALUE;
      place = object ? place : element();
    } else if (b == ']' && !levels.isEmpty() && !top().object) {
      close(b, false);
    } else if (b == '"') {
      begin(false);
    } else if (b == '-' || b >= '0' && b <= '9') {
      state = State.NUMBER;
      digits = 0;
      number(b);
    } else {
      literalBegins(b);
    }
  }

  private void after(byte b) {
    if (levels.isEmpty()) {
      state = State.VALUE; // texts one after another
      place = JsonShape.MESSAGES.root();
      value(b);
    } else if (b == ',') {
      out.put(b);
      state = top().object ? State.KEY : State.VALUE;
      place = top().object ? null : element();
    } else if (b == '}' || b == ']') {
      close(b, b == '}');
    } else {
      fail();
    }
  }

  /** A text's outermost array is a batch: its elements are messages. */
  private JsonShape.Node element() {
    JsonShape.Node array = top().place;
    return levels.size() == 1 ? array : array == null ? null : array.element();
  }

  private Level top() {
    return levels.get(levels.size() - 1);
  }

  private void close(byte b, boolean object) {
    if (levels.isEmpty() || top().object != object) {
      fail();
      return;
    }
    levels.remove(levels.size() - 1);
    out.put(b);
    state = State.AFTER;
  }

  // ------------------------------------------------------------------ strings

  private void begin(boolean isKey) {
    out.put('"');
    key = isKey;
    escaped = false;
    keptLength = 0;
    buffering = isKey ? top().place != null : JsonValues.mayKeep(field);
    if (isKey) {
      place = null;
    }
    state = State.STRING;
  }

  private void string(byte b) {
    if (b == '"' && !escaped) {
      if (buffering) {
        decide();
      }
      out.put('"');
      state = key ? State.COLON : State.AFTER;
      return;
    }
    escaped = b == '\\' && !escaped;
    if (buffering && keptLength == MAX_KEPT) {
      release();
    }
    if (buffering) {
      kept[keptLength++] = b;
    } else {
      out.put('x');
    }
  }

  private void decide() {
    buffering = false;
    String raw = new String(kept, 0, keptLength, StandardCharsets.ISO_8859_1);
    String shown;
    if (key) {
      place = top().place.child(kept, keptLength);
      shown = place != null || JsonValues.isWord(raw) ? raw : "x".repeat(keptLength);
    } else {
      shown = values.mask(field, raw);
    }
    out.put(shown.getBytes(StandardCharsets.ISO_8859_1), 0, keptLength);
  }

  // ------------------------------------------------------------------ numbers and literals

  private void number(byte b) {
    boolean digit = b >= '0' && b <= '9';
    if (!digit && "+-.eE".indexOf(b) < 0) {
      state = State.AFTER;
      take(b);
      return;
    }
    boolean stays = !digit || JsonValues.isCount(field) && ++digits <= 18;
    out.put(stays ? b : '1');
  }

  private void literalBegins(byte b) {
    for (String each : LITERALS) {
      if (each.charAt(0) == b) {
        literal = each;
        literalAt = 0;
        state = State.LITERAL;
        literal(b);
        return;
      }
    }
    fail();
  }

  private void literal(byte b) {
    if (literalAt == literal.length()) {
      state = State.AFTER;
      take(b);
    } else if (literal.charAt(literalAt) != b) {
      fail();
    } else {
      // Where nothing is wanted, whether something is true is content.
      boolean hide = field == null && literal.equals("true");
      out.put(hide ? "null".charAt(literalAt) : b);
      literalAt++;
    }
  }

  private void fail() {
    state = State.FAILED;
    out.put(0);
  }
}
