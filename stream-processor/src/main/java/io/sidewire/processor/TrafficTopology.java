package io.sidewire.processor;

import static io.sidewire.processor.Names.ADMIT;
import static io.sidewire.processor.Names.EXCHANGES;
import static io.sidewire.processor.Names.FLOWS;
import static io.sidewire.processor.Names.INTERACTIONS;
import static io.sidewire.processor.Names.PACKETS;
import static io.sidewire.processor.Names.RPC;
import static io.sidewire.processor.Names.WINDOWS;

import io.sidewire.processor.step.AdmitStep;
import io.sidewire.processor.step.ExchangeStep;
import io.sidewire.processor.step.FlowStep;
import io.sidewire.processor.step.InteractionStep;
import io.sidewire.processor.step.RpcStep;
import io.sidewire.processor.step.Stores;
import io.sidewire.processor.step.WindowStep;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.Topic;
import io.sidewire.schemas.Topics;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;

/**
 * From packets to flows, exchanges, interactions and traffic rows.
 *
 * <p>Everything of one host and shard is in one partition, in order: no step repartitions, so results are one commit old.
 */
public final class TrafficTopology {
  private final StreamConfig config;
  private final Supplier<FlowTypeRules> rules;
  private final ProcessorCounters counters;

  /** @param rules as they are now; when they change, they hold from the next record on */
  public TrafficTopology(
      StreamConfig config, Supplier<FlowTypeRules> rules, ProcessorCounters counters) {
    this.config = config;
    this.rules = rules;
    this.counters = counters;
  }

  /** @param properties those that Kafka Streams runs with: the topology's own settings come from them */
  public Topology build(Properties properties) {
    Topics topics = config.outputTopics();
    var topology = new Topology(new TopologyConfig(new StreamsConfig(properties)));

    var bytes = new ByteArrayDeserializer();
    topology.addSource(PACKETS, bytes, bytes, config.topics().packets().name());
    // 0. Each batch once, by its sequence; the clock of each epoch, by its ticks.
    topology.addProcessor(ADMIT, () -> new AdmitStep(config, rules, counters), PACKETS);
    // 1. What each flow is, and under which type its volume stands.
    topology.addProcessor(FLOWS, () -> new FlowStep(config, rules.get(), counters), ADMIT);
    // 2. Requests with their responses, within a flow.
    topology.addProcessor(EXCHANGES, () -> new ExchangeStep(config, rules.get()), FLOWS);
    // 3. JSON-RPC calls with their answers, and the legs of a call, across flows.
    topology.addProcessor(RPC, () -> new RpcStep(config, rules.get(), counters), EXCHANGES);
    // 4. The exchanges of one client as turns and runs.
    topology.addProcessor(
        INTERACTIONS, () -> new InteractionStep(config, rules.get(), counters), RPC);
    // 5. Volumes, exchanges and health as rows of 10 seconds.
    topology.addProcessor(WINDOWS, () -> new WindowStep(config, counters), ADMIT, FLOWS, RPC);

    long cache = config.cacheBytes();
    topology.addStateStore(Stores.EPOCHS.builder(cache), ADMIT);
    topology.addStateStore(Stores.FLOWS.builder(cache), FLOWS);
    topology.addStateStore(Stores.FLOW_VOLUMES.builder(cache), FLOWS);
    topology.addStateStore(Stores.KNOWLEDGE.builder(cache), FLOWS);
    topology.addStateStore(Stores.EXCHANGES.builder(cache), EXCHANGES);
    topology.addStateStore(Stores.RPC.builder(cache), RPC);
    topology.addStateStore(Stores.RPC_SESSIONS.builder(cache), RPC);
    topology.addStateStore(Stores.RPC_WAITING.builder(cache), RPC);
    topology.addStateStore(Stores.LEGS.builder(cache), RPC);
    topology.addStateStore(Stores.TIMERS.builder(cache), FLOWS, EXCHANGES, RPC);
    topology.addStateStore(Stores.INTERACTIONS.builder(cache), INTERACTIONS);
    topology.addStateStore(Stores.INTERACTION_ENTRIES.builder(cache), INTERACTIONS);
    topology.addStateStore(Stores.ROWS.builder(cache), WINDOWS);
    topology.addStateStore(Stores.HEALTH.builder(cache), WINDOWS);
    topology.addStateStore(Stores.ADMITTED.builder(cache), WINDOWS);
    topology.addStateStore(Stores.DIRTY.builder(cache), WINDOWS);

    sink(topology, Names.FLOWS_OUT, topics.flows(), FLOWS);
    sink(topology, Names.EXCHANGES_OUT, topics.exchanges(), RPC);
    sink(topology, Names.INTERACTIONS_OUT, topics.interactions(), INTERACTIONS);
    sink(topology, Names.TRAFFIC_OUT, topics.traffic(), WINDOWS);
    sink(topology, Names.HOSTS_OUT, topics.hosts(), WINDOWS);
    return topology; // what fails on the way goes to dead-letters: see step.Quarantine
  }

  private static <K, V> void sink(Topology topology, String name, Topic<K, V> topic, String step) {
    topology.addSink(
        name, topic.name(), topic.key().serializer(), topic.value().serializer(), step);
  }
}
