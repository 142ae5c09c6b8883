package io.sidewire.processor.fold;

import io.sidewire.rules.FlowType;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.Endpoint;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.ExchangeCount;
import io.sidewire.schemas.FlowState;
import io.sidewire.schemas.Keys;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.RpcAnswer;
import io.sidewire.schemas.RpcCall;
import io.sidewire.schemas.RpcEntry;
import io.sidewire.schemas.RpcSession;
import io.sidewire.schemas.RpcState;
import io.sidewire.schemas.RpcWaiting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The HTTP exchanges that carry JSON-RPC, with their calls; tells the rows of what a batch or tick touched. */
final class RpcBook {
  /** Part of the key of a POST; a server's call on a stream has s and its index. */
  static final String POST = "p";

  private static final String TIMER = "rpc";

  private final FlowTypeRules rules;
  private final Limits limits;
  private final boolean oneFlow;
  private final FlowParts<RpcState> states;
  private final RpcSessions sessions;
  private final RpcWaitingRoom waiting;
  private final Timers timers;
  private final RpcFold.Out out;
  private final Map<PartKey, RpcState> touched = new LinkedHashMap<>();

  RpcBook(
      FlowTypeRules rules,
      Limits limits,
      boolean oneFlow,
      FlowParts<RpcState> states,
      RpcSessions sessions,
      RpcWaitingRoom waiting,
      Timers timers,
      RpcFold.Out out) {
    this.rules = rules;
    this.limits = limits;
    this.oneFlow = oneFlow;
    this.states = states;
    this.sessions = sessions;
    this.waiting = waiting;
    this.timers = timers;
    this.out = out;
  }

  /** Between whom a call and its answer go; where flows are seen one at a time, the flow. */
  String peers(String flowId, Endpoint client, Endpoint server) {
    return oneFlow
        ? StateKeys.text(flowId)
        : client.getAddress() + "|" + ExchangeCount.text(server);
  }

  /** The state, made where there is none; its rows are told by the next {@link #flush}. */
  RpcState touch(Scope scope, FlowState flow, long number, String part) {
    String flowId = flow.getFlow().getFlowId();
    RpcState state = find(scope, flowId, number, part);
    if (state == null) {
      state = new RpcState();
      state.setNumber(number);
      state.setCalls(new ArrayList<>());
      Exchange http = Rows.begin(scope, flow, Keys.exchange(flowId, number));
      Rows.dress(http, flow, number);
      state.setHttp(http);
    }
    touched.put(new PartKey(flowId, number, part), state);
    return state;
  }

  RpcState find(Scope scope, String flowId, long number, String part) {
    var key = new PartKey(flowId, number, part);
    RpcState state = touched.get(key);
    return state != null ? state : states.get(scope, key);
  }

  /** A call that waited got its answer. */
  void give(Scope scope, RpcWaiting call, RpcAnswer answer) {
    RpcEntry entry = entry(scope, call);
    if (entry != null && (entry.getAnswer() == null || entry.getAnswer().getCancelled())) {
      entry.setAnswer(answer);
    }
  }

  /** A call waits in vain: its stream is over. */
  void lose(Scope scope, RpcWaiting call) {
    RpcEntry entry = entry(scope, call);
    if (entry != null) {
      entry.setStreamLost(true);
    }
  }

  /** Gives the rows of a flow its type, name, process and leg of now. */
  void redress(Scope scope, FlowState flow) {
    String flowId = flow.getFlow().getFlowId();
    states.ofFlow(scope, flowId, touched::putIfAbsent);
    for (RpcState state : touched.values()) {
      if (state.getHttp().getFlowId().equals(flowId)) {
        Rows.dress(state.getHttp(), flow, state.getNumber());
      }
    }
  }

  /** Keeps what was touched and tells the rows that changed. */
  void flush(Scope scope) {
    if (touched.isEmpty()) {
      return;
    }
    for (Map.Entry<PartKey, RpcState> each : List.copyOf(touched.entrySet())) {
      RpcState state = each.getValue();
      if (state.getRequestSeen()) {
        tell(scope, state);
      }
      keep(scope, each.getKey(), state);
    }
    touched.clear();
  }

  void gone(Scope scope, String flowId) {
    states.ofFlow(scope, flowId, (key, state) -> {
      state.setFlowGone(true);
      keep(scope, key, state);
    });
  }

  void onClock(Scope scope) {
    for (String id : timers.take(scope, TIMER)) {
      PartKey key = StateKeys.toPart(id);
      RpcState state = states.get(scope, key);
      if (state != null) {
        touched.put(key, state);
        state.getCalls().forEach(entry -> expire(scope, state, entry, id));
      }
    }
    flush(scope);
  }

  void onEnd(Scope scope) {
    flush(scope);
    states.all(scope, (key, state) -> {
      for (RpcEntry entry : state.getCalls()) {
        if (entry.getRow() != null && Rows.isOpen(entry.getRow())) {
          Exchange row = Rows.copy(entry.getRow());
          row.setOutcome(Outcome.CAPTURE_ENDED);
          row.setRevision(row.getRevision() + 1);
          out.exchange(scope, entry.getRow(), row);
        }
      }
      states.remove(scope, key);
    });
    timers.drop(scope, TIMER);
  }

