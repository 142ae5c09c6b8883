package io.sidewire.processor.fold;

import io.sidewire.rules.FlowType;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.rules.Match;
import io.sidewire.schemas.DnsAnswer;
import io.sidewire.schemas.Endpoint;
import io.sidewire.schemas.ExchangeCount;
import io.sidewire.schemas.FlowEnd;
import io.sidewire.schemas.FlowInfo;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.FlowState;
import io.sidewire.schemas.FlowWindow;
import io.sidewire.schemas.Knowledge;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.Process;
import io.sidewire.schemas.TlsClientHello;

/** Flows from their batches: what each is, what it carried, and which rows change with it. */
public final class FlowFold {

  /** What the fold tells. Records are live: what is kept must be copied. */
  public interface Out {
    /** False: {@link #volume} is never called, and no volume is kept that may have to move. */
    default boolean wantsVolume() {
      return true;
    }

    void volume(Scope scope, VolumeChange change);

    /** A row of the flows topic. */
    void flow(Scope scope, FlowRecord flow);

    /** A batch of a flow, after the flow took it; {@code changed}: its earlier exchanges must be told anew. */
    void batch(Scope scope, FlowState flow, PacketBatch batch, boolean changed);

    /** A flow without a batch: its earlier exchanges must be told anew. */
    void changed(Scope scope, FlowState flow);

    /** Nothing will come of this flow. */
    void gone(Scope scope, FlowState flow);
  }

  /** The facts of a flow that stand on its exchanges too. */
  private record Face(
      Endpoint client,
      String type,
      String name,
      String label,
      Process process,
      Process serverProcess,
      String leg) {
    static Face of(FlowState state) {
      FlowRecord flow = state.getFlow();
      return new Face(
          flow.getClient(),
          flow.getFlowType(),
          flow.getServerName(),
          state.getLabel(),
          flow.getProcess(),
          flow.getServerProcess(),
          state.getLeg());
    }
  }

  private static final String TIMER = "flow";
  private static final String TELL = "flow-tell";
  /** An open flow is told again so long after its last row, if it moved since. */
  private static final long EMIT_MICROS = 10_000_000L;

  private final FlowTypeRules rules;
  private final Limits limits;
  private final boolean alone;
  private final StateMap<FlowState> flows;
  private final FlowVolumes volumes;
  private final EndpointKnowledge knowledge;
  private final Timers timers;
  private final Out out;

  /** @param alone each flow is looked at by itself: what others taught does not count */
  public FlowFold(
      FlowTypeRules rules,
      Limits limits,
      boolean alone,
      StateMap<FlowState> flows,
      StateMap<FlowWindow> history,
      StateMap<Knowledge> known,
      Timers timers,
      Out out) {
    this.rules = rules;
    this.limits = limits;
    this.alone = alone;
    this.flows = flows;
    this.volumes = new FlowVolumes(limits, history, out);
    this.knowledge = new EndpointKnowledge(known, timers, limits);
    this.timers = timers;
    this.out = out;
  }

  /** Takes a batch that is no tick. */
  public void accept(Scope scope, PacketBatch batch) {
    volumes.unflowed(scope, batch);
    if (batch.getFlow() != null) {
      flow(scope, batch);
    }
  }

  /** A tick came: what is due at the clock of the scope. */
  public void onClock(Scope scope) {
    for (String flowId : timers.take(scope, TIMER)) {
      FlowState state = flows.get(key(scope, flowId));
      if (state != null && state.getFlow().getFinal$()) {
        remove(scope, state);
      }
    }
    for (String flowId : timers.take(scope, TELL)) {
      FlowState state = flows.get(key(scope, flowId));
      if (state != null && !state.getFlow().getFinal$() && untold(state)) {
        state.setEmittedAt(state.getFlow().getLastSeen());
        flows.put(key(scope, flowId), state);
        out.flow(scope, state.getFlow());
      }
    }
    knowledge.onClock(scope);
  }

  /** The capture ended, or is taken for ended: every flow of it ends. */
  public void onEnd(Scope scope) {
    flows.prefix(StateKeys.prefix(scope.key()), (key, state) -> {
      FlowRecord flow = state.getFlow();
      if (!flow.getFinal$()) {
        flow.setState("capture_ended");
        flow.setFinal$(true);
        out.flow(scope, flow);
      }
      out.gone(scope, state);
      flows.remove(key);
    });
    volumes.onEnd(scope);
    timers.drop(scope, TIMER);
    timers.drop(scope, TELL);
    knowledge.onEnd(scope);
  }

