package io.sidewire.query.store;

import io.sidewire.schemas.Topic;
import io.sidewire.schemas.Topics;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * The whole read model: five topics into five stores, each partition of each.
 *
 * <p>Global stores, so that each replica holds all of it: no group, no rebalance, no changelog, no commit. A restart
 * goes on where the last flush ended.
 */
final class ReadModelTopology {
  private final Topology topology = new Topology();

  private final OpenStores stores;

  private ReadModelTopology(OpenStores stores) {
    this.stores = stores;
  }

  static Topology build(Topics topics, Upkeep upkeep) {
    return build(topics, upkeep, new OpenStores());
  }

  static Topology build(Topics topics, Upkeep upkeep, OpenStores stores) {
    var builder = new ReadModelTopology(stores);
    builder.keep(topics.traffic(), Names.TRAFFIC, () -> new Writers.Traffic(topics, upkeep));
    builder.keep(topics.exchanges(), Names.EXCHANGES, () -> new Writers.Exchanges(topics, upkeep));
    builder.keep(topics.flows(), Names.FLOWS, () -> new Writers.Flows(topics, upkeep));
    builder.keep(
        topics.interactions(), Names.INTERACTIONS, () -> new Writers.Interactions(topics, upkeep));
    builder.keep(topics.hosts(), Names.HEALTH, () -> new Writers.Health(topics, upkeep));
    return builder.topology;
  }

  private void keep(Topic<?, ?> topic, String store, Supplier<RowWriter> writer) {
    topology.addGlobalStore(
        Stores.keyValueStoreBuilder(stores.supplier(store), Serdes.Bytes(), Serdes.ByteArray())
            .withCachingDisabled()
            .withLoggingDisabled(),
        store + "-source",
        // Bytes here, decoding in the writer: the global thread has no dead letters of its own.
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        topic.name(),
        store + "-writer",
        writer::get);
  }
}
