package io.sidewire.standalone.broker;

import io.sidewire.schemas.PromptAdmin;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TopicsAdmin;
import io.sidewire.standalone.Fault;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;

/** What is asked of any broker, the embedded one or one of the user's. */
public final class Brokers {
  private static final int TIMEOUT_MILLIS = 10_000;

  private Brokers() {}

  /** Creates the topics that are missing. */
  public static Map<String, TopicsAdmin.State> create(
      String kafka, Topics topics, int partitions, short replication, Map<String, String> settings)
      throws InterruptedException {
    try (Admin admin = admin(kafka)) {
      return TopicsAdmin.create(admin, topics, partitions, replication, settings);
    } catch (IllegalStateException e) {
      throw unreachable(kafka, e);
    }
  }

  /** A client for administration, that gives up soon. */
  public static Admin admin(String kafka) {
    try {
      return new PromptAdmin(Map.of(
          AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka,
          AdminClientConfig.CLIENT_ID_CONFIG, "sidewire-admin",
          AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS,
          AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS));
    } catch (KafkaException e) {
      throw unreachable(kafka, e);
    }
  }

  /** What to tell a user whose broker cannot be used. */
  public static Fault unreachable(String kafka, Exception e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new Fault(
        Fault.UNREACHABLE,
        "The broker " + kafka + " cannot be used (" + root.getMessage()
            + "): start it, or correct --kafka HOST:PORT.",
        e);
  }
}
