package io.sidewire.processor.fold;

import static io.sidewire.processor.Seen.call;
import static io.sidewire.processor.Seen.end;
import static io.sidewire.processor.Seen.head;
import static io.sidewire.processor.Seen.model;
import static io.sidewire.processor.Seen.post;
import static io.sidewire.processor.Seen.request;
import static io.sidewire.processor.Seen.result;
import static io.sidewire.processor.Seen.sealed;
import static io.sidewire.processor.Seen.sealedHead;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.processor.Capture;
import io.sidewire.processor.Flow;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.TrafficWindow;
import org.junit.jupiter.api.Test;

/** One call through a gateway on this host is counted once. */
class LegFoldTest {
  private static final int AGENT = 7;
  private static final int GATEWAY = 40;

  private final Scene scene = new Scene();
  private final Flow in = Flow.tcp("in")
      .from("127.0.0.1", 1)
      .to("127.0.0.1", 4000)
      .shows("http", "openai_api")
      .by(AGENT, "node")
      .servedBy(GATEWAY, "python");
  private final Flow out = Flow.tcp("out")
      .from("10.0.0.1", 2)
      .to("20.0.0.1", 443)
      .named("x.openai.azure.com")
      .shows("tls")
      .by(GATEWAY, "python");

  private void asks(Flow flow, int number, String time) {
    scene
        .at(time)
        .sees(
            flow,
            request(number, "POST", "/v1/chat/completions"),
            model(number, "chat_completions", "m"));
  }

  private void answers(Flow flow, int number, String time) {
    scene.at(time).sees(flow, head(number, 200, "application/json"), end(number));
  }

  private Exchange exchange(String id) {
    return scene.exchange(id);
  }

  private long counted() {
    scene.finish();
    return scene.traffic().stream().mapToLong(TrafficWindow::getExchanges).sum();
  }

  @Test
  void aCallThatAGatewayPassesOnHasTwoLegs() {
    asks(in, 0, "00:00.000");
    scene.at("00:00.010").sees(out, sealed(0));
    scene.at("00:00.500").sees(out, sealedHead(0), end(0));
    answers(in, 0, "00:00.510");
    assertThat(exchange("out-0"))
        .returns("inner", Exchange::getLeg)
        .returns("in-0", Exchange::getViaExchangeId);
    assertThat(exchange("in-0"))
        .returns("outer", Exchange::getLeg)
        .returns(null, Exchange::getViaExchangeId);
    assertThat(counted()).isEqualTo(1);
    assertThat(scene.interactions()).hasSize(1);
    assertThat(scene.interactions().iterator().next())
        .returns(AGENT, interaction -> interaction.getProcess().getPid())
        .returns(1, interaction -> interaction.getModelCalls());
  }

  @Test
  void theOrderInWhichTheLegsAreToldDoesNotMatter() {
    scene.at("00:00.010").sees(out, sealed(0));
    scene
        .at("00:00.500")
        .sees(in, micros -> request(0, "POST", "/v1/chat/completions").at(micros - 500_000));
    scene.at("00:00.500").sees(out, sealedHead(0), end(0));
    answers(in, 0, "00:00.510");
    assertThat(exchange("out-0").getViaExchangeId()).isEqualTo("in-0");
    assertThat(counted()).isEqualTo(1);
    assertThat(scene.interactions()).hasSize(1);
  }

  @Test
  void callsAtTheSameTimeHaveALegEach() {
    Flow in2 = Flow.tcp("in2")
        .from("127.0.0.1", 3)
        .to("127.0.0.1", 4000)
        .shows("http", "openai_api")
        .by(AGENT, "node")
        .servedBy(GATEWAY, "python");
    Flow out2 = Flow.tcp("out2")
        .from("10.0.0.1", 4)
        .to("20.0.0.1", 443)
        .named("x.openai.azure.com")
        .shows("tls")
        .by(GATEWAY, "python");
    asks(in, 0, "00:00.000");
    asks(in2, 0, "00:00.001");
    scene.at("00:00.010").sees(out, sealed(0));
    scene.at("00:00.011").sees(out2, sealed(0));
    scene.at("00:00.300").sees(out2, sealedHead(0), end(0));
    answers(in2, 0, "00:00.301");
    scene.at("00:00.400").sees(out, sealedHead(0), end(0));
    answers(in, 0, "00:00.401");
    assertThat(exchange("out-0").getViaExchangeId()).isEqualTo("in-0");
    assertThat(exchange("out2-0").getViaExchangeId()).isEqualTo("in2-0");
    assertThat(counted()).isEqualTo(2);
  }

