package io.sidewire.processor.fold;

import java.util.ArrayList;
import java.util.List;

/** What is due at which packet time, by scope and kind. */
public final class Timers {
  private final StateMap<String> due;

  public Timers(StateMap<String> due) {
    this.due = due;
  }

  void set(Scope scope, String kind, long at, String id) {
    due.put(key(scope, kind, at, id), id);
  }

  void clear(Scope scope, String kind, long at, String id) {
    due.remove(key(scope, kind, at, id));
  }

  /** Takes what is due at the clock of the scope, in order of time. */
  List<String> take(Scope scope, String kind) {
    var ids = new ArrayList<String>();
    String prefix = StateKeys.prefix(scope.key(), kind);
    due.range(prefix, prefix + StateKeys.number(scope.clock() + 1), (key, id) -> {
      due.remove(key);
      ids.add(id);
    });
    return ids;
  }

  void drop(Scope scope, String kind) {
    due.removePrefix(StateKeys.prefix(scope.key(), kind));
  }

  private static String key(Scope scope, String kind, long at, String id) {
    return StateKeys.of(scope.key(), kind, StateKeys.number(at), id);
  }
}
