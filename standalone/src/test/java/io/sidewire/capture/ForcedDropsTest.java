package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sidewire.capture.CaptureCounters.Count;
import io.sidewire.capture.save.FrameSaver;
import io.sidewire.processor.fold.FoldChain;
import io.sidewire.processor.fold.Limits;
import io.sidewire.query.Summary;
import io.sidewire.query.Views;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.AvroSerde;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.HealthKey;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.Tick;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import io.sidewire.schemas.Unflowed;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A drop is forced at each stage between the wire and an answer, in the code of that stage, and must stand in the answer's
 * loss and coverage.
 */
@Timeout(30)
class ForcedDropsTest {
  private static final long SECOND = 1_000_000;
  private static final long START = 1_780_000_000L * SECOND;
  private static final CaptureInput INPUT = new CaptureInput("h", "e", false, Map.of());

  private final CaptureCounters counters = new CaptureCounters();
  private final Fold fold = new Fold();
  private long sequence;

  @Test
  void byTheKernelAndByTheInterface() {
    var drops = new KernelDrops(false);
    drops.update(20_000, 300, 7, 19_700, true);
    counters.add(Count.DROPPED_BY_KERNEL, drops.takeKernel());
    counters.add(Count.DROPPED_BY_INTERFACE, drops.takeInterface());
    told(counted(693));
    assertThat(answer().loss().droppedByKernel()).isEqualTo(300);
    assertThat(answer().loss().droppedByInterface()).isEqualTo(7);
    assertThat(answer().coverage()).isEqualTo(0.693);
  }

  @Test
  void byAFullQueueBeforeDecoding() throws InterruptedException {
    var queue = new FrameQueue(1 << 20, true, counters);
    queue.begin(INPUT);
    for (int i = 0; i < 100; i++) {
      queue.frame(1, 100_000, 100_000, START + i, (target, offset, length) -> {});
    }
    long decoded = 0;
    for (FrameBlock block = queue.take(0); block != null; block = queue.take(0)) {
      decoded += block.count;
      queue.release(block);
    }
    told(counted(decoded));
    assertThat(answer().loss().droppedByQueue()).isEqualTo(100 - decoded).isPositive();
    assertThat(answer().coverage()).isEqualTo(decoded / 100.0);
  }

