package io.sidewire.processor.fold;

import io.sidewire.processor.fold.InteractionRows.Role;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.ExchangeCount;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.InteractionEntry;
import io.sidewire.schemas.InteractionState;
import io.sidewire.schemas.Process;
import io.sidewire.schemas.RpcDirection;
import io.sidewire.schemas.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Calls of one client that follow each other, folded into the turns or runs of an agent.
 *
 * <p>Exchanges wait until the clock of their capture has passed their start, and are taken in the order of their starts:
 * what comes of them does not depend on which flow's batch came first. An interaction ends after an idle gap from the
 * end of its last exchange, which no exchange may be open in. A model's final answer ends it at once; should the client
 * go on within the gap, it is open again, for the gap alone divides what no reader of encrypted calls could.
 */
public final class InteractionFold {

  /** Takes the rows; they are live: what is kept must be copied. */
  @FunctionalInterface
  public interface Out {
    void interaction(Scope scope, Interaction row);
  }

  /** The process of a flow is often known some dozen milliseconds after its first call. */
  private static final long PROCESS_PATIENCE = 300_000;

  private static final String INTERACTION = "i";
  private static final String WAITING = "w";
  private static final String TAKEN = "x";

  private final FlowTypeRules rules;
  private final Limits limits;
  private final StateMap<InteractionState> interactions;
  private final StateMap<InteractionEntry> entries;
  private final Out out;
  private final Map<String, InteractionState> touched = new LinkedHashMap<>();
  private final Earliest earliest;
  /** Keys of the interactions of each scope; absent: not looked up yet. */
  private final Map<String, Set<String>> current = new HashMap<>();

  public InteractionFold(
      FlowTypeRules rules,
      Limits limits,
      StateMap<InteractionState> interactions,
      StateMap<InteractionEntry> entries,
      Out out) {
    this.rules = rules;
    this.limits = limits;
    this.interactions = interactions;
    this.entries = entries;
    this.earliest = new Earliest(entries);
    this.out = out;
  }

  /** An exchange came or changed; {@link #flush} follows. */
  public void accept(Scope scope, Exchange old, Exchange row) {
    Role role = role(row);
    Role oldRole = old == null ? Role.NONE : role(old);
    if (role == Role.NONE && oldRole == Role.NONE) {
      return;
    }
    if (oldRole == Role.NONE) {
      await(scope, row);
      return;
    }
    String waitingKey = waitingKey(scope, old);
    if (entries.get(waitingKey) != null) {
      entries.remove(waitingKey);
      if (role != Role.NONE) {
        await(scope, row);
      }
      return;
    }
    for (String key : keys(scope, row)) {
      if (entries.get(takenKey(scope, key, row.getExchangeId())) != null) {
        update(scope, key, old, oldRole, row, role);
        return;
      }
    }
    // Its interaction is history: too late to correct it.
  }

  /** A tick came: takes what began before the clock, ends what is idle. */
  public void onClock(Scope scope) {
    takeWaiting(scope, scope.clock());
    for (String key : List.copyOf(current(scope))) {
      String mapKey = mapKey(scope, key);
      InteractionState state = find(mapKey);
      long idle = scope.clock() - state.getRow().getEnd();
      if (state.getOpen().isEmpty() && idle > limits.idle()) {
        if (state.getRow().getState().equals("open")) {
          end(state, "idle");
          touched.put(mapKey, state);
        } else if (idle > limits.interactionMemory() && !touched.containsKey(mapKey)) {
          forget(scope, key);
        }
      }
    }
    flush(scope);
  }

  /** The capture ended: takes what is left and ends everything. */
  public void onEnd(Scope scope) {
    takeWaiting(scope, Long.MAX_VALUE - 1);
    flush(scope);
    interactions.prefix(StateKeys.prefix(INTERACTION, scope.key()), (mapKey, state) -> {
      if (state.getRow().getState().equals("open")) {
        boolean idle = scope.clock() - state.getRow().getEnd() > limits.idle();
        end(state, idle ? "idle" : "capture_ended");
        tell(scope, state);
      }
      interactions.remove(mapKey);
    });
    entries.removePrefix(StateKeys.prefix(TAKEN, scope.key()));
    earliest.forget(StateKeys.prefix(WAITING, scope.key()));
    current.remove(scope.key());
  }

