package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sidewire.capture.CaptureCounters.Count;
import io.sidewire.schemas.HealthCounts;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.Tick;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.Volume;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class KafkaSinkTest {
  private static final Topics TOPICS = Topics.withDefaultPrefix();

  private final CaptureCounters counters = new CaptureCounters();
  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());

  @Test
  void aBatchIsARecordUnderItsHostAndShard() {
    KafkaSink sink = sink(true, 1 << 20);
    sink.send(batch(0, 5));
    ProducerRecord<String, byte[]> record = producer.history().get(0);
    assertThat(record.topic()).isEqualTo("sidewire.packets");
    assertThat(record.key()).isEqualTo("host-a/3");
    assertThat(TOPICS.packets().value().deserializer().deserialize("", record.value()))
        .isEqualTo(batch(0, 5));
    assertThat(counters.get(Count.BATCHES_DELIVERED)).isZero();
    producer.completeNext();
    assertThat(counters.get(Count.BATCHES_DELIVERED)).isEqualTo(1);
    assertThat(counters.get(Count.BATCH_BYTES_SENT)).isEqualTo(record.value().length);
  }

  @Test
  void aLiveCaptureDropsAndCountsWhatFindsTheBufferFull() {
    int size = size(batch(0, 5));
    KafkaSink sink = sink(true, 3 * size);
    for (int i = 0; i < 10; i++) {
      sink.send(batch(i, 5));
    }
    assertThat(producer.history()).hasSize(2);
    assertThat(counters.get(Count.DROPPED_BEFORE_KAFKA)).isEqualTo(8 * 5);
    while (producer.completeNext()) {
      // Kafka is back.
    }
    sink.send(batch(10, 5));
    assertThat(producer.history()).hasSize(3);
    assertThat(counters.get(Count.DROPPED_BEFORE_KAFKA)).isEqualTo(8 * 5);
  }

  @Test
  void ticksHaveRoomOfTheirOwn() {
    KafkaSink sink = sink(true, 5_000);
    for (int i = 0; i < 500; i++) {
      sink.send(batch(i, 1));
    }
    int accepted = producer.history().size();
    sink.send(tick(counters.takeGrowth()));
    assertThat(producer.history()).hasSize(accepted + 1);
  }

  @Test
  void aCaptureFileWaitsForRoomAndLosesNothing() {
    KafkaSink sink = sink(false, 3 * size(batch(0, 5)));
    var sent = new AtomicInteger();
    Thread thread = new Thread(() -> {
      for (int i = 0; i < 10; i++) {
        sink.send(batch(i, 5));
        sent.incrementAndGet();
      }
    });
    thread.start();
    await().until(() -> {
      producer.completeNext();
      return sent.get() == 10;
    });
    assertThat(producer.history()).hasSize(10);
    assertThat(counters.get(Count.DROPPED_BEFORE_KAFKA)).isZero();
  }

  @Test
  void whatAnUndeliveredTickToldIsToldAgain() {
    counters.add(Count.GAP_BYTES, 7);
    counters.refusedParse("TCP_GAP");
    KafkaSink sink = sink(true, 1 << 20);
    HealthCounts growth = counters.takeGrowth();
    sink.send(tick(growth));
    producer.errorNext(new RecordTooLargeException("too large"));
    assertThat(counters.takeGrowth().getGapBytes()).isEqualTo(7);
    assertThat(counters.takeGrowth().getRefusedParses()).isEmpty();
  }

  @Test
  void undeliveredBatchesOfAFileAreAnErrorAtTheEnd() {
    KafkaSink sink = sink(false, 1 << 20);
    sink.send(batch(0, 5));
    sink.send(batch(1, 5));
    producer.completeNext();
    producer.errorNext(new RecordTooLargeException("too large for the topic"));
    assertThat(counters.get(Count.BATCHES_FAILED)).isEqualTo(1);
    assertThatThrownBy(sink::flush)
        .isInstanceOf(CaptureException.class)
        .hasMessage("1 batches (5 packets) were not delivered to Kafka: too large for the topic");
  }

  @Test
  void aCaptureFileWaitsForAKafkaThatIsNotThere() {
    KafkaSink sink = sink(false, 1 << 20);
    producer.sendException = new org.apache.kafka.common.errors.TimeoutException("no metadata");
    Thread thread = new Thread(() -> sink.send(batch(0, 5)));
    thread.start();
    await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    producer.sendException = null;
    await().until(() -> producer.history().size() == 1);
    assertThat(counters.get(Count.DROPPED_BEFORE_KAFKA)).isZero();
  }

  @Test
  void nothingOfACaptureFileFollowsAHole() {
    KafkaSink sink = sink(false, 1 << 20);
    sink.send(batch(0, 5));
    producer.errorNext(new RecordTooLargeException("too large"));
    assertThatThrownBy(() -> sink.send(batch(1, 5))).isInstanceOf(CaptureException.class);
    assertThat(producer.history()).hasSize(1);
  }

  @Test
  void flushReturnsOnceAllIsDelivered() {
    KafkaSink sink = sink(false, 1 << 20);
    sink.send(batch(0, 5));
    Thread kafka = new Thread(producer::completeNext);
    kafka.start();
    sink.flush();
    assertThat(counters.get(Count.BATCHES_DELIVERED)).isEqualTo(1);
  }

  @Test
  void whatTheClientDoesNotEvenAcceptIsCounted() {
    KafkaSink sink = sink(true, 1 << 20);
    producer.sendException = new org.apache.kafka.common.KafkaException("closed");
    sink.send(batch(0, 5));
    assertThat(counters.get(Count.DROPPED_BEFORE_KAFKA)).isEqualTo(5);
    sink.flush();
  }

  @Test
  void aBrokerThatIsNotThereIsNamedWithTheSetting() {
    CaptureConfig config = CaptureConfig.of(
        Map.of("kafka", "127.0.0.1:1", "kafka-patience", "1s", "kafka.retry.backoff.ms", "100"));
    assertThatThrownBy(() -> KafkaSink.open(config, true, counters))
        .isInstanceOfSatisfying(
            CaptureException.class,
            e -> assertThat(e.kind()).isEqualTo(CaptureException.Kind.BROKER))
        .hasMessage("Kafka at 127.0.0.1:1 does not answer: is it running, and is --kafka HOST:PORT"
            + " (or SIDEWIRE_CAPTURE_KAFKA) its address?");
  }

  @Test
  void aWrongKafkaSettingIsNamed() {
    CaptureConfig config = CaptureConfig.of(Map.of("kafka", "not an address"));
    assertThatThrownBy(() -> KafkaSink.open(config, true, counters))
        .isInstanceOfSatisfying(
            CaptureException.class,
            e -> assertThat(e.kind()).isEqualTo(CaptureException.Kind.CONFIG))
        .hasMessageContaining("bootstrap.servers");
  }

  private KafkaSink sink(boolean live, long limit) {
    return new KafkaSink(producer, TOPICS.packets(), live, limit, counters);
  }

  private static int size(PacketBatch batch) {
    return TOPICS.packets().value().serializer().serialize("", batch).length;
  }

  private static PacketBatch batch(long sequence, long packets) {
    var volume = new Volume(packets, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
    return new PacketBatch(
        "host-a", "e", 3, sequence, false, null, 0L, 0L, null, volume, null, List.of(), List.of(),
        List.of(), null);
  }

  private static PacketBatch tick(HealthCounts health) {
    PacketBatch batch = batch(99, 0);
    batch.setVolume(null);
    batch.setTick(new Tick(0L, false, health, Map.of()));
    return batch;
  }
}