  /** Gives a call up; after as long again, stops waiting for its answer at all. */
  private void expire(Scope scope, RpcState state, RpcEntry entry, String id) {
    if (entry.getWaitingKey() == null
        || entry.getCall().getEnd() + limits.patience() > scope.clock()) {
      return;
    }
    boolean streaming = !state.getHttpEnded() && state.getHttp().getResponseStart() != null;
    if (streaming || !entry.getTimedOut()) {
      entry.setTimedOut(!streaming);
      timers.set(scope, TIMER, scope.clock() + limits.patience(), id);
    } else {
      waiting.remove(entry.getWaitingKey());
      entry.setWaitingKey(null);
    }
  }

  private void tell(Scope scope, RpcState state) {
    boolean tools = rules.type(state.getHttp().getFlowType()).kind() == FlowType.Kind.TOOL;
    state.setMcp(state.getMcp() || tools);
    if (!state.getMcp()) {
      if (state.getHttpEnded() || state.getCalls().size() >= state.getExpected()) {
        tellPlain(scope, state);
      }
      return;
    }
    for (int i = 0; i < state.getCalls().size(); i++) {
      RpcEntry entry = state.getCalls().get(i);
      if (i == 0 && entry.getRow() == null) {
        entry.setRow(state.getPlain()); // told as plain HTTP before it was known for MCP
      }
      tellCall(scope, state, entry, i == 0);
    }
  }

  /** JSON-RPC that is not MCP is an HTTP exchange like any other. */
  private void tellPlain(Scope scope, RpcState state) {
    Exchange old = state.getPlain();
    Exchange row = Rows.copy(state.getHttp());
    row.setRevision(old == null ? 0 : old.getRevision());
    if (!row.equals(old)) {
      row.setRevision(old == null ? 0 : old.getRevision() + 1);
      state.setPlain(row);
      out.exchange(scope, old, row);
    }
  }

  private void tellCall(Scope scope, RpcState state, RpcEntry entry, boolean first) {
    RpcCall call = entry.getCall();
    Exchange old = entry.getRow();
    Exchange http = state.getHttp();
    String peers = peers(http.getFlowId(), http.getClient(), http.getServer());
    String session = FlowLearning.orElse(call.getSessionHash(), http.getSessionHash());
    if (entry.getAnswer() == null && !call.getNotification() && entry.getWaitingKey() == null) {
      entry.setAnswer(waiting.takeAnswer(
          scope, peers, session, call.getDirection(), call.getId(), call.getStart()));
    }
    RpcSession agreed = sessions.of(scope, session, http.getFlowId());
    Exchange row = RpcRows.of(state, entry, first, agreed, oneFlow);
    row.setRevision(old == null ? 0 : old.getRevision());
    if (!row.equals(old)) {
      row.setRevision(old == null ? 0 : old.getRevision() + 1);
      entry.setRow(row);
      out.exchange(scope, old, row);
    }
    boolean wasAnswered = old != null && old.getOutcome() == Outcome.ANSWERED;
    if (!wasAnswered && row.getOutcome() == Outcome.ANSWERED && entry.getAnswer() != null) {
      sessions.learn(scope, row, call, entry.getAnswer());
    }
    await(scope, state, entry, peers, session);
  }

  private void await(Scope scope, RpcState state, RpcEntry entry, String peers, String session) {
    Outcome outcome = entry.getRow().getOutcome();
    RpcCall call = entry.getCall();
    boolean waits =
        !call.getNotification() && (outcome == Outcome.OPEN || outcome == Outcome.TIMEOUT);
    if (waits && entry.getWaitingKey() == null && outcome == Outcome.OPEN) {
      entry.setWaitingKey(waiting.add(scope, peers, session, call.getDirection(), state, entry));
      timers.set(scope, TIMER, call.getEnd() + limits.patience(), id(state, entry));
    } else if (!waits && entry.getWaitingKey() != null) {
      waiting.remove(entry.getWaitingKey());
      entry.setWaitingKey(null);
      timers.clear(scope, TIMER, call.getEnd() + limits.patience(), id(state, entry));
    }
  }

  private void keep(Scope scope, PartKey key, RpcState state) {
    boolean over = true;
    for (RpcEntry entry : state.getCalls()) {
      over &=
          entry.getRow() != null && !Rows.isOpen(entry.getRow()) && entry.getWaitingKey() == null;
    }
    if (over && state.getFlowGone()) {
      states.remove(scope, key);
    } else {
      states.put(scope, key, state);
    }
  }

  private RpcEntry entry(Scope scope, RpcWaiting call) {
    String part = part(call.getSuffix());
    RpcState state = find(scope, call.getFlowId(), call.getNumber(), part);
    if (state == null) {
      return null;
    }
    touched.put(new PartKey(call.getFlowId(), call.getNumber(), part), state);
    for (RpcEntry entry : state.getCalls()) {
      if (entry.getSuffix().equals(call.getSuffix())) {
        return entry;
      }
    }
    return null;
  }

  private static String part(String suffix) {
    return suffix.startsWith(".s") ? suffix.substring(1) : POST;
  }

  private static String id(RpcState state, RpcEntry entry) {
    return StateKeys.of(
        new PartKey(state.getHttp().getFlowId(), state.getNumber(), part(entry.getSuffix())));
  }
}
