package io.sidewire.standalone.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sidewire.schemas.AvroJson;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.avro.generic.IndexedRecord;

/** JSON lines: one object a line, each with its {@code kind} and, from files, its {@code file}. */
public final class JsonLines {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final JsonGenerator out;

  public JsonLines(OutputStream stream) {
    try {
      // The caller's stream is flushed by the caller: a line at a time where it is live, in blocks
      // where it is not.
      out = new JsonFactory()
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)
          .createGenerator(stream)
          .setRootValueSeparator(new SerializedString(""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the fields of one object; {@link #line} adds what surrounds them. */
  @FunctionalInterface
  public interface Fields {
    void write(JsonGenerator out) throws IOException;
  }

  /** @param file null where it comes from no file */
  public void line(String kind, String file, Fields fields) {
    try {
      out.writeStartObject();
      out.writeStringField("kind", kind);
      if (file != null) {
        out.writeStringField("file", file);
      }
      fields.write(out);
      out.writeEndObject();
      out.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A record with the field names of its schema. */
  public void record(String kind, String file, IndexedRecord record) {
    line(kind, file, json -> AvroJson.fields(json, record));
  }

  /** An object that was read from JSON. */
  public void node(String kind, JsonNode object) {
    line(kind, null, json -> {
      for (var entry : object.properties()) {
        json.writeFieldName(entry.getKey());
        MAPPER.writeTree(json, entry.getValue());
      }
    });
  }

  /** Hands all lines so far to the stream. */
  public void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
