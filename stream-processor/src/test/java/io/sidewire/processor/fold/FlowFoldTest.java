package io.sidewire.processor.fold;

import static io.sidewire.processor.Seen.dns;
import static io.sidewire.processor.Seen.flowEnd;
import static io.sidewire.processor.Seen.get;
import static io.sidewire.processor.Seen.head;
import static io.sidewire.processor.Seen.hello;
import static io.sidewire.processor.Seen.request;
import static io.sidewire.processor.Seen.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.processor.Flow;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.TrafficWindow;
import io.sidewire.schemas.Tunnel;
import io.sidewire.schemas.Volume;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlowFoldTest {
  private final Scene scene = new Scene();

  @Test
  void volumeMovesToItsTypeWhenThatBecomesKnown() {
    Flow flow = Flow.tcp("f").to("20.0.0.1", 443);
    scene.at("00:00.000").sees(flow, 3);
    scene.at("00:11.000").sees(flow, 2);
    assertThat(scene.packetsByType()).isEqualTo(Map.of("other", 10L));

    flow.shows("tls").named("x.openai.azure.com");
    scene.at("00:12.000").sees(flow, 1);
    assertThat(scene.packetsByType()).isEqualTo(Map.of("azure_openai", 12L));
    assertThat(scene.volumes())
        .extracting(TrafficWindow::getServerName, TrafficWindow::getFlows)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("x.openai.azure.com", 1L),
            org.assertj.core.groups.Tuple.tuple("x.openai.azure.com", 0L));
  }

  @Test
  void anOpenFlowThatMovedIsToldAgainWithinTenSeconds() {
    Flow flow = Flow.tcp("f").to("20.0.0.1", 9000);
    scene.at("00:00.000").sees(flow, 3);
    scene.at("00:01.000").sees(flow, 2);
    scene.at("00:05.000").ticks();
    assertThat(scene.flow("f").getPacketsToServer()).isEqualTo(3);
    scene.at("00:11.000").ticks();
    assertThat(scene.flow("f").getPacketsToServer()).isEqualTo(5);
    assertThat(scene.flow("f").getFinal$()).isFalse();

    int rows = scene.flowRows();
    scene.at("01:00.000").ticks();
    assertThat(scene.flowRows()).as("rows of a flow that did not move").isEqualTo(rows);
  }

  @Test
  void volumeMovesPastTheGraceToo() {
    Flow flow = Flow.tcp("f").to("20.0.0.1", 9000);
    scene.at("00:00.000").sees(flow, 3);
    scene.at("30:00.000").ticks();
    flow.shows("http", "mcp");
    scene.at("30:01.000").sees(flow, 1);
    scene.at("30:02.000").ticks();
    assertThat(scene.packetsByType()).isEqualTo(Map.of("mcp_server", 8L));
    assertThat(scene.health()).allSatisfy(row -> assertThat(row.getLate()).isZero());
  }

  @Test
  void packetsOfNoFlowAreCountedByReason() {
    scene
        .at("00:00.000")
        .unflowed("non_ip", "arp", 4, 240)
        .unflowed("malformed", "ip_header", 1, 60);
    assertThat(scene.packetsByType()).isEqualTo(Map.of("non_ip", 4L, "malformed", 1L));
    assertThat(scene.volumes())
        .extracting(TrafficWindow::getServerName)
        .containsExactlyInAnyOrder("arp", "ip_header");
  }

  @Test
  void innerFlowsOfATunnelDoNotCountAgain() {
    scene.at("00:00.000").sees(Flow.udp("o").in(Tunnel.OUTER), 2);
    scene.at("00:00.000").sees(Flow.tcp("i").in(Tunnel.INNER), 2);
    scene.at("00:00.000").sees(Flow.tcp("m").in(Tunnel.MID), 2);
    assertThat(
            scene.packetsByType().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(4);
    assertThat(scene.flows()).hasSize(3);
  }

  @Test
  void anEmptyConnectionTakesTheTypeOfItsEndpoint() {
    Flow before = Flow.tcp("before").from("10.0.0.1", 1).to("10.0.0.2", 7777);
    Flow talks = Flow.tcp("talks").from("10.0.0.1", 2).to("10.0.0.2", 7777);
    Flow after = Flow.tcp("after").from("10.0.0.1", 3).to("10.0.0.2", 7777);
    Flow elsewhere = Flow.tcp("elsewhere").from("10.0.0.1", 4).to("10.0.0.2", 7778);
    scene.at("00:00.000").sees(before, flowEnd("closed"));
    assertThat(scene.flow("before").getFlowType()).isEqualTo("other");
    talks.shows("http", "mcp");
    scene.at("00:01.000").sees(talks, request(0, "POST", "/mcp"));
    scene.at("00:02.000").sees(after).sees(elsewhere);
    assertThat(scene.flow("before"))
        .returns("mcp_server", FlowRecord::getFlowType)
        .returns(true, FlowRecord::getFinal$);
    assertThat(scene.flow("after").getFlowType()).isEqualTo("mcp_server");
    assertThat(scene.flow("elsewhere").getFlowType()).isEqualTo("other");
    assertThat(scene.packetsByType()).isEqualTo(Map.of("mcp_server", 6L, "other", 2L));
  }

  @Test
  void whatAnEndpointIsIsForgottenInTime() {
    Flow talks = Flow.tcp("talks").to("10.0.0.2", 7777).shows("http", "mcp");
    scene.at("00:00.000").sees(talks, request(0, "POST", "/mcp"), flowEnd("closed"));
    Flow later = Flow.tcp("later").to("10.0.0.2", 7777);
    scene.at("59:59.000").ticks();
    scene.at("59:59.500").sees(later);
    assertThat(scene.flow("later").getFlowType()).isEqualTo("mcp_server");
    Flow muchLater = Flow.tcp("muchLater").to("10.0.0.2", 7777);
    scene.at("61:00.000").ticks();
    scene.at("61:01.000").sees(muchLater);
    assertThat(scene.flow("muchLater").getFlowType()).isEqualTo("other");
  }

  @Test
  void anEndedFlowIsMovedForAWhileOnly() {
    Flow early = Flow.tcp("early").from("10.0.0.1", 1).to("10.0.0.2", 7777);
    Flow talks = Flow.tcp("talks").from("10.0.0.1", 2).to("10.0.0.2", 7777);
    scene.at("00:00.000").sees(early, flowEnd("closed"));
    scene.at("10:01.000").ticks();
    talks.shows("http", "mcp");
    scene.at("10:02.000").sees(talks, request(0, "POST", "/mcp"));
    assertThat(scene.flow("early").getFlowType()).isEqualTo("other");
  }

  @Test
  void aTlsFlowWithoutNameIsNotTakenForItsNeighbour() {
    Flow azure = Flow.tcp("azure").from("10.0.0.1", 1).to("20.0.0.1", 443).shows("tls");
    scene.at("00:00.000").sees(azure, hello("x.openai.azure.com", null));
    Flow nameless = Flow.tcp("nameless").from("10.0.0.1", 2).to("20.0.0.1", 443).shows("tls");
    scene.at("00:01.000").sees(nameless, hello(null, null));
    Flow middle = Flow.tcp("middle").from("10.0.0.1", 3).to("20.0.0.1", 443).shows("tls");
    scene.at("00:02.000").sees(middle, sealed(0));
    assertThat(scene.flow("azure").getFlowType()).isEqualTo("azure_openai");
    assertThat(scene.flow("nameless").getFlowType()).isEqualTo("other_tls");
    assertThat(scene.flow("middle").getFlowType()).isEqualTo("azure_openai");
  }

  @Test
  void aNameIsTakenFromTheAnswerThatExplainsTheAddress() {
    Flow resolver = Flow.udp("d").to("10.0.0.53", 53).shows("dns");
    scene
        .at("00:00.000")
        .sees(resolver, request(0, "A", null), dns(0, "y.openai.azure.com", "20.0.0.9"));
    Flow hidden = Flow.tcp("hidden").to("20.0.0.9", 443).shows("tls");
    scene.at("00:01.000").sees(hidden, hello(null, null));
    assertThat(scene.flow("hidden"))
        .returns("azure_openai", FlowRecord::getFlowType)
        .returns("y.openai.azure.com", FlowRecord::getServerName);
    assertThat(scene.exchange("d-0").getTarget()).isEqualTo("y.openai.azure.com");
  }

  @Test
  void aFlowThatTurnsKeepsItsVolume() {
    Flow flow = Flow.tcp("f").from("10.0.0.2", 8000).to("10.0.0.1", 40000);
    scene.at("00:00.000").carries(flow, new Volume(1L, 3L, 10L, 30L, 1L, 3L, 1L, 3L));
    flow.turns().shows("http", "mcp");
    scene.at("00:01.000").carries(flow, new Volume(2L, 0L, 20L, 0L, 2L, 0L, 2L, 0L));
    assertThat(scene.flow("f"))
        .returns(8000, row -> row.getServer().getPort())
        .returns(5L, FlowRecord::getPacketsToServer)
        .returns(1L, FlowRecord::getPacketsToClient)
        .returns(50L, FlowRecord::getFrameBytesToServer);
    assertThat(scene.volumes()).hasSize(1);
    assertThat(scene.volumes().get(0))
        .returns("10.0.0.2:8000", TrafficWindow::getServerName)
        .returns(5L, TrafficWindow::getPacketsToServer)
        .returns(1L, TrafficWindow::getPacketsToClient)
        .returns(1L, TrafficWindow::getFlows);
  }

  @Test
  void aFlowIsToldAtItsStartEachTenSecondsAndAtItsEnd() {
    Flow flow = Flow.tcp("f").to("20.0.0.1", 443).shows("tls").named("www.example.org");
    scene.at("00:00.000").sees(flow);
    assertThat(scene.flow("f").getPacketsToServer()).isEqualTo(1);
    scene.at("00:05.000").sees(flow);
    assertThat(scene.flow("f").getPacketsToServer()).isEqualTo(1);
    scene.at("00:10.000").sees(flow);
    assertThat(scene.flow("f").getPacketsToServer()).isEqualTo(3);
    scene.at("00:11.000").sees(flow, flowEnd("closed"));
    assertThat(scene.flow("f"))
        .returns(4L, FlowRecord::getPacketsToServer)
        .returns("closed", FlowRecord::getState)
        .returns(true, FlowRecord::getFinal$);
  }

  @Test
  void theLegsOfAConnectionThroughAProxyAreLinked() {
    Flow outer = Flow.tcp("outer").from("10.0.0.1", 1).to("10.0.0.8", 3128).shows("http");
    Flow inner = Flow.tcp("inner").from("10.0.0.8", 2).to("20.0.0.1", 443).shows("tls");
    scene.at("00:00.000").sees(outer, request(0, "CONNECT", null), head(0, 200, null));
    outer.shows("tls");
    scene.at("00:00.100").sees(outer, hello("x.openai.azure.com", "R"));
    scene.at("00:00.101").sees(inner, hello("x.openai.azure.com", "R"));
    scene.at("00:00.200").sees(outer, sealed(1));
    scene.at("00:00.201").sees(inner, sealed(0));
    assertThat(scene.exchange("outer-1"))
        .returns("outer", Exchange::getLeg)
        .returns(null, Exchange::getViaExchangeId);
    assertThat(scene.exchange("inner-0"))
        .returns("inner", Exchange::getLeg)
        .returns("outer-1", Exchange::getViaExchangeId);
    scene.at("00:01.000").ends();
    assertThat(scene.traffic().stream().mapToLong(TrafficWindow::getExchanges).sum())
        .as("the CONNECT and one of the two legs")
        .isEqualTo(2);
    assertThat(scene.interactions()).hasSize(1);
    assertThat(scene.interactions().iterator().next().getSteps()).hasSize(1);
  }

  @Test
  void aProxyIsNotTakenForWhatIsBehindIt() {
    Flow through = Flow.tcp("through").to("10.0.0.8", 3128).shows("http");
    scene
        .at("00:00.000")
        .sees(
            through,
            request(0, "CONNECT", null)
                .with(
                    io.sidewire.schemas.Request.class,
                    r -> r.setAuthority("x.openai.azure.com:443")));
    assertThat(scene.flow("through").getFlowType()).isEqualTo("azure_openai");
    Flow idle = Flow.tcp("idle").from("10.0.0.1", 9).to("10.0.0.8", 3128);
    scene.at("00:01.000").sees(idle);
    assertThat(scene.flow("idle").getFlowType()).isEqualTo("other");
  }

  @Test
  void aRequestOnAKnownToolServerIsOfItsType() {
    Flow talks = Flow.tcp("talks").from("10.0.0.1", 2).to("10.0.0.2", 7777).shows("http", "mcp");
    scene.at("00:00.000").sees(talks, request(0, "POST", "/mcp"));
    Flow stream = Flow.tcp("stream").from("10.0.0.1", 3).to("10.0.0.2", 7777).shows("http");
    scene.at("00:01.000").sees(stream, get(0, "/mcp"), head(0, 405, null));
    assertThat(scene.exchange("stream-0"))
        .returns("mcp_server", Exchange::getFlowType)
        .returns("http/1.1", Exchange::getProtocol)
        .returns(true, Exchange::getHousekeeping);
  }
}
