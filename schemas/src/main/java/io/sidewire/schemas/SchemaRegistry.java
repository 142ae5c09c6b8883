package io.sidewire.schemas;

import java.util.Map;
import java.util.ServiceLoader;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * A schema registry, as far as values need one: ids for schemas, and schemas for ids. The implementation is another module,
 * so that who uses no registry carries none of its client.
 */
public interface SchemaRegistry {
  /** Opens a registry; found by {@link ServiceLoader}. */
  interface Provider {
    /** @throws RegistryException where a setting cannot be used */
    SchemaRegistry open(String url, Map<String, String> settings);
  }

  /**
   * The id of a record's schema under the topic's values, which is registered where it is new.
   *
   * @throws RegistryException where the registry does not answer, or refuses
   */
  int idOf(String topic, SpecificRecordBase sample);

  /**
   * The schema of an id.
   *
   * @throws org.apache.kafka.common.errors.SerializationException where the registry knows no such id
   * @throws RegistryException where the registry does not answer
   */
  Schema schemaOf(int id);

  /** @param settings of the registry's client */
  static SchemaRegistry open(String url, Map<String, String> settings) {
    return ServiceLoader.load(Provider.class, SchemaRegistry.class.getClassLoader())
        .findFirst()
        .orElseThrow(() -> new RegistryException("a schema registry is named (" + url
            + "), but its client is not on the class path: add the artifact sidewire-registry"))
        .open(url, settings);
  }
}
