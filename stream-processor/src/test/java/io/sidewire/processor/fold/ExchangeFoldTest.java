package io.sidewire.processor.fold;

import static io.sidewire.processor.Seen.end;
import static io.sidewire.processor.Seen.flowEnd;
import static io.sidewire.processor.Seen.get;
import static io.sidewire.processor.Seen.head;
import static io.sidewire.processor.Seen.model;
import static io.sidewire.processor.Seen.request;
import static io.sidewire.processor.Seen.sealed;
import static io.sidewire.processor.Seen.sealedHead;
import static io.sidewire.processor.Seen.usage;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.processor.Flow;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.LlmUsage;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.Request;
import io.sidewire.schemas.ResponseEnd;
import org.junit.jupiter.api.Test;

class ExchangeFoldTest {
  private final Scene scene = new Scene();
  private final Flow flow = Flow.tcp("f1").to("10.0.0.2", 9000).shows("http");

  @Test
  void aRequestIsToldWhenItIsCompleteAndAgainWhenItEnds() {
    scene.at("00:00.000").sees(flow, get(0, "/a"));
    assertThat(scene.told).hasSize(1);
    assertThat(scene.exchange("f1-0"))
        .returns(Outcome.OPEN, Exchange::getOutcome)
        .returns(0, Exchange::getRevision)
        .returns(null, Exchange::getTtfbMicros)
        .returns("other_http", Exchange::getFlowType);

    scene.at("00:00.030").sees(flow, head(0, 200, "text/html"));
    scene.at("00:00.050").sees(flow, end(0));
    assertThat(scene.exchange("f1-0"))
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns(30_000L, Exchange::getTtfbMicros)
        .returns(50_000L, Exchange::getTotalMicros)
        .returns(200, Exchange::getStatus)
        .returns(null, Exchange::getError)
        .returns(500L, Exchange::getResponseBytes);
    assertThat(scene.exchanges()).hasSize(1);
  }

  @Test
  void anEarlyAnswerHasNoTimeToFirstByte() {
    scene.at("00:00.000").sees(flow, head(0, 413, null));
    assertThat(scene.told).isEmpty();
    scene
        .at("00:00.010")
        .sees(
            flow,
            request(0, "POST", "/up").with(Request.class, r -> r.setStart(r.getEnd() - 50_000)));
    scene.at("00:00.020").sees(flow, end(0));
    assertThat(scene.exchange("f1-0"))
        .returns(0L, Exchange::getTtfbMicros)
        .returns("4xx", Exchange::getError)
        .returns(60_000L, Exchange::getTotalMicros);
  }

  @Test
  void anAnswerWithoutItsRequestIsARowWithoutMethod() {
    scene.at("00:00.000").sees(flow, head(7, 200, "text/html"), end(7));
    assertThat(scene.exchange("f1-7"))
        .returns(null, Exchange::getMethod)
        .returns(null, Exchange::getTtfbMicros)
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns(200, Exchange::getStatus);
  }

  @Test
  void anExchangeOfWhichLossLeftOnlyTheEndIsDatedByIt() {
    scene.at("00:03.000").sees(flow, end(4, Outcome.RESET));
    assertThat(scene.exchange("f1-4"))
        .returns(null, Exchange::getRequestStart)
        .returns(null, Exchange::getResponseStart)
        .returns(false, Exchange::getComplete)
        .returns(Outcome.RESET, Exchange::getOutcome);
    assertThat(scene.exchange("f1-4").getResponseEnd()).isNotNull();
  }

  @Test
  void theTicksGiveUpARequestAndALateAnswerTakesItBack() {
    scene.at("00:00.000").sees(flow, get(0, "/slow"));
    scene.at("04:59.999").ticks();
    assertThat(scene.exchange("f1-0").getOutcome()).isEqualTo(Outcome.OPEN);
    scene.at("05:00.000").ticks();
    assertThat(scene.exchange("f1-0"))
        .returns(Outcome.TIMEOUT, Exchange::getOutcome)
        .returns("timeout", Exchange::getError);
    scene.at("06:00.000").sees(flow, head(0, 200, null), end(0));
    assertThat(scene.exchange("f1-0"))
        .returns(Outcome.ANSWERED, Exchange::getOutcome)
        .returns(null, Exchange::getError)
        .returns(360_000_000L, Exchange::getTtfbMicros);
    scene.at("20:00.000").ticks();
    assertThat(scene.exchange("f1-0").getOutcome()).isEqualTo(Outcome.ANSWERED);
  }

  @Test
  void aStreamThatHasBegunIsNotGivenUp() {
    scene.at("00:00.000").sees(flow, get(0, "/events"), head(0, 200, "text/event-stream"));
    scene.at("59:00.000").ticks();
    assertThat(scene.exchange("f1-0").getOutcome()).isEqualTo(Outcome.OPEN);
  }

