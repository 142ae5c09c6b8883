package io.sidewire.schemas;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.ForwardingAdmin;

/**
 * An administration client of Kafka that closes within {@value #CLOSE_SECONDS} seconds.
 *
 * <p>Kafka's own waits without limit for calls that are open, and a call to something that accepts connections but is no
 * broker may stay open for good.
 */
public final class PromptAdmin extends ForwardingAdmin {
  private static final int CLOSE_SECONDS = 3;

  /**
   * @param settings of Kafka's administration client
   * @throws org.apache.kafka.common.KafkaException where they make no client
   */
  public PromptAdmin(Map<String, Object> settings) {
    super(settings);
  }

  @Override
  public void close(Duration timeout) {
    Duration most = Duration.ofSeconds(CLOSE_SECONDS);
    super.close(timeout.compareTo(most) < 0 ? timeout : most);
  }
}
