package io.sidewire.processor.step;

import io.sidewire.processor.Names;
import io.sidewire.processor.ProcessorCounters;
import io.sidewire.processor.StreamConfig;
import io.sidewire.processor.fold.LegFold;
import io.sidewire.processor.fold.RpcFold;
import io.sidewire.processor.fold.Scope;
import io.sidewire.processor.fold.StoredParts;
import io.sidewire.processor.fold.Timers;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.Exchange;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Step 3: pairs JSON-RPC calls with answers that may come on another flow, links legs, and publishes every exchange. */
public final class RpcStep extends Step<Object, Event> implements RpcFold.Out {
  private final StreamConfig config;
  private FlowTypeRules rules;
  private final ProcessorCounters counters;
  private RpcFold fold;
  private LegFold legs;

  public RpcStep(StreamConfig config, FlowTypeRules rules, ProcessorCounters counters) {
    this.config = config;
    this.rules = rules;
    this.counters = counters;
  }

  @Override
  void open(ProcessorContext<Object, Object> opened) {
    var timers = new Timers(Stores.TIMERS.open(opened));
    legs = new LegFold(rules, config.limits(), Stores.LEGS.open(opened), timers);
    fold = new RpcFold(
        rules,
        config.limits(),
        false,
        new StoredParts<>(Stores.RPC.open(opened)),
        Stores.RPC_SESSIONS.open(opened),
        Stores.RPC_WAITING.open(opened),
        timers,
        this);
  }

  @Override
  void handle(Record<Object, Event> record) {
    Event event = record.value();
    if (event instanceof Event.Told told) {
      exchange(told.scope(), told.old(), told.row());
    } else if (event instanceof Event.Carrier carrier) {
      fold.carrier(carrier.scope(), carrier.flow(), carrier.http());
    } else if (event instanceof Event.FlowBatch batch) {
      fold.accept(batch.scope(), batch.flow(), batch.batch(), batch.changed());
    } else if (event instanceof Event.FlowChanged changed) {
      fold.changed(changed.scope(), changed.flow());
    } else if (event instanceof Event.FlowGone gone) {
      fold.gone(gone.scope(), gone.flow());
    } else {
      if (event instanceof Event.Clock clock) {
        fold.onClock(clock.scope());
        legs.onClock(clock.scope());
      } else if (event instanceof Event.Ended ended) {
        fold.onEnd(ended.scope());
        legs.onEnd(ended.scope());
      } else if (event instanceof Event.RulesChanged changed) {
        rules = changed.rules();
        reopen();
      }
      pass(event, Names.INTERACTIONS, Names.WINDOWS);
    }
  }

  @Override
  public void exchange(Scope scope, Exchange plainOld, Exchange plain) {
    Exchange old = legs.told(scope, plainOld);
    Exchange row = legs.link(scope, plain);
    counters.exchanges.increment();
    publish(row.getFlowId(), row, Names.EXCHANGES_OUT);
    pass(new Event.Told(scope, old, row), Names.INTERACTIONS, Names.WINDOWS);
  }
}
