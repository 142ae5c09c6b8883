package io.sidewire.processor.fold;

import io.sidewire.rules.FlowType;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.ExchangeState;
import io.sidewire.schemas.FlowEnd;
import io.sidewire.schemas.FlowState;
import io.sidewire.schemas.Keys;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.PacketBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests and responses of one flow, paired by their exchange number.
 *
 * <p>The number is given at capture, since how a response ends depends on its request. Observations of an exchange may
 * come in any order and in any batch; each row is told when its request is complete and again whenever it changes.
 */
public final class ExchangeFold {

  /** What the fold tells. Rows are live: what is kept must be copied. */
  public interface Out {
    /** @param old the row as it was told before, or null */
    void exchange(Scope scope, Exchange old, Exchange row);

    /** An exchange whose body is JSON-RPC: its rows are made by {@link RpcFold}. */
    void carrier(Scope scope, FlowState flow, ExchangeState carrier);
  }

  /** An exchange that the batch in hand touches, with its row as it was told before. */
  private record Touched(ExchangeState state, Exchange told, boolean wasEnded) {}

  private static final String TIMER = "exchange";

  private final FlowTypeRules rules;
  private final Limits limits;
  private final FlowParts<ExchangeState> exchanges;
  private final Timers timers;
  private final Out out;
  private final Map<Long, Touched> touched = new LinkedHashMap<>();

  public ExchangeFold(
      FlowTypeRules rules,
      Limits limits,
      FlowParts<ExchangeState> exchanges,
      Timers timers,
      Out out) {
    this.rules = rules;
    this.limits = limits;
    this.exchanges = exchanges;
    this.timers = timers;
    this.out = out;
  }

  /** Takes a batch of a flow; {@code flowChanged}: its earlier exchanges are told anew. */
  public void accept(Scope scope, FlowState flow, PacketBatch batch, boolean flowChanged) {
    touched.clear();
    if (flowChanged) {
      touchAll(scope, flow);
    }
    for (Object seen : batch.getObservations()) {
      long number = Observed.exchangeOf(seen);
      if (number >= 0) {
        Observed.apply(touch(scope, flow, number).state(), seen);
      } else if (seen instanceof FlowEnd end) {
        closeAll(scope, flow, end);
      }
    }
    tell(scope, flow);
  }

  /** The flow's type, name, process or leg changed without a batch. */
  public void changed(Scope scope, FlowState flow) {
    touched.clear();
    touchAll(scope, flow);
    tell(scope, flow);
  }

  /** Nothing will come of this flow: what is open ends with it. */
  public void gone(Scope scope, FlowState flow) {
    touched.clear();
    closeAll(
        scope, flow, new FlowEnd(flow.getFlow().getLastSeen(), flow.getFlow().getState()));
    tell(scope, flow);
    for (long number : numbers(scope, flow, false)) {
      exchanges.remove(scope, key(flow, number));
    }
  }

  /** A tick came: requests whose patience is over. */
  public void onClock(Scope scope) {
    for (String id : timers.take(scope, TIMER)) {
      PartKey key = StateKeys.toPart(id);
      ExchangeState state = exchanges.get(scope, key);
      if (state == null || state.getEnded() || state.getRow().getResponseStart() != null) {
        continue;
      }
      Exchange told = Rows.copy(state.getRow());
      state.setEnded(true);
      state.getRow().setOutcome(Outcome.TIMEOUT);
      state.getRow().setError("timeout");
      revise(state);
      exchanges.put(scope, key, state);
      out.exchange(scope, told, state.getRow());
    }
  }

  /** After the flows of the scope are gone. */
  public void onEnd(Scope scope) {
    timers.drop(scope, TIMER);
    exchanges.all(scope, (key, state) -> exchanges.remove(scope, key));
  }

  private Touched touch(Scope scope, FlowState flow, long number) {
    Touched known = touched.get(number);
    if (known != null) {
      return known;
    }
    ExchangeState state = exchanges.get(scope, key(flow, number));
    Exchange told = null;
    if (state == null) {
      state = new ExchangeState();
      state.setNumber(number);
      state.setRpcRequests(-1);
      String id = Keys.exchange(flow.getFlow().getFlowId(), number);
      state.setRow(Rows.begin(scope, flow, id));
    } else if (state.getPublished()) {
      told = Rows.copy(state.getRow());
    }
    var fresh = new Touched(state, told, state.getEnded());
    touched.put(number, fresh);
    return fresh;
  }

  private void touchAll(Scope scope, FlowState flow) {
    for (long number : numbers(scope, flow, false)) {
      touch(scope, flow, number);
    }
  }

