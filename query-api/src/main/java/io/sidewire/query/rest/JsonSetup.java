package io.sidewire.query.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.quarkus.jackson.ObjectMapperCustomizer;
import io.sidewire.query.Views.ExchangeView;
import io.sidewire.schemas.AvroJson;
import jakarta.inject.Singleton;
import java.io.IOException;
import org.apache.avro.generic.IndexedRecord;

/** Writes records of the topics in the field names that all of Sidewire uses. */
@Singleton
public class JsonSetup implements ObjectMapperCustomizer {

  @Override
  public void customize(ObjectMapper mapper) {
    mapper.registerModule(new SimpleModule("sidewire")
        .addSerializer(IndexedRecord.class, new AvroWriter())
        .addSerializer(ExchangeView.class, new ExchangeWriter()));
  }

  private static final class AvroWriter extends JsonSerializer<IndexedRecord> {
    @Override
    public void serialize(IndexedRecord record, JsonGenerator out, SerializerProvider any)
        throws IOException {
      AvroJson.write(out, record);
    }
  }

  private static final class ExchangeWriter extends JsonSerializer<ExchangeView> {
    @Override
    public void serialize(ExchangeView view, JsonGenerator out, SerializerProvider any)
        throws IOException {
      out.writeStartObject();
      AvroJson.fields(out, view.exchange());
      out.writeStringField("interactionId", view.interactionId());
      out.writeEndObject();
    }
  }
}
