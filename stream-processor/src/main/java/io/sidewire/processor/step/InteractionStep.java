package io.sidewire.processor.step;

import io.sidewire.processor.Names;
import io.sidewire.processor.ProcessorCounters;
import io.sidewire.processor.StreamConfig;
import io.sidewire.processor.fold.InteractionFold;
import io.sidewire.processor.fold.Scope;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.Interaction;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Step 4: folds exchanges into the turns and runs of agents. */
public final class InteractionStep extends Step<Object, Event> implements InteractionFold.Out {
  private final StreamConfig config;
  private FlowTypeRules rules;
  private final ProcessorCounters counters;
  private InteractionFold fold;
  private Scope touched;

  public InteractionStep(StreamConfig config, FlowTypeRules rules, ProcessorCounters counters) {
    this.config = config;
    this.rules = rules;
    this.counters = counters;
  }

  @Override
  void open(ProcessorContext<Object, Object> opened) {
    touched = null;
    fold = new InteractionFold(
        rules,
        config.limits(),
        Stores.INTERACTIONS.open(opened),
        Stores.INTERACTION_ENTRIES.open(opened),
        this);
  }

  @Override
  void handle(Record<Object, Event> record) {
    Event event = record.value();
    if (event instanceof Event.Told told) {
      touched = told.scope();
      fold.accept(told.scope(), told.old(), told.row());
    } else if (event instanceof Event.Clock clock) {
      fold.onClock(clock.scope());
    } else if (event instanceof Event.Ended ended) {
      fold.onEnd(ended.scope());
    } else if (event instanceof Event.RulesChanged changed) {
      rules = changed.rules();
      reopen();
    } else if (event instanceof Event.Done && touched != null) {
      fold.flush(touched);
      touched = null;
    }
  }

  @Override
  public void interaction(Scope scope, Interaction row) {
    counters.interactions.increment();
    publish(row.getInteractionId(), row, Names.INTERACTIONS_OUT);
  }
}
