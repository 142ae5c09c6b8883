package io.sidewire.processor.fold;

import static io.sidewire.processor.Seen.call;
import static io.sidewire.processor.Seen.end;
import static io.sidewire.processor.Seen.flowEnd;
import static io.sidewire.processor.Seen.get;
import static io.sidewire.processor.Seen.head;
import static io.sidewire.processor.Seen.legacyPost;
import static io.sidewire.processor.Seen.post;
import static io.sidewire.processor.Seen.request;
import static io.sidewire.processor.Seen.result;
import static io.sidewire.processor.Seen.serverCall;
import static io.sidewire.processor.Seen.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.processor.Flow;
import io.sidewire.processor.Seen;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.McpTransport;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.Request;
import io.sidewire.schemas.ResponseStart;
import io.sidewire.schemas.RpcCall;
import io.sidewire.schemas.RpcDirection;
import io.sidewire.schemas.RpcResult;
import org.junit.jupiter.api.Test;

class RpcFoldTest {
  private final Scene scene = new Scene();
  private final Flow stream = Flow.tcp("s").from("10.0.0.1", 40001).shows("http", "mcp");
  private final Flow posts = Flow.tcp("p").from("10.0.0.1", 40002).shows("http", "mcp");

  private static Seen toClient(Seen result) {
    return result.with(RpcResult.class, r -> r.setDirection(RpcDirection.TO_CLIENT));
  }

  private static Seen in(String session, Seen seen) {
    return micros -> {
      Object record = seen.at(micros);
      if (record instanceof RpcCall call) {
        call.setSessionHash(session);
      } else if (record instanceof Request request) {
        request.setSessionHash(session);
      }
      return record;
    };
  }

  @Test
  void aStreamableCallIsAnsweredInItsOwnPost() {
    scene.at("00:00.000").sees(posts, post(0, 1, 0, 0), call(0, 0, 1L, "tools/call", "echo"));
    assertThat(scene.exchange("p-0"))
        .returns("mcp", Exchange::getProtocol)
        .returns(Outcome.OPEN, Exchange::getOutcome);
    scene.at("00:00.010").sees(posts, head(0, 200, "text/event-stream"));
    scene.at("00:00.200").sees(posts, result(0, 0, 1L), end(0));
    assertThat(scene.exchange("p-0"))
        .returns("tools/call", Exchange::getOperation)
        .returns("echo", Exchange::getTarget)
        .returns(1L, Exchange::getRpcId)
        .returns(RpcDirection.TO_SERVER, Exchange::getRpcDirection)
        .returns(McpTransport.STREAMABLE_HTTP, Exchange::getMcpTransport)
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns(200_000L, Exchange::getTtfbMicros)
        .returns(200_000L, Exchange::getTotalMicros)
        .returns(100L, Exchange::getRequestBytes)
        .returns(200L, Exchange::getResponseBytes)
        .returns(200, Exchange::getStatus)
        .returns("mcp_server", Exchange::getFlowType)
        .returns(false, Exchange::getHousekeeping);
    assertThat(scene.exchanges()).hasSize(1);
  }

  private void openLegacy() {
    scene.at("00:00.000").sees(stream, get(0, "/sse"), head(0, 200, "text/event-stream"));
    scene.at("00:00.010").sees(stream, session(0, "S"));
  }

  @Test
  void aLegacyCallIsAnsweredOnTheStreamOfItsSession() {
    openLegacy();
    scene
        .at("00:01.000")
        .sees(
            posts,
            legacyPost(0, "S", 1, 0, 0),
            in("S", call(0, 0, 1L, "tools/call", "slow")),
            head(0, 202, "text/plain"),
            end(0));
    assertThat(scene.exchange("p-0").getOutcome()).isEqualTo(Outcome.OPEN);
    scene.at("00:01.500").sees(stream, result(0, 1, 1L));
    assertThat(scene.exchange("p-0"))
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns(500_000L, Exchange::getTtfbMicros)
        .returns(McpTransport.SSE, Exchange::getMcpTransport)
        .returns(202, Exchange::getStatus);
    assertThat(scene.exchange("s-0"))
        .returns("http/1.1", Exchange::getProtocol)
        .returns(true, Exchange::getHousekeeping);
    assertThat(scene.exchanges()).hasSize(2);
  }

