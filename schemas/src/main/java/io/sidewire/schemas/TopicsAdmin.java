package io.sidewire.schemas;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;

/** Creates the topics of a deployment, explicitly and with all their settings; never by auto-creation. */
public final class TopicsAdmin {
  private static final long TIMEOUT_SECONDS = 30;

  /** How a topic was found. */
  public enum State {
    CREATED,
    EXISTS,
    /** It exists with other partitions than asked for: partitions are fixed at creation. */
    OTHER_PARTITIONS
  }

  private TopicsAdmin() {}

  /**
   * Creates what is missing and leaves what exists as it is.
   *
   * @param partitions of each topic, at least 1
   * @param replication replicas of each partition, at most the number of brokers; -1: the broker's default
   * @param overrides topic settings that replace the defaults of {@link Topics}, e.g. {@code retention.bytes}
   * @return the state of each topic, by name, in the order of {@link Topics#all}
   * @throws IllegalStateException where the broker cannot be reached or refuses, with its reason
   */
  public static Map<String, State> create(
      Admin admin, Topics topics, int partitions, short replication, Map<String, String> overrides)
      throws InterruptedException {
    try {
      var existing = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      var missing = new ArrayList<NewTopic>();
      var states = new java.util.LinkedHashMap<String, State>();
      var present = new ArrayList<String>();
      for (Topic<?, ?> topic : topics.all()) {
        if (existing.contains(topic.name())) {
          present.add(topic.name());
          states.put(topic.name(), State.EXISTS);
        } else {
          var settings = new HashMap<>(topic.settings());
          settings.putAll(overrides);
          missing.add(new NewTopic(topic.name(), partitions, replication).configs(settings));
          states.put(topic.name(), State.CREATED);
        }
      }
      admin.createTopics(missing).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      for (TopicDescription found : describe(admin, present)) {
        if (found.partitions().size() != partitions) {
          states.put(found.name(), State.OTHER_PARTITIONS);
        }
      }
      return states;
    } catch (ExecutionException e) {
      throw new IllegalStateException("topics not created: " + e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "topics not created: the broker did not answer within " + TIMEOUT_SECONDS + " s", e);
    }
  }

  /**
   * Creates the derived topics of {@code outputs} that are missing, for the packets of {@code inputs}: with as many
   * partitions as those have.
   *
   * @throws IllegalStateException where the broker cannot be reached or refuses, or has no packets topic
   */
  public static void createOutputs(Admin admin, Topics inputs, Topics outputs)
      throws InterruptedException {
    try {
      var existing = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      int partitions =
          describe(admin, List.of(inputs.packets().name())).get(0).partitions().size();
      var missing = new ArrayList<NewTopic>();
      for (Topic<?, ?> topic : outputs.all()) {
        if (topic != outputs.packets() && !existing.contains(topic.name())) {
          missing.add(new NewTopic(topic.name(), partitions, (short) -1).configs(topic.settings()));
        }
      }
      admin.createTopics(missing).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("topics not created: " + e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "topics not created: the broker did not answer within " + TIMEOUT_SECONDS + " s", e);
    }
  }

  private static List<TopicDescription> describe(Admin admin, List<String> names)
      throws InterruptedException, ExecutionException, TimeoutException {
    return List.copyOf(admin
        .describeTopics(names)
        .allTopicNames()
        .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .values());
  }
}
