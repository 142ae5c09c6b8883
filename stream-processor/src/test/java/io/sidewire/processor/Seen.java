package io.sidewire.processor;

import io.sidewire.schemas.DnsAnswer;
import io.sidewire.schemas.Evidence;
import io.sidewire.schemas.FlowEnd;
import io.sidewire.schemas.LlmRequest;
import io.sidewire.schemas.LlmUsage;
import io.sidewire.schemas.McpSession;
import io.sidewire.schemas.McpTransport;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.Request;
import io.sidewire.schemas.ResponseEnd;
import io.sidewire.schemas.ResponseStart;
import io.sidewire.schemas.RpcCall;
import io.sidewire.schemas.RpcDirection;
import io.sidewire.schemas.RpcResult;
import io.sidewire.schemas.TlsClientHello;
import java.util.List;
import java.util.function.Consumer;

/** What a test lets a capture see; the time comes from where it is said. */
@FunctionalInterface
public interface Seen {
  Object at(long micros);

  /** The same with more of its fields set. */
  @SuppressWarnings("unchecked")
  default <T> Seen with(Class<T> type, Consumer<T> change) {
    return micros -> {
      T record = (T) at(micros);
      change.accept(record);
      return record;
    };
  }

  static Seen get(long number, String path) {
    return request(number, "GET", path);
  }

  static Seen request(long number, String method, String path) {
    return time -> {
      var request = new Request();
      request.setExchange(number);
      request.setProtocol("http/1.1");
      request.setEvidence(Evidence.DECODED);
      request.setComplete(true);
      request.setStart(time);
      request.setEnd(time);
      request.setBytes(100L);
      request.setMethod(method);
      request.setAuthority("localhost:8000");
      request.setPath(path);
      request.setRpcRequests(-1);
      return request;
    };
  }

  /** A POST whose body is JSON-RPC. */
  static Seen post(long number, int calls, int notifications, int answers) {
    return request(number, "POST", "/mcp").with(Request.class, request -> {
      request.setRpcRequests(calls);
      request.setRpcNotifications(notifications);
      request.setRpcResponses(answers);
    });
  }

  /** A POST to the legacy transport, with its session. */
  static Seen legacyPost(long number, String session, int calls, int notifications, int answers) {
    return post(number, calls, notifications, answers)
        .with(Request.class, request -> request.setSessionHash(session));
  }

  /** A request that is seen only as encrypted records. */
  static Seen sealed(long number) {
    return time -> {
      var request = new Request();
      request.setExchange(number);
      request.setProtocol("tls");
      request.setEvidence(Evidence.INFERRED);
      request.setConfidence(0.9f);
      request.setComplete(true);
      request.setStart(time);
      request.setEnd(time);
      request.setBytes(1000L);
      request.setRpcRequests(-1);
      return request;
    };
  }

  static Seen head(long number, int status, String contentType) {
    return time -> {
      var start = new ResponseStart();
      start.setExchange(number);
      start.setTime(time);
      start.setEvidence(Evidence.DECODED);
      start.setStatus(status);
      start.setContentType(contentType);
      return start;
    };
  }

  static Seen sealedHead(long number) {
    return head(number, 200, null).with(ResponseStart.class, start -> {
      start.setStatus(null);
      start.setEvidence(Evidence.INFERRED);
    });
  }

  static Seen end(long number) {
    return end(number, Outcome.ANSWERED);
  }

  static Seen end(long number, Outcome outcome) {
    return time -> {
      var end = new ResponseEnd();
      end.setExchange(number);
      end.setTime(time);
      end.setEvidence(Evidence.DECODED);
      end.setOutcome(outcome);
      end.setComplete(outcome == Outcome.ANSWERED);
      end.setBytes(500L);
      return end;
    };
  }

  static Seen call(long number, int index, Object id, String method, String target) {
    return time -> {
      var call = new RpcCall();
      call.setExchange(number);
      call.setIndex(index);
      call.setDirection(RpcDirection.TO_SERVER);
      call.setStart(time);
      call.setEnd(time);
      call.setBytes(80L);
      call.setNotification(id == null);
      call.setId(id);
      call.setMethod(method);
      call.setTarget(target);
      call.setTransport(McpTransport.UNKNOWN);
      call.setMcp(true);
      return call;
    };
  }

  /** A server's call on a stream. */
  static Seen serverCall(long number, int index, Object id, String method) {
    return call(number, index, id, method, null)
        .with(RpcCall.class, call -> call.setDirection(RpcDirection.TO_CLIENT));
  }

  static Seen result(long number, int index, Object id) {
    return time -> {
      var result = new RpcResult();
      result.setExchange(number);
      result.setIndex(index);
      result.setDirection(RpcDirection.TO_SERVER);
      result.setStart(time);
      result.setEnd(time);
      result.setBytes(200L);
      result.setId(id);
      result.setTransport(McpTransport.UNKNOWN);
      return result;
    };
  }

  static Seen session(long number, String session) {
    return time -> new McpSession(number, time, session, McpTransport.SSE);
  }

  static Seen model(long number, String api, String model) {
    return time -> new LlmRequest(number, api, model, false);
  }

  static Seen usage(long number, long input, long output, String finish) {
    return time -> {
      var usage = new LlmUsage();
      usage.setExchange(number);
      usage.setModel("gpt-4o");
      usage.setInputTokens(input);
      usage.setOutputTokens(output);
      usage.setFinishReason(finish);
      usage.setToolCalls(List.of());
      return usage;
    };
  }

  static Seen hello(String name, String random) {
    return time -> {
      var hello = new TlsClientHello();
      hello.setTime(time);
      hello.setTransport("tcp");
      hello.setServerName(name);
      hello.setAlpn(List.of());
      hello.setRandomHash(random);
      return hello;
    };
  }

  static Seen dns(long number, String name, String... addresses) {
    return time -> new DnsAnswer(number, name, "A", 0, List.of(addresses), 60);
  }

  static Seen flowEnd(String state) {
    return time -> new FlowEnd(time, state);
  }
}
