package io.sidewire.processor.fold;

import io.sidewire.schemas.Endpoint;
import io.sidewire.schemas.ExchangeCount;
import io.sidewire.schemas.FlowState;
import io.sidewire.schemas.Knowledge;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What flows taught about others: the type of an endpoint, the name of an address, which flow carried a connection
 * first. All of it expires.
 *
 * <p>Beside it, the flows of each endpoint whose type is open, so that later evidence finds them.
 */
final class EndpointKnowledge {
  static final String BY_CONTENT = "content";
  static final String BY_NAME = "name";

  private static final String ENDPOINT = "e";
  private static final String NAME = "n";
  private static final String OPEN_FLOW = "u";
  private static final String LEG = "l";
  private static final String TIMER = "knowledge";

  private static final Set<String> PLAIN = Set.of("http", "http2", "websocket");
  private static final Set<String> SEALED = Set.of("tls");
  /** Shortest time that a DNS answer explains connections: they outlive the record's own time to live. */
  private static final long NAME_MICROS = 600_000_000L;

  private static final long LEG_MICROS = 60_000_000L;

  private final StateMap<Knowledge> known;
  private final Timers timers;
  private final Limits limits;

  EndpointKnowledge(StateMap<Knowledge> known, Timers timers, Limits limits) {
    this.known = known;
    this.timers = timers;
    this.limits = limits;
  }

  /** The type that others gave this endpoint, where it may speak for this flow; else null. */
  String typeFor(Scope scope, FlowState flow, long now) {
    Endpoint server = flow.getFlow().getServer();
    Knowledge type =
        known.get(StateKeys.of(ENDPOINT, scope.knowledgeKey(), ExchangeCount.text(server)));
    if (type == null || Math.abs(now - type.getTime()) > limits.endpointMemory()) {
      return null;
    }
    // A flow that shows what it is speaks for itself. A name says what a TLS server is; not what a
    // plain one is.
    Set<String> silent = type.getBasis().equals(BY_CONTENT) ? PLAIN : SEALED;
    boolean showsItself = flow.getHello() || !silent.containsAll(flow.getContent());
    return showsItself ? null : type.getValue();
  }

  /** True where this is news, so that the open flows of the endpoint must be asked again. */
  boolean learnType(Scope scope, Endpoint server, String type, String basis, long now) {
    String key = StateKeys.of(ENDPOINT, scope.knowledgeKey(), ExchangeCount.text(server));
    Knowledge before = known.get(key);
    boolean stands = before != null
        && before.getValue().equals(type)
        && Math.abs(now - before.getTime()) < limits.endpointMemory() / 2;
    boolean weaker = before != null
        && before.getBasis().equals(BY_CONTENT)
        && basis.equals(BY_NAME)
        && Math.abs(now - before.getTime()) < limits.endpointMemory();
    if (stands || weaker) {
      return false;
    }
    keep(scope, key, new Knowledge(type, basis, now, now + limits.endpointMemory()));
    return before == null || !before.getValue().equals(type);
  }

  void learnName(Scope scope, String address, String name, long now, long ttlMicros) {
    String key = StateKeys.of(NAME, scope.knowledgeKey(), StateKeys.text(address));
    Knowledge before = known.get(key);
    if (before != null
        && before.getValue().equals(name)
        && now - before.getTime() < NAME_MICROS / 2) {
      return;
    }
    keep(scope, key, new Knowledge(name, "dns", now, now + Math.max(ttlMicros, NAME_MICROS)));
  }

  /** The name that an address was asked by, or null. */
  String nameOf(Scope scope, String address) {
    Knowledge name = known.get(StateKeys.of(NAME, scope.knowledgeKey(), StateKeys.text(address)));
    return name == null ? null : name.getValue();
  }

  /** The other flow that carried a connection with this client hello, or null; the first to come is remembered. */
  Knowledge otherLeg(Scope scope, String randomHash, String flowId, long time) {
    String key = StateKeys.of(LEG, scope.key(), StateKeys.text(randomHash));
    Knowledge first = known.get(key);
    if (first == null) {
      keep(scope, key, new Knowledge(flowId, "hello", time, time + LEG_MICROS));
      return null;
    }
    return first.getValue().equals(flowId) ? null : first;
  }

  void addOpen(Scope scope, Endpoint server, String flowId) {
    known.put(
        StateKeys.of(OPEN_FLOW, scope.key(), ExchangeCount.text(server), flowId),
        new Knowledge(flowId, "flow", 0L, 0L));
  }

  void removeOpen(Scope scope, Endpoint server, String flowId) {
    known.remove(StateKeys.of(OPEN_FLOW, scope.key(), ExchangeCount.text(server), flowId));
  }

  List<String> openFlows(Scope scope, Endpoint server) {
    var ids = new ArrayList<String>();
    known.prefix(
        StateKeys.prefix(OPEN_FLOW, scope.key(), ExchangeCount.text(server)),
        (key, flow) -> ids.add(flow.getValue()));
    return ids;
  }

  void onClock(Scope scope) {
    for (String key : timers.take(scope, TIMER)) {
      Knowledge knowledge = known.get(key);
      if (knowledge != null && knowledge.getExpires() <= scope.clock()) {
        known.remove(key);
      }
    }
  }

  void onEnd(Scope scope) {
    known.removePrefix(StateKeys.prefix(OPEN_FLOW, scope.key()));
    known.removePrefix(StateKeys.prefix(LEG, scope.key()));
    if (scope.file()) {
      known.removePrefix(StateKeys.prefix(ENDPOINT, scope.knowledgeKey()));
      known.removePrefix(StateKeys.prefix(NAME, scope.knowledgeKey()));
      timers.drop(scope, TIMER);
    }
  }

  private void keep(Scope scope, String key, Knowledge knowledge) {
    known.put(key, knowledge);
    timers.set(scope, TIMER, knowledge.getExpires(), key);
  }
}
