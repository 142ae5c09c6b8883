package io.sidewire.wire.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What was wanted of one JSON object: short values by {@link Field}, and its tool calls in order. Used again. */
public final class JsonDocument {

  /**
   * A tool call, or an object that stands where one may stand.
   *
   * @param index place among the calls of the answer, -1 if not given
   * @param id null if not given
   * @param type null if not given
   */
  public record Tool(long index, String id, String type, String name) {}

  /** An object or an array stood there. */
  public static final Object STRUCTURE = new Object();

  private static final int MOST_TOOLS = 256;

  private final Object[] values = new Object[Field.values().length];
  private final List<Tool> tools = new ArrayList<>();
  private final Excerpted texts; // null: none are kept
  private boolean complete;

  JsonDocument(boolean withTexts) {
    texts = withTexts ? new Excerpted() : null;
  }

  /** What is said in it; null where the shape wants no texts. */
  public Excerpted texts() {
    return texts;
  }

  /** The first value that was neither null nor an empty text; null: none. */
  public Object get(Field field) {
    return values[field.ordinal()];
  }

  public boolean has(Field field) {
    return values[field.ordinal()] != null;
  }

  /** The text, or null where the value is of another kind. */
  public String text(Field field) {
    return values[field.ordinal()] instanceof String text ? text : null;
  }

  /** The integer, or null where the value is of another kind. */
  public Long integer(Field field) {
    return values[field.ordinal()] instanceof Long number ? number : null;
  }

  /** True where the value is the literal true. */
  public boolean isTrue(Field field) {
    return Boolean.TRUE.equals(values[field.ordinal()]);
  }

  public List<Tool> tools() {
    return tools;
  }

  /** False where the text was cut off. */
  public boolean complete() {
    return complete;
  }

  void clear() {
    Arrays.fill(values, null);
    tools.clear();
    complete = false;
    if (texts != null) {
      texts.clear();
    }
  }

  void completed() {
    complete = true;
  }

  void put(Field field, Object value) {
    Object known = values[field.ordinal()];
    if (known == null || known == STRUCTURE && field == Field.CONTENT) {
      values[field.ordinal()] = value;
    }
  }

  /** Makes the values of a tool call, collected since {@link #beginTool}, an entry. */
  void endTool() {
    String name = text(Field.TOOL_NAME);
    if (name != null && tools.size() < MOST_TOOLS) {
      Long index = integer(Field.TOOL_INDEX);
      tools.add(
          new Tool(index == null ? -1 : index, text(Field.TOOL_ID), text(Field.TOOL_TYPE), name));
    }
    beginTool();
  }

  void beginTool() {
    values[Field.TOOL_NAME.ordinal()] = null;
    values[Field.TOOL_ID.ordinal()] = null;
    values[Field.TOOL_INDEX.ordinal()] = null;
    values[Field.TOOL_TYPE.ordinal()] = null;
  }

  /** Decodes a text, without a character at its end that was cut in two. */
  static String decode(byte[] text, int length) {
    int end = length;
    int back = 0;
    while (back < 3 && back < length && (text[length - 1 - back] & 0xc0) == 0x80) {
      back++;
    }
    if (back < length) {
      int lead = text[length - 1 - back] & 0xff;
      int size = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      if (size > back + 1) {
        end = length - 1 - back;
      }
    }
    return new String(text, 0, end, StandardCharsets.UTF_8);
  }
}