  private void closeAll(Scope scope, FlowState flow, FlowEnd end) {
    for (long number : numbers(scope, flow, true)) {
      touch(scope, flow, number);
    }
    for (Touched each : touched.values()) {
      if (!each.state().getEnded()) {
        Observed.close(each.state(), end);
      }
    }
  }

  private List<Long> numbers(Scope scope, FlowState flow, boolean openOnly) {
    var numbers = new ArrayList<Long>();
    if (flow.getLastExchange() < limits.revisable()) {
      // As with most flows: its few exchanges are asked for one by one, which costs less than a
      // scan.
      for (long number = 0; number <= flow.getLastExchange(); number++) {
        ExchangeState state = exchanges.get(scope, key(flow, number));
        if (state != null && !(openOnly && state.getEnded())) {
          numbers.add(number);
        }
      }
      return numbers;
    }
    exchanges.ofFlow(scope, flow.getFlow().getFlowId(), (key, state) -> {
      if (!(openOnly && state.getEnded())) {
        numbers.add(state.getNumber());
      }
    });
    return numbers;
  }

  /** Completes, keeps and tells what the batch touched. */
  private void tell(Scope scope, FlowState flow) {
    for (Touched each : touched.values()) {
      ExchangeState state = each.state();
      Exchange row = state.getRow();
      Rows.dress(row, flow, state.getNumber());
      if (state.getEnded() && !state.getRequestSeen()) {
        Observed.date(row, flow.getFlow().getLastSeen());
      }
      complete(state, rules.type(row.getFlowType()).kind());
      boolean rpc = state.getRpcRequests() >= 0;
      if (rpc) {
        keep(scope, flow, each);
        out.carrier(scope, flow, state);
      } else if (state.getRequestSeen() || state.getEnded()) {
        boolean news = each.told() == null || !each.told().equals(row);
        if (news && state.getPublished()) {
          revise(state);
        }
        state.setPublished(true);
        keep(scope, flow, each);
        if (news) {
          out.exchange(scope, each.told(), row);
        }
      } else {
        keep(scope, flow, each); // the answer came early: its request is not complete yet
      }
    }
    touched.clear();
  }

  private void keep(Scope scope, FlowState flow, Touched each) {
    ExchangeState state = each.state();
    exchanges.put(scope, key(flow, state.getNumber()), state);
    if (state.getRpcRequests() < 0) {
      timer(scope, flow, each);
    }
    if (state.getEnded() && !each.wasEnded()) {
      long old = state.getNumber() - limits.revisable();
      ExchangeState before = old < 0 ? null : exchanges.get(scope, key(flow, old));
      if (before != null && before.getEnded()) {
        exchanges.remove(scope, key(flow, old));
      }
    }
  }

  private void timer(Scope scope, FlowState flow, Touched each) {
    Exchange row = each.state().getRow();
    if (row.getRequestEnd() == null) {
      return;
    }
    boolean waits =
        each.state().getRequestSeen() && !each.state().getEnded() && row.getResponseStart() == null;
    boolean waited =
        each.told() != null && !each.wasEnded() && each.told().getResponseStart() == null;
    long due = row.getRequestEnd() + limits.patience();
    if (waits && !waited) {
      timers.set(scope, TIMER, due, StateKeys.of(key(flow, each.state().getNumber())));
    } else if (waited && !waits) {
      timers.clear(scope, TIMER, due, StateKeys.of(key(flow, each.state().getNumber())));
    }
  }

  private static void complete(ExchangeState state, FlowType.Kind kind) {
    Exchange row = state.getRow();
    Rows.derive(row, state.getFirstChunk(), state.getFirstToken());
    if (state.getMcpMethod() != null && state.getRpcRequests() < 0) {
      Observed.readMcpHeaders(state);
    } else if (kind == FlowType.Kind.MODEL && row.getMethod() != null) {
      String byPath = ModelApis.operationOfPath(row.getMethod(), row.getPath());
      if (!state.getModelCall() && byPath != null) {
        row.setOperation(byPath);
      }
      row.setHousekeeping(!state.getModelCall() && byPath == null);
    } else if (row.getMethod() != null) {
      row.setHousekeeping(kind == FlowType.Kind.TOOL);
    }
  }

  private static void revise(ExchangeState state) {
    state.getRow().setRevision(state.getRow().getRevision() + 1);
  }

  private static PartKey key(FlowState flow, long number) {
    return new PartKey(flow.getFlow().getFlowId(), number, null);
  }
}
