package io.sidewire.processor.fold;

import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.McpTransport;
import io.sidewire.schemas.RpcAnswer;
import io.sidewire.schemas.RpcCall;
import io.sidewire.schemas.RpcSession;

/** MCP sessions: which stream belongs to which, and what was agreed when one began. */
final class RpcSessions {
  private static final String STREAM = "m";
  private static final String SESSION = "i";
  private static final String TIMER = "session";

  private final StateMap<RpcSession> sessions;
  private final Timers timers;
  private final Limits limits;
  private final boolean oneFlow;

  RpcSessions(StateMap<RpcSession> sessions, Timers timers, Limits limits, boolean oneFlow) {
    this.oneFlow = oneFlow;
    this.sessions = sessions;
    this.timers = timers;
    this.limits = limits;
  }

  /** This exchange's answer is a stream of that session. */
  void bindStream(Scope scope, String flowId, long exchange, String session, McpTransport how) {
    String key = streamKey(scope, flowId, exchange);
    RpcSession before = sessions.get(key);
    if (before == null || before.getTransport() == McpTransport.UNKNOWN) {
      var bound = new RpcSession();
      bound.setSessionHash(session);
      bound.setTransport(how);
      sessions.put(key, bound);
    }
  }

  /** The session that the stream belongs to, or null. */
  RpcSession ofStream(Scope scope, String flowId, long exchange) {
    return sessions.get(streamKey(scope, flowId, exchange));
  }

  /** An answered {@code initialize} or {@code server/discover} says who speaks. */
  void learn(Scope scope, Exchange row, RpcCall call, RpcAnswer answer) {
    String version = FlowLearning.orElse(answer.getProtocolVersion(), call.getProtocolVersion());
    if (version == null && answer.getPeerName() == null && call.getPeerName() == null) {
      return;
    }
    String session = FlowLearning.orElse(answer.getSessionHash(), row.getSessionHash());
    String key = sessionKey(scope, session, row.getFlowId());
    RpcSession known = sessions.get(key);
    var learned = known != null ? known : new RpcSession();
    learned.setTransport(row.getMcpTransport());
    learned.setProtocolVersion(FlowLearning.orElse(version, learned.getProtocolVersion()));
    learned.setClientName(FlowLearning.orElse(call.getPeerName(), learned.getClientName()));
    learned.setServerSoftware(FlowLearning.orElse(software(answer), learned.getServerSoftware()));
    sessions.put(key, learned);
    timers.set(scope, TIMER, answer.getEnd() + limits.sessionMemory(), key);
  }

  /** What the session, or the connection where there is none, agreed on; or null. */
  RpcSession of(Scope scope, String session, String flowId) {
    return sessions.get(sessionKey(scope, session, flowId));
  }

  static String software(RpcAnswer answer) {
    if (answer.getPeerName() == null || answer.getPeerVersion() == null) {
      return answer.getPeerName();
    }
    return answer.getPeerName() + "/" + answer.getPeerVersion();
  }

  void onClock(Scope scope) {
    timers.take(scope, TIMER).forEach(sessions::remove);
  }

  void gone(Scope scope, String flowId) {
    sessions.removePrefix(StateKeys.prefix(STREAM, scope.key(), StateKeys.text(flowId)));
    String key = sessionKey(scope, null, flowId);
    sessions.remove(key);
    if (oneFlow) {
      sessions.removePrefix(StateKeys.prefix(key));
    }
  }

  void onEnd(Scope scope) {
    timers.drop(scope, TIMER);
    sessions.removePrefix(StateKeys.prefix(STREAM, scope.key()));
    sessions.removePrefix(StateKeys.prefix(SESSION, scope.key()));
  }

  private static String streamKey(Scope scope, String flowId, long exchange) {
    return StateKeys.of(STREAM, scope.key(), StateKeys.text(flowId), StateKeys.number(exchange));
  }

  private String sessionKey(Scope scope, String session, String flowId) {
    if (session == null || oneFlow) {
      String flow = StateKeys.of(SESSION, scope.key(), "f", StateKeys.text(flowId));
      return session == null ? flow : StateKeys.of(flow, StateKeys.text(session));
    }
    return StateKeys.of(SESSION, scope.key(), "s", StateKeys.text(session));
  }
}
