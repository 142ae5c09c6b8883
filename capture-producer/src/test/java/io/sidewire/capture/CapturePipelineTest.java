package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sidewire.capture.CaptureCounters.Count;
import io.sidewire.schemas.FlowEnd;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.PacketMeta;
import io.sidewire.schemas.Request;
import io.sidewire.schemas.TcpCounts;
import io.sidewire.schemas.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CapturePipelineTest {
  @TempDir
  Path folder;

  private final CaptureCounters counters = new CaptureCounters();

  @Test
  void everyPacketIsInABatchOrCounted() throws IOException {
    List<TestCaptures.Timed> frames = TestCaptures.mixture(1);
    CollectingSink sink = new CollectingSink();
    CaptureSummary summary = run(Map.of(), sink, write("mix.pcap", frames));
    long bytes = frames.stream().mapToLong(TestCaptures.Timed::wireLength).sum();
    assertThat(sink.packets()).isEqualTo(frames.size());
    assertThat(sink.frameBytes()).isEqualTo(bytes);
    assertThat(summary.packets()).isEqualTo(frames.size());
    assertThat(counters.get(Count.PACKETS_RECEIVED)).isEqualTo(frames.size());
    assertThat(counters.get(Count.BYTES_RECEIVED)).isEqualTo(bytes);
    assertThat(sink.ticks())
        .extracting(tick -> tick.getTick().getHealth().getPacketsReceived())
        .satisfies(
            each -> assertThat(each.stream().mapToLong(n -> n).sum()).isEqualTo(frames.size()));
  }

  @Test
  void theSequenceIsContiguousAndEndsWithTheMarkOfTheFilesEnd() throws IOException {
    CollectingSink sink = new CollectingSink();
    CaptureSummary summary =
        run(Map.of("shards", "4"), sink, write("mix.pcap", TestCaptures.mixture(2)));
    var next = new HashMap<Integer, Long>();
    var last = new HashMap<Integer, PacketBatch>();
    for (PacketBatch batch : sink.all()) {
      assertThat(batch.getSequence()).isEqualTo(next.getOrDefault(batch.getShard(), 0L));
      next.merge(batch.getShard(), 1L, Long::sum);
      last.put(batch.getShard(), batch);
    }
    assertThat(last.values()).hasSize(4).allMatch(batch -> batch.getTick().getEndOfFile());
    assertThat(summary.inputs().get(0).batches())
        .containsExactly(next.get(0), next.get(1), next.get(2), next.get(3));
  }

  @Test
  void ticksFollowThePacketsSecondBySecond() throws IOException {
    CollectingSink sink = new CollectingSink();
    run(Map.of(), sink, write("mix.pcap", TestCaptures.mixture(3)));
    long clock = Long.MIN_VALUE;
    for (PacketBatch batch : sink.all()) {
      if (batch.getTick() != null) {
        assertThat(batch.getTick().getPacketClock()).isGreaterThanOrEqualTo(clock);
        clock = batch.getTick().getPacketClock();
      } else if (clock != Long.MIN_VALUE) {
        assertThat(batch.getStart())
            .as("nothing from before the tick")
            .isGreaterThanOrEqualTo(clock);
        assertThat(batch.getEnd() - clock).isLessThan(1_000_000);
      }
    }
    assertThat(sink.ticks().size()).isGreaterThan(15);
  }

  /** The law: what a reader adds up never depends on where batches were cut. */
  @ParameterizedTest
  @CsvSource({"1, 0ms, 1", "3, 1ms, 1", "8192, 24h, 1", "256, 20ms, 5"})
  void resultsNeverDependOnWhereBatchesAreCut(int packets, String linger, int shards)
      throws IOException {
    Path file = write("mix.pcap", TestCaptures.mixture(4));
    CollectingSink usual = new CollectingSink();
    run(Map.of(), usual, file);
    CollectingSink other = new CollectingSink();
    run(
        Map.of(
            "batch-packets",
            "" + packets,
            "batch-linger",
            linger,
            "shards",
            "" + shards,
            "queue",
            "1MiB"),
        other,
        file);
    assertThat(other.all()).isNotEqualTo(usual.all());
    assertThat(usual.observations(Request.class)).hasSizeGreaterThan(20);
    assertThat(sums(other)).isEqualTo(sums(usual));
    if (shards == 1) {
      assertThat(order(other)).isEqualTo(order(usual));
    }
  }

  @Test
  void theSameFileGivesTheSameBatches() throws IOException {
    Path file = write("mix.pcap", TestCaptures.mixture(5));
    CollectingSink once = new CollectingSink();
    CollectingSink again = new CollectingSink();
    run(Map.of(), once, file);
    run(Map.of("queue", "1MiB"), again, file); // other blocks of frames
    assertThat(again.all()).isEqualTo(once.all());
  }

  @Test
  void eachFileHasItsOwnEpochAndSequence() throws IOException {
    CollectingSink sink = new CollectingSink();
    CaptureSummary summary = run(
        Map.of(),
        sink,
        write("a.pcap", TestCaptures.mixture(6)),
        write("b.pcap", TestCaptures.mixture(7)));
    assertThat(summary.inputs())
        .extracting(CaptureSummary.Input::host)
        .containsExactly("file:a.pcap", "file:b.pcap");
    assertThat(sink.all())
        .filteredOn(batch -> batch.getSequence() == 0)
        .extracting(PacketBatch::getEpoch)
        .containsExactly(
            summary.inputs().get(0).epoch(), summary.inputs().get(1).epoch());
    assertThat(sink.all()).allMatch(PacketBatch::getFile);
  }

  @Test
  void anEmptyCaptureIsAnEnd() throws IOException {
    CollectingSink sink = new CollectingSink();
    CaptureSummary summary = run(Map.of(), sink, write("empty.pcap", List.of()));
    assertThat(summary.packets()).isZero();
    assertThat(summary.inputs().get(0).firstTime()).isNull();
    assertThat(sink.all()).hasSize(1);
    assertThat(sink.all().get(0).getTick().getEndOfFile()).isTrue();
  }

  @Test
  void aSinkThatFailsEndsTheCaptureWithItsReason() throws IOException {
    Path file = write("mix.pcap", TestCaptures.mixture(8));
    BatchSink broken = new BatchSink() {
      @Override
      public void send(PacketBatch batch) {
        throw new CaptureException(CaptureException.Kind.BROKER, "Kafka is gone");
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
    CaptureConfig config = CaptureConfig.of(Map.of());
    try (var source = new CaptureFileSource(config, List.of(file, file, file));
        var pipeline = new CapturePipeline(config, source, broken, counters)) {
      pipeline.start();
      assertThatThrownBy(pipeline::await)
          .isInstanceOf(CaptureException.class)
          .hasMessage("Kafka is gone");
    }
  }

  @Test
  void aSourceThatFailsDeliversWhatItGaveAndItsReason() {
    CollectingSink sink = new CollectingSink();
    CaptureConfig config = CaptureConfig.of(Map.of());
    try (var source = new FailingSource();
        var pipeline = new CapturePipeline(config, source, sink, counters)) {
      pipeline.start();
      assertThatThrownBy(pipeline::await).hasMessage("the interface went away");
      assertThat(sink.packets()).isEqualTo(1);
      assertThat(sink.all().get(sink.all().size() - 1).getTick().getEndOfFile()).isTrue();
    }
  }

  /** Everything that a reader can add up, by flow. */
  private static Map<String, Object> sums(CollectingSink sink) {
    var out = new TreeMap<String, Object>();
    for (PacketBatch batch : sink.all()) {
      batch
          .getUnflowed()
          .forEach(u -> out.merge(
              window(batch) + u.getFlowType() + u.getReason(),
              u.getPackets(),
              CapturePipelineTest::plus));
      if (batch.getFlow() == null) {
        continue;
      }
      String flow = batch.getFlow().getFlowId();
      Volume volume = batch.getVolume();
      if (volume != null) {
        String window = window(batch) + flow;
        out.merge(window + " in", volume.getFrameBytesToClient(), CapturePipelineTest::plus);
        out.merge(window + " out", volume.getFrameBytesToServer(), CapturePipelineTest::plus);
      }
      TcpCounts tcp = batch.getTcp();
      if (tcp != null) {
        out.merge(flow + " tcp", tcp.getRetransmissions(), CapturePipelineTest::plus);
      }
      list(
          out,
          flow + " packets",
          batch.getPackets().stream().map(meta -> at(batch, meta)).toList());
      list(out, flow + " observations", batch.getObservations());
      out.put(flow + " facts", batch.getFlow());
    }
    return out;
  }

  private static String window(PacketBatch batch) {
    return Math.floorDiv(batch.getStart(), 10_000_000L) + " ";
  }

  private static Object plus(Object a, Object b) {
    return (Long) a + (Long) b;
  }

  @SuppressWarnings("unchecked")
  private static void list(Map<String, Object> out, String key, List<?> more) {
    ((List<Object>) out.computeIfAbsent(key, k -> new ArrayList<>())).addAll(more);
  }

  private static PacketMeta at(PacketBatch batch, PacketMeta meta) {
    long sinceEpoch = batch.getStart() + meta.getOffsetMicros() - 1_700_000_000_000_000L;
    return new PacketMeta(
        (int) sinceEpoch, meta.getFlags(), meta.getFrameBytes(), meta.getPayloadBytes());
  }

  /** Observations of all flows in the order of the topic; where a flow starts is not one that hurries. */
  private static List<Object> order(CollectingSink sink) {
    var out = new ArrayList<Object>();
    sink.observations(Request.class).forEach(out::add);
    sink.observations(FlowEnd.class).forEach(out::add);
    return out;
  }

  private CaptureSummary run(Map<String, String> settings, BatchSink sink, Path... files) {
    // One key for all runs of a test, or their hashes could not be compared.
    CaptureConfig config =
        CaptureConfig.of(settings).with(CaptureConfig.KEY_FILE, key().toString());
    try (var source = new CaptureFileSource(config, List.of(files));
        var pipeline = new CapturePipeline(config, source, sink, counters)) {
      pipeline.start();
      CaptureSummary summary = pipeline.await();
      assertThat(source.problems()).isEmpty();
      return summary;
    }
  }

  private Path key() {
    Path key = folder.resolve("key");
    DeploymentKey.readOrCreate(key);
    return key;
  }

  private Path write(String name, List<TestCaptures.Timed> frames) throws IOException {
    return Files.write(folder.resolve(name), TestCaptures.pcap(frames));
  }

  /** One frame, then an error. */
  private static final class FailingSource implements PacketSource {
    @Override
    public void run(FrameSink out) throws InterruptedException {
      out.begin(new CaptureInput("h", "e", false, Map.of()));
      out.frame(1, 60, 60, 1_700_000_000_000_000L, (target, offset, length) -> {});
      throw new CaptureException(CaptureException.Kind.INTERFACE, "the interface went away");
    }

    @Override
    public void stop() {}

    @Override
    public boolean live() {
      return true;
    }

    @Override
    public void close() {}
  }
}
