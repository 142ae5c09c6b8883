package io.sidewire.standalone.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The settings of a broker that serves one machine: one node, loopback only, little memory, quick to start and to stop.
 *
 * @param folder where logs and metadata are kept
 * @param port of the broker's listener on 127.0.0.1
 * @param controllerPort of the controller's listener on 127.0.0.1
 */
record BrokerSettings(Path folder, int port, int controllerPort) {
  static final int NODE_ID = 1;
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  Map<String, Object> toKafka() {
    Map<String, Object> map = new HashMap<>();
    map.put("process.roles", "broker,controller");
    map.put("node.id", String.valueOf(NODE_ID));
    map.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
    map.put("controller.listener.names", CONTROLLER_LISTENER);
    map.put("inter.broker.listener.name", "BROKER");
    map.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
    map.put(
        "listeners", "BROKER://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    map.put("advertised.listeners", "BROKER://127.0.0.1:" + port);
    map.put("log.dirs", folder.toString());
    oneNode(map);
    quickStart(map);
    littleMemory(map);
    return map;
  }

  private static void oneNode(Map<String, Object> map) {
    map.put("auto.create.topics.enable", "false");
    map.put("default.replication.factor", "1");
    map.put("min.insync.replicas", "1");
    for (String topic :
        new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
      map.put(topic + ".replication.factor", "1");
      map.put(topic + ".num.partitions", "1");
      map.put(topic + ".segment.bytes", String.valueOf(16 << 20));
    }
    map.put("transaction.state.log.min.isr", "1");
    map.put("share.coordinator.state.topic.min.isr", "1");
  }

  private static void quickStart(Map<String, Object> map) {
    // After a kill the controller holds the old broker's session: a new start waits that long.
    // Below 3 s a loaded
    // machine loses its broker now and then.
    map.put("broker.session.timeout.ms", "4000");
    map.put("broker.heartbeat.interval.ms", "200");
    map.put("controller.quorum.election.timeout.ms", "200");
    map.put("controller.quorum.election.backoff.max.ms", "200");
    map.put("controller.quorum.fetch.timeout.ms", "1000");
    map.put("group.initial.rebalance.delay.ms", "0");
    map.put("group.coordinator.append.linger.ms", "0");
    map.put("group.streams.initial.rebalance.delay.ms", "0");
    map.put("group.streams.min.heartbeat.interval.ms", "300");
    map.put("group.streams.heartbeat.interval.ms", "300");
    map.put("group.streams.min.session.timeout.ms", "3000");
    map.put("group.streams.session.timeout.ms", "3000");
    // A transaction left open by a kill hides what follows it from read-committed readers: look for
    // it often.
    map.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    map.put("log.initial.task.delay.ms", "5000");
    map.put("server.max.startup.time.ms", "60000");
  }

  private static void littleMemory(Map<String, Object> map) {
    map.put("num.network.threads", "1");
    map.put("num.io.threads", "2");
    map.put("background.threads", "2");
    map.put("num.replica.fetchers", "1");
    map.put("num.recovery.threads.per.data.dir", "1");
    map.put("group.coordinator.threads", "1");
    map.put("share.coordinator.threads", "1");
    map.put("queued.max.requests", "100");
    map.put("log.cleaner.threads", "1");
    map.put("log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20));
    map.put("log.cleaner.io.buffer.size", String.valueOf(64 << 10));
    map.put("log.index.size.max.bytes", String.valueOf(1 << 20));
    map.put("log.segment.bytes", String.valueOf(64 << 20));
    map.put("log.retention.check.interval.ms", "30000");
    map.put("metadata.log.segment.bytes", String.valueOf(8 << 20));
    map.put("metadata.max.retention.bytes", String.valueOf(16 << 20));
    map.put("metadata.log.max.record.bytes.between.snapshots", String.valueOf(1 << 20));
  }
}
