package io.sidewire.processor.step;

import io.sidewire.processor.fold.HealthChange;
import io.sidewire.processor.fold.Scope;
import io.sidewire.processor.fold.VolumeChange;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.ExchangeState;
import io.sidewire.schemas.FlowState;
import io.sidewire.schemas.PacketBatch;

/** What one step hands to the next: plain objects within one task, never serialized. */
public sealed interface Event {

  /** A batch that is no repeat. */
  record Admitted(Scope scope, PacketBatch batch) implements Event {}

  /** A batch that its flow took. */
  record FlowBatch(Scope scope, FlowState flow, PacketBatch batch, boolean changed)
      implements Event {}

  /** A flow whose type, name, process or leg changed without a batch. */
  record FlowChanged(Scope scope, FlowState flow) implements Event {}

  record FlowGone(Scope scope, FlowState flow) implements Event {}

  record VolumeMoved(Scope scope, VolumeChange change) implements Event {}

  /** An HTTP exchange whose body is JSON-RPC. */
  record Carrier(Scope scope, FlowState flow, ExchangeState http) implements Event {}

  /** A row of the exchanges topic, with what it was before. */
  record Told(Scope scope, Exchange old, Exchange row) implements Event {}

  /** A tick: the clock of the scope went on. */
  record Clock(Scope scope, HealthChange health) implements Event {}

  record Ended(Scope scope, boolean endOfFile) implements Event {}

  record Repeated(Scope scope, long duplicates) implements Event {}

  record Forgotten(Scope scope) implements Event {}

  /** From the next input record on, other rules hold. */
  record RulesChanged(FlowTypeRules rules) implements Event {}

  /** Nothing more comes of the input record in hand. */
  record Done() implements Event {
    public static final Done DONE = new Done();
  }
}
