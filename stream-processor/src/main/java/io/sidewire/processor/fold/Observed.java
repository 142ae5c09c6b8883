package io.sidewire.processor.fold;

import io.sidewire.schemas.DnsAnswer;
import io.sidewire.schemas.Evidence;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.ExchangeCount;
import io.sidewire.schemas.ExchangeState;
import io.sidewire.schemas.FlowEnd;
import io.sidewire.schemas.LlmRequest;
import io.sidewire.schemas.LlmUsage;
import io.sidewire.schemas.McpTransport;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.Request;
import io.sidewire.schemas.ResponseEnd;
import io.sidewire.schemas.ResponseStart;
import io.sidewire.schemas.RpcDirection;

/** What each observation says of its exchange. None depends on which came before it. */
final class Observed {
  private Observed() {}

  /** Number of the exchange that an observation belongs to, or -1 where it is nothing for pairing. */
  static long exchangeOf(Object seen) {
    if (seen instanceof Request request) {
      return request.getExchange();
    } else if (seen instanceof ResponseStart start) {
      return start.getExchange();
    } else if (seen instanceof ResponseEnd end) {
      return end.getExchange();
    } else if (seen instanceof LlmRequest call) {
      return call.getExchange();
    } else if (seen instanceof LlmUsage usage) {
      return usage.getExchange();
    } else if (seen instanceof DnsAnswer answer) {
      return answer.getExchange();
    }
    return -1;
  }

  static void apply(ExchangeState state, Object seen) {
    if (seen instanceof Request request) {
      request(state, request);
    } else if (seen instanceof ResponseStart start) {
      responseStart(state, start);
    } else if (seen instanceof ResponseEnd end) {
      responseEnd(state, end);
    } else if (seen instanceof LlmRequest call) {
      modelRequest(state, call);
    } else if (seen instanceof LlmUsage usage) {
      modelUsage(state, usage);
    } else if (seen instanceof DnsAnswer answer) {
      dnsAnswer(state.getRow(), answer);
    }
  }

  /** The flow is over and the exchange is not. */
  static void close(ExchangeState state, FlowEnd end) {
    Exchange row = state.getRow();
    state.setEnded(true);
    Outcome outcome =
        switch (end.getState()) {
          case "capture_ended" -> Outcome.CAPTURE_ENDED;
          case "evicted" -> Outcome.GAP;
          case "idle" -> Outcome.TIMEOUT;
          default -> Outcome.RESET;
        };
    row.setOutcome(outcome);
    if (row.getError() == null) {
      row.setError(Rows.errorOf(outcome));
    }
  }

  /** An exchange of which all that has a time was lost on the way is dated by its end, and is not complete. */
  static void date(Exchange row, long time) {
    boolean dated = row.getRequestStart() != null
        || row.getRequestEnd() != null
        || row.getResponseStart() != null
        || row.getResponseEnd() != null;
    if (!dated) {
      row.setResponseEnd(time);
      row.setComplete(false);
    }
  }

  /** A call whose body could not be read, but whose headers name it (revision 2026-07-28). */
  static void readMcpHeaders(ExchangeState state) {
    Exchange row = state.getRow();
    row.setProtocol("mcp");
    row.setOperation(state.getMcpMethod());
    row.setTarget(state.getMcpName());
    row.setRpcDirection(RpcDirection.TO_SERVER);
    row.setMcpTransport(McpTransport.STREAMABLE_HTTP);
    row.setHousekeeping(McpMethods.isHousekeeping(state.getMcpMethod()));
  }

  private static void request(ExchangeState state, Request request) {
    Exchange row = state.getRow();
    state.setRequestSeen(true);
    state.setRpcRequests(request.getRpcRequests());
    state.setRpcNotifications(request.getRpcNotifications());
    state.setRpcResponses(request.getRpcResponses());
    state.setMcpMethod(request.getMcpMethod());
    state.setMcpName(request.getMcpName());
    state.setRequestContentType(request.getContentType());
    row.setProtocol(request.getProtocol());
    evidence(row, request.getEvidence(), request.getConfidence(), request.getAmbiguous());
    row.setComplete(row.getComplete() && request.getComplete());
    row.setRequestStart(request.getStart());
    row.setRequestEnd(request.getEnd());
    row.setRequestSequence(request.getSequence());
    row.setRequestBytes(request.getBytes());
    row.setRequestBodyBytes(request.getBodyBytes());
    row.setMethod(request.getMethod());
    row.setAuthority(request.getAuthority());
    row.setPath(request.getPath());
    row.setRetryCount(request.getRetryCount());
    row.setProtocolVersion(request.getMcpProtocolVersion());
    if (request.getSessionHash() != null) {
      row.setSessionHash(request.getSessionHash());
    }
  }

