package io.sidewire.benchmarks.faults;

import io.sidewire.capture.BatchSink;
import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.CaptureCounters;
import io.sidewire.capture.CaptureFileSource;
import io.sidewire.capture.CapturePipeline;
import io.sidewire.capture.CaptureSummary;
import io.sidewire.processor.fold.FoldChain;
import io.sidewire.processor.fold.Limits;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.AvroSerde;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.HealthKey;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What captures come to: their batches, folded in this JVM, without Kafka. */
final class Truth {
  final Map<String, FlowRecord> flows = new HashMap<>();
  final Map<String, Exchange> exchanges = new HashMap<>();
  final Map<String, Interaction> interactions = new HashMap<>();
  final Map<TrafficKey, TrafficWindow> traffic = new HashMap<>();
  final Map<HealthKey, CaptureHealth> health = new HashMap<>();
  final List<CaptureSummary.Input> captures = new ArrayList<>();

  private Truth() {}

  static Truth of(CaptureConfig config, List<Path> files) {
    var truth = new Truth();
    for (Path file : files) {
      truth.add(config, file);
    }
    return truth;
  }

  private void add(CaptureConfig config, Path file) {
    var fold = new Fold();
    try (var source = new CaptureFileSource(config, List.of(file));
        var pipeline = new CapturePipeline(config, source, fold, new CaptureCounters())) {
      pipeline.start();
      captures.addAll(pipeline.await().inputs());
    }
  }

  /** Takes the batches as a Kafka of its own would: encoded, one after another. */
  private final class Fold implements BatchSink, FoldChain.Out {
    private final AvroSerde<PacketBatch> batches = AvroSerde.of(PacketBatch.class);
    private final AvroSerde<FlowRecord> flowRows = AvroSerde.of(FlowRecord.class);
    private final AvroSerde<Exchange> exchangeRows = AvroSerde.of(Exchange.class);
    private final AvroSerde<Interaction> interactionRows = AvroSerde.of(Interaction.class);
    private final AvroSerde<TrafficWindow> trafficRows = AvroSerde.of(TrafficWindow.class);
    private final AvroSerde<CaptureHealth> healthRows = AvroSerde.of(CaptureHealth.class);
    private final FoldChain chain =
        new FoldChain(FlowTypeRules.builtIn(), Limits.DEFAULT, false, this);

    @Override
    public void send(PacketBatch batch) {
      chain.accept(batches.decode(batches.encode(batch)));
      chain.emit();
    }

    @Override
    public void flow(FlowRecord row) {
      flows.put(row.getFlowId(), flowRows.decode(flowRows.encode(row)));
    }

    @Override
    public void exchange(Exchange row) {
      exchanges.put(row.getExchangeId(), exchangeRows.decode(exchangeRows.encode(row)));
    }

    @Override
    public void interaction(Interaction row) {
      interactions.put(row.getInteractionId(), interactionRows.decode(interactionRows.encode(row)));
    }

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

    @Override
    public void flush() {
      // Nothing waits.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
