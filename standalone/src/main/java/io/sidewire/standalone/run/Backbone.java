package io.sidewire.standalone.run;

import io.sidewire.schemas.Topics;
import io.sidewire.standalone.broker.Brokers;
import io.sidewire.standalone.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The broker with its topics: the embedded one, or one of the user's. */
public final class Backbone implements AutoCloseable {
  /** One task is enough for one host, and idle tasks cost commits. */
  private static final int EMBEDDED_PARTITIONS = 1;

  private static final int FLEET_PARTITIONS = 12;

  private final EmbeddedBroker embedded;
  private final String bootstrap;

  private Backbone(EmbeddedBroker embedded, String bootstrap) {
    this.embedded = embedded;
    this.bootstrap = bootstrap;
  }

  /**
   * Starts the embedded broker on {@code folder} and creates the topics.
   *
   * @param bytes of each topic that are kept, the oldest go first
   */
  public static Backbone embedded(Path folder, Topics topics, long bytes)
      throws InterruptedException {
    EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
    try {
      Brokers.create(
          broker.bootstrapServers(),
          topics,
          EMBEDDED_PARTITIONS,
          (short) 1,
          Map.of("retention.bytes", Long.toString(bytes)));
      return new Backbone(broker, broker.bootstrapServers());
    } catch (InterruptedException | RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  /** Uses a broker of the user's; creates topics that are missing. */
  public static Backbone at(String kafka, Topics topics) throws InterruptedException {
    Brokers.create(kafka, topics, FLEET_PARTITIONS, (short) -1, Map.of());
    return new Backbone(null, kafka);
  }

  public String bootstrapServers() {
    return bootstrap;
  }

  /** What it listens on, as {@code host:port}. */
  public List<String> endpoints() {
    return embedded == null ? List.of() : embedded.endpoints();
  }

  public boolean isEmbedded() {
    return embedded != null;
  }

  @Override
  public void close() {
    if (embedded != null) {
      embedded.close();
    }
  }
}