  @Test
  void theAnswerMayBeSeenBeforeItsCall() {
    openLegacy();
    scene.at("00:01.500").sees(stream, result(0, 1, 1L));
    scene
        .at("00:01.000")
        .sees(posts, legacyPost(0, "S", 1, 0, 0), in("S", call(0, 0, 1L, "ping", null)));
    assertThat(scene.exchange("p-0"))
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns(500_000L, Exchange::getTotalMicros);
  }

  @Test
  void idsKeepTheirType() {
    openLegacy();
    scene
        .at("00:01.000")
        .sees(posts, legacyPost(0, "S", 1, 0, 0), in("S", call(0, 0, "1", "ping", null)));
    scene.at("00:01.100").sees(stream, result(0, 1, 1L));
    scene.at("00:02.000").ticks();
    assertThat(scene.exchange("p-0").getOutcome()).isEqualTo(Outcome.OPEN);
    scene.at("00:02.500").sees(stream, result(0, 2, "1"));
    assertThat(scene.exchange("p-0").getOutcome()).isEqualTo(Outcome.ANSWERED);
  }

  @Test
  void sameIdsOfTwoSessionsAreTwoCalls() {
    openLegacy();
    Flow otherStream = Flow.tcp("s2").from("10.0.0.1", 40003).shows("http", "mcp");
    scene.at("00:00.100").sees(otherStream, get(0, "/sse"), session(0, "T"));
    scene
        .at("00:01.000")
        .sees(posts, legacyPost(0, "S", 1, 0, 0), in("S", call(0, 0, 0L, "ping", null)));
    scene
        .at("00:01.100")
        .sees(posts, legacyPost(1, "T", 1, 0, 0), in("T", call(1, 0, 0L, "tools/list", null)));
    scene.at("00:01.200").sees(otherStream, result(0, 1, 0L));
    assertThat(scene.exchange("p-0").getOutcome()).isEqualTo(Outcome.OPEN);
    assertThat(scene.exchange("p-1"))
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns(100_000L, Exchange::getTotalMicros)
        .returns(false, Exchange::getAmbiguous);
  }

  @Test
  void aStreamWithoutItsHeadPairsByEndpointAtTheNextTick() {
    scene
        .at("00:01.000")
        .sees(posts, legacyPost(0, "S", 1, 0, 0), in("S", call(0, 0, 5L, "ping", null)));
    scene.at("00:01.300").sees(stream, result(0, 0, 5L));
    assertThat(scene.exchange("p-0").getOutcome()).isEqualTo(Outcome.OPEN);
    scene.at("00:02.000").ticks();
    assertThat(scene.exchange("p-0"))
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns(300_000L, Exchange::getTotalMicros)
        .returns(false, Exchange::getAmbiguous);
  }

  @Test
  void ofSeveralOpenCallsTheEarliestIsTakenAndMarked() {
    scene
        .at("00:01.000")
        .sees(posts, legacyPost(0, "S", 1, 0, 0), in("S", call(0, 0, 5L, "ping", null)));
    scene
        .at("00:01.100")
        .sees(posts, legacyPost(1, "T", 1, 0, 0), in("T", call(1, 0, 5L, "ping", null)));
    scene.at("00:01.300").sees(stream, result(0, 0, 5L));
    scene.at("00:02.000").ticks();
    assertThat(scene.exchange("p-0"))
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns(true, Exchange::getAmbiguous);
    assertThat(scene.exchange("p-1").getOutcome()).isEqualTo(Outcome.OPEN);
  }

