package io.sidewire.processor.fold;

import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.ExchangeState;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.FlowState;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.TrafficWindow;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * All folds in a row over state on the heap: what the topology computes, without Kafka.
 *
 * <p>For {@code decode}, which looks at one flow at a time, and for tests. Rows are live: what is kept must be copied,
 * or encoded at once.
 */
public final class FoldChain {

  /** Takes the rows of the topics; each method does nothing unless overridden. */
  public interface Out {
    default void flow(FlowRecord row) {}

    default void exchange(Exchange row) {}

    default void interaction(Interaction row) {}

    default void traffic(TrafficWindow row) {}

    default void health(int shard, CaptureHealth row) {}
  }

  private final AdmitFold admit;
  private final FlowFold flows;
  private final ExchangeFold exchanges;
  private final RpcFold rpc;
  private final LegFold legs;
  private final InteractionFold interactions;
  private final WindowFold windows;
  private final boolean flowsOnly;
  private final Out out;
  private final Map<String, Scope> scopes = new HashMap<>();
  private Scope alone; // where flowsOnly

  /** @param oneFlow each flow is looked at by itself: none tells the type of another, and a legacy MCP
   *     call ends with its POST */
  public FoldChain(FlowTypeRules rules, Limits limits, boolean oneFlow, Out out) {
    this(rules, limits, oneFlow, false, out);
  }

  /**
   * Flows and their exchanges of one file alone, each flow looked at by itself: no interactions, traffic or health is
   * told, and no batch may come twice.
   */
  public static FoldChain ofFlows(FlowTypeRules rules, Limits limits, Out out) {
    return new FoldChain(rules, limits, true, true, out);
  }

  private FoldChain(
      FlowTypeRules rules, Limits limits, boolean oneFlow, boolean flowsOnly, Out out) {
    this.flowsOnly = flowsOnly;
    this.out = out;
    var timers = new Timers(new MemoryMap<>());
    admit = new AdmitFold(
        Duration.ofMinutes(10), Duration.ofDays(30), 10_000, new MemoryMap<>(), new Admitted());
    flows = new FlowFold(
        rules,
        limits,
        oneFlow,
        flowsOnly ? MemoryMap.unsorted() : new MemoryMap<>(),
        new MemoryMap<>(),
        new MemoryMap<>(),
        timers,
        new Flows());
    exchanges = new ExchangeFold(rules, limits, parts(flowsOnly), timers, new Exchanges());
    rpc = new RpcFold(
        rules,
        limits,
        oneFlow,
        parts(flowsOnly),
        new MemoryMap<>(),
        new MemoryMap<>(),
        timers,
        this::told);
    legs = new LegFold(rules, limits, new MemoryMap<>(), timers);
    interactions = new InteractionFold(
        rules, limits, new MemoryMap<>(), new MemoryMap<>(), (scope, row) -> out.interaction(row));
    windows = new WindowFold(
        limits,
        new MemoryMap<>(),
        new MemoryMap<>(),
        new MemoryMap<>(),
        new MemoryMap<>(),
        new Windowed());
  }

  private static <V> FlowParts<V> parts(boolean flowsOnly) {
    return flowsOnly ? new HeapParts<>() : new StoredParts<>(new MemoryMap<>());
  }

  /** Takes a batch or tick; an end-of-file tick ends everything of its epoch. */
  public void accept(PacketBatch batch) {
    if (flowsOnly) {
      acceptAlone(batch);
      return;
    }
    admit.accept(batch, 0, 0);
    scopes.values().forEach(interactions::flush);
    windows.flush();
  }

  private void acceptAlone(PacketBatch batch) {
    if (alone == null) {
      alone = Scope.alone(batch.getHost(), batch.getEpoch());
      scopes.put(alone.key(), alone);
    }
    if (batch.getTick() == null) {
      flows.accept(alone, batch);
      return;
    }
    alone.advance(batch.getTick().getPacketClock());
    tick(alone);
    if (batch.getTick().getEndOfFile()) {
      end(alone, true);
      scopes.clear();
    }
  }

  private void tick(Scope scope) {
    flows.onClock(scope);
    exchanges.onClock(scope);
    rpc.onClock(scope);
    legs.onClock(scope);
  }

  /** Tells the traffic and health rows that changed. */
  public void emit() {
    windows.emit();
  }

  /** Ends every epoch that has not ended: nothing more will come. */
  public void finish() {
    scopes.values().forEach(scope -> end(scope, false));
    scopes.clear();
  }

  private void told(Scope scope, Exchange plainOld, Exchange plain) {
    Exchange old = legs.told(scope, plainOld);
    Exchange row = legs.link(scope, plain);
    out.exchange(row);
    if (flowsOnly) {
      return;
    }
    interactions.accept(scope, old, row);
    windows.exchange(scope, old, row);
  }

  private void end(Scope scope, boolean endOfFile) {
    flows.onEnd(scope);
    exchanges.onEnd(scope);
    rpc.onEnd(scope);
    legs.onEnd(scope);
    if (!flowsOnly) {
      interactions.onEnd(scope);
      windows.onEnd(scope, endOfFile);
    }
  }

  private final class Admitted implements AdmitFold.Out {
    @Override
    public void batch(Scope scope, PacketBatch batch) {
      scopes.put(scope.key(), scope);
      flows.accept(scope, batch);
    }

    @Override
    public void tick(Scope scope, HealthChange health) {
      scopes.put(scope.key(), scope);
      FoldChain.this.tick(scope);
      interactions.onClock(scope);
      windows.health(scope, health);
      windows.onClock(scope);
    }

    @Override
    public void end(Scope scope, boolean endOfFile) {
      FoldChain.this.end(scope, endOfFile);
      scopes.remove(scope.key());
    }

    @Override
    public void repeated(Scope scope, long duplicates) {
      windows.repeated(scope, duplicates);
    }

    @Override
    public void forget(Scope scope) {
      windows.forget(scope);
    }
  }

  private final class Flows implements FlowFold.Out {
    @Override
    public boolean wantsVolume() {
      return !flowsOnly;
    }

    @Override
    public void volume(Scope scope, VolumeChange change) {
      windows.volume(scope, change);
    }

    @Override
    public void flow(Scope scope, FlowRecord flow) {
      out.flow(flow);
    }

    @Override
    public void batch(Scope scope, FlowState flow, PacketBatch batch, boolean changed) {
      exchanges.accept(scope, flow, batch, changed);
      rpc.accept(scope, flow, batch, changed);
    }

    @Override
    public void changed(Scope scope, FlowState flow) {
      exchanges.changed(scope, flow);
      rpc.changed(scope, flow);
    }

    @Override
    public void gone(Scope scope, FlowState flow) {
      exchanges.gone(scope, flow);
      rpc.gone(scope, flow);
    }
  }

  private final class Exchanges implements ExchangeFold.Out {
    @Override
    public void exchange(Scope scope, Exchange old, Exchange row) {
      told(scope, old, row);
    }

    @Override
    public void carrier(Scope scope, FlowState flow, ExchangeState http) {
      rpc.carrier(scope, flow, http);
    }
  }

  private final class Windowed implements WindowFold.Out {
    @Override
    public void traffic(TrafficWindow row) {
      out.traffic(row);
    }

    @Override
    public void health(int shard, CaptureHealth row) {
      out.health(shard, row);
    }
  }
}
