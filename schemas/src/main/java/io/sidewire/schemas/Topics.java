package io.sidewire.schemas;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The topics of one deployment, all under one prefix.
 *
 * <p>All use LogAppendTime: packet time is a field, and a replayed capture of last year must not be deleted by
 * retention. Segments are at most 1 h or 64 MiB, so that the retention figures hold.
 */
public final class Topics {
  public static final String DEFAULT_PREFIX = "sidewire.";

  private static final String DELETE = "delete";
  private static final String COMPACT_DELETE = "compact,delete";

  private final String prefix;
  private final WireFormat wire;
  private final Topic<String, PacketBatch> packets;
  private final Topic<String, FlowRecord> flows;
  private final Topic<String, Exchange> exchanges;
  private final Topic<String, Interaction> interactions;
  private final Topic<TrafficKey, TrafficWindow> traffic;
  private final Topic<HealthKey, CaptureHealth> hosts;
  private final Topic<byte[], byte[]> deadLetters;

  private Topics(String prefix, WireFormat wire) {
    this.prefix = prefix;
    this.wire = wire;
    packets = topic("packets", Serdes.String(), PacketBatch.class, DELETE, Duration.ofHours(6));
    flows = topic("flows", Serdes.String(), FlowRecord.class, DELETE, Duration.ofDays(7));
    exchanges = topic("exchanges", Serdes.String(), Exchange.class, DELETE, Duration.ofDays(7));
    interactions = topic(
        "interactions", Serdes.String(), Interaction.class, COMPACT_DELETE, Duration.ofDays(30));
    traffic = topic(
        "traffic", TrafficKey.serde(), TrafficWindow.class, COMPACT_DELETE, Duration.ofDays(7));
    hosts =
        topic("hosts", HealthKey.serde(), CaptureHealth.class, COMPACT_DELETE, Duration.ofDays(7));
    deadLetters = new Topic<>(
        prefix + "dead-letters",
        Serdes.ByteArray(),
        Serdes.ByteArray(),
        settings(DELETE, Duration.ofDays(7)));
  }

  /** Topics named {@code prefix + packets} and so on. */
  public static Topics withPrefix(String prefix) {
    return new Topics(prefix, WireFormat.SINGLE_OBJECT);
  }

  /** The same with values in another format on the topics; see {@link #learnSchemas} for who writes. */
  public static Topics withPrefix(String prefix, WireFormat wire) {
    return new Topics(prefix, wire);
  }

  public static Topics withDefaultPrefix() {
    return withPrefix(DEFAULT_PREFIX);
  }

  public String prefix() {
    return prefix;
  }

  /** How values stand on the topics. */
  public WireFormat wire() {
    return wire;
  }

  /**
   * With a schema registry: learns the ids of what will be written, so that a registry that is gone is told of at the start.
   *
   * @throws RegistryException where the registry does not answer, or refuses
   */
  public void learnSchemas(Topic<?, ?>... written) {
    for (Topic<?, ?> topic : written) {
      if (topic.value() instanceof OnTopic<?> serde) {
        wire.learn(topic.name(), serde.sample());
      }
    }
  }

  /** Raw packet metadata and ticks; key {@code host/shard}, see {@link Keys#packets}. */
  public Topic<String, PacketBatch> packets() {
    return packets;
  }

  /** Flows, interim and final; key: flow id. */
  public Topic<String, FlowRecord> flows() {
    return flows;
  }

  /** Exchanges, of which the highest revision counts; key: flow id. */
  public Topic<String, Exchange> exchanges() {
    return exchanges;
  }

  /** Interactions, of which the highest revision counts; key: interaction id. */
  public Topic<String, Interaction> interactions() {
    return interactions;
  }

  /** Windowed traffic; the latest value of a key counts. */
  public Topic<TrafficKey, TrafficWindow> traffic() {
    return traffic;
  }

  /** Capture health by window; the latest value of a key counts. */
  public Topic<HealthKey, CaptureHealth> hosts() {
    return hosts;
  }

  /** What could not be read or processed: original key and bytes, reason in the headers. */
  public Topic<byte[], byte[]> deadLetters() {
    return deadLetters;
  }

  public List<Topic<?, ?>> all() {
    return List.of(packets, flows, exchanges, interactions, traffic, hosts, deadLetters);
  }

  private <K, V extends SpecificRecordBase> Topic<K, V> topic(
      String name, Serde<K> key, Class<V> value, String cleanup, Duration retention) {
    AvroSerde<V> single = AvroSerde.of(value);
    return new Topic<>(
        prefix + name,
        key,
        wire.isSingleObject() ? single : new OnTopic<>(wire, single),
        settings(cleanup, retention));
  }

  private static Map<String, String> settings(String cleanup, Duration retention) {
    var settings = new HashMap<String, String>();
    settings.put("cleanup.policy", cleanup);
    settings.put("retention.ms", Long.toString(retention.toMillis()));
    settings.put("message.timestamp.type", "LogAppendTime");
    settings.put("segment.ms", Long.toString(Duration.ofHours(1).toMillis()));
    settings.put("segment.bytes", Integer.toString(64 << 20));
    settings.put("max.message.bytes", Integer.toString(4 << 20));
    return Map.copyOf(settings);
  }

  /** Values in the format of a registry. */
  private record OnTopic<T extends SpecificRecordBase>(WireFormat wire, AvroSerde<T> single)
      implements Serde<T> {
    @Override
    public Serializer<T> serializer() {
      return (topic, datum) -> wire.toTopic(topic, single.encode(datum), datum);
    }

    @Override
    public Deserializer<T> deserializer() {
      return (topic, bytes) -> single.decode(wire.fromTopic(bytes));
    }

    SpecificRecordBase sample() {
      return single.sample();
    }
  }
}
