package io.sidewire.schemas;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.IndexedRecord;

/**
 * Avro records as the JSON that people and services see: the schema's field names, enums in lower case, absent as
 * null, no union wrappers. Bytes (sketches) are left out; an enum's NONE is null.
 */
public final class AvroJson {
  private AvroJson() {}

  /** Writes {@code {…}} with all fields. */
  public static void write(JsonGenerator out, IndexedRecord record) throws IOException {
    out.writeStartObject();
    fields(out, record);
    out.writeEndObject();
  }

  /** Writes the fields alone, between a start and an end of the caller's. */
  public static void fields(JsonGenerator out, IndexedRecord record) throws IOException {
    List<Schema.Field> fields = record.getSchema().getFields();
    for (int i = 0; i < fields.size(); i++) {
      Object value = record.get(i);
      if (value instanceof java.nio.ByteBuffer) {
        continue;
      }
      out.writeFieldName(fields.get(i).name());
      value(out, value);
    }
  }

  private static void value(JsonGenerator out, Object value) throws IOException {
    if (value == null) {
      out.writeNull();
    } else if (value instanceof IndexedRecord record) {
      write(out, record);
    } else if (value instanceof Enum<?> || value instanceof GenericEnumSymbol<?>) {
      String name = value.toString().toLowerCase(Locale.ROOT);
      if (name.equals("none")) {
        out.writeNull();
      } else {
        out.writeString(name);
      }
    } else if (value instanceof CharSequence text) {
      out.writeString(text.toString());
    } else if (value instanceof Long number) {
      out.writeNumber(number);
    } else if (value instanceof Integer number) {
      out.writeNumber(number);
    } else if (value instanceof Double number) {
      out.writeNumber(number);
    } else if (value instanceof Float number) {
      out.writeNumber(number);
    } else if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
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