  /** Keeps and tells the interactions that changed. */
  public void flush(Scope scope) {
    touched.forEach((mapKey, state) -> {
      tell(scope, state);
      interactions.put(mapKey, state);
    });
    touched.clear();
  }

  private void tell(Scope scope, InteractionState state) {
    InteractionRows.times(state);
    state.getRow().setRevision(state.getRow().getRevision() + 1);
    out.interaction(scope, state.getRow());
  }

  private void await(Scope scope, Exchange row) {
    entries.put(waitingKey(scope, row), new InteractionEntry(Rows.copy(row)));
    earliest.put(StateKeys.prefix(WAITING, scope.key()), due(scope, row));
  }

  private void takeWaiting(Scope scope, long until) {
    String prefix = StateKeys.prefix(WAITING, scope.key());
    if (!earliest.mayBeDue(prefix, until)) {
      return;
    }
    String end = prefix + StateKeys.number(until + 1);
    entries.range(prefix, end, (key, entry) -> {
      entries.remove(key);
      take(scope, entry.getWaiting());
    });
    earliest.taken(prefix, end);
  }

  private Set<String> current(Scope scope) {
    return current.computeIfAbsent(scope.key(), k -> {
      Set<String> keys = new LinkedHashSet<>();
      interactions.prefix(
          StateKeys.prefix(INTERACTION, k), (mapKey, state) -> keys.add(StateKeys.last(mapKey)));
      return keys;
    });
  }

  private void take(Scope scope, Exchange row) {
    Role role = role(row);
    boolean byProcess = hasProcess(scope, row);
    String key = byProcess ? processKey(row.getProcess()) : addressKey(row);
    String mapKey = mapKey(scope, key);
    InteractionState state = find(mapKey);
    boolean follows = state != null
        && (!state.getOpen().isEmpty()
            || row.getRequestStart() - state.getRow().getEnd() <= limits.idle());
    if (role == Role.ASIDE && !follows) {
      return;
    }
    if (!follows) {
      if (state != null) {
        if (state.getRow().getState().equals("open")) {
          end(state, "idle");
          tell(scope, state);
        }
        forget(scope, key);
      }
      state = InteractionRows.begin(scope, row, row.getClient().getAddress(), byProcess);
    }
    InteractionRows.startAt(state.getRow(), row.getRequestStart());
    if (role == Role.MODEL && !byProcess && overlapsModel(state, row)) {
      state.getRow().setAmbiguous(true);
    }
    Step repeated = role == Role.MODEL ? ModelCalls.takeBrokenAttempt(state.getRow(), row) : null;
    if (repeated != null) {
      state.getRow().setModelCalls(state.getRow().getModelCalls() - 1);
      entries.remove(takenKey(scope, key, repeated.getExchangeId()));
    }
    add(state, row, role);
    touched.put(mapKey, state);
    current(scope).add(key);
    entries.put(takenKey(scope, key, row.getExchangeId()), new InteractionEntry());
  }

  private void update(
      Scope scope, String key, Exchange old, Role oldRole, Exchange row, Role role) {
    String mapKey = mapKey(scope, key);
    InteractionState state = find(mapKey);
    if (state == null) {
      return;
    }
    InteractionRows.count(state.getRow(), old, oldRole, -1);
    state.getOpen().remove(openId(old, oldRole));
    if (role == Role.NONE) {
      InteractionRows.removeStep(state.getRow(), old);
      entries.remove(takenKey(scope, key, row.getExchangeId()));
      settle(state, row, role);
    } else {
      add(state, row, role);
    }
    touched.put(mapKey, state);
  }

  private void add(InteractionState state, Exchange row, Role role) {
    Interaction interaction = state.getRow();
    InteractionRows.count(interaction, row, role, 1);
    InteractionRows.step(interaction, row, limits.steps());
    if (role == Role.ASIDE) {
      return;
    }
    long start = row.getRequestStart();
    long end = ExchangeCount.endOf(row);
    interaction.setEnd(Math.max(interaction.getEnd(), end));
    if (Rows.isOpen(row)) {
      state.getOpen().add(openId(row, role));
    } else {
      Spans.add(role == Role.MODEL ? state.getModel() : state.getTool(), start, end);
      Spans.add(state.getAny(), start, end);
    }
    settle(state, row, role);
  }

