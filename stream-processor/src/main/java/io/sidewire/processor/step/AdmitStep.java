package io.sidewire.processor.step;

import io.sidewire.processor.Names;
import io.sidewire.processor.ProcessorCounters;
import io.sidewire.processor.StreamConfig;
import io.sidewire.processor.fold.AdmitFold;
import io.sidewire.processor.fold.HealthChange;
import io.sidewire.processor.fold.Scope;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.AvroSerde;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.WireFormat;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Step 0: decodes the batches and lets each in once. It decodes them itself, not the source, so that what cannot be
 * decoded is a failure like any other (see {@link Quarantine}).
 */
public final class AdmitStep extends Step<byte[], byte[]> implements AdmitFold.Out {
  private static final Duration SWEEP = Duration.ofSeconds(30);

  private final StreamConfig config;
  private final Supplier<FlowTypeRules> rules;
  private final ProcessorCounters counters;
  /** Totals are enough: nothing here looks at single packets. */
  private final AvroSerde<PacketBatch> batches =
      AvroSerde.skipping(PacketBatch.class, Set.of("packets"));

  private final WireFormat wire;

  private AdmitFold fold;
  private FlowTypeRules told;

  /** @param rules told to the steps that use them when they are others than at first */
  public AdmitStep(StreamConfig config, Supplier<FlowTypeRules> rules, ProcessorCounters counters) {
    this.config = config;
    this.rules = rules;
    this.counters = counters;
    this.told = rules.get();
    this.wire = config.wire();
  }

  @Override
  void open(ProcessorContext<Object, Object> opened) {
    fold = new AdmitFold(
        config.epochSilence(),
        config.epochMemory(),
        config.epochFiles(),
        Stores.EPOCHS.open(opened),
        this);
  }

  @Override
  void schedule(ProcessorContext<Object, Object> opened) {
    opened.schedule(
        SWEEP,
        PunctuationType.WALL_CLOCK_TIME,
        at -> punctuated(at, () -> {
          fold.sweep(at);
          pass(Event.Done.DONE, Names.FLOWS);
        }));
  }

  @Override
  void handle(Record<byte[], byte[]> record) {
    FlowTypeRules now = rules.get();
    if (now != told) {
      pass(new Event.RulesChanged(now), Names.FLOWS);
      told = now;
    }
    PacketBatch batch = batches.decode(wire.fromTopic(record.value()));
    if (batch == null) {
      throw new IllegalArgumentException("no value");
    }
    counters.batches.increment();
    fold.accept(batch, record.timestamp(), now());
    pass(Event.Done.DONE, Names.FLOWS);
  }

  @Override
  public void batch(Scope scope, PacketBatch batch) {
    pass(new Event.Admitted(scope, batch), Names.FLOWS);
  }

  @Override
  public void tick(Scope scope, HealthChange health) {
    counters.ticks.increment();
    counters.missingBatches.add(health.missing());
    counters.duplicateBatches.add(health.duplicates());
    pass(new Event.Clock(scope, health), Names.FLOWS);
  }

  @Override
  public void end(Scope scope, boolean endOfFile) {
    pass(new Event.Ended(scope, endOfFile), Names.FLOWS);
  }

  @Override
  public void repeated(Scope scope, long duplicates) {
    counters.duplicateBatches.add(duplicates);
    pass(new Event.Repeated(scope, duplicates), Names.WINDOWS);
  }

  @Override
  public void forget(Scope scope) {
    pass(new Event.Forgotten(scope), Names.WINDOWS);
  }
}