  private void flow(Scope scope, PacketBatch batch) {
    String key = key(scope, batch.getFlow().getFlowId());
    FlowState known = flows.get(key);
    FlowState state = known != null ? known : FlowLearning.begin(scope, batch.getFlow());
    Face before = known == null ? null : Face.of(state);
    boolean waits = known != null && untold(state);
    if (known != null && turned(state.getFlow(), batch.getFlow())) {
      turn(scope, state, batch.getFlow());
    }
    boolean news = FlowLearning.take(state, batch);
    if (!alone) {
      learnForOthers(scope, state, batch);
    }
    if (news || known == null) {
      classify(scope, state, batch.getEnd(), known == null);
    }
    volumes.count(scope, state, batch, known == null);
    boolean ended = end(scope, state, batch);
    boolean changed = before != null && !before.equals(Face.of(state));
    boolean silent = batch.getEnd() - state.getEmittedAt() >= EMIT_MICROS;
    boolean tell = known == null || changed || ended || silent;
    if (tell) {
      state.setEmittedAt(Math.max(batch.getEnd(), state.getFlow().getLastSeen()));
    } else if (!waits && untold(state)) {
      timers.set(
          scope, TELL, state.getEmittedAt() + EMIT_MICROS, batch.getFlow().getFlowId());
    }
    boolean over = ended && !mayMove(state);
    if (!over) {
      flows.put(key, state);
    }
    out.batch(scope, state, batch, changed);
    if (tell) {
      out.flow(scope, state.getFlow());
    }
    if (over) {
      remove(scope, state);
    }
  }

  /** It moved since its last row. */
  private static boolean untold(FlowState state) {
    return state.getFlow().getLastSeen() > state.getEmittedAt();
  }

  private void learnForOthers(Scope scope, FlowState state, PacketBatch batch) {
    for (Object seen : batch.getObservations()) {
      if (seen instanceof DnsAnswer answer) {
        learnNames(scope, answer, batch.getEnd());
      } else if (seen instanceof TlsClientHello hello) {
        linkLegs(scope, state, hello);
      }
    }
  }

  /** The same client hello on two flows is one connection: where it was seen first is nearer to the client. */
  private void linkLegs(Scope scope, FlowState state, TlsClientHello hello) {
    if (hello.getRandomHash() == null || state.getLeg() != null) {
      return;
    }
    String flowId = state.getFlow().getFlowId();
    Knowledge other = knowledge.otherLeg(scope, hello.getRandomHash(), flowId, hello.getTime());
    FlowState second = other == null ? null : flows.get(key(scope, other.getValue()));
    if (second == null) {
      return;
    }
    boolean outer = hello.getTime() < other.getTime();
    FlowState outerLeg = outer ? state : second;
    FlowState innerLeg = outer ? second : state;
    outerLeg.setLeg("outer");
    innerLeg.setLeg("inner");
    innerLeg.setViaFlowId(outerLeg.getFlow().getFlowId());
    innerLeg.setViaOffset(outerLeg.getHelloExchanges() - innerLeg.getHelloExchanges());
    flows.put(key(scope, other.getValue()), second);
    out.changed(scope, second);
  }

  private void learnNames(Scope scope, DnsAnswer answer, long now) {
    if (answer.getName() == null) {
      return;
    }
    long ttl = answer.getTtlSeconds() == null ? 0 : answer.getTtlSeconds() * 1_000_000L;
    int kept = 0;
    for (String address : answer.getAddresses()) {
      if (kept++ == limits.addressesPerAnswer()) {
        return;
      }
      knowledge.learnName(scope, address, answer.getName(), now, ttl);
    }
  }

  /** Gives the flow its type and name, and moves its volume there. */
  private void classify(Scope scope, FlowState state, long now, boolean opened) {
    if (state.getSettled()) {
      return;
    }
    FlowRecord flow = state.getFlow();
    if (opened && !alone && state.getOwnName() == null) {
      state.setResolvedName(knowledge.nameOf(scope, flow.getServer().getAddress()));
    }
    Match match = rules.match(FlowLearning.facts(state));
    String taught = match.settled() || alone ? null : knowledge.typeFor(scope, state, now);
    String oldType = flow.getFlowType();
    String oldLabel = state.getLabel();
    String name = FlowLearning.orElse(state.getOwnName(), state.getResolvedName());
    flow.setFlowType(taught != null ? taught : match.type().name());
    flow.setServerName(name);
    state.setLabel(name != null ? name : ExchangeCount.text(flow.getServer()));
    state.setSettled(match.settled());
    boolean moved = !flow.getFlowType().equals(oldType) || !state.getLabel().equals(oldLabel);
    if (moved && !opened) {
      volumes.restate(scope, state, oldType, oldLabel, false);
    }
    if (match.settled()) {
      if (!opened) {
        volumes.forget(scope, state);
        removeOpen(scope, flow);
      }
      if (!alone) {
        teach(scope, state, match, now);
      }
    } else if (opened) {
      addOpen(scope, flow);
    }
  }

