package io.sidewire.query.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.quarkus.jackson.ObjectMapperCustomizer;
import io.sidewire.query.Views.ExchangeView;
import io.sidewire.query.store.Ends;
import io.sidewire.schemas.AvroJson;
import io.sidewire.schemas.Exchange;
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
      Exchange other = view.otherEnd();
      boolean servers = other != null && Ends.isServers(view.exchange(), other);
      AvroJson.fields(out, servers ? asPeer(view.exchange(), other) : view.exchange());
      if (other != null && !servers) {
        out.writeStringField("alsoSeen", other.getExchangeId());
        out.writeStringField("serverHost", other.getHost());
        number(out, "networkMicros", Ends.networkMicros(view.exchange(), other));
        number(out, "serverMicros", other.getTtfbMicros());
      }
      out.writeStringField("interactionId", view.interactionId());
      out.writeEndObject();
    }

    private static Exchange asPeer(Exchange server, Exchange client) {
      return Exchange.newBuilder(server)
          .setLeg("peer")
          .setViaExchangeId(client.getExchangeId())
          .build();
    }

    private static void number(JsonGenerator out, String name, Long value) throws IOException {
      if (value == null) {
        out.writeNullField(name);
      } else {
        out.writeNumberField(name, value);
      }
    }
  }
}
