package io.sidewire.processor.step;

import io.sidewire.processor.Names;
import io.sidewire.processor.StreamConfig;
import io.sidewire.processor.fold.ExchangeFold;
import io.sidewire.processor.fold.Scope;
import io.sidewire.processor.fold.StoredParts;
import io.sidewire.processor.fold.Timers;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.ExchangeState;
import io.sidewire.schemas.FlowState;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Step 2: pairs requests with responses. */
public final class ExchangeStep extends Step<Object, Event> implements ExchangeFold.Out {
  private final StreamConfig config;
  private FlowTypeRules rules;
  private ExchangeFold fold;

  public ExchangeStep(StreamConfig config, FlowTypeRules rules) {
    this.config = config;
    this.rules = rules;
  }

  @Override
  void open(ProcessorContext<Object, Object> opened) {
    fold = new ExchangeFold(
        rules,
        config.limits(),
        new StoredParts<>(Stores.EXCHANGES.open(opened)),
        new Timers(Stores.TIMERS.open(opened)),
        this);
  }

  @Override
  void handle(Record<Object, Event> record) {
    Event event = record.value();
    if (event instanceof Event.RulesChanged changed) {
      rules = changed.rules();
      reopen();
    } else if (event instanceof Event.FlowBatch batch) {
      fold.accept(batch.scope(), batch.flow(), batch.batch(), batch.changed());
    } else if (event instanceof Event.FlowChanged changed) {
      fold.changed(changed.scope(), changed.flow());
    } else if (event instanceof Event.FlowGone gone) {
      fold.gone(gone.scope(), gone.flow());
    } else if (event instanceof Event.Clock clock) {
      fold.onClock(clock.scope());
    } else if (event instanceof Event.Ended ended) {
      fold.onEnd(ended.scope());
    }
    pass(event, Names.RPC);
  }

  @Override
  public void exchange(Scope scope, Exchange old, Exchange row) {
    pass(new Event.Told(scope, old, row), Names.RPC);
  }

  @Override
  public void carrier(Scope scope, FlowState flow, ExchangeState http) {
    pass(new Event.Carrier(scope, flow, http), Names.RPC);
  }
}
