package io.sidewire.processor.fold;

import io.sidewire.rules.FlowType;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.Evidence;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.ExchangeState;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.FlowState;
import io.sidewire.schemas.McpSession;
import io.sidewire.schemas.McpTransport;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.Request;
import io.sidewire.schemas.ResponseEnd;
import io.sidewire.schemas.RpcAnswer;
import io.sidewire.schemas.RpcCall;
import io.sidewire.schemas.RpcDirection;
import io.sidewire.schemas.RpcEntry;
import io.sidewire.schemas.RpcResult;
import io.sidewire.schemas.RpcSession;
import io.sidewire.schemas.RpcState;
import io.sidewire.schemas.RpcWaiting;
import java.util.ArrayList;

/**
 * JSON-RPC calls paired with their answers, wherever these arrive: in the POST's own answer, on the session's stream of
 * another flow, or on a stream that took over.
 *
 * <p>A call is scoped by session, direction and typed id. Where a stream's session is not known, the answer waits for
 * the clock, so that every call before it is known: one open call with its id is its call; of several, the earliest is
 * taken and marked ambiguous. A cancelled call ends as {@code reset} with the error {@code cancelled}.
 */
public final class RpcFold {

  /** Takes the rows; they are live: what is kept must be copied. */
  @FunctionalInterface
  public interface Out {
    void exchange(Scope scope, Exchange old, Exchange row);
  }

  /** An answer without a call is forgotten after this; batches of two flows are never that far apart. */
  private static final long ORPHAN_MICROS = 60_000_000L;

  private final FlowTypeRules rules;
  private final boolean oneFlow;
  private final RpcSessions sessions;
  private final RpcWaitingRoom waiting;
  private final RpcBook book;

  /** @param oneFlow flows are seen one at a time: a call whose answer takes another flow ends with its POST */
  public RpcFold(
      FlowTypeRules rules,
      Limits limits,
      boolean oneFlow,
      FlowParts<RpcState> states,
      StateMap<RpcSession> sessions,
      StateMap<RpcWaiting> waiting,
      Timers timers,
      Out out) {
    this.rules = rules;
    this.oneFlow = oneFlow;
    this.sessions = new RpcSessions(sessions, timers, limits, oneFlow);
    this.waiting = new RpcWaitingRoom(waiting);
    this.book =
        new RpcBook(rules, limits, oneFlow, states, this.sessions, this.waiting, timers, out);
  }

  /** An HTTP exchange whose body is JSON-RPC came or changed; {@link #accept} or {@link #flush} follows. */
  public void carrier(Scope scope, FlowState flow, ExchangeState http) {
    int calls = http.getRpcRequests() + http.getRpcNotifications();
    if (calls == 0) {
      return; // only answers: they end the server's calls, and are no exchange of their own
    }
    RpcState state = book.touch(scope, flow, http.getNumber(), RpcBook.POST);
    state.setHttp(Rows.copy(http.getRow()));
    state.setRequestSeen(http.getRequestSeen());
    state.setHttpEnded(http.getEnded());
    state.setExpected(calls);
  }

  /** Takes a batch of a flow, after its carriers. */
  public void accept(Scope scope, FlowState flow, PacketBatch batch, boolean flowChanged) {
    boolean tools = kind(flow) == FlowType.Kind.TOOL;
    for (Object seen : batch.getObservations()) {
      if (seen instanceof RpcCall call) {
        call(scope, flow, call);
      } else if (seen instanceof RpcResult result) {
        result(scope, flow, result);
      } else if (seen instanceof McpSession session) {
        sessions.bindStream(
            scope,
            flow.getFlow().getFlowId(),
            session.getExchange(),
            session.getSessionHash(),
            session.getTransport());
      } else if (tools && seen instanceof Request get && get.getSessionHash() != null) {
        bindRequest(scope, flow, get);
      } else if (tools && seen instanceof ResponseEnd end) {
        streamEnded(scope, flow, end);
      }
    }
    if (flowChanged && flow.getRpc()) {
      book.redress(scope, flow);
    }
    book.flush(scope);
  }

  /** The flow's type, name, process or leg changed without a batch. */
  public void changed(Scope scope, FlowState flow) {
    if (flow.getRpc()) {
      book.redress(scope, flow);
    }
    book.flush(scope);
  }