  private static void responseStart(ExchangeState state, ResponseStart start) {
    Exchange row = state.getRow();
    evidence(row, start.getEvidence(), null, false);
    row.setResponseStart(start.getTime());
    row.setStatus(start.getStatus());
    row.setContentType(start.getContentType());
    if (row.getProtocol().isEmpty()) {
      row.setProtocol("http/1.1"); // an answer whose request was not seen
    }
    if (row.getSessionHash() == null) {
      row.setSessionHash(start.getSessionHash());
    }
    reopen(state);
    error(row);
  }

  private static void responseEnd(ExchangeState state, ResponseEnd end) {
    Exchange row = state.getRow();
    reopen(state);
    state.setEnded(true);
    evidence(row, end.getEvidence(), end.getConfidence(), end.getAmbiguous());
    row.setComplete(row.getComplete() && end.getComplete());
    row.setOutcome(end.getOutcome());
    if (end.getOutcome() == Outcome.ANSWERED || row.getResponseStart() != null) {
      row.setResponseEnd(end.getTime());
    }
    row.setResponseBytes(end.getBytes());
    row.setResponseBodyBytes(end.getBodyBytes());
    row.setChunks(end.getChunks());
    row.setStreamed(end.getStreamed());
    state.setFirstChunk(end.getFirstChunk());
    state.setFirstToken(end.getFirstToken());
    if (row.getProtocol().isEmpty()) {
      row.setProtocol(end.getEvidence() == Evidence.INFERRED ? "tls" : "http/1.1");
    }
    error(row);
  }

  /** An answer after all: what was given up is taken back. */
  private static void reopen(ExchangeState state) {
    if (state.getEnded() && state.getRow().getOutcome() == Outcome.TIMEOUT) {
      state.setEnded(false);
      state.getRow().setOutcome(Outcome.OPEN);
      state.getRow().setError(null);
    }
  }

  private static void modelRequest(ExchangeState state, LlmRequest call) {
    Exchange row = state.getRow();
    state.setModelCall(true);
    row.setOperation(ModelApis.operation(call.getApi()));
    if (row.getModel() == null) {
      row.setModel(call.getModel());
    }
    if (row.getStreamed() == null) {
      row.setStreamed(call.getStream());
    }
  }

  private static void modelUsage(ExchangeState state, LlmUsage usage) {
    Exchange row = state.getRow();
    state.setModelCall(true);
    if (row.getOperation() == null && usage.getApi() != null) {
      row.setOperation(ModelApis.operation(usage.getApi()));
    }
    if (usage.getModel() != null && !usage.getModel().isEmpty()) {
      row.setModel(usage.getModel());
    }
    row.setInputTokens(usage.getInputTokens());
    row.setOutputTokens(usage.getOutputTokens());
    row.setCachedTokens(usage.getCachedTokens());
    row.setFinishReason(usage.getFinishReason());
    row.setToolCalls(usage.getToolCalls());
    boolean known = usage.getError() != null && !usage.getError().equals("other");
    if (known || usage.getError() != null && row.getError() == null) {
      row.setError(usage.getError());
    }
  }

  private static void dnsAnswer(Exchange row, DnsAnswer answer) {
    row.setOperation(answer.getType());
    row.setTarget(answer.getName());
    Integer code = answer.getCode();
    if (code != null && code != 0) {
      row.setError(
          switch (code) {
            case 2 -> "servfail";
            case 3 -> "nxdomain";
            case 5 -> "refused";
            default -> "rcode:" + code;
          });
    }
  }

  /** A provider's own code says more than the class of the status. */
  private static void error(Exchange row) {
    if (row.getError() == null) {
      String ofStatus = ExchangeCount.errorOf(row.getStatus());
      row.setError(ofStatus != null ? ofStatus : Rows.errorOf(row.getOutcome()));
    }
  }

  private static void evidence(
      Exchange row, Evidence evidence, Float confidence, boolean ambiguous) {
    row.setEvidence(evidence);
    row.setAmbiguous(row.getAmbiguous() || ambiguous);
    if (confidence != null) {
      row.setConfidence(confidence);
    }
  }
}
