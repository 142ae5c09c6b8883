package io.sidewire.query.rest;

import static io.restassured.RestAssured.given;
import static io.sidewire.query.Samples.SECOND;
import static io.sidewire.query.Samples.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.sidewire.query.Samples;
import io.sidewire.query.store.HandFedEngine;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.HealthKey;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every path of the API on a read model fed by hand: one start of the application for all of it. */
@QuarkusTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiTest {
  private static final String SPAN = "from=" + T0 + "&to=" + (T0 + 60 * SECOND);

  @Inject
  HandFedEngine engine;

  @BeforeAll
  void feed() {
    Topics topics = engine.topics();
    // Two windows of MCP calls, ten of 1 ms and one of 100 ms: a mean of percentiles would show
    // something else.
    put(Samples.volume(T0, "mcp_server").build());
    put(Samples.calls(
            T0, "mcp_server", "tools/call", 1e3, 1e3, 1e3, 1e3, 1e3, 1e3, 1e3, 1e3, 1e3, 1e3)
        .setErrors(Map.of("rpc", 2L))
        .build());
    put(Samples.calls(T0 + 10 * SECOND, "mcp_server", "tools/call", 100e3).build());
    put(Samples.volume(T0 + 10 * SECOND, "azure_openai").setHost("server").build());
    put(Samples.health(T0).setDroppedByKernel(10).build());
    put(Samples.health(T0 + 10 * SECOND).build());
    for (int i = 0; i < 5; i++) {
      put(Samples.exchange("f1-" + i, T0 + i * SECOND).build());
    }
    put(Samples.exchange("f1-5", T0 + 5 * SECOND)
        .setOutcome(Outcome.OPEN)
        .setStatus(null)
        .setTotalMicros(null)
        .build());
    put(Samples.exchange("f1-6", T0 + 6 * SECOND)
        .setStatus(500)
        .setError("5xx")
        .setTotalMicros(900_000L)
        .setOperation("tools/list")
        .build());
    Interaction run = Samples.interaction("f1-0", T0, T0 + 3 * SECOND, "f1-0", "f1-1", "gone-9")
        .build();
    engine.feed(topics.interactions(), run.getInteractionId(), run);
    FlowRecord early = Samples.flow("f0", T0 - 100 * SECOND, T0 - 90 * SECOND).build();
    FlowRecord lasting = Samples.flow("f1", T0 - 50 * SECOND, T0 + 5 * SECOND).build();
    engine.feed(topics.flows(), "f0", early);
    engine.feed(topics.flows(), "f1", lasting);
  }

  private void put(TrafficWindow row) {
    engine.feed(engine.topics().traffic(), TrafficKey.of(row), row);
  }

  private void put(Exchange exchange) {
    engine.feed(engine.topics().exchanges(), exchange.getFlowId(), exchange);
  }

  private void put(CaptureHealth row) {
    var key = new HealthKey(row.getHost(), row.getEpoch(), 0, row.getWindowStart());
    engine.feed(engine.topics().hosts(), key, row);
  }

  private static ValidatableResponse get(String path) {
    return given().urlEncodingEnabled(false).get("/api/v1/" + path).then();
  }

  private static void refused(String path, String... parts) {
    ValidatableResponse answer =
        get(path).statusCode(400).contentType("application/problem+json").body("status", is(400));
    for (String part : parts) {
      answer.body("detail", containsString(part));
    }
  }

  @Test
  void summaryMergesSketchesAndSumsVolumeOnce() {
    get("summary?" + SPAN)
        .statusCode(200)
        .body("flowTypes.flowType", contains("mcp_server", "azure_openai"))
        .body("flowTypes[0].packets", is(10))
        .body("flowTypes[0].frameBytes", is(4_600))
        .body("flowTypes[0].payloadBytes", is(3_900))
        .body("flowTypes[0].flows", is(1))
        .body("flowTypes[0].exchanges", is(11))
        .body("flowTypes[0].errors", is(2))
        .body("flowTypes[0].errorsByClass.rpc", is(2))
        .body("flowTypes[0].ttfb.count", is(11))
        .body("flowTypes[0].ttfb.p50", both(greaterThan(989)).and(lessThan(1_011)))
        .body("flowTypes[0].ttfb.p90", both(greaterThan(989)).and(lessThan(1_011)))
        .body("flowTypes[0].ttfb.p95", both(greaterThan(98_999)).and(lessThan(100_001)))
        .body("flowTypes[0].ttfb.max", is(100_000))
        .body("flowTypes[0].requestBytes.p50", nullValue())
        .body("flowTypes[0].rate", is(11 / 20f))
        .body("all.packets", is(20))
        .body("loss.droppedByKernel", is(10))
        .body("coverage", is(180 / 190f))
        .body("flowTypes[0].coverage", is(180 / 190f))
        .body("flowTypes[1].coverage", nullValue());
  }

  @Test
  void summaryNarrows() {
    get("summary?" + SPAN + "&flowType=azure_openai").body("flowTypes", hasSize(1));
    get("summary?" + SPAN + "&host=ser*").body("flowTypes.flowType", contains("azure_openai"));
    get("summary?" + SPAN + "&server=mcp_server.example,x").body("flowTypes", hasSize(1));
    get("summary?" + SPAN + "&operation=tools/call")
        .body("flowTypes[0].exchanges", is(11))
        .body("flowTypes[0].packets", nullValue());
    get("summary").body("flowTypes", hasSize(0)).body("coverage", nullValue());
    get("summary?from=0").body("flowTypes", hasSize(2));
  }

  @Test
  void seriesSumsAndTakesPercentilesByStep() {
    get("series?metric=exchanges&" + SPAN)
        .statusCode(200)
        .body("stepMicros", is((int) (10 * SECOND)))
        .body("times", hasSize(6))
        .body("series", hasSize(1))
        .body("series[0].key", nullValue())
        .body("series[0].values", contains(10, 1, 0, 0, 0, 0));
    get("series?metric=ttfb.p50&step=20s&" + SPAN)
        .body("unit", is("micros"))
        .body(
            "series[0].values",
            contains(both(greaterThan(989)).and(lessThan(1_011)), nullValue(), nullValue()));
    get("series?metric=packets&group=flowType&" + SPAN)
        .body("series.key", contains("azure_openai", "mcp_server"))
        .body("series[0].values[1]", is(10));
    get("series?metric=frameBytes&from=0")
        .body("times", hasSize(2))
        .body("series[0].values", contains(4_600, 4_600));
  }

  @Test
  void heatmapCountsEachValueOnceInItsStepAndRow() {
    // Ten of 1 ms in the first step, one of 100 ms in the second: two decades apart, 16 rows.
    get("heatmap?" + SPAN)
        .statusCode(200)
        .body("metric", is("total"))
        .body("unit", is("micros"))
        .body("times", hasSize(6))
        .body("count", is(11))
        .body("bounds", hasSize(18))
        .body("bounds[0]", is(1_000))
        .body("bounds[16]", is(100_000))
        .body("counts[0][0]", is(10))
        .body("counts[1][16]", is(1))
        .body("counts[1].sum()", is(1))
        .body("counts[2]", nullValue());
    get("heatmap?metric=ttfb&step=60s&" + SPAN)
        .body("counts", hasSize(1))
        .body("counts.findAll { it != null }.flatten().sum()", is(11));
    get("heatmap?flowType=azure_openai&" + SPAN)
        .body("count", is(0))
        .body("bounds", hasSize(0))
        .body("counts.findAll { it != null }", hasSize(0));
  }

  @Test
  void exchangesNewestFirstWithTheirInteraction() {
    get("exchanges?" + SPAN)
        .statusCode(200)
        .body("items.exchangeId", contains("f1-6", "f1-5", "f1-4", "f1-3", "f1-2", "f1-1", "f1-0"))
        .body("items[6].interactionId", is("f1-0"))
        .body("items[0].interactionId", nullValue())
        .body("items[0].evidence", is("decoded"))
        .body("items[0].outcome", is("answered"))
        .body("items[0].mcpTransport", nullValue())
        .body("items[0].server.port", is(8000))
        .body("items[0].requestStart", is(T0 + 6 * SECOND))
        .body("nextCursor", nullValue());
  }

  @Test
  void exchangesNarrow() {
    get("exchanges?" + SPAN + "&status=error").body("items.exchangeId", contains("f1-6"));
    get("exchanges?" + SPAN + "&status=5xx,open").body("items", hasSize(2));
    get("exchanges?" + SPAN + "&status=ok&minLatency=25ms").body("items", hasSize(5));
    get("exchanges?" + SPAN + "&minLatency=0.5s").body("items.exchangeId", contains("f1-6"));
    get("exchanges?" + SPAN + "&operation=tools/l*").body("items", hasSize(1));
    get("exchanges?" + SPAN + "&server=127.0.0.1:8000").body("items", hasSize(7));
    get("exchanges?" + SPAN + "&server=10.*").body("items", hasSize(0));
    get("exchanges?from=" + (T0 + SECOND) + "&to=" + (T0 + 3 * SECOND))
        .body("items.exchangeId", contains("f1-2", "f1-1"));
  }

  @Test
  void pagesStayRightWhileExchangesArrive() {
    List<String> seen = new ArrayList<>();
    String cursor = "";
    int pages = 0;
    do {
      var page = get("exchanges?from=0&limit=2&server=paged" + cursor)
          .statusCode(200)
          .extract()
          .jsonPath();
      seen.addAll(page.getList("items.exchangeId"));
      String next = page.getString("nextCursor");
      cursor = next == null ? null : "&cursor=" + next;
      if (pages++ == 0) {
        // Before the first page is turned nothing is there yet: five that begin at the same moment.
        for (int i = 0; i < 5; i++) {
          put(Samples.exchange("p-" + i, T0 - SECOND).setServerName("paged").build());
        }
        cursor = "";
      } else if (pages == 2) {
        put(Samples.exchange("p-9", T0 - SECOND)
            .setServerName("paged")
            .build()); // newer than the cursor
        put(Samples.exchange("p-4", T0 - SECOND) // again, with a higher revision
            .setServerName("paged")
            .setRevision(7)
            .build());
      }
    } while (cursor != null);
    assertThat(seen).containsExactly("p-4", "p-3", "p-2", "p-1", "p-0");
  }

  @Test
  void oneExchangeKeepsItsHighestRevision() {
    put(Samples.exchange("r-0", T0 - 30 * SECOND).setRevision(3).setStatus(201).build());
    put(Samples.exchange("r-0", T0 - 20 * SECOND).setRevision(2).setStatus(202).build());
    get("exchanges/r-0").statusCode(200).body("status", is(201)).body("revision", is(3));
    put(Samples.exchange("r-0", T0 - 25 * SECOND).setRevision(4).setStatus(204).build());
    get("exchanges/r-0").body("status", is(204));
    get("exchanges?from=0&to=" + T0 + "&server=localhost*&status=201").body("items", hasSize(0));
    get("exchanges/nope")
        .statusCode(404)
        .contentType("application/problem+json")
        .body("detail", containsString("retention"));
  }

  @Test
  void interactionsWithTheirExchanges() {
    get("interactions?" + SPAN)
        .body("items.interactionId", contains("f1-0"))
        .body("items[0].steps", hasSize(3))
        .body("items[0].endedBy", is("idle"));
    get("interactions?from=" + (T0 + SECOND) + "&to=" + (T0 + 2 * SECOND))
        .body("items", hasSize(1));
    get("interactions/f1-0")
        .body("interaction.totalMicros", is((int) (3 * SECOND)))
        .body("exchanges.exchangeId", contains("f1-0", "f1-1"));
    get("interactions/none").statusCode(404);
  }

  @Test
  void flowsThatWereThereInTheSpan() {
    get("flows?" + SPAN)
        .body("items.flowId", contains("f1"))
        .body("items[0].serverName", is("demo.openai.azure.com"))
        .body("items[0].tunnel", nullValue())
        .body("items[0].final", is(false));
    get("flows?from=0&flowType=azure_openai").body("items.flowId", contains("f1", "f0"));
  }

  @Test
  void hostsWithLossesAndAlerts() {
    get("hosts?" + SPAN)
        .body("items[0].host", is("laptop"))
        .body("items[0].packetsReceived", is(200))
        .body("items[0].settings.interface", is("lo"))
        .body("items[0].coverage", is(180 / 190f))
        .body("items[0].alerts[0]", containsString("--filter"));
  }

  @Test
  void flowTypesOfTheRulesAndOfTheTraffic() {
    put(Samples.volume(T0 - 3_600 * SECOND, "my_own").build());
    get("flow-types")
        .body("items.find { it.flowType == 'mcp_server' }.seen", is(true))
        .body("items.find { it.flowType == 'mcp_server' }.kind", is("tool"))
        .body("items.find { it.flowType == 'anthropic' }.seen", is(false))
        .body("items.find { it.flowType == 'my_own' }.seen", is(true));
  }

  @Test
  void badParametersNameTheFix() {
    refused("summary?form=0", "did you mean 'from'".replace("'", ""), "known: from, to");
    refused("summary?status=500", "/api/v1/exchanges");
    refused("flow-types?x=1", "it takes none");
    refused("summary?from=yesterday", "from: 'yesterday' is no time", "ISO-8601", "-15m");
    refused("summary?from=10&to=5", "from: must be before to");
    refused("summary?from=0&from=1", "given 2 times");
    refused("summary?from=", "is empty");
    refused("summary?flowType=azure", "did you mean azure_openai?", "known:");
    refused("exchanges?status=bad", "is no status", "timeout");
    refused("exchanges?minLatency=fast", "250ms");
    refused("exchanges?limit=0", "1 to 1000");
    refused("exchanges?limit=1001", "1 to 1000");
    refused("exchanges?cursor=%21", "leave it out");
    refused("series?metric=ttfb.p51", "did you mean ttfb.p5", "exchanges");
    refused("heatmap?metric=total.p50", "known: ttfb, firstChunk, total");
    refused("series?step=15s", "multiple of 10 s");
    refused("series?group=port", "known: none, flowType");
    refused("series?step=10s&from=-7d", "step=310s");
    refused("live?kind=packet", "exchange, interaction, flow");
    get("nothing")
        .statusCode(404)
        .contentType("application/problem+json")
        .body("detail", containsString("/api/v1/summary"));
  }

  @Test
  void aReplicaThatRestoresSaysSo() {
    engine.whole(false);
    try {
      get("summary")
          .statusCode(503)
          .header("Retry-After", "2")
          .contentType("application/problem+json")
          .body("detail", containsString("1 of 2 records"));
      given().get("/q/health/ready").then().statusCode(503);
      given().get("/q/health/live").then().statusCode(200);
    } finally {
      engine.whole(true);
    }
    given().get("/q/health/ready").then().statusCode(200);
  }

  @Test
  void whatCannotBeReadStopsNothing() {
    Topics topics = engine.topics();
    engine.bytes(topics.exchanges()).pipeInput(new byte[] {1}, new byte[] {2, 3});
    engine.bytes(topics.traffic()).pipeInput(new byte[] {1}, new byte[] {2, 3});
    Exchange undated = Samples.exchange("f9-0", 0)
        .setRequestStart(null)
        .setRequestEnd(null)
        .setResponseStart(null)
        .setResponseEnd(null)
        .build();
    engine.feed(topics.exchanges(), "f9", undated);
    assertThat(engine.quarantine().counts())
        .containsEntry(topics.exchanges().name(), 2L)
        .containsEntry(topics.traffic().name(), 1L);
    get("exchanges?" + SPAN).statusCode(200).body("items", hasSize(7));
  }

  @Test
  void hostsOfOthersAreNotAnswered() {
    given().header("Host", "evil.example").get("/api/v1/summary").then().statusCode(421);
    given().header("Host", "localhost:1").get("/api/v1/summary").then().statusCode(200);
    given().header("Host", "evil.example").get("/").then().statusCode(421);
    given().header("Host", "evil.example").get("/q/metrics").then().statusCode(421);
    given().header("Host", "evil.example").get("/q/health/live").then().statusCode(200);
  }

  @Test
  void onlyReadingAndWithSafeHeaders() {
    given().post("/api/v1/summary").then().statusCode(405).header("Allow", "GET, HEAD");
    given()
        .head("/api/v1/summary")
        .then()
        .statusCode(200)
        .header("X-Content-Type-Options", "nosniff")
        .header("X-Frame-Options", "DENY")
        .header("Referrer-Policy", "no-referrer")
        .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
        .header("Access-Control-Allow-Origin", nullValue());
  }

  @Test
  void describesItself() {
    given()
        .accept("application/json")
        .get("/q/openapi?format=json")
        .then()
        .statusCode(200)
        .body("paths", hasKey("/api/v1/live"))
        .body("paths", not(hasKey("/api/v1/{other}")))
        .body("paths.'/api/v1/summary'.get.parameters.name", hasItem("flowType"))
        .body("components.schemas.Exchange.properties", hasKey("ttfbMicros"));
    given().get("/q/swagger-ui/").then().statusCode(200);
  }

  @Test
  void metricsByTheNamesOfOpenTelemetry() {
    String text = given().get("/q/metrics").then().statusCode(200).extract().asString();
    assertThat(text)
        .contains("mcp_client_operation_duration_seconds_bucket{")
        .contains("mcp_method_name=\"tools/call\"")
        .contains("gen_ai_tool_name=\"store_memory\"")
        .contains("http_client_request_duration_seconds_count{")
        .contains("sidewire_exchanges_total{")
        .contains("sidewire_packets_total{");
    // The samples here were inferred; another test of this application counts one that was read.
    assertThat(text.lines()
            .filter(line -> line.startsWith("gen_ai_client_operation_duration"))
            .filter(line -> !line.contains("gpt-otlp")))
        .isEmpty();
  }
}