  /** Nothing will come of this flow; calls that wait for another one go on. */
  public void gone(Scope scope, FlowState flow) {
    book.flush(scope);
    if (flow.getRpc()) {
      book.gone(scope, flow.getFlow().getFlowId());
    }
    if (kind(flow) == FlowType.Kind.TOOL) {
      sessions.gone(scope, flow.getFlow().getFlowId());
    }
  }

  /** A tick came: answers without a session find their calls, and patience ends. */
  public void onClock(Scope scope) {
    settle(scope);
    book.onClock(scope);
    sessions.onClock(scope);
  }

  /** The capture ended: what is open ends with it. */
  public void onEnd(Scope scope) {
    settle(scope);
    book.onEnd(scope);
    waiting.onEnd(scope);
    sessions.onEnd(scope);
  }

  private void call(Scope scope, FlowState flow, RpcCall call) {
    boolean toClient = call.getDirection() == RpcDirection.TO_CLIENT;
    if (call.getCancelledId() != null) {
      cancelled(scope, flow, call);
    }
    if (toClient && call.getNotification()) {
      return; // progress and log messages: volume only
    }
    String part = toClient ? "s" + call.getIndex() : RpcBook.POST;
    RpcState state = book.touch(scope, flow, call.getExchange(), part);
    state.setMcp(state.getMcp() || call.getMcp());
    for (RpcEntry known : state.getCalls()) {
      if (known.getCall().getIndex() == call.getIndex()) {
        return;
      }
    }
    var entry = new RpcEntry();
    int rank = state.getCalls().size();
    entry.setSuffix(toClient ? ".s" + call.getIndex() : rank == 0 ? "" : "." + rank);
    entry.setCall(call);
    if (toClient) {
      state.setRequestSeen(true);
      state.setExpected(1);
      Exchange http = state.getHttp();
      http.setProtocol("mcp");
      http.setEvidence(Evidence.DECODED);
      if (call.getSessionHash() == null) {
        call.setSessionHash(sessionOf(scope, flow, call.getExchange()));
      }
    }
    state.getCalls().add(entry);
  }

  private void result(Scope scope, FlowState flow, RpcResult result) {
    var answer = new RpcAnswer();
    answer.setFlowId(flow.getFlow().getFlowId());
    answer.setExchange(result.getExchange());
    answer.setIndex(result.getIndex());
    answer.setStart(result.getStart());
    answer.setEnd(result.getEnd());
    answer.setBytes(result.getBytes());
    answer.setErrorCode(result.getErrorCode());
    answer.setIsError(result.getIsError());
    answer.setTransport(result.getTransport());
    answer.setProtocolVersion(result.getProtocolVersion());
    answer.setPeerName(result.getPeerName());
    answer.setPeerVersion(result.getPeerVersion());
    if (result.getDirection() != RpcDirection.TO_CLIENT
        && answersOwnPost(scope, flow, result, answer)) {
      return;
    }
    String session = result.getSessionHash() != null
        ? result.getSessionHash()
        : sessionOf(scope, flow, result.getExchange());
    answer.setSessionHash(session);
    RpcDirection direction = result.getDirection() == RpcDirection.TO_CLIENT
        ? RpcDirection.TO_CLIENT
        : RpcDirection.TO_SERVER;
    deliver(scope, flow, session, direction, result.getId(), answer);
  }

  private boolean answersOwnPost(Scope scope, FlowState flow, RpcResult result, RpcAnswer answer) {
    String flowId = flow.getFlow().getFlowId();
    if (book.find(scope, flowId, result.getExchange(), RpcBook.POST) == null) {
      return false;
    }
    RpcState post = book.touch(scope, flow, result.getExchange(), RpcBook.POST);
    boolean found = false;
    for (RpcEntry entry : post.getCalls()) {
      boolean asked = !entry.getCall().getNotification()
          && (entry.getAnswer() == null || entry.getAnswer().getCancelled());
      // An error about a request that the server could not read has no id.
      if (asked
          && (result.getId() == null || result.getId().equals(entry.getCall().getId()))) {
        entry.setAnswer(answer);
        found = true;
      }
    }
    return found;
  }

