package io.sidewire.processor.fold;

import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.McpTransport;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.RpcAnswer;
import io.sidewire.schemas.RpcCall;
import io.sidewire.schemas.RpcDirection;
import io.sidewire.schemas.RpcEntry;
import io.sidewire.schemas.RpcSession;
import io.sidewire.schemas.RpcState;

/** The row of a JSON-RPC call, from the HTTP exchange that carried it and the answer, wherever that came. */
final class RpcRows {
  private static final int ACCEPTED = 202;

  private RpcRows() {}

  /**
   * The row as it stands.
   *
   * @param first true for the call that carries the bytes of its POST
   * @param session what its session agreed on, or null
   * @param oneFlow only this flow is seen: a call that is answered elsewhere ends with its POST
   */
  static Exchange of(
      RpcState state, RpcEntry entry, boolean first, RpcSession session, boolean oneFlow) {
    RpcCall call = entry.getCall();
    Exchange http = state.getHttp();
    Exchange row = Rows.copy(http);
    row.setExchangeId(http.getExchangeId() + entry.getSuffix());
    row.setProtocol("mcp");
    row.setOperation(call.getMethod());
    row.setTarget(call.getTarget());
    row.setRpcId(call.getNotification() ? null : call.getId());
    row.setRpcDirection(call.getDirection());
    row.setHousekeeping(call.getNotification() || McpMethods.isHousekeeping(call.getMethod()));
    if (call.getSessionHash() != null) {
      row.setSessionHash(call.getSessionHash());
    }
    row.setChunks(null);
    row.setStreamed(null);
    row.setResponseBodyBytes(null);
    if (!first) {
      row.setRequestBytes(0L);
      row.setRequestBodyBytes(0L);
    }
    if (call.getDirection() == RpcDirection.TO_CLIENT) {
      serverCall(row, call);
    }
    end(state, entry, row, first, oneFlow);
    row.setMcpTransport(transport(http, call, entry.getAnswer(), session));
    agreed(row, call, entry.getAnswer(), session);
    Rows.derive(row, null, null);
    return row;
  }

  /** A server's call begins with its event; the HTTP exchange around it is only the stream. */
  private static void serverCall(Exchange row, RpcCall call) {
    row.setMethod(null);
    row.setPath(null);
    row.setStatus(null);
    row.setRequestStart(call.getStart());
    row.setRequestEnd(call.getEnd());
    row.setRequestBytes(call.getBytes());
    row.setRequestBodyBytes(null);
  }

  private static void end(
      RpcState state, RpcEntry entry, Exchange row, boolean first, boolean oneFlow) {
    Exchange http = state.getHttp();
    RpcAnswer answer = entry.getAnswer();
    boolean carried = entry.getCall().getDirection() == RpcDirection.TO_SERVER;
    if (answer != null && !answer.getCancelled()) {
      answered(row, answer, first || answer.getStart() != orZero(http.getResponseStart()));
    } else if (answer != null) {
      unanswered(row, Outcome.RESET, "cancelled");
    } else if (entry.getTimedOut()) {
      unanswered(row, Outcome.TIMEOUT, "timeout");
    } else if (entry.getStreamLost()) {
      unanswered(row, Outcome.RESET, "reset");
    } else if (carried && state.getHttpEnded() && endsWithHttp(http, entry.getCall(), oneFlow)) {
      if (!first) {
        row.setResponseBytes(0L);
      }
    } else {
      unanswered(row, Outcome.OPEN, null);
    }
  }

  /** False while the answer can still come on another stream. */
  private static boolean endsWithHttp(Exchange http, RpcCall call, boolean oneFlow) {
    if (call.getNotification() || oneFlow || http.getOutcome() != Outcome.ANSWERED) {
      return true;
    }
    Integer status = http.getStatus();
    if (status != null && status >= 300) {
      return true;
    }
    boolean stream =
        http.getContentType() != null && http.getContentType().startsWith("text/event-stream");
    return !stream && (status == null || status != ACCEPTED);
  }

  private static void answered(Exchange row, RpcAnswer answer, boolean bytes) {
    row.setOutcome(Outcome.ANSWERED);
    row.setResponseStart(answer.getStart());
    row.setResponseEnd(answer.getEnd());
    row.setResponseBytes(bytes ? answer.getBytes() : 0);
    row.setAmbiguous(row.getAmbiguous() || answer.getAmbiguous());
    row.setError(
        answer.getErrorCode() != null
            ? "rpc:" + answer.getErrorCode()
            : answer.getIsError() ? "tool_error" : null);
  }

  private static void unanswered(Exchange row, Outcome outcome, String error) {
    row.setOutcome(outcome);
    row.setError(error);
    row.setResponseStart(null);
    row.setResponseEnd(null);
    row.setResponseBytes(null);
  }

  private static McpTransport transport(
      Exchange http, RpcCall call, RpcAnswer answer, RpcSession session) {
    if (call.getTransport() != McpTransport.UNKNOWN) {
      return call.getTransport();
    }
    if (answer != null && answer.getTransport() != McpTransport.UNKNOWN) {
      return answer.getTransport();
    }
    if (session != null && session.getTransport() != McpTransport.UNKNOWN) {
      return session.getTransport();
    }
    if (http.getStatus() == null) {
      return McpTransport.UNKNOWN;
    }
    // Only the legacy transport accepts a request and answers it elsewhere.
    return http.getStatus() == ACCEPTED && !call.getNotification()
        ? McpTransport.SSE
        : McpTransport.STREAMABLE_HTTP;
  }

  private static void agreed(Exchange row, RpcCall call, RpcAnswer answer, RpcSession session) {
    String version = answer != null && call.getMethod().equals(McpMethods.INITIALIZE)
        ? answer.getProtocolVersion()
        : null;
    version = FlowLearning.orElse(version, call.getProtocolVersion());
    version = FlowLearning.orElse(version, row.getProtocolVersion());
    String client = call.getDirection() == RpcDirection.TO_SERVER ? call.getPeerName() : null;
    String server = answer != null && call.getDirection() == RpcDirection.TO_SERVER
        ? RpcSessions.software(answer)
        : null;
    if (session != null) {
      version = FlowLearning.orElse(version, session.getProtocolVersion());
      client = FlowLearning.orElse(client, session.getClientName());
      server = FlowLearning.orElse(server, session.getServerSoftware());
    }
    row.setProtocolVersion(version);
    row.setClientName(client);
    row.setServerSoftware(server);
  }

  private static long orZero(Long value) {
    return value == null ? 0 : value;
  }
}