  @Test
  void aStreamThatWasPairedOnceIsKnownFromThenOn() {
    aStreamWithoutItsHeadPairsByEndpointAtTheNextTick();
    scene
        .at("00:03.000")
        .sees(posts, legacyPost(1, "T", 1, 0, 0), in("T", call(1, 0, 6L, "ping", null)));
    scene
        .at("00:03.100")
        .sees(posts, legacyPost(2, "S", 1, 0, 0), in("S", call(2, 0, 6L, "ping", null)));
    scene.at("00:03.300").sees(stream, result(0, 1, 6L));
    scene.at("00:04.000").ticks();
    assertThat(scene.exchange("p-1").getOutcome()).isEqualTo(Outcome.OPEN);
    assertThat(scene.exchange("p-2"))
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns(false, Exchange::getAmbiguous);
  }

  @Test
  void anAnswerMayTakeAStreamThatTookOver() {
    scene
        .at("00:00.000")
        .sees(
            posts,
            in("S", post(0, 1, 0, 0)),
            in("S", call(0, 0, 9L, "tools/call", "long")),
            head(0, 200, "text/event-stream"));
    scene.at("00:01.000").sees(posts, end(0)); // the server closed the stream without the answer
    assertThat(scene.exchange("p-0").getOutcome()).isEqualTo(Outcome.OPEN);
    scene.at("00:02.000").sees(stream, in("S", get(0, "/mcp")), head(0, 200, "text/event-stream"));
    scene.at("00:03.000").sees(stream, result(0, 0, 9L));
    assertThat(scene.exchange("p-0"))
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns(3_000_000L, Exchange::getTotalMicros)
        .returns(McpTransport.STREAMABLE_HTTP, Exchange::getMcpTransport);
  }

  @Test
  void aBatchIsAsManyExchangesOfWhichTheFirstCarriesTheBytes() {
    scene
        .at("00:00.000")
        .sees(
            posts,
            post(0, 2, 0, 0),
            call(0, 0, 1L, "tools/call", "a"),
            call(0, 1, 2L, "tools/call", "b"));
    scene
        .at("00:00.100")
        .sees(posts, head(0, 200, "application/json"), result(0, 0, 2L), result(0, 1, 1L), end(0));
    assertThat(scene.exchanges()).hasSize(2);
    assertThat(scene.exchange("p-0"))
        .returns("a", Exchange::getTarget)
        .returns(100L, Exchange::getRequestBytes)
        .returns(200L, Exchange::getResponseBytes);
    assertThat(scene.exchange("p-0.1"))
        .returns("b", Exchange::getTarget)
        .returns(0L, Exchange::getRequestBytes)
        .returns(0L, Exchange::getResponseBytes)
        .returns(Outcome.ANSWERED, Exchange::getOutcome);
  }

  @Test
  void aNotificationIsAnExchangeWithoutId() {
    scene
        .at("00:00.000")
        .sees(posts, post(0, 0, 1, 0), call(0, 0, null, "notifications/initialized", null));
    scene.at("00:00.004").sees(posts, head(0, 202, null), end(0));
    assertThat(scene.exchange("p-0"))
        .returns("mcp", Exchange::getProtocol)
        .returns(null, Exchange::getRpcId)
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns(4_000L, Exchange::getTtfbMicros)
        .returns(true, Exchange::getHousekeeping);
  }

  @Test
  void aServersCallBeginsWithItsEventAndEndsWithTheClientsPost() {
    scene.at("00:00.000").sees(stream, in("S", get(0, "/mcp")), head(0, 200, "text/event-stream"));
    scene.at("00:01.000").sees(stream, serverCall(0, 3, 0L, "sampling/createMessage"));
    assertThat(scene.exchange("s-0.s3"))
        .returns(Outcome.OPEN, Exchange::getOutcome)
        .returns(RpcDirection.TO_CLIENT, Exchange::getRpcDirection);
    scene
        .at("00:02.000")
        .sees(
            posts,
            in("S", post(0, 0, 0, 1)),
            toClient(result(0, 0, 0L)).with(RpcResult.class, r -> r.setSessionHash("S")),
            head(0, 202, null),
            end(0));
    assertThat(scene.exchange("s-0.s3"))
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns(1_000_000L, Exchange::getTotalMicros)
        .returns("s", Exchange::getFlowId)
        .returns(80L, Exchange::getRequestBytes)
        .returns(200L, Exchange::getResponseBytes);
    assertThat(scene.exchange("p-0")).isNull();
  }

