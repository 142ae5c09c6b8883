package io.sidewire.processor.fold;

import static io.sidewire.processor.Seen.end;
import static io.sidewire.processor.Seen.get;
import static io.sidewire.processor.Seen.head;
import static io.sidewire.processor.Seen.model;
import static io.sidewire.processor.Seen.request;
import static io.sidewire.processor.Seen.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketchProtoBinding;
import com.datadoghq.sketch.ddsketch.store.UnboundedSizeDenseStore;
import com.google.protobuf.InvalidProtocolBufferException;
import io.sidewire.processor.Capture;
import io.sidewire.processor.Flow;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.HealthCounts;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.Sketch;
import io.sidewire.schemas.TrafficWindow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WindowFoldTest {
  private final Scene scene = new Scene();
  private final Flow flow = Flow.tcp("f").to("127.0.0.1", 11434).shows("http", "ollama_api");

  private List<TrafficWindow> exchangeRows() {
    return scene.traffic().stream().filter(row -> !row.getVolumeRow()).toList();
  }

  private TrafficWindow row(String operation) {
    return exchangeRows().stream()
        .filter(row -> operation.equals(row.getOperation()))
        .findFirst()
        .orElseThrow();
  }

  private static DDSketch sketch(Sketch row) {
    try {
      return DDSketchProtoBinding.fromProto(
          UnboundedSizeDenseStore::new,
          com.datadoghq.sketch.ddsketch.proto.DDSketch.parseFrom(row.getDdsketch()));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private void chat(String at, int number, int millis) {
    long start = Capture.micros(at);
    scene
        .at(start)
        .sees(flow, request(number, "POST", "/api/chat"), model(number, "ollama_chat", "m"));
    scene.at(start + millis * 500L).sees(flow, head(number, 200, null));
    scene.at(start + millis * 1000L).sees(flow, usage(number, 10, 5, "stop"), end(number));
  }

  @Test
  void anExchangeIsFoldedIntoTheWindowOfItsEnd() {
    chat("00:09.500", 0, 1000);
    TrafficWindow row = exchangeRows().stream()
        .filter(each -> each.getExchanges() > 0)
        .findFirst()
        .orElseThrow();
    assertThat(row)
        .returns(Capture.micros("00:10.000"), TrafficWindow::getWindowStart)
        .returns("ollama", TrafficWindow::getFlowType)
        .returns("127.0.0.1:11434", TrafficWindow::getServerName)
        .returns("chat", TrafficWindow::getOperation)
        .returns(false, TrafficWindow::getVolumeRow)
        .returns(1L, TrafficWindow::getExchanges)
        .returns(10L, TrafficWindow::getInputTokens)
        .returns(5L, TrafficWindow::getOutputTokens)
        .returns(0L, TrafficWindow::getPacketsToServer)
        .returns(1L, TrafficWindow::getInFlightPeak);
    assertThat(row.getTtfb().getCount()).isEqualTo(1);
    assertThat(sketch(row.getTotal()).getValueAtQuantile(0.5)).isCloseTo(1e6, within(1e4));
  }

  @Test
  void sketchesHoldEveryValueWithinOnePercent() {
    for (int i = 1; i <= 100; i++) {
      chat("00:00.000", i, i);
    }
    Sketch total = row("chat").getTotal();
    assertThat(total)
        .returns(100L, Sketch::getCount)
        .returns(1_000.0, Sketch::getMin)
        .returns(100_000.0, Sketch::getMax)
        .returns(5_050_000.0, Sketch::getSum);
    assertThat(sketch(total).getValueAtQuantile(0.99)).isCloseTo(99_000, within(1_000.0));
    assertThat(row("chat").getInFlightPeak()).isEqualTo(100);
  }

  @Test
  void aRevisedExchangeIsTakenBackAndCountedAnew() {
    scene.at("00:00.000").sees(flow, request(0, "POST", "/api/chat"), model(0, "ollama_chat", "m"));
    scene.at("05:00.000").ticks();
    assertThat(row("chat"))
        .returns(1L, TrafficWindow::getExchanges)
        .returns(Map.of("timeout", 1L), TrafficWindow::getErrors)
        .returns(null, TrafficWindow::getTotal);
    scene.at("05:00.500").sees(flow, head(0, 200, null), end(0));
    List<TrafficWindow> counted =
        exchangeRows().stream().filter(row -> row.getExchanges() != 0).toList();
    assertThat(counted).hasSize(1);
    assertThat(counted.get(0))
        .returns(1L, TrafficWindow::getExchanges)
        .returns(Map.of(), TrafficWindow::getErrors)
        .returns(Capture.micros("05:00.000"), TrafficWindow::getWindowStart);
    assertThat(counted.get(0).getTotal().getCount()).isEqualTo(1);
  }

  @Test
  void usageThatComesAfterTheEndIsCountedOnce() {
    scene.at("00:00.000").sees(flow, request(0, "POST", "/api/chat"), model(0, "ollama_chat", "m"));
    scene.at("00:00.500").sees(flow, head(0, 200, null), end(0));
    scene.at("00:00.500").sees(flow, usage(0, 7, 3, "stop"));
    assertThat(row("chat"))
        .returns(1L, TrafficWindow::getExchanges)
        .returns(7L, TrafficWindow::getInputTokens);
    assertThat(row("chat").getTotal().getCount()).isEqualTo(1);
  }

  @Test
  void inFlightIsThePeakOverTheWindow() {
    Flow second =
        Flow.tcp("g").from("10.0.0.1", 9).to("127.0.0.1", 11434).shows("http", "ollama_api");
    scene.at("00:00.000").sees(flow, request(0, "POST", "/api/chat"), model(0, "ollama_chat", "m"));
    scene
        .at("00:01.000")
        .sees(second, request(0, "POST", "/api/chat"), model(0, "ollama_chat", "m"));
    scene.at("00:02.000").sees(flow, head(0, 200, null), end(0));
    scene.at("00:03.000").sees(second, head(0, 200, null), end(0));
    assertThat(row("chat").getInFlightPeak()).isEqualTo(2);
  }

  @Test
  void errorsAreCountedByClass() {
    int number = 0;
    for (int status : new int[] {404, 429, 500, 503}) {
      scene.at("00:00.000").sees(flow, get(number, "/x"), head(number, status, null), end(number));
      number++;
    }
    scene.at("00:00.000").sees(flow, get(number, "/x"), end(number, Outcome.RESET));
    assertThat(row("GET").getErrors())
        .isEqualTo(Map.of("4xx", 1L, "429", 1L, "5xx", 2L, "reset", 1L));
    assertThat(row("GET").getTtfb().getCount()).isEqualTo(4);
  }

  @Test
  void aLongLivedStreamHasNoLatency() {
    scene.at("00:00.000").sees(flow, get(0, "/events"), head(0, 200, "text/event-stream"));
    scene.at("01:00.000").sees(flow, end(0));
    TrafficWindow row = exchangeRows().stream()
        .filter(each -> each.getExchanges() > 0)
        .findFirst()
        .orElseThrow();
    assertThat(row.getTtfb()).isNull();
    assertThat(row.getTotal()).isNull();
    assertThat(row.getResponseSize().getCount()).isEqualTo(1);
  }

  @Test
  void namesAndOperationsPastTheirCapsShareARow() {
    for (int i = 0; i < Limits.DEFAULT.namesPerWindow() + 5; i++) {
      Flow each = Flow.tcp("n" + i).to("20.0.0.1", 443).shows("tls").named("n" + i + ".example");
      scene.at("00:00.000").sees(each);
    }
    assertThat(scene.volumes()).hasSize(Limits.DEFAULT.namesPerWindow() + 1);
    assertThat(scene.volumes())
        .filteredOn(row -> row.getServerName().equals(WindowFold.OTHERS))
        .extracting(TrafficWindow::getFlows)
        .containsExactly(5L);
    for (int i = 0; i < Limits.DEFAULT.operationsPerServer() + 3; i++) {
      scene.at("01:00.000").sees(flow, request(i, "M" + i, "/"), head(i, 200, null), end(i));
    }
    assertThat(exchangeRows()).hasSize(Limits.DEFAULT.operationsPerServer() + 1);
    assertThat(row(WindowFold.OTHERS).getExchanges()).isEqualTo(3);
  }

  @Test
  void lateDataIsFoldedAndCounted() {
    scene.at("05:00.000").ticks();
    scene.at("04:00.000").sees(flow, 3);
    scene.at("00:00.000").sees(flow, 2);
    assertThat(scene.packetsByType()).isEqualTo(Map.of("ollama", 10L));
    assertThat(scene.health()).extracting(CaptureHealth::getLate).contains(4L).doesNotContain(6L);
  }

  @Test
  void dataWhoseRowIsOutOfReachGoesToTheRowOfTheClock() {
    Flow old = Flow.tcp("old").to("10.0.0.2", 9000);
    scene.at("00:00.000").sees(old, 1);
    scene.at("00:01.000").ticks();
    scene.at("300:00.000").ticks();
    scene.at("00:02.000").sees(old, 4);
    old.shows("http", "mcp");
    scene.at("300:01.000").sees(old, 1);
    assertThat(scene.packetsByType()).isEqualTo(Map.of("mcp_server", 10L, "other", 2L));
  }

  @Test
  void healthIsFoldedByWindow() {
    var counts = new HealthCounts();
    counts.setPacketsReceived(5L);
    counts.setDroppedByKernel(1L);
    counts.setRefusedParses(Map.of("HTTP_BARE_LF", 2L));
    scene.at("00:01.000").sees(flow, 2).ticks(false, counts);
    scene.at("00:02.000").ticks(false, counts);
    scene.at("00:12.000").ticks(false, counts);
    assertThat(scene.health()).hasSize(2);
    assertThat(scene.health().iterator().next())
        .returns(10L, CaptureHealth::getPacketsReceived)
        .returns(2L, CaptureHealth::getDroppedByKernel)
        .returns(4L, CaptureHealth::getPacketsAggregated)
        .returns(Map.of("HTTP_BARE_LF", 4L), CaptureHealth::getRefusedParses)
        .returns(Map.of("mode", "all"), CaptureHealth::getSettings);
  }

  @Test
  void theEndIsToldLast() {
    scene.at("00:01.000").sees(flow, 2).ticks();
    scene.at("00:02.000").ends();
    assertThat(scene.health()).hasSize(1);
    assertThat(scene.health().iterator().next().getSettings())
        .containsEntry(WindowFold.END_OF_FILE, "true");
  }
}
