package io.sidewire.processor.step;

import io.sidewire.processor.Names;
import io.sidewire.processor.ProcessorCounters;
import io.sidewire.processor.StreamConfig;
import io.sidewire.processor.fold.FlowFold;
import io.sidewire.processor.fold.Scope;
import io.sidewire.processor.fold.Timers;
import io.sidewire.processor.fold.VolumeChange;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.FlowState;
import io.sidewire.schemas.PacketBatch;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Step 1: tracks flows, gives them their type, and says where their volume stands. */
public final class FlowStep extends Step<Object, Event> implements FlowFold.Out {
  private final StreamConfig config;
  private FlowTypeRules rules;
  private final ProcessorCounters counters;
  private FlowFold fold;

  public FlowStep(StreamConfig config, FlowTypeRules rules, ProcessorCounters counters) {
    this.config = config;
    this.rules = rules;
    this.counters = counters;
  }

  @Override
  void open(ProcessorContext<Object, Object> opened) {
    fold = new FlowFold(
        rules,
        config.limits(),
        false,
        Stores.FLOWS.open(opened),
        Stores.FLOW_VOLUMES.open(opened),
        Stores.KNOWLEDGE.open(opened),
        new Timers(Stores.TIMERS.open(opened)),
        this);
  }

  @Override
  void handle(Record<Object, Event> record) {
    Event event = record.value();
    if (event instanceof Event.RulesChanged changed) {
      rules = changed.rules();
      reopen();
    } else if (event instanceof Event.Admitted admitted) {
      fold.accept(admitted.scope(), admitted.batch());
      return;
    } else if (event instanceof Event.Clock clock) {
      fold.onClock(clock.scope());
    } else if (event instanceof Event.Ended ended) {
      fold.onEnd(ended.scope());
    }
    pass(event, Names.EXCHANGES);
  }

  @Override
  public void volume(Scope scope, VolumeChange change) {
    counters.packets.add(change.fresh());
    counters.latePackets.add(change.late());
    pass(new Event.VolumeMoved(scope, change), Names.WINDOWS);
  }

  @Override
  public void flow(Scope scope, FlowRecord flow) {
    publish(flow.getFlowId(), flow, Names.FLOWS_OUT);
  }

  @Override
  public void batch(Scope scope, FlowState flow, PacketBatch batch, boolean changed) {
    if (changed || !batch.getObservations().isEmpty()) {
      pass(new Event.FlowBatch(scope, flow, batch, changed), Names.EXCHANGES);
    }
  }

  @Override
  public void changed(Scope scope, FlowState flow) {
    pass(new Event.FlowChanged(scope, flow), Names.EXCHANGES);
  }

  @Override
  public void gone(Scope scope, FlowState flow) {
    pass(new Event.FlowGone(scope, flow), Names.EXCHANGES);
  }
}