  /** Open again, or ended by a final answer. */
  private static void settle(InteractionState state, Exchange row, Role role) {
    boolean isLast = ExchangeCount.endOf(row) >= state.getRow().getEnd();
    if (isLast || Rows.isOpen(row)) {
      state.setFinalAnswer(role == Role.MODEL && InteractionRows.isFinalAnswer(row));
    }
    if (state.getOpen().isEmpty() && state.getFinalAnswer()) {
      end(state, "final_answer");
    } else {
      state.getRow().setState("open");
      state.getRow().setEndedBy(null);
    }
  }

  private static void end(InteractionState state, String by) {
    state.getRow().setState("ended");
    state.getRow().setEndedBy(by);
  }

  private void forget(Scope scope, String key) {
    entries.removePrefix(StateKeys.prefix(TAKEN, scope.key(), key));
    interactions.remove(mapKey(scope, key));
    current(scope).remove(key);
    touched.remove(mapKey(scope, key));
  }

  private InteractionState find(String mapKey) {
    InteractionState state = touched.get(mapKey);
    return state != null ? state : interactions.get(mapKey);
  }

  private static boolean overlapsModel(InteractionState state, Exchange row) {
    return state.getOpen().stream().anyMatch(id -> id.startsWith("m:"))
        || Spans.overlaps(state.getModel(), row.getRequestStart(), ExchangeCount.endOf(row));
  }

  private Role role(Exchange row) {
    if (row.getHousekeeping()
        || !ExchangeCount.isCountedOnce(row)
        || row.getRequestStart() == null) {
      return Role.NONE;
    }
    return switch (Rows.kind(rules, row)) {
      case MODEL -> ModelCalls.generates(row) ? Role.MODEL : Role.NONE;
      case TOOL -> toolRole(row);
      case OTHER -> Role.NONE;
    };
  }

  private static Role toolRole(Exchange row) {
    if (!"mcp".equals(row.getProtocol())) {
      return row.getProtocol().equals("tls") ? Role.TOOL : Role.NONE;
    }
    boolean toolCall = McpMethods.TOOL_CALL.equals(row.getOperation())
        && row.getRpcDirection() == RpcDirection.TO_SERVER;
    return toolCall ? Role.TOOL : Role.ASIDE;
  }

  /** The keys under which an exchange may have been taken: its process may have become known since. */
  private List<String> keys(Scope scope, Exchange row) {
    var keys = new ArrayList<String>(2);
    if (hasProcess(scope, row)) {
      keys.add(processKey(row.getProcess()));
    }
    keys.add(addressKey(row));
    return keys;
  }

  private static boolean hasProcess(Scope scope, Exchange row) {
    return !scope.file() && row.getProcess() != null && row.getProcess().getPid() != null;
  }

  private static String processKey(Process process) {
    String container = process.getContainerId() == null ? "" : process.getContainerId();
    return "p:" + process.getPid() + ":" + StateKeys.text(container);
  }

  private static String addressKey(Exchange row) {
    return "a:" + StateKeys.text(row.getClient().getAddress());
  }

  private static String openId(Exchange row, Role role) {
    return (role == Role.MODEL ? "m:" : "t:") + row.getExchangeId();
  }

  private static String mapKey(Scope scope, String key) {
    return StateKeys.of(INTERACTION, scope.key(), key);
  }

  private static String waitingKey(Scope scope, Exchange row) {
    return StateKeys.of(
        WAITING,
        scope.key(),
        StateKeys.number(due(scope, row)),
        StateKeys.text(row.getExchangeId()));
  }

  /** Where the clock must have come before a call is taken: behind its start, and its process be known or given up. */
  private static long due(Scope scope, Exchange row) {
    long start = row.getRequestStart() == null ? 0 : row.getRequestStart();
    return scope.file() || row.getProcess() != null ? start : start + PROCESS_PATIENCE;
  }

  private static String takenKey(Scope scope, String key, String exchangeId) {
    return StateKeys.of(TAKEN, scope.key(), key, StateKeys.text(exchangeId));
  }
}
