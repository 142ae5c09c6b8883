package io.sidewire.capture;

import io.sidewire.capture.CaptureException.Kind;
import io.sidewire.schemas.PromptAdmin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Settings of the Kafka client, and what to say when Kafka does not do as expected. */
final class KafkaSettings {
  /** Batches wait this long for others, so that a request carries many. */
  private static final String LINGER_MILLIS = "10";
  /** A broker that restarts is back within this; what waits meanwhile is bounded by memory. */
  private static final int DELIVERY_MILLIS = 15 * 60_000;

  private static final int REQUEST_MILLIS = 15_000;
  private static final int MAX_BLOCK_MILLIS = 500;
  private static final int BATCH_BYTES = 256 << 10;
  /** Largest record, as the topic allows. */
  private static final int MAX_RECORD_BYTES = 4 << 20;

  private KafkaSettings() {}

  /** Idempotent, compressed, batched; {@code kafka.*} of the settings comes last. */
  static Map<String, Object> producer(CaptureConfig config) {
    var out = new HashMap<String, Object>();
    out.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.get(CaptureConfig.KAFKA));
    out.put(ProducerConfig.CLIENT_ID_CONFIG, "sidewire-capture");
    out.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    out.put(ProducerConfig.ACKS_CONFIG, "all");
    // A broker that knows nothing yet of a producer takes any sequence number as its first one.
    // With
    // several first batches under way over its restart, a later one may come in before the first,
    // which is then refused for ever.
    out.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    out.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    out.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
    out.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    out.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_RECORD_BYTES);
    // The sink bounds what it gives; a little more, so that the client itself never makes it wait.
    long buffer = config.get(CaptureConfig.KAFKA_BUFFER);
    out.put(ProducerConfig.BUFFER_MEMORY_CONFIG, buffer + buffer / 4 + 8 * BATCH_BYTES);
    out.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
    out.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
    out.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS);
    // While the brokers are away the client keeps what it knows of them: else it refuses what it
    // has room for.
    out.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
    out.putAll(config.kafka());
    return out;
  }

  /**
   * Asks Kafka for the topic.
   *
   * @throws CaptureException where Kafka does not answer in time, refuses, or has no such topic
   */
  static void check(CaptureConfig config, String topic) {
    int patience = (int) config.get(CaptureConfig.KAFKA_PATIENCE).toMillis();
    var settings = new HashMap<String, Object>(config.kafka());
    settings.keySet().retainAll(AdminClientConfig.configNames());
    settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.get(CaptureConfig.KAFKA));
    settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "sidewire-capture-check");
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, patience);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(patience, REQUEST_MILLIS));
    try (Admin admin = new PromptAdmin(settings)) {
      admin.describeTopics(List.of(topic)).allTopicNames().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        throw new CaptureException(
            Kind.BROKER,
            "Kafka at " + config.get(CaptureConfig.KAFKA) + " has no topic " + topic
                + ": create the topics first, ./sidewire topics create --kafka "
                + config.get(CaptureConfig.KAFKA));
      }
      throw explain(config, e.getCause());
    } catch (KafkaException e) {
      throw explain(config, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CaptureException(Kind.FAILURE, "interrupted while asking Kafka", e);
    }
  }

  /** What a failure of the client means for its user. */
  static CaptureException explain(CaptureConfig config, Throwable e) {
    String where = "Kafka at " + config.get(CaptureConfig.KAFKA);
    if (e instanceof TimeoutException) {
      return new CaptureException(
          Kind.BROKER,
          where + " does not answer: is it running, and is --kafka HOST:PORT (or "
              + CaptureConfig.environmentVariable(CaptureConfig.KAFKA) + ") its address?",
          e);
    }
    if (e instanceof AuthenticationException || e instanceof AuthorizationException) {
      return new CaptureException(
          Kind.BROKER,
          where + " refuses this client (" + e.getClass().getSimpleName()
              + "): see kafka.security.protocol, kafka.sasl.* and the ACLs of the topic",
          e);
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof ConfigException) {
      return new CaptureException(
          Kind.CONFIG, "setting for the Kafka client: " + root.getMessage(), e);
    }
    return new CaptureException(Kind.BROKER, where + ": " + root.getMessage(), e);
  }
}
