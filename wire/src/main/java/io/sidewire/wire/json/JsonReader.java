package io.sidewire.wire.json;

import io.sidewire.wire.Limits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the objects of JSON texts and takes out of each what a {@link JsonShape} wants: an object, each object of an
 * array, each of several texts one after another (NDJSON).
 */
public final class JsonReader {

  /** Takes each object when it ends; the document is valid during the call only. */
  public interface Sink {
    void document(JsonDocument document);
  }

  private final Limits limits;
  private final JsonShape shape;
  private final Sink sink;
  private final JsonDocument document;
  private final JsonScanner scanner;
  private JsonShape.Node[] places = new JsonShape.Node[16]; // by depth; null: nothing wanted
  private int depth;
  private int documentDepth; // depth inside the object that is read; 0: none
  private JsonShape.Node next; // place of the value that comes
  private boolean named; // a member name was read and its value comes
  private boolean any;

  public JsonReader(Limits limits, JsonShape shape, Sink sink) {
    this.limits = limits;
    this.shape = shape;
    this.sink = sink;
    this.document = new JsonDocument(shape == JsonShape.WITH_TEXTS);
    this.scanner = new JsonScanner(limits.jsonDepth(), new Walker());
  }

  public void feed(byte[] bytes, int offset, int length) {
    scanner.feed(bytes, offset, length);
  }

  /** Null while everything was JSON. */
  public JsonScanner.Failure failure() {
    return scanner.failure();
  }

  /** True where an object was seen, whole or not. */
  public boolean any() {
    return any;
  }

  /** The text was cut off: hands over what is known of a half-read object, then begins anew. */
  public void cut() {
    scanner.finish();
    if (documentDepth > 0) {
      documentDepth = 0;
      sink.document(document);
    }
    reset();
  }

  /** Begins anew. */
  public void reset() {
    scanner.reset();
    depth = 0;
    documentDepth = 0;
    next = null;
  }

  private final class Walker implements JsonScanner.Sink {
    @Override
    public void startObject() {
      if (documentDepth == 0 && depth == arrayDepth()) {
        document.clear();
        any = true;
        documentDepth = depth + 1;
        push(shape.root);
        return;
      }
      JsonShape.Node place = place();
      structure(place);
      if (place != null && place.tool) {
        document.beginTool();
      }
      if (place != null && place.text != null) {
        document.texts().begin(place.text);
      }
      push(place);
    }

    @Override
    public void endObject() {
      JsonShape.Node place = pop();
      if (documentDepth == depth + 1) {
        documentDepth = 0;
        document.completed();
        sink.document(document);
      } else if (place != null && place.tool && documentDepth > 0) {
        document.endTool();
      }
      if (place != null && place.text != null && documentDepth > 0) {
        document.texts().end(place.text);
      }
    }

    @Override
    public void startArray() {
      JsonShape.Node place = place();
      structure(place);
      push(place == null ? null : place.element == null ? null : place);
    }

    @Override
    public void endArray() {
      pop();
    }

    @Override
    public void name(byte[] text, int length, boolean cut) {
      JsonShape.Node parent = depth == 0 ? null : places[depth - 1];
      next = parent == null || cut ? null : parent.child(text, length);
      named = true;
    }

    @Override
    public int wanted() {
      JsonShape.Node place = peek();
      if (place == null) {
        return 0;
      }
      int field = place.field == null ? 0 : place.field.kept(limits.nameBytes());
      return place.text == null ? field : Math.max(field, Excerpted.WANTED);
    }

    @Override
    public void string(byte[] text, int length, boolean empty) {
      JsonShape.Node place = place();
      if (place != null && place.field != null && !empty && documentDepth > 0) {
        document.put(place.field, JsonDocument.decode(text, length));
      }
      if (place != null && place.text != null && documentDepth > 0) {
        document.texts().text(place.text, text, length);
      }
    }

    @Override
    public void number(byte[] text, int length) {
      JsonShape.Node place = place();
      if (place != null && place.field != null && documentDepth > 0) {
        document.put(place.field, numeric(text, length));
      }
    }

    @Override
    public void bool(boolean value) {
      JsonShape.Node place = place();
      if (place != null && place.field != null && documentDepth > 0) {
        document.put(place.field, value);
      }
      if (place != null && place.text != null && documentDepth > 0) {
        document.texts().bool(place.text, value);
      }
    }

    @Override
    public void nul() {
      place();
    }

    @Override
    public void endText() {
      depth = 0;
      next = null;
      named = false;
    }
  }

  /** Depth at which objects are documents: 0, or 1 in an array that is the whole text. */
  private int arrayDepth() {
    return depth == 0 ? 0 : 1;
  }

  private JsonShape.Node peek() {
    if (named) {
      return next;
    }
    JsonShape.Node parent = depth == 0 ? null : places[depth - 1];
    return parent == null ? null : parent.element;
  }

  /** The place of the value that begins. */
  private JsonShape.Node place() {
    JsonShape.Node place = peek();
    named = false;
    next = null;
    return place;
  }

  private void structure(JsonShape.Node place) {
    if (place != null && place.field != null && documentDepth > 0) {
      document.put(place.field, JsonDocument.STRUCTURE);
    }
  }

  private void push(JsonShape.Node place) {
    named = false;
    next = null;
    if (depth == places.length) {
      places = Arrays.copyOf(places, 2 * depth);
    }
    places[depth++] = place;
  }

  private JsonShape.Node pop() {
    return places[--depth];
  }

  private static Object numeric(byte[] text, int length) {
    boolean integer = length > 0 && length < 20;
    for (int i = 0; i < length && integer; i++) {
      integer = text[i] == '-' || text[i] >= '0' && text[i] <= '9';
    }
    String digits = new String(text, 0, length, StandardCharsets.US_ASCII);
    if (!integer) {
      return digits.isEmpty() ? Double.valueOf(Double.NaN) : doubleOrText(digits);
    }
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException tooLong) {
      return digits;
    }
  }

  /** 1.0 and 1e3 are the integers that they are; other fractions stay text, so that ids keep their spelling. */
  private static Object doubleOrText(String digits) {
    double value = Double.parseDouble(digits);
    return value == Math.rint(value) && Math.abs(value) < 1e15 ? (Object) (long) value : digits;
  }
}