  @Test
  void directionsHaveIdsOfTheirOwn() {
    openLegacy();
    scene
        .at("00:01.000")
        .sees(posts, legacyPost(0, "S", 1, 0, 0), in("S", call(0, 0, 0L, "tools/call", "t")));
    scene.at("00:01.100").sees(stream, serverCall(0, 1, 0L, "roots/list"));
    scene.at("00:01.200").sees(posts, legacyPost(1, "S", 0, 0, 1), toClient(result(1, 0, 0L)));
    scene.at("00:02.000").ticks();
    assertThat(scene.exchange("s-0.s1").getTotalMicros()).isEqualTo(100_000L);
    assertThat(scene.exchange("p-0").getOutcome()).isEqualTo(Outcome.OPEN);
  }

  @Test
  void errorsAreTold() {
    scene
        .at("00:00.000")
        .sees(
            posts,
            post(0, 2, 0, 0),
            call(0, 0, 1L, "tools/call", "a"),
            call(0, 1, 2L, "tools/call", "b"),
            head(0, 200, "text/event-stream"),
            result(0, 0, 1L).with(RpcResult.class, r -> r.setErrorCode(-32602)),
            result(0, 1, 2L).with(RpcResult.class, r -> r.setIsError(true)),
            end(0));
    assertThat(scene.exchange("p-0").getError()).isEqualTo("rpc:-32602");
    assertThat(scene.exchange("p-0.1").getError()).isEqualTo("tool_error");
  }

  @Test
  void aRefusedPostIsAnsweredByItsStatus() {
    scene.at("00:00.000").sees(posts, post(0, 1, 0, 0), call(0, 0, 1L, "tools/list", null));
    scene.at("00:00.010").sees(posts, head(0, 401, "text/plain"), end(0));
    assertThat(scene.exchange("p-0"))
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns("4xx", Exchange::getError)
        .returns(10_000L, Exchange::getTotalMicros);
  }

  @Test
  void aCancelledCallIsReset() {
    openLegacy();
    scene
        .at("00:01.000")
        .sees(posts, legacyPost(0, "S", 1, 0, 0), in("S", call(0, 0, 18L, "tools/call", "slow")));
    scene
        .at("00:01.500")
        .sees(
            posts,
            legacyPost(1, "S", 0, 1, 0),
            in("S", call(1, 0, null, "notifications/cancelled", null))
                .with(RpcCall.class, c -> c.setCancelledId(18L)));
    assertThat(scene.exchange("p-0"))
        .returns(Outcome.RESET, Exchange::getOutcome)
        .returns("cancelled", Exchange::getError)
        .returns(null, Exchange::getTotalMicros);
  }

  @Test
  void patienceEndsACallThatNobodyAnswers() {
    openLegacy();
    scene
        .at("00:01.000")
        .sees(
            posts,
            legacyPost(0, "S", 1, 0, 0),
            in("S", call(0, 0, 1L, "ping", null)),
            head(0, 202, null),
            end(0));
    scene.at("00:02.000").sees(posts, flowEnd("closed")); // the answer takes another flow
    assertThat(scene.exchange("p-0").getOutcome()).isEqualTo(Outcome.OPEN);
    scene.at("05:01.000").ticks();
    assertThat(scene.exchange("p-0").getOutcome()).isEqualTo(Outcome.TIMEOUT);
    scene.at("06:00.000").sees(stream, result(0, 5, 1L));
    assertThat(scene.exchange("p-0").getOutcome()).isEqualTo(Outcome.ANSWERED);
  }

  @Test
  void theEndOfItsStreamEndsALegacyCall() {
    openLegacy();
    scene
        .at("00:01.000")
        .sees(
            posts,
            legacyPost(0, "S", 1, 0, 0),
            in("S", call(0, 0, 1L, "ping", null)),
            head(0, 202, null),
            end(0));
    scene.at("00:02.000").sees(stream, end(0, Outcome.RESET), flowEnd("reset"));
    assertThat(scene.exchange("p-0").getOutcome()).isEqualTo(Outcome.RESET);
  }