  @Test
  void whatAnAgentAsksBesidesIsItsOwn() {
    asks(in, 0, "00:00.000");
    scene.at("00:00.010").sees(out, sealed(0));
    scene.at("00:00.200").sees(out, sealedHead(0), end(0));
    scene.at("00:00.210").sees(out, sealed(1));
    scene.at("00:00.400").sees(out, sealedHead(1), end(1));
    answers(in, 0, "00:00.410");
    assertThat(exchange("out-1").getLeg()).isNull();
    assertThat(counted()).isEqualTo(2);
  }

  @Test
  void whatFailedMayBeTriedOnceMore() {
    Flow plain = Flow.tcp("plain")
        .from("127.0.0.1", 5)
        .to("127.0.0.1", 11434)
        .shows("http", "openai_api")
        .by(GATEWAY, "python");
    asks(in, 0, "00:00.000");
    asks(plain, 0, "00:00.010");
    scene.at("00:00.100").sees(plain, head(0, 503, "application/json"), end(0));
    asks(plain, 1, "00:00.110");
    answers(plain, 1, "00:00.400");
    answers(in, 0, "00:00.410");
    assertThat(exchange("plain-0").getLeg()).isEqualTo("inner");
    assertThat(exchange("plain-1").getViaExchangeId()).isEqualTo("in-0");
    assertThat(counted()).isEqualTo(1);
  }

  @Test
  void behindItsEndOrOfAnotherProcessNothingIsALeg() {
    asks(in, 0, "00:00.000");
    Flow others = Flow.tcp("others")
        .from("10.0.0.1", 9)
        .to("20.0.0.1", 443)
        .named("x.openai.azure.com")
        .shows("tls")
        .by(GATEWAY + 1, "python");
    scene.at("00:00.050").sees(others, sealed(0));
    scene.at("00:00.060").sees(others, sealedHead(0), end(0));
    answers(in, 0, "00:00.100");
    scene.at("00:00.200").sees(out, sealed(0));
    scene.at("00:00.300").sees(out, sealedHead(0), end(0));
    assertThat(exchange("others-0").getLeg()).isNull();
    assertThat(exchange("out-0").getLeg()).isNull();
    assertThat(counted()).isEqualTo(3);
  }

  @Test
  void aToolCallIsPassedOnUnderItsName() {
    Flow tools = Flow.tcp("tools")
        .from("127.0.0.1", 1)
        .to("127.0.0.1", 8000)
        .shows("http", "mcp")
        .by(AGENT, "node")
        .servedBy(GATEWAY, "proxy");
    Flow behind = Flow.tcp("behind")
        .from("127.0.0.1", 2)
        .to("127.0.0.1", 8001)
        .shows("http", "mcp")
        .by(GATEWAY, "proxy");
    scene.at("00:00.000").sees(tools, post(0, 1, 0, 0), call(0, 0, 1L, "tools/call", "add"));
    scene.at("00:00.010").sees(behind, post(0, 1, 0, 0), call(0, 0, 9L, "tools/call", "add"));
    scene.at("00:00.020").sees(behind, head(0, 200, "application/json"), result(0, 0, 9L), end(0));
    scene.at("00:00.030").sees(behind, post(1, 1, 0, 0), call(1, 0, 10L, "tools/call", "log"));
    scene.at("00:00.040").sees(behind, head(1, 200, "application/json"), result(1, 0, 10L), end(1));
    scene.at("00:00.050").sees(tools, head(0, 200, "application/json"), result(0, 0, 1L), end(0));
    assertThat(exchange("behind-0").getViaExchangeId()).isEqualTo("tools-0");
    assertThat(exchange("tools-0").getLeg()).isEqualTo("outer");
    assertThat(exchange("behind-1").getLeg()).as("another tool").isNull();
  }

  @Test
  void filesKnowNoProcesses() {
    Capture file = scene.capture("file:x", "e2", true);
    file.at("00:00.000")
        .sees(in, request(0, "POST", "/v1/chat/completions"), model(0, "chat_completions", "m"));
    file.at("00:00.010").sees(out, sealed(0));
    assertThat(exchange("out-0").getLeg()).isNull();
  }
}