  @Test
  void beforeKafkaByAFullBuffer() {
    var producer =
        new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());
    var topic = Topics.withDefaultPrefix().packets();
    var sink = new KafkaSink(producer, topic, true, 400, counters);
    for (int i = 0; i < 10; i++) {
      sink.send(counted(5));
    }
    int taken = producer.history().size();
    assertThat(taken).isLessThan(10);
    producer
        .history()
        .forEach(record ->
            fold.take(topic.value().deserializer().deserialize(topic.name(), record.value())));
    told();
    Views.Loss loss = answer().loss();
    assertThat(loss.droppedBeforeKafka()).isEqualTo(counters.get(Count.DROPPED_BEFORE_KAFKA));
    assertThat(loss.droppedBeforeKafka()).isPositive();
    assertThat(answer().coverage()).isLessThan(1);
  }

  @Test
  void onTheWayBySequence() {
    told(counted(6));
    sequence += 3;
    told(counted(6));
    assertThat(answer().loss().missingBatches()).isEqualTo(3);
    assertThat(answer().coverage()).isEqualTo(12.0 / 15);
  }

  @Test
  void asADeadLetter() {
    told(counted(6));
    var batches = AvroSerde.of(PacketBatch.class);
    byte[] broken = batches.encode(counted(6));
    broken[1] = 2;
    assertThatThrownBy(() -> batches.decode(broken)).isInstanceOf(SerializationException.class);
    told(counted(6));
    assertThat(answer().loss().missingBatches()).isEqualTo(1);
    assertThat(answer().coverage()).isEqualTo(12.0 / 13);
  }

  @Test
  void byComingTooLate() {
    told();
    fold.take(tick(START + 300 * SECOND));
    fold.take(counted(4));
    told();
    assertThat(answer().loss().late()).isEqualTo(4);
    assertThat(answer().coverage()).isLessThan(1);
  }

  @Test
  void bySavingWhichIsNoLossOfTheFigures(@TempDir Path folder) throws Exception {
    var settings = CaptureConfig.of(Map.of("save-dir", folder.toString(), "save-queue", "1"))
        .save();
    try (var saver = FrameSaver.start(settings, true, new FrameSaver.Counts() {
      @Override
      public void saved(long packets) {
        counters.add(Count.SAVED, packets);
      }

      @Override
      public void dropped(long packets) {
        counters.add(Count.SAVE_DROPPED, packets);
      }
    })) {
      while (counters.get(Count.SAVE_DROPPED) == 0) {
        saver.offer(List.of(new FrameSaver.Frame(1, new byte[60], 60, START)));
      }
    }
    told(counted(10));
    assertThat(answer().loss().droppedBySaving())
        .isEqualTo(counters.get(Count.SAVE_DROPPED))
        .isPositive();
    assertThat(answer().coverage()).isEqualTo(1);
  }

  @Test
  void tcpGapsAreToldBesides() {
    counters.add(Count.GAP_BYTES, 1_460);
    told(counted(10));
    assertThat(answer().loss().gapBytes()).isEqualTo(1_460);
  }

  @Test
  void nothingForcedIsNothingLost() {
    told(counted(10));
    assertThat(answer().loss()).isEqualTo(new Views.Loss(10, 0, 0, 0, 0, 0, 0, 0, 0));
    assertThat(answer().coverage()).isEqualTo(1);
  }

  // ---------------------------------------------------------------- from batches to an answer

  /** Batches, and then the tick that tells what the capture counted until now. */
  private void told(PacketBatch... batches) {
    for (PacketBatch batch : batches) {
      fold.take(batch);
    }
    fold.take(tick(START + SECOND));
  }

  private PacketBatch tick(long clock) {
    PacketBatch batch = batch(clock);
    batch.setTick(new Tick(clock, false, counters.takeGrowth(), Map.of()));
    return batch;
  }

  /** Packets that are counted without a flow. */
  private PacketBatch counted(long packets) {
    PacketBatch batch = batch(START);
    batch.setUnflowed(List.of(new Unflowed("non_ip", "test", packets, packets * 60)));
    return batch;
  }

  private PacketBatch batch(long time) {
    return PacketBatch.newBuilder()
        .setHost("h")
        .setEpoch("e")
        .setShard(0)
        .setSequence(sequence++)
        .setStart(time)
        .setEnd(time)
        .build();
  }

  private Views.SummaryAnswer answer() {
    return Summary.of(fold.traffic, fold.health);
  }

  /** What processor and API make of batches, without Kafka between them. */
  private static final class Fold implements FoldChain.Out {
    private final AvroSerde<PacketBatch> batches = AvroSerde.of(PacketBatch.class);
    private final AvroSerde<CaptureHealth> healthRows = AvroSerde.of(CaptureHealth.class);
    private final AvroSerde<TrafficWindow> trafficRows = AvroSerde.of(TrafficWindow.class);
    private final Map<TrafficKey, TrafficWindow> traffic = new HashMap<>();
    private final Map<HealthKey, CaptureHealth> health = new HashMap<>();
    private final FoldChain chain =
        new FoldChain(FlowTypeRules.builtIn(), Limits.DEFAULT, false, this);

    void take(PacketBatch batch) {
      chain.accept(batches.decode(batches.encode(batch)));
      chain.emit();
    }

    @Override
    public void flow(FlowRecord row) {}

    @Override
    public void exchange(Exchange row) {}

    @Override
    public void interaction(Interaction row) {}

    @Override
    public void traffic(TrafficWindow row) {
      traffic.put(TrafficKey.of(row), trafficRows.decode(trafficRows.encode(row)));
    }

    @Override
    public void health(int shard, CaptureHealth row) {
      health.put(
          new HealthKey(row.getHost(), row.getEpoch(), shard, row.getWindowStart()),
          healthRows.decode(healthRows.encode(row)));
    }
  }
}