  @Test
  void theEndOfTheCaptureEndsWhatIsOpen() {
    openLegacy();
    scene
        .at("00:01.000")
        .sees(posts, legacyPost(0, "S", 1, 0, 0), in("S", call(0, 0, 1L, "ping", null)));
    scene.at("00:02.000").ends();
    assertThat(scene.exchange("p-0").getOutcome()).isEqualTo(Outcome.CAPTURE_ENDED);
  }

  @Test
  void whatASessionAgreedOnStandsOnItsCalls() {
    scene
        .at("00:00.000")
        .sees(posts, post(0, 1, 0, 0), call(0, 0, 0L, "initialize", null).with(RpcCall.class, c -> {
          c.setProtocolVersion("2025-11-25");
          c.setPeerName("agent");
        }));
    scene
        .at("00:00.010")
        .sees(
            posts,
            head(0, 200, "application/json").with(ResponseStart.class, h -> h.setSessionHash("S")),
            result(0, 0, 0L).with(RpcResult.class, r -> {
              r.setProtocolVersion("2025-06-18");
              r.setPeerName("everything");
              r.setPeerVersion("1.0");
            }),
            end(0));
    scene
        .at("00:01.000")
        .sees(posts, in("S", post(1, 1, 0, 0)), call(1, 0, 1L, "tools/call", "echo"));
    for (String id : new String[] {"p-0", "p-1"}) {
      assertThat(scene.exchange(id))
          .returns("2025-06-18", Exchange::getProtocolVersion)
          .returns("agent", Exchange::getClientName)
          .returns("everything/1.0", Exchange::getServerSoftware)
          .returns("S", Exchange::getSessionHash);
    }
  }

  @Test
  void headersNameACallWhoseBodyWasNotRead() {
    scene.at("00:00.000").sees(posts, request(0, "POST", "/mcp").with(Request.class, r -> {
      r.setMcpMethod("tools/call");
      r.setMcpName("echo");
    }));
    scene.at("00:00.020").sees(posts, head(0, 200, "application/json"), end(0));
    assertThat(scene.exchange("p-0"))
        .returns("mcp", Exchange::getProtocol)
        .returns("tools/call", Exchange::getOperation)
        .returns("echo", Exchange::getTarget)
        .returns(null, Exchange::getRpcId)
        .returns(false, Exchange::getHousekeeping)
        .returns(20_000L, Exchange::getTotalMicros);
  }

  @Test
  void otherJsonRpcIsPlainHttp() {
    Flow chain = Flow.tcp("c").to("10.0.0.9", 8545).shows("http");
    scene
        .at("00:00.000")
        .sees(
            chain,
            request(0, "POST", "/").with(Request.class, r -> r.setRpcRequests(1)),
            call(0, 0, 1L, "eth_blockNumber", null).with(RpcCall.class, c -> c.setMcp(false)));
    scene.at("00:00.020").sees(chain, head(0, 200, "application/json"), result(0, 0, 1L), end(0));
    assertThat(scene.exchanges()).hasSize(1);
    assertThat(scene.exchange("c-0"))
        .returns("http/1.1", Exchange::getProtocol)
        .returns("other_http", Exchange::getFlowType)
        .returns(null, Exchange::getOperation)
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns(20_000L, Exchange::getTotalMicros);
  }

  @Test
  void seenAloneALegacyCallEndsWithItsPost() {
    var alone = new Scene(true);
    alone
        .at("00:01.000")
        .sees(posts, legacyPost(0, "S", 1, 0, 0), in("S", call(0, 0, 1L, "ping", null)));
    alone.at("00:01.005").sees(posts, head(0, 202, null), end(0));
    assertThat(alone.exchange("p-0"))
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns(5_000L, Exchange::getTotalMicros)
        .returns(202, Exchange::getStatus);
  }
}