  @Test
  void theEndOfItsFlowEndsAnExchange() {
    scene.at("00:00.000").sees(flow, get(0, "/a"));
    scene.at("00:01.000").sees(flow, flowEnd("reset"));
    assertThat(scene.exchange("f1-0"))
        .returns(Outcome.RESET, Exchange::getOutcome)
        .returns("reset", Exchange::getError);
  }

  @Test
  void theEndOfTheCaptureEndsAnExchange() {
    scene.at("00:00.000").sees(flow, get(0, "/a"));
    scene.at("00:01.000").ends();
    assertThat(scene.exchange("f1-0").getOutcome()).isEqualTo(Outcome.CAPTURE_ENDED);
    assertThat(scene.flow("f1").getState()).isEqualTo("capture_ended");
    assertThat(scene.flow("f1").getFinal$()).isTrue();
  }

  @Test
  void modelCallsCarryWhatTheBodiesSaid() {
    Flow ollama = Flow.tcp("f2").to("127.0.0.1", 11434).shows("http", "ollama_api");
    scene
        .at("00:00.000")
        .sees(ollama, model(0, "ollama_chat", "llama3"), request(0, "POST", "/api/chat"));
    scene.at("00:00.500").sees(ollama, head(0, 200, "application/x-ndjson"));
    scene
        .at("00:01.000")
        .sees(
            ollama,
            usage(0, 10, 20, "stop").with(LlmUsage.class, u -> u.setModel("")),
            end(0).with(ResponseEnd.class, e -> {
              e.setStreamed(true);
              e.setChunks(21);
              e.setFirstChunk(e.getTime() - 500_000);
              e.setFirstToken(e.getTime() - 400_000);
            }));
    assertThat(scene.exchange("f2-0"))
        .returns("ollama", Exchange::getFlowType)
        .returns("chat", Exchange::getOperation)
        .returns("llama3", Exchange::getModel)
        .returns(10L, Exchange::getInputTokens)
        .returns(20L, Exchange::getOutputTokens)
        .returns("stop", Exchange::getFinishReason)
        .returns(true, Exchange::getStreamed)
        .returns(21, Exchange::getChunks)
        .returns(500_000L, Exchange::getFirstChunkMicros)
        .returns(600_000L, Exchange::getFirstTokenMicros)
        .returns(false, Exchange::getHousekeeping);
  }

  @Test
  void otherRequestsToAModelEndpointAreHousekeeping() {
    Flow ollama = Flow.tcp("f2").to("127.0.0.1", 11434).shows("http", "ollama_api");
    scene.at("00:00.000").sees(ollama, get(0, "/api/tags"), head(0, 200, null), end(0));
    assertThat(scene.exchange("f2-0").getHousekeeping()).isTrue();
  }

  @Test
  void whatIsEncryptedStaysUnknown() {
    Flow azure = Flow.tcp("f3").to("20.0.0.1", 443).named("x.openai.azure.com").shows("tls");
    scene.at("00:00.000").sees(azure, sealed(0));
    scene.at("00:00.700").sees(azure, sealedHead(0));
    scene.at("00:01.000").sees(azure, end(0));
    assertThat(scene.exchange("f3-0"))
        .returns("azure_openai", Exchange::getFlowType)
        .returns("x.openai.azure.com", Exchange::getServerName)
        .returns("tls", Exchange::getProtocol)
        .returns(700_000L, Exchange::getTtfbMicros)
        .returns(null, Exchange::getOperation)
        .returns(null, Exchange::getModel)
        .returns(null, Exchange::getStatus)
        .returns(false, Exchange::getHousekeeping);
  }

  @Test
  void anExchangeTakesTheTypeThatItsFlowTurnsOutToHave() {
    scene.at("00:00.000").sees(flow, get(0, "/health"), head(0, 200, null), end(0));
    assertThat(scene.exchange("f1-0").getFlowType()).isEqualTo("other_http");
    flow.shows("openai_api");
    scene
        .at("00:01.000")
        .sees(flow, request(1, "POST", "/v1/chat/completions"), model(1, "chat_completions", "m"));
    assertThat(scene.exchange("f1-0"))
        .returns("openai_compatible", Exchange::getFlowType)
        .returns(true, Exchange::getHousekeeping)
        .returns(1, Exchange::getRevision);
    assertThat(scene.exchange("f1-1").getFlowType()).isEqualTo("openai_compatible");
  }

  @Test
  void onlyTheLastExchangesOfAFlowStayRevisable() {
    for (int i = 0; i < 40; i++) {
      scene.at("00:00.000").sees(flow, get(i, "/" + i), head(i, 200, null), end(i));
    }
    int before = scene.told.size();
    flow.shows("openai_api");
    scene.at("00:01.000").sees(flow);
    assertThat(scene.told.size() - before).isEqualTo(Limits.DEFAULT.revisable());
  }
}
