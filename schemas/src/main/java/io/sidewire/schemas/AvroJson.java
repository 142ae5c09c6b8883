package io.sidewire.schemas;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro records as the JSON that people and services see: the schema's field names, enums in lower case, absent as
 * null, no union wrappers. Bytes (sketches) are left out; an enum's NONE is null.
 */
public final class AvroJson {
  private static final Map<Class<?>, SerializableString[]> NAMES = new ConcurrentHashMap<>();
  private static final Map<Object, SerializableString> SYMBOLS = new ConcurrentHashMap<>();

  private AvroJson() {}

  /** Writes {@code {…}} with all fields. */
  public static void write(JsonGenerator out, IndexedRecord record) throws IOException {
    out.writeStartObject();
    fields(out, record);
    out.writeEndObject();
  }

  /** Writes the fields alone, between a start and an end of the caller's. */
  public static void fields(JsonGenerator out, IndexedRecord record) throws IOException {
    SerializableString[] names = namesOf(record);
    for (int i = 0; i < names.length; i++) {
      Object value = record.get(i);
      if (value instanceof java.nio.ByteBuffer) {
        continue;
      }
      out.writeFieldName(names[i]);
      value(out, value);
    }
  }

  private static SerializableString[] namesOf(IndexedRecord record) {
    SerializableString[] known = NAMES.get(record.getClass());
    if (known != null) {
      return known;
    }
    SerializableString[] names = record.getSchema().getFields().stream()
        .map(field -> new SerializedString(field.name()))
        .toArray(SerializableString[]::new);
    if (record instanceof SpecificRecord) { // of which each class has one schema
      NAMES.put(record.getClass(), names);
    }
    return names;
  }

  private static void symbol(JsonGenerator out, Object value) throws IOException {
    SerializableString name = SYMBOLS.get(value);
    if (name == null) {
      name = new SerializedString(value.toString().toLowerCase(Locale.ROOT));
      if (value instanceof Enum<?>) {
        SYMBOLS.put(value, name);
      }
    }
    if (name.getValue().equals("none")) {
      out.writeNull();
    } else {
      out.writeString(name);
    }
  }

  private static void value(JsonGenerator out, Object value) throws IOException {
    // Most frequent first, and final classes before interfaces, which cost more to ask for.
    if (value == null) {
      out.writeNull();
    } else if (value instanceof String text) {
      out.writeString(text);
    } else if (value instanceof Long number) {
      out.writeNumber(number);
    } else if (value instanceof Integer number) {
      out.writeNumber(number);
    } else if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
    } else if (value instanceof Enum<?>) {
      symbol(out, value);
    } else if (value instanceof IndexedRecord record) {
      write(out, record);
    } else if (value instanceof GenericEnumSymbol<?>) {
      symbol(out, value);
    } else if (value instanceof CharSequence text) {
      out.writeString(text.toString());
    } else if (value instanceof Double number) {
      out.writeNumber(number);
    } else if (value instanceof Float number) {
      out.writeNumber(number);
    } else if (value instanceof Map<?, ?> map) {
      out.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.writeFieldName(entry.getKey().toString());
        value(out, entry.getValue());
      }
      out.writeEndObject();
    } else if (value instanceof Collection<?> items) {
      out.writeStartArray();
      for (Object item : items) {
        value(out, item);
      }
      out.writeEndArray();
    } else {
      throw new IOException("no JSON for " + value.getClass().getSimpleName());
    }
  }
}
