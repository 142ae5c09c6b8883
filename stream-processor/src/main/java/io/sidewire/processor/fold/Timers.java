package io.sidewire.processor.fold;

import java.util.ArrayList;
import java.util.List;

/** What is due at which packet time, by scope and kind. */
public final class Timers {
  private final StateMap<String> due;
  private final Earliest earliest;

  public Timers(StateMap<String> due) {
    this.due = due;
    this.earliest = new Earliest(due);
  }

  void set(Scope scope, String kind, long at, String id) {
    due.put(key(scope, kind, at, id), id);
    earliest.put(StateKeys.prefix(scope.key(), kind), at);
  }

  void clear(Scope scope, String kind, long at, String id) {
    due.remove(key(scope, kind, at, id));
  }

  /** Takes what is due at the clock of the scope, in order of time. */
  List<String> take(Scope scope, String kind) {
    String prefix = StateKeys.prefix(scope.key(), kind);
    if (!earliest.mayBeDue(prefix, scope.clock())) {
      return List.of();
    }
    var ids = new ArrayList<String>();
    String end = prefix + StateKeys.number(scope.clock() + 1);
    due.range(prefix, end, (key, id) -> {
      due.remove(key);
      ids.add(id);
    });
    earliest.taken(prefix, end);
    return ids;
  }

  void drop(Scope scope, String kind) {
    String prefix = StateKeys.prefix(scope.key(), kind);
    due.removePrefix(prefix);
    earliest.forget(prefix);
  }

  private static String key(Scope scope, String kind, long at, String id) {
    return StateKeys.of(scope.key(), kind, StateKeys.number(at), id);
  }
}
