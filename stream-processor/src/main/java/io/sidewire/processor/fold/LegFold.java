package io.sidewire.processor.fold;

import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.ExchangeCount;
import io.sidewire.schemas.Knowledge;
import io.sidewire.schemas.Process;
import io.sidewire.schemas.RpcDirection;

/**
 * Calls that a gateway on this host passes on: one call in, the same call out, linked by the gateway's process and by
 * nesting in time.
 *
 * <pre>
 * agent ──── outer: begins ──────────────────────────── ends     server process: the gateway
 * gateway          └── inner: begins ──── ends                   client process: the gateway
 * </pre>
 *
 * <p>A call has one inner leg, and one more for each that failed: what a process asks besides, while it answers, is its
 * own. Legs that share a client hello are linked by {@link FlowFold}. Files know no processes.
 */
public final class LegFold {
  private static final String PASSING = "s";
  private static final String INNER = "d";
  private static final String OUTER = "u";
  private static final String TIMER = "leg";
  private static final long OPEN = Long.MAX_VALUE;

  private final FlowTypeRules rules;
  private final Limits limits;
  private final StateMap<Knowledge> known;
  private final Timers timers;

  public LegFold(FlowTypeRules rules, Limits limits, StateMap<Knowledge> known, Timers timers) {
    this.rules = rules;
    this.limits = limits;
    this.known = known;
    this.timers = timers;
  }

  /** The row as it was told before; null: it was not. */
  public Exchange told(Scope scope, Exchange old) {
    return old == null || call(scope, old) == null ? old : shown(scope, old);
  }

  /** The row with its leg, where it has one. */
  public Exchange link(Scope scope, Exchange row) {
    String call = call(scope, row);
    if (call == null) {
      return row;
    }
    String passing = null;
    if (hasPid(row.getServerProcess())) {
      passing = key(scope, PASSING, row.getServerProcess(), row.getExchangeId());
      long end = Rows.isOpen(row) ? OPEN : ExchangeCount.endOf(row);
      known.put(passing, new Knowledge(row.getExchangeId(), call, row.getRequestStart(), end));
    }
    if (hasPid(row.getProcess()) && !row.getProcess().equals(row.getServerProcess())) {
      passedOn(scope, row, call);
    }
    if (!Rows.isOpen(row)) {
      forgetLater(scope, row, passing);
    }
    return shown(scope, row);
  }

  /** A tick came: what ended long ago takes no more corrections. */
  public void onClock(Scope scope) {
    timers.take(scope, TIMER).forEach(known::remove);
  }

  public void onEnd(Scope scope) {
    for (String kind : new String[] {PASSING, INNER, OUTER}) {
      known.removePrefix(StateKeys.prefix(kind, scope.key()));
    }
    timers.drop(scope, TIMER);
  }

  private void passedOn(Scope scope, Exchange row, String call) {
    String innerKey = key(scope, INNER, row.getExchangeId());
    Knowledge inner = known.get(innerKey);
    if (inner == null) {
      Knowledge outer = outerOf(scope, row, call);
      if (outer == null) {
        return;
      }
      inner = new Knowledge(outer.getValue(), call, row.getRequestStart(), OPEN);
      known.put(innerKey, inner);
      known.put(
          key(scope, OUTER, outer.getValue()),
          new Knowledge(row.getExchangeId(), call, row.getRequestStart(), OPEN));
    }
    if (!Rows.isOpen(row) && row.getError() != null) { // the gateway may try once more
      known.put(
          key(scope, OUTER, inner.getValue()),
          new Knowledge("", call, row.getRequestStart(), OPEN));
    }
  }

  /** Of the calls that the process answers at that time, the first that has no inner leg yet. */
  private Knowledge outerOf(Scope scope, Exchange row, String call) {
    Knowledge[] found = {null};
    known.prefix(StateKeys.prefix(PASSING, scope.key(), text(row.getProcess())), (key, passing) -> {
      boolean encloses = passing.getTime() <= row.getRequestStart()
          && passing.getExpires() >= row.getRequestStart();
      boolean earlier = found[0] == null || passing.getTime() < found[0].getTime();
      if (encloses && earlier && passing.getBasis().equals(call) && isFree(scope, passing)) {
        found[0] = passing;
      }
    });
    return found[0];
  }

  private boolean isFree(Scope scope, Knowledge passing) {
    Knowledge outer = known.get(key(scope, OUTER, passing.getValue()));
    return outer == null || outer.getValue().isEmpty();
  }

  private Exchange shown(Scope scope, Exchange row) {
    Knowledge inner = known.get(key(scope, INNER, row.getExchangeId()));
    boolean outer = inner == null && known.get(key(scope, OUTER, row.getExchangeId())) != null;
    if (inner == null && !outer) {
      return row;
    }
    Exchange shown = Rows.copy(row);
    shown.setLeg(outer ? "outer" : "inner");
    shown.setViaExchangeId(outer ? null : inner.getValue());
    return shown;
  }

  private void forgetLater(Scope scope, Exchange row, String passing) {
    long ended = Math.max(scope.clock(), ExchangeCount.endOf(row));
    long due = ended + limits.openTypeMemory();
    if (passing != null) { // soon: each call of the process looks through those that it answers
      timers.set(scope, TIMER, ended + limits.idle(), passing);
    }
    for (String kind : new String[] {INNER, OUTER}) {
      String key = key(scope, kind, row.getExchangeId());
      if (known.get(key) != null) {
        timers.set(scope, TIMER, due, key);
      }
    }
  }

  /** What is called, alike on both legs; null: nothing that is passed on, or its leg is known. */
  private String call(Scope scope, Exchange row) {
    if (scope.file()
        || row.getLeg() != null
        || row.getHousekeeping()
        || row.getRequestStart() == null) {
      return null;
    }
    return switch (Rows.kind(rules, row)) {
      case MODEL -> ModelCalls.generates(row) ? "model" : null;
      case TOOL ->
        McpMethods.TOOL_CALL.equals(row.getOperation())
                && row.getRpcDirection() == RpcDirection.TO_SERVER
            ? "tool:" + row.getTarget()
            : null;
      case OTHER -> null;
    };
  }

  private static boolean hasPid(Process process) {
    return process != null && process.getPid() != null;
  }

  private static String text(Process process) {
    String container = process.getContainerId() == null ? "" : process.getContainerId();
    return process.getPid() + ":" + StateKeys.text(container);
  }

  private static String key(Scope scope, String kind, Process process, String exchangeId) {
    return StateKeys.of(kind, scope.key(), text(process), StateKeys.text(exchangeId));
  }

  private static String key(Scope scope, String kind, String exchangeId) {
    return StateKeys.of(kind, scope.key(), StateKeys.text(exchangeId));
  }
}
