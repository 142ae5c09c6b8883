package io.sidewire.processor.fold;

import io.sidewire.schemas.RpcAnswer;
import io.sidewire.schemas.RpcDirection;
import io.sidewire.schemas.RpcEntry;
import io.sidewire.schemas.RpcState;
import io.sidewire.schemas.RpcWaiting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Open JSON-RPC calls that wait for an answer, and answers that wait for their call.
 *
 * <p>Two flows reach the fold in batches of their own, so an answer may come before its call. Both wait under the peers
 * (client address and server endpoint), the session, the direction and the typed id.
 */
final class RpcWaitingRoom {
  private static final String CALL = "o";
  private static final String ANSWER = "a";
  private static final String NO_SESSION = "-";

  private final StateMap<RpcWaiting> waiting;
  /** Answers that wait, by scope; absent: not counted yet. Mostly there is none, which spares a look. */
  private final Map<String, Integer> answers = new HashMap<>();

  RpcWaitingRoom(StateMap<RpcWaiting> waiting) {
    this.waiting = waiting;
  }

  /** An id as text that keeps its type: 1 is not "1". */
  static String typed(Object id) {
    return id instanceof Number ? "n" + id : "s" + StateKeys.text(String.valueOf(id));
  }

  /** A call begins to wait; the key is where it does. */
  String add(
      Scope scope,
      String peers,
      String session,
      RpcDirection direction,
      RpcState state,
      RpcEntry call) {
    var item = new RpcWaiting(
        peers,
        direction.name(),
        typed(call.getCall().getId()),
        session,
        state.getHttp().getFlowId(),
        state.getNumber(),
        call.getSuffix(),
        call.getCall().getStart(),
        null);
    String key = key(CALL, scope, item);
    waiting.put(key, item);
    return key;
  }

  void remove(String key) {
    waiting.remove(key);
  }

  /** The earliest call of this session that the answer can be for, or null. */
  RpcWaiting callFor(
      Scope scope, String peers, String session, RpcDirection direction, Object id, long before) {
    return calls(scope, peers, session).stream()
        .filter(call -> call.getDirection().equals(direction.name()))
        .filter(call -> call.getId().equals(typed(id)) && call.getStart() <= before)
        .findFirst()
        .orElse(null);
  }

  /** Open calls of one session, or of all sessions where it is null, by start. */
  List<RpcWaiting> calls(Scope scope, String peers, String session) {
    String prefix = session == null
        ? StateKeys.prefix(CALL, scope.key(), peers)
        : StateKeys.prefix(CALL, scope.key(), peers, StateKeys.text(session));
    return byStart(prefix);
  }

  /** An answer whose call was not seen yet. */
  void addAnswer(
      Scope scope,
      String peers,
      String session,
      RpcDirection direction,
      Object id,
      RpcAnswer answer) {
    var item = new RpcWaiting(
        peers,
        direction.name(),
        typed(id),
        session,
        answer.getFlowId(),
        answer.getExchange(),
        Integer.toString(answer.getIndex()),
        answer.getStart(),
        answer);
    waiting.put(key(ANSWER, scope, item), item);
    answers.computeIfPresent(scope.key(), (k, count) -> count + 1);
  }

  /** Takes the earliest answer of this session for a call that began at {@code start}, or null. */
  RpcAnswer takeAnswer(
      Scope scope, String peers, String session, RpcDirection direction, Object id, long start) {
    String prefix = StateKeys.prefix(
        ANSWER,
        scope.key(),
        peers,
        session == null ? NO_SESSION : StateKeys.text(session),
        direction.name(),
        typed(id));
    if (session == null || answers.getOrDefault(scope.key(), 1) == 0) {
      return null;
    }
    for (RpcWaiting item : byStart(prefix)) {
      if (item.getStart() >= start) {
        removeAnswer(scope, item);
        return item.getAnswer();
      }
    }
    return null;
  }

  /** All answers that wait, by start. */
  List<RpcWaiting> answers(Scope scope) {
    if (answers.getOrDefault(scope.key(), 1) == 0) {
      return List.of();
    }
    List<RpcWaiting> found = byStart(StateKeys.prefix(ANSWER, scope.key()));
    answers.put(scope.key(), found.size());
    return found;
  }

  void removeAnswer(Scope scope, RpcWaiting item) {
    waiting.remove(key(ANSWER, scope, item));
    answers.computeIfPresent(scope.key(), (k, count) -> count - 1);
  }

  void onEnd(Scope scope) {
    answers.remove(scope.key());
    waiting.removePrefix(StateKeys.prefix(CALL, scope.key()));
    waiting.removePrefix(StateKeys.prefix(ANSWER, scope.key()));
  }

  private List<RpcWaiting> byStart(String prefix) {
    var found = new ArrayList<RpcWaiting>();
    waiting.prefix(prefix, (key, item) -> found.add(item));
    found.sort(Comparator.comparingLong(RpcWaiting::getStart)
        .thenComparing(RpcWaiting::getFlowId)
        .thenComparing(RpcWaiting::getNumber)
        .thenComparing(RpcWaiting::getSuffix));
    return found;
  }

  private static String key(String kind, Scope scope, RpcWaiting item) {
    return StateKeys.of(
        kind,
        scope.key(),
        item.getPeers(),
        item.getSessionHash() == null ? NO_SESSION : StateKeys.text(item.getSessionHash()),
        item.getDirection(),
        item.getId(),
        StateKeys.text(item.getFlowId()),
        StateKeys.number(item.getNumber()),
        item.getSuffix());
  }
}