  private void cancelled(Scope scope, FlowState flow, RpcCall call) {
    var answer = new RpcAnswer();
    answer.setFlowId(flow.getFlow().getFlowId());
    answer.setExchange(call.getExchange());
    answer.setIndex(call.getIndex());
    answer.setStart(call.getStart());
    answer.setEnd(call.getEnd());
    answer.setTransport(McpTransport.UNKNOWN);
    answer.setCancelled(true);
    String session = call.getSessionHash() != null
        ? call.getSessionHash()
        : sessionOf(scope, flow, call.getExchange());
    answer.setSessionHash(session);
    deliver(scope, flow, session, call.getDirection(), call.getCancelledId(), answer);
  }

  /** Gives an answer to its call, or lets it wait. */
  private void deliver(
      Scope scope,
      FlowState flow,
      String session,
      RpcDirection direction,
      Object id,
      RpcAnswer answer) {
    String peers = peers(flow);
    RpcWaiting call = session == null
        ? null
        : waiting.callFor(scope, peers, session, direction, id, answer.getStart());
    if (call == null) {
      waiting.addAnswer(scope, peers, session, direction, id, answer);
    } else {
      book.give(scope, call, answer);
    }
  }

  /** Answers that found no call when they came: by now every call before the clock is known. */
  private void settle(Scope scope) {
    for (RpcWaiting item : waiting.answers(scope)) {
      RpcAnswer answer = item.getAnswer();
      String session = FlowLearning.orElse(
          item.getSessionHash(), streamSession(scope, item.getFlowId(), item.getNumber()));
      var candidates = new ArrayList<RpcWaiting>();
      for (RpcWaiting call : waiting.calls(scope, item.getPeers(), null)) {
        boolean sameSession = session == null
            || call.getSessionHash() == null
            || session.equals(call.getSessionHash());
        if (sameSession
            && call.getDirection().equals(item.getDirection())
            && call.getId().equals(item.getId())
            && call.getStart() <= item.getStart()) {
          candidates.add(call);
        }
      }
      if (!candidates.isEmpty()) {
        RpcWaiting call = candidates.get(0);
        answer.setAmbiguous(candidates.size() > 1);
        if (candidates.size() == 1 && call.getSessionHash() != null && !answer.getCancelled()) {
          sessions.bindStream(
              scope,
              item.getFlowId(),
              item.getNumber(),
              call.getSessionHash(),
              answer.getTransport());
        }
        waiting.removeAnswer(scope, item);
        book.give(scope, call, answer);
        book.flush(scope); // the call no longer waits: the next answer must not find it
      } else if (oneFlow || item.getStart() + ORPHAN_MICROS < scope.clock()) {
        // Of one flow, every call before the clock was seen: no other will bring it.
        waiting.removeAnswer(scope, item);
      }
    }
  }

  private void bindRequest(Scope scope, FlowState flow, Request get) {
    if (get.getRpcRequests() < 0) {
      sessions.bindStream(
          scope,
          flow.getFlow().getFlowId(),
          get.getExchange(),
          get.getSessionHash(),
          McpTransport.UNKNOWN);
    }
  }

  /** The stream of a legacy session is over: nothing that waits for it will be answered. */
  private void streamEnded(Scope scope, FlowState flow, ResponseEnd end) {
    RpcSession stream = sessions.ofStream(scope, flow.getFlow().getFlowId(), end.getExchange());
    if (stream == null
        || stream.getTransport() != McpTransport.SSE
        || end.getOutcome() == Outcome.CAPTURE_ENDED) {
      return;
    }
    String peers = peers(flow);
    for (RpcWaiting call : waiting.calls(scope, peers, stream.getSessionHash())) {
      if (call.getStart() <= end.getTime()) {
        book.lose(scope, call);
      }
    }
  }

  private String sessionOf(Scope scope, FlowState flow, long exchange) {
    String flowId = flow.getFlow().getFlowId();
    RpcState post = book.find(scope, flowId, exchange, RpcBook.POST);
    if (post != null && post.getHttp() != null && post.getHttp().getSessionHash() != null) {
      return post.getHttp().getSessionHash();
    }
    return streamSession(scope, flowId, exchange);
  }

  private String streamSession(Scope scope, String flowId, long exchange) {
    RpcSession stream = sessions.ofStream(scope, flowId, exchange);
    return stream == null ? null : stream.getSessionHash();
  }

  private String peers(FlowState state) {
    FlowRecord flow = state.getFlow();
    return book.peers(flow.getFlowId(), flow.getClient(), flow.getServer());
  }

  private FlowType.Kind kind(FlowState flow) {
    return rules.type(flow.getFlow().getFlowType()).kind();
  }
}
