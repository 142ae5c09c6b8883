package io.sidewire.processor;

import io.sidewire.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions of ours that Kafka has forgotten in a partition.
 *
 * <p>A broker that restarts may take a partition without a leader for a deleted one, and end a transaction without telling
 * that partition. Nothing would ever end it there: readers of what is committed stop before it, for ever (decision 66).
 * Kafka's tool for that is {@code kafka-transactions.sh abort}; this does the same by itself.
 *
 * <p>A transaction hangs where it is still the same one after {@code patience}, which is longer than the coordinator lets
 * any of ours last. No clock of a record is trusted for that.
 */
final class HangingTransactions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HangingTransactions.class);
  private static final String OFFSETS = "__consumer_offsets";
  private static final long ANSWER_SECONDS = 20;

  /** A transaction that is open in a partition. */
  private record Open(TopicPartition partition, long producerId, long from) {}

  private final Admin admin;
  private final String prefix;
  private final Set<String> outputs = new HashSet<>();
  private final ProcessorCounters counters;
  private final ScheduledExecutorService clock;
  private Set<Open> before = Set.of();

  /**
   * @param admin closed with this
   * @param applicationId that our transactional ids and internal topics begin with
   * @param patienceMillis between two looks; longer than {@code transaction.timeout.ms} of our producers
   */
  HangingTransactions(
      Admin admin,
      String applicationId,
      Collection<Topic<?, ?>> outputs,
      long patienceMillis,
      ProcessorCounters counters) {
    this.admin = admin;
    this.prefix = applicationId + "-";
    outputs.forEach(topic -> this.outputs.add(topic.name()));
    this.counters = counters;
    clock = Executors.newSingleThreadScheduledExecutor(task -> {
      var thread = new Thread(task, "sidewire-transactions");
      thread.setDaemon(true);
      return thread;
    });
    clock.scheduleWithFixedDelay(
        this::lookQuietly, patienceMillis, patienceMillis, TimeUnit.MILLISECONDS);
  }

  private void lookQuietly() {
    try {
      look();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      before = Set.of(); // what was not seen twice in a row is not judged
      LOG.debug("transactions were not looked at", e);
    }
  }

  /** Compares what is open with what was open at the last look. */
  void look() throws InterruptedException, ExecutionException, TimeoutException {
    Map<Open, ProducerState> now = open();
    Map<Open, ProducerState> same = new HashMap<>(now);
    same.keySet().retainAll(before);
    before = Set.copyOf(now.keySet());
    if (same.isEmpty()) {
      return;
    }
    Set<Long> ours = ours(same.keySet().stream().map(Open::producerId).toList());
    for (Map.Entry<Open, ProducerState> each : same.entrySet()) {
      if (ours.contains(each.getKey().producerId())) {
        abort(each.getKey(), each.getValue());
      }
    }
  }

  private Map<Open, ProducerState> open()
      throws InterruptedException, ExecutionException, TimeoutException {
    List<String> names = new ArrayList<>();
    for (String name : admin
        .listTopics(new ListTopicsOptions().listInternal(true))
        .names()
        .get(ANSWER_SECONDS, TimeUnit.SECONDS)) {
      if (outputs.contains(name) || name.startsWith(prefix) || name.equals(OFFSETS)) {
        names.add(name);
      }
    }
    List<TopicPartition> partitions = new ArrayList<>();
    admin
        .describeTopics(names)
        .allTopicNames()
        .get(ANSWER_SECONDS, TimeUnit.SECONDS)
        .forEach((name, topic) -> topic
            .partitions()
            .forEach(each -> partitions.add(new TopicPartition(name, each.partition()))));
    Map<Open, ProducerState> open = new HashMap<>();
    admin
        .describeProducers(partitions)
        .all()
        .get(ANSWER_SECONDS, TimeUnit.SECONDS)
        .forEach((partition, found) -> found.activeProducers().forEach(producer -> {
          OptionalLong from = producer.currentTransactionStartOffset();
          if (from.isPresent()) {
            open.put(new Open(partition, producer.producerId(), from.getAsLong()), producer);
          }
        }));
    return open;
  }

  /** Those whose transactional id is one of ours: others may write to the offsets too. */
  private Set<Long> ours(List<Long> producerIds)
      throws InterruptedException, ExecutionException, TimeoutException {
    var ours = new HashSet<Long>();
    for (TransactionListing listing : admin
        .listTransactions(new ListTransactionsOptions().filterProducerIds(Set.copyOf(producerIds)))
        .all()
        .get(ANSWER_SECONDS, TimeUnit.SECONDS)) {
      if (listing.transactionalId().startsWith(prefix)) {
        ours.add(listing.producerId());
      }
    }
    return ours;
  }

  private void abort(Open open, ProducerState producer)
      throws InterruptedException, TimeoutException {
    OptionalInt epoch = producer.coordinatorEpoch();
    var what = new AbortTransactionSpec(
        open.partition(), open.producerId(), (short) producer.producerEpoch(), epoch.orElse(0));
    try {
      admin.abortTransaction(what).all().get(ANSWER_SECONDS, TimeUnit.SECONDS);
      counters.abortedTransactions.increment();
      LOG.warn(
          "a transaction that Kafka had forgotten in {} from offset {} on is ended",
          open.partition(),
          open.from());
    } catch (ExecutionException e) {
      LOG.error(
          "a transaction hangs in {} from offset {} on, and may not be ended from here ({}): use"
              + " kafka-transactions.sh abort, see docs/operations.md",
          open.partition(),
          open.from(),
          e.getCause().getMessage());
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    admin.close(Duration.ZERO);
  }
}
