package io.sidewire.registry;

import com.microsoft.kiota.ApiException;
import io.apicurio.registry.resolver.SchemaResolver;
import io.apicurio.registry.resolver.strategy.ArtifactReference;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.apicurio.registry.serde.data.SerdeMetadata;
import io.apicurio.registry.serde.data.SerdeRecord;
import io.sidewire.schemas.RegistryException;
import io.sidewire.schemas.SchemaRegistry;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.errors.SerializationException;

/**
 * An Apicurio Registry, asked through its own Avro serde: schemas are registered under {@code TOPIC-value}, and their ids are
 * content ids of 4 bytes, as clients of Confluent's registry expect them.
 */
public final class ApicurioRegistry implements SchemaRegistry {
  private static final Map<String, String> DEFAULTS = Map.of(
      "apicurio.registry.auto-register",
      "true",
      "apicurio.registry.auto-register.if-exists",
      "FIND_OR_CREATE_VERSION",
      "apicurio.registry.artifact-resolver-strategy",
      "io.apicurio.registry.serde.strategy.TopicIdStrategy",
      "apicurio.registry.use-id",
      "contentId",
      "apicurio.registry.id-handler",
      "io.apicurio.registry.serde.Default4ByteIdHandler",
      "apicurio.registry.dereference-schema", // whole schemas: not every client follows references
      "true",
      "apicurio.registry.headers.enabled",
      "false",
      "apicurio.registry.http.adapter",
      "JDK");

  /** What {@link java.util.ServiceLoader} finds. */
  public static final class Provider implements SchemaRegistry.Provider {
    @Override
    public SchemaRegistry open(String url, Map<String, String> settings) {
      return new ApicurioRegistry(url, settings);
    }
  }

  private static final int NOT_FOUND = 404;

  private final String url;
  private final AvroKafkaSerializer<SpecificRecordBase> serde = new AvroKafkaSerializer<>();
  private final SchemaResolver<Schema, SpecificRecordBase> resolver;

  /** @param settings of the serde, {@code apicurio.registry.…}; they come over our defaults */
  ApicurioRegistry(String url, Map<String, String> settings) {
    this.url = url;
    var all = new HashMap<String, String>(DEFAULTS);
    all.put("apicurio.registry.url", url);
    all.putAll(settings);
    try {
      serde.configure(all, false);
    } catch (RuntimeException e) {
      throw new RegistryException("settings of the schema registry " + url + ": " + reason(e), e);
    }
    resolver = serde.getSchemaResolver();
  }

  @Override
  public int idOf(String topic, SpecificRecordBase sample) {
    try {
      var record = new SerdeRecord<>(new SerdeMetadata(topic, false), sample);
      return Math.toIntExact(resolver.resolveSchema(record).getContentId());
    } catch (RuntimeException e) {
      throw failed("has no id for the schema of " + topic, e);
    }
  }

  @Override
  public Schema schemaOf(int id) {
    try {
      return resolver
          .resolveSchemaByArtifactReference(ArtifactReference.fromContentId((long) id))
          .getParsedSchema()
          .getParsedSchema();
    } catch (RuntimeException e) {
      if (isUnknown(e)) {
        throw new SerializationException("the schema registry knows no schema " + id);
      }
      throw failed("cannot tell schema " + id, e);
    }
  }

  private static boolean isUnknown(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ApiException answer && answer.getResponseStatusCode() == NOT_FOUND) {
        return true;
      }
    }
    return false;
  }

  private RegistryException failed(String what, RuntimeException e) {
    return new RegistryException(
        "the schema registry at " + url + " does not answer, or " + what + " (" + reason(e) + ")",
        e);
  }

  private static String reason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName()
        + (root.getMessage() == null ? "" : ": " + root.getMessage());
  }
}
