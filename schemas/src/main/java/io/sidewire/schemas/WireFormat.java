package io.sidewire.schemas;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.errors.SerializationException;

/**
 * How values stand on the topics: in single-object encoding, or with a schema registry in Confluent's wire format, which is
 * a zero byte, the id of the schema (4 bytes, big-endian) and the same datum.
 *
 * <p>Only the head differs, so a value is translated without being read: stores, changelogs and everything inside hold
 * single-object encoding either way.
 */
public final class WireFormat {
  /** Without a registry: values stand on the topics as they are. */
  public static final WireFormat SINGLE_OBJECT = new WireFormat(null);

  private static final int SINGLE_HEAD = 10;
  private static final int CONFLUENT_HEAD = 5;

  private record Subject(String topic, long fingerprint) {}

  private final SchemaRegistry registry;
  private final Map<Subject, Integer> ids = new ConcurrentHashMap<>();
  private final Map<Integer, Long> fingerprints = new ConcurrentHashMap<>();

  private WireFormat(SchemaRegistry registry) {
    this.registry = registry;
  }

  public static WireFormat of(SchemaRegistry registry) {
    return new WireFormat(registry);
  }

  /** @param url of the registry; null or empty: there is none */
  public static WireFormat of(String url, Map<String, String> settings) {
    return url == null || url.isEmpty() ? SINGLE_OBJECT : of(SchemaRegistry.open(url, settings));
  }

  public boolean isSingleObject() {
    return registry == null;
  }

  /**
   * Learns the id of a topic's schema, registering it where it is new, so that writing never waits for the registry.
   *
   * @throws RegistryException where the registry does not answer, or refuses
   */
  void learn(String topic, SpecificRecordBase sample) {
    if (registry != null) {
      idOf(topic, SchemaNormalization.parsingFingerprint64(sample.getSchema()), sample);
    }
  }

  /** The value as it goes on the topic. */
  byte[] toTopic(String topic, byte[] single, SpecificRecordBase datum) {
    if (registry == null || single == null) {
      return single;
    }
    long fingerprint = ByteBuffer.wrap(single).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    int length = single.length - SINGLE_HEAD;
    return ByteBuffer.allocate(CONFLUENT_HEAD + length)
        .put((byte) 0)
        .putInt(idOf(topic, fingerprint, datum))
        .put(single, SINGLE_HEAD, length)
        .array();
  }

  /**
   * A value of a topic in single-object encoding.
   *
   * @throws SerializationException where it stands there in another encoding
   * @throws RegistryException where the registry does not answer
   */
  public byte[] fromTopic(byte[] value) {
    if (registry == null || value == null) {
      return value;
    }
    if (value.length < CONFLUENT_HEAD || value[0] != 0) {
      throw new SerializationException("not in the wire format of a schema registry, "
          + value.length + " bytes: another encoding on this topic needs another topic prefix");
    }
    long fingerprint = fingerprints.computeIfAbsent(ByteBuffer.wrap(value).getInt(1), id -> {
      var schema = registry.schemaOf(id);
      return SchemaNormalization.parsingFingerprint64(schema);
    });
    int length = value.length - CONFLUENT_HEAD;
    return ByteBuffer.allocate(SINGLE_HEAD + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0xC3)
        .put((byte) 0x01)
        .putLong(fingerprint)
        .put(value, CONFLUENT_HEAD, length)
        .array();
  }

  private int idOf(String topic, long fingerprint, SpecificRecordBase sample) {
    return ids.computeIfAbsent(
        new Subject(topic, fingerprint), key -> registry.idOf(topic, sample));
  }
}
