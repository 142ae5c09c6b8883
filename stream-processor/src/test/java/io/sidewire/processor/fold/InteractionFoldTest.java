package io.sidewire.processor.fold;

import static io.sidewire.processor.Seen.call;
import static io.sidewire.processor.Seen.end;
import static io.sidewire.processor.Seen.flowEnd;
import static io.sidewire.processor.Seen.get;
import static io.sidewire.processor.Seen.head;
import static io.sidewire.processor.Seen.model;
import static io.sidewire.processor.Seen.post;
import static io.sidewire.processor.Seen.request;
import static io.sidewire.processor.Seen.result;
import static io.sidewire.processor.Seen.sealed;
import static io.sidewire.processor.Seen.sealedHead;
import static io.sidewire.processor.Seen.usage;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.processor.Capture;
import io.sidewire.processor.Flow;
import io.sidewire.schemas.Evidence;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.LlmUsage;
import io.sidewire.schemas.Request;
import io.sidewire.schemas.ResponseEnd;
import io.sidewire.schemas.ResponseStart;
import io.sidewire.schemas.RpcResult;
import io.sidewire.schemas.Step;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InteractionFoldTest {
  private final Scene scene = new Scene();
  private final Flow azure = Flow.tcp("a")
      .from("10.0.0.1", 1)
      .to("20.0.0.1", 443)
      .named("x.openai.azure.com")
      .shows("tls");
  private final Flow tools = Flow.tcp("t").from("10.0.0.1", 2).shows("http", "mcp");

  private void think(Flow flow, int number, String from, String to) {
    scene.at(from).sees(flow, sealed(number));
    scene.at(to).sees(flow, sealedHead(number), end(number));
  }

  private void use(Flow flow, int number, String tool, String from, String to) {
    scene
        .at(from)
        .sees(flow, post(number, 1, 0, 0), call(number, 0, (long) number, "tools/call", tool));
    scene
        .at(to)
        .sees(
            flow,
            head(number, 200, "application/json"),
            result(number, 0, (long) number),
            end(number));
  }

  private Interaction only() {
    assertThat(scene.interactions()).hasSize(1);
    return scene.interactions().iterator().next();
  }

  @Test
  void callsThatFollowEachOtherAreOneInteraction() {
    think(azure, 0, "00:00.000", "00:01.000");
    use(tools, 0, "search", "00:01.500", "00:01.700");
    think(azure, 1, "00:02.000", "00:03.000");
    scene.at("00:04.000").ticks();
    assertThat(only())
        .returns("a-0", Interaction::getInteractionId)
        .returns("open", Interaction::getState)
        .returns("10.0.0.1", Interaction::getClient)
        .returns(3_000_000L, Interaction::getTotalMicros)
        .returns(2_000_000L, Interaction::getModelMicros)
        .returns(200_000L, Interaction::getToolMicros)
        .returns(800_000L, Interaction::getAgentMicros)
        .returns(2, Interaction::getModelCalls)
        .returns(1, Interaction::getToolCalls)
        .returns(false, Interaction::getAmbiguous)
        .returns(null, Interaction::getInputTokens)
        .returns(2_100L, Interaction::getRequestBytes);
    assertThat(only().getSteps())
        .extracting(Step::getExchangeId, Step::getTarget, Step::getOffsetMicros)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a-0", null, 0L),
            org.assertj.core.groups.Tuple.tuple("t-0", "search", 1_500_000L),
            org.assertj.core.groups.Tuple.tuple("a-1", null, 2_000_000L));
    scene.at("00:08.000").ticks();
    assertThat(only().getState()).isEqualTo("open");
    scene.at("00:08.001").ticks();
    assertThat(only())
        .returns("ended", Interaction::getState)
        .returns("idle", Interaction::getEndedBy);
  }

  @Test
  void anIdleGapDividesInteractions() {
    think(azure, 0, "00:00.000", "00:01.000");
    think(azure, 1, "00:06.000", "00:06.500");
    think(azure, 2, "00:11.501", "00:12.000");
    scene.at("00:13.000").ticks();
    assertThat(scene.interactions())
        .extracting(Interaction::getInteractionId, Interaction::getModelCalls)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a-0", 2),
            org.assertj.core.groups.Tuple.tuple("a-2", 1));
  }

  @Test
  void anOpenExchangeKeepsItOpen() {
    scene.at("00:00.000").sees(azure, sealed(0));
    scene.at("01:00.000").ticks();
    assertThat(only().getState()).isEqualTo("open");
    use(tools, 0, "slow", "01:10.000", "01:11.000");
    scene.at("01:12.000").sees(azure, sealedHead(0), end(0));
    scene.at("01:13.000").ticks();
    assertThat(only())
        .returns("open", Interaction::getState)
        .returns(1, Interaction::getToolCalls)
        .returns(72_000_000L, Interaction::getTotalMicros)
        .returns(72_000_000L, Interaction::getModelMicros)
        .returns(0L, Interaction::getAgentMicros);
  }

  @Test
  void overlapsAreCountedOnce() {
    think(azure, 0, "00:00.000", "00:01.000");
    Flow second = Flow.tcp("t2").from("10.0.0.1", 3).shows("http", "mcp");
    scene.at("00:01.000").sees(tools, post(0, 1, 0, 0), call(0, 0, 1L, "tools/call", "a"));
    scene.at("00:01.500").sees(second, post(0, 1, 0, 0), call(0, 0, 1L, "tools/call", "b"));
    scene.at("00:02.000").sees(tools, head(0, 200, null), result(0, 0, 1L), end(0));
    scene.at("00:02.500").sees(second, head(0, 200, null), result(0, 0, 1L), end(0));
    scene.at("00:03.000").ticks();
    assertThat(only())
        .returns(2, Interaction::getToolCalls)
        .returns(1_500_000L, Interaction::getToolMicros)
        .returns(0L, Interaction::getAgentMicros);
  }

  @Test
  void housekeepingIsNoReasonForOne() {
    scene
        .at("00:00.000")
        .sees(
            tools,
            post(0, 1, 0, 0),
            call(0, 0, 0L, "initialize", null),
            head(0, 200, null),
            result(0, 0, 0L),
            end(0))
        .sees(tools, get(1, "/mcp"), head(1, 200, "text/event-stream"));
    scene.at("00:01.000").ticks();
    assertThat(scene.interactions()).isEmpty();
    use(tools, 2, "x", "00:02.000", "00:02.100");
    scene.at("00:03.000").ticks();
    assertThat(only().getSteps()).hasSize(1);
  }

  @Test
  void otherWorkIsAStepButBeginsAndProlongsNothing() {
    Flow reads = Flow.tcp("r").from("10.0.0.1", 4).shows("http", "mcp");
    scene
        .at("00:00.000")
        .sees(
            reads,
            post(0, 1, 0, 0),
            call(0, 0, 0L, "resources/read", "file:"),
            head(0, 200, null),
            result(0, 0, 0L),
            end(0));
    use(tools, 0, "x", "00:01.000", "00:02.000");
    scene
        .at("00:05.000")
        .sees(
            reads,
            post(1, 1, 0, 0),
            call(1, 0, 1L, "prompts/get", "p"),
            head(1, 200, null),
            result(1, 0, 1L),
            end(1));
    scene.at("00:05.500").ticks();
    assertThat(only())
        .returns("t-0", Interaction::getInteractionId)
        .returns(1_000_000L, Interaction::getTotalMicros)
        .returns(1, Interaction::getToolCalls);
    assertThat(only().getSteps())
        .extracting(Step::getOperation)
        .containsExactly("tools/call", "prompts/get");
    scene.at("00:07.500").ticks();
    assertThat(only().getState()).isEqualTo("ended");
  }

  @Test
  void aFinalAnswerEndsItAtOnceAndAnotherCallGoesOn() {
    Flow ollama = Flow.tcp("o").from("10.0.0.1", 5).to("127.0.0.1", 11434).shows("ollama_api");
    scene
        .at("00:00.000")
        .sees(
            ollama,
            request(0, "POST", "/api/chat"),
            model(0, "ollama_chat", "m"),
            head(0, 200, null),
            usage(0, 10, 5, "tool_calls").with(LlmUsage.class, u -> u.setToolCalls(List.of("x"))),
            end(0));
    scene.at("00:01.000").ticks();
    assertThat(only().getState()).isEqualTo("open");
    scene
        .at("00:01.500")
        .sees(
            ollama,
            request(1, "POST", "/api/chat"),
            model(1, "ollama_chat", "m"),
            head(1, 200, null),
            usage(1, 20, 6, "stop"),
            end(1));
    scene.at("00:02.000").ticks();
    assertThat(only())
        .returns("ended", Interaction::getState)
        .returns("final_answer", Interaction::getEndedBy)
        .returns(30L, Interaction::getInputTokens)
        .returns(11L, Interaction::getOutputTokens);
    use(tools, 0, "x", "00:03.000", "00:03.100");
    scene.at("00:04.000").ticks();
    assertThat(only())
        .returns("open", Interaction::getState)
        .returns(null, Interaction::getEndedBy)
        .returns(1, Interaction::getToolCalls);
  }

  private void ask(Flow flow, int number, int retry, int status, String from, String to) {
    scene
        .at(from)
        .sees(
            flow,
            request(number, "POST", "/v1/chat/completions")
                .with(Request.class, request -> request.setRetryCount(retry)),
            model(number, "chat_completions", "m"));
    scene.at(to).sees(flow, head(number, status, "application/json"), end(number));
  }

  @Test
  void aBrokenAttemptAndItsRepeatAreOneStep() {
    Flow local = Flow.tcp("l").from("10.0.0.1", 5).to("127.0.0.1", 11434).shows("openai_api");
    ask(local, 0, 0, 200, "00:00.000", "00:00.500");
    ask(local, 1, 0, 500, "00:01.000", "00:01.500");
    scene
        .at("00:01.500")
        .sees(local, usage(1, 0, 0, null).with(LlmUsage.class, u -> u.setError("other")));
    scene.at("00:01.600").ticks();
    assertThat(only().getSteps()).hasSize(2);
    ask(local, 2, 1, 200, "00:02.000", "00:02.500");
    scene.at("00:03.000").ticks();
    assertThat(only())
        .returns(2, Interaction::getModelCalls)
        .returns(1, Interaction::getErrors)
        .returns(1_500_000L, Interaction::getModelMicros);
    assertThat(only().getSteps()).extracting(Step::getExchangeId).containsExactly("l-0", "l-2");
  }

  @Test
  void aRefusalForTheRateAndAnErrorThatIsNotRepeatedAreSteps() {
    Flow local = Flow.tcp("l").from("10.0.0.1", 5).to("127.0.0.1", 11434).shows("openai_api");
    ask(local, 0, 0, 429, "00:01.000", "00:01.100");
    ask(local, 1, 1, 200, "00:02.000", "00:02.500");
    ask(local, 2, 0, 500, "00:03.000", "00:03.500");
    ask(local, 3, 0, 200, "00:04.000", "00:04.500");
    scene.at("00:05.000").ticks();
    assertThat(only()).returns(4, Interaction::getModelCalls).returns(2, Interaction::getErrors);
    assertThat(only().getSteps()).hasSize(4);
  }

  @Test
  void whatGeneratesNothingIsNoStep() {
    Flow local = Flow.tcp("l").from("10.0.0.1", 5).to("127.0.0.1", 11434).shows("openai_api");
    scene
        .at("00:00.000")
        .sees(
            local,
            request(0, "POST", "/v1/embeddings"),
            model(0, "embeddings", "m"),
            head(0, 200, null),
            end(0));
    think(azure, 0, "00:01.000", "00:02.000");
    scene.at("00:03.000").sees(azure, sealed(1));
    scene.at("00:03.050").sees(azure, sealedHead(1), end(1).with(ResponseEnd.class, answer -> {
      answer.setBytes(43_000L);
      answer.setEvidence(Evidence.INFERRED);
      answer.setStreamed(false);
    }));
    scene.at("00:04.000").ticks();
    assertThat(only().getSteps()).extracting(Step::getExchangeId).containsExactly("a-0");
  }

  @ParameterizedTest
  @CsvSource({
    "749,0.98,azure_openai,false",
    "750,0.98,azure_openai,true",
    "749,0.95,azure_openai,true"
  })
  void anAnswerOfAHostedServiceTooShortForAnyTextIsNoStep(
      long bytes, float confidence, String flowType, boolean isStep) {
    think(azure, 0, "00:01.000", "00:02.000");
    scene.at("00:03.000").sees(azure, sealed(1));
    scene.at("00:03.050").sees(azure, sealedHead(1), end(1).with(ResponseEnd.class, answer -> {
      answer.setBytes(bytes);
      answer.setConfidence(confidence);
      answer.setEvidence(Evidence.INFERRED);
      answer.setStreamed(false);
    }));
    scene.at("00:04.000").ticks();
    assertThat(only())
        .returns(flowType, row -> row.getSteps().get(0).getFlowType())
        .returns(isStep ? 2 : 1, Interaction::getModelCalls);
  }

  @ParameterizedTest
  @CsvSource({
    "DECRYPTED,127.0.1.10,false",
    "DECRYPTED,[::1]:8443,false",
    "DECRYPTED,,false",
    "DECRYPTED,models.internal,true",
    "DECODED,127.0.1.10,true"
  })
  void aDecryptedCallThatNothingNamesIsNoStep(Evidence evidence, String authority, boolean isStep) {
    think(azure, 0, "00:01.000", "00:02.000");
    Flow bare = Flow.tcp("b").from("10.0.0.1", 5).to("127.0.1.10", 443).shows("openai_api");
    scene
        .at("00:03.000")
        .sees(
            bare,
            request(0, "POST", "/openai/deployments/gpt-4o/chat/completions")
                .with(Request.class, head -> {
                  head.setEvidence(evidence);
                  head.setAuthority(authority);
                }),
            model(0, "chat", "gpt-4o"),
            head(0, 200, null).with(ResponseStart.class, start -> start.setEvidence(evidence)),
            end(0).with(ResponseEnd.class, end -> end.setEvidence(evidence)));
    scene.at("00:04.000").ticks();
    assertThat(only()).returns(isStep ? 2 : 1, Interaction::getModelCalls);
  }

  @Test
  void aCallWhoseProcessIsKnownALittleLaterIsOfThatProcess() {
    Flow first = Flow.tcp("p1").from("127.0.0.1", 1).to("20.0.0.1", 443).by(11, "node");
    first.named("x.openai.azure.com");
    Flow second = Flow.tcp("p2").from("127.0.0.1", 2).to("20.0.0.1", 443);
    second.named("x.openai.azure.com");
    think(first, 0, "00:00.000", "00:01.000");
    scene.at("00:02.000").sees(second, sealed(0));
    scene.at("00:02.100").ticks();
    second.by(11, "node");
    scene.at("00:02.200").sees(second, sealedHead(0), end(0).with(ResponseEnd.class, answer -> {
      answer.setBytes(2_000L);
      answer.setEvidence(Evidence.INFERRED);
      answer.setStreamed(false);
    }));
    scene.at("00:03.000").ticks();
    assertThat(only().getModelCalls()).isEqualTo(2);
  }

  @Test
  void aLongAnswerThatHadItsTimeIsAStep() {
    scene.at("00:01.000").sees(azure, sealed(0));
    scene.at("00:04.000").sees(azure, sealedHead(0), end(0).with(ResponseEnd.class, answer -> {
      answer.setBytes(43_000L);
      answer.setEvidence(Evidence.INFERRED);
      answer.setStreamed(false);
    }));
    scene.at("00:05.000").ticks();
    assertThat(only().getModelCalls()).isEqualTo(1);
  }

  @Test
  void theOrderOfBatchesDoesNotMatter() {
    use(tools, 0, "x", "00:02.000", "00:02.100");
    think(azure, 0, "00:00.000", "00:01.500");
    scene.at("00:03.000").ticks();
    assertThat(only().getInteractionId()).isEqualTo("a-0");
    assertThat(only().getSteps()).extracting(Step::getExchangeId).containsExactly("a-0", "t-0");
  }

  @Test
  void clientsAreToldApartAndProcessesToo() {
    Flow other = Flow.tcp("b").from("10.0.0.9", 1).to("20.0.0.1", 443).named("x.openai.azure.com");
    think(azure, 0, "00:00.000", "00:01.000");
    think(other, 0, "00:00.500", "00:01.000");
    Flow first = Flow.tcp("p1").from("127.0.0.1", 1).to("20.0.0.1", 443).by(11, "node");
    Flow second = Flow.tcp("p2").from("127.0.0.1", 2).to("20.0.0.1", 443).by(12, "python");
    first.named("x.openai.azure.com");
    second.named("x.openai.azure.com");
    think(first, 0, "00:00.000", "00:02.000");
    think(second, 0, "00:01.000", "00:03.000");
    scene.at("00:04.000").ticks();
    assertThat(scene.interactions()).hasSize(4);
    assertThat(scene.interactions()).noneMatch(Interaction::getAmbiguous);
    assertThat(scene.interactions())
        .filteredOn(row -> row.getInteractionId().equals("p2-0"))
        .extracting(row -> row.getProcess().getCommand())
        .containsExactly("python");
  }

  @Test
  void agentsThatShareAnAddressAreAmbiguous() {
    Flow second = Flow.tcp("b").from("10.0.0.1", 9).to("20.0.0.1", 443).named("x.openai.azure.com");
    scene.at("00:00.000").sees(azure, sealed(0));
    scene.at("00:00.500").sees(second, sealed(0));
    scene.at("00:01.000").ticks();
    assertThat(only().getAmbiguous()).isTrue();
  }

  @Test
  void aProcessThatIsFoundLateMovesNothing() {
    scene.at("00:00.000").sees(azure, sealed(0));
    scene.at("00:01.000").ticks();
    azure.by(7, "node");
    scene.at("00:02.000").sees(azure, sealedHead(0), end(0));
    scene.at("00:03.000").ticks();
    assertThat(only())
        .returns(null, Interaction::getProcess)
        .returns(2_000_000L, Interaction::getModelMicros);
  }

  @Test
  void errorsAreCounted() {
    scene.at("00:00.000").sees(tools, post(0, 1, 0, 0), call(0, 0, 1L, "tools/call", "a"));
    scene
        .at("00:00.100")
        .sees(
            tools,
            head(0, 200, null),
            result(0, 0, 1L).with(RpcResult.class, r -> r.setIsError(true)),
            end(0));
    scene.at("00:01.000").ticks();
    assertThat(only().getErrors()).isEqualTo(1);
    assertThat(only().getSteps().get(0).getError()).isEqualTo("tool_error");
  }

  @Test
  void stepsPastTheCapAreCounted() {
    int calls = Limits.DEFAULT.steps() + 7;
    for (int i = 0; i < calls; i++) {
      scene
          .at(Capture.ZERO + i * 1000L)
          .sees(
              tools,
              post(i, 1, 0, 0),
              call(i, 0, (long) i, "tools/call", "a"),
              head(i, 200, null),
              result(i, 0, (long) i),
              end(i));
    }
    scene.at("00:03.000").ticks();
    assertThat(only())
        .returns(7, Interaction::getStepsCut)
        .returns(calls, Interaction::getToolCalls);
    assertThat(only().getSteps()).hasSize(Limits.DEFAULT.steps());
  }

  @Test
  void theEndOfTheCaptureEndsIt() {
    think(azure, 0, "00:00.000", "00:01.000");
    scene.at("00:01.000").sees(azure, flowEnd("closed"));
    scene.at("00:02.000").ends();
    assertThat(only())
        .returns("ended", Interaction::getState)
        .returns("capture_ended", Interaction::getEndedBy);
  }
}
