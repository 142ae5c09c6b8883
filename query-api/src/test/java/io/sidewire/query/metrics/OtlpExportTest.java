package io.sidewire.query.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.quarkus.test.junit.QuarkusTest;
import io.sidewire.query.Samples;
import io.sidewire.schemas.Evidence;
import io.sidewire.schemas.Outcome;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
class OtlpExportTest {
  @Inject
  TrafficMetrics metrics;

  @TempDir
  Path folder;

  @Test
  void aReceiverGetsTheServicesMetricsInSeconds() throws Exception {
    var metricsGot = new CopyOnWriteArrayList<Metric>();
    var keys = new CopyOnWriteArrayList<String>();
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/v1/metrics", call -> {
      keys.add(call.getRequestHeaders().getFirst("X-Key"));
      ExportMetricsServiceRequest.parseFrom(call.getRequestBody())
          .getResourceMetricsList()
          .forEach(resource -> resource
              .getScopeMetricsList()
              .forEach(scope -> metricsGot.addAll(scope.getMetricsList())));
      call.sendResponseHeaders(200, -1);
      call.close();
    });
    receiver.start();
    try {
      Path headers = Files.writeString(folder.resolve("headers"), "X-Key: abc\n\n");
      URI endpoint =
          URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/v1/metrics");
      try (var sender = OtlpExport.send(endpoint, Duration.ofHours(1), headers)) {
        metrics.exchangeEnded(Samples.exchange("otlp-0", Samples.T0)
            .setFlowType("azure_openai")
            .setProtocol("http/1.1")
            .setOperation("chat")
            .setModel("gpt-otlp")
            .setEvidence(Evidence.DECODED)
            .setOutcome(Outcome.ANSWERED)
            .setTotalMicros(250_000L)
            .build());
      }
    } finally {
      receiver.stop(0);
    }
    assertThat(keys).contains("abc");
    Metric duration = metricsGot.stream()
        .filter(metric -> metric.getName().equals("gen_ai.client.operation.duration"))
        .findFirst()
        .orElseThrow();
    assertThat(duration.getUnit()).isEqualTo("seconds");
    assertThat(duration.getHistogram().getDataPointsList())
        .filteredOn(point -> point.getAttributesList().stream()
            .anyMatch(label -> label.getValue().getStringValue().equals("gpt-otlp")))
        .singleElement()
        .returns(1L, point -> point.getCount())
        .returns(0.25, point -> point.getSum());
    assertThat(metricsGot).extracting(Metric::getName).contains("sidewire.exchanges");
  }

  @Test
  void wrongSettingsAreTold() throws IOException {
    URI fine = URI.create("http://127.0.0.1:4318/v1/metrics");
    Path headers = Files.writeString(folder.resolve("headers"), "no colon\n");
    for (var wrong : List.of("otlp.example.org:4318", "ftp://h/x", "http:///v1")) {
      assertThatThrownBy(() -> OtlpExport.send(URI.create(wrong), Duration.ofMinutes(1), null))
          .hasMessageContaining("sidewire.api.otlp-endpoint")
          .hasMessageContaining("http://127.0.0.1:4318/v1/metrics");
    }
    assertThatThrownBy(() -> OtlpExport.send(fine, Duration.ofMillis(10), null))
        .hasMessageContaining("sidewire.api.otlp-interval");
    assertThatThrownBy(() -> OtlpExport.send(fine, Duration.ofMinutes(1), headers))
        .hasMessageContaining("Name: value");
    assertThatThrownBy(() -> OtlpExport.send(fine, Duration.ofMinutes(1), folder.resolve("absent")))
        .hasMessageContaining("cannot be read");
  }
}