  /** A flow that shows what it is shows what its endpoint is: the open flows of that endpoint are asked again. */
  private void teach(Scope scope, FlowState state, Match match, long now) {
    FlowRecord flow = state.getFlow();
    boolean byContent = match.basis() == Match.Basis.CONTENT;
    // The host named to a proxy says nothing of the proxy.
    boolean byName = match.basis() == Match.Basis.NAME && state.getAuthority() == null;
    if (match.type().kind() == FlowType.Kind.OTHER || !(byContent || byName)) {
      return;
    }
    String basis = byContent ? EndpointKnowledge.BY_CONTENT : EndpointKnowledge.BY_NAME;
    if (!knowledge.learnType(scope, flow.getServer(), match.type().name(), basis, now)) {
      return;
    }
    for (String flowId : knowledge.openFlows(scope, flow.getServer())) {
      FlowState open = flows.get(key(scope, flowId));
      if (open != null && open != state) {
        Face before = Face.of(open);
        classify(scope, open, now, false);
        if (!before.equals(Face.of(open))) {
          flows.put(key(scope, flowId), open);
          out.flow(scope, open.getFlow());
          out.changed(scope, open);
        }
      }
    }
  }

  private static boolean turned(FlowRecord flow, FlowInfo info) {
    return !flow.getClient().equals(info.getClient()) && flow.getClient().equals(info.getServer());
  }

  /** Client and server change places: so do the totals and the volume that is kept. */
  private void turn(Scope scope, FlowState state, FlowInfo info) {
    FlowRecord flow = state.getFlow();
    removeOpen(scope, flow);
    String oldLabel = state.getLabel();
    boolean byAddress = oldLabel.equals(ExchangeCount.text(flow.getServer()));
    flow.setClient(info.getClient());
    flow.setServer(info.getServer());
    Volumes.swap(flow);
    Process process = flow.getProcess();
    flow.setProcess(flow.getServerProcess());
    flow.setServerProcess(process);
    if (byAddress) {
      state.setLabel(ExchangeCount.text(flow.getServer()));
    }
    volumes.restate(scope, state, flow.getFlowType(), oldLabel, true);
    if (!state.getSettled()) {
      addOpen(scope, flow);
      classify(scope, state, flow.getLastSeen(), false);
    }
  }

  private boolean end(Scope scope, FlowState state, PacketBatch batch) {
    for (Object seen : batch.getObservations()) {
      if (seen instanceof FlowEnd end) {
        FlowRecord flow = state.getFlow();
        flow.setState(end.getState());
        flow.setFinal$(true);
        if (mayMove(state)) {
          long due = Math.max(scope.clock(), flow.getLastSeen()) + limits.openTypeMemory();
          timers.set(scope, TIMER, due, flow.getFlowId());
        }
        return true;
      }
    }
    return false;
  }

  /** Others may still tell what this flow is, after its end too. */
  private boolean mayMove(FlowState state) {
    return !alone && !state.getSettled();
  }

  private void remove(Scope scope, FlowState state) {
    FlowRecord flow = state.getFlow();
    out.gone(scope, state);
    flows.remove(key(scope, flow.getFlowId()));
    if (!state.getSettled()) {
      volumes.forget(scope, state);
      removeOpen(scope, flow);
    }
  }

  /** Later evidence of others asks for the open flows of an endpoint. */
  private void addOpen(Scope scope, FlowRecord flow) {
    if (!alone) {
      knowledge.addOpen(scope, flow.getServer(), flow.getFlowId());
    }
  }

  private void removeOpen(Scope scope, FlowRecord flow) {
    if (!alone) {
      knowledge.removeOpen(scope, flow.getServer(), flow.getFlowId());
    }
  }

  private static String key(Scope scope, String flowId) {
    return StateKeys.of(scope.key(), StateKeys.text(flowId));
  }
}
