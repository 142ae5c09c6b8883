package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthEndpointTest {
  private final CaptureCounters counters = new CaptureCounters();
  private final AtomicBoolean healthy = new AtomicBoolean(true);

  @Test
  void healthFollowsThePipeline() throws Exception {
    try (var endpoint = open()) {
      assertThat(get(endpoint, "/health").statusCode()).isEqualTo(200);
      healthy.set(false);
      assertThat(get(endpoint, "/health").statusCode()).isEqualTo(503);
      assertThat(get(endpoint, "/health").body()).contains("DOWN");
      assertThat(get(endpoint, "/").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void metricsHaveEveryCounter() throws Exception {
    counters.add(CaptureCounters.Count.PACKETS_RECEIVED, 42);
    counters.refusedParse("TCP_GAP");
    try (var endpoint = open()) {
      String body = get(endpoint, "/metrics").body();
      assertThat(body)
          .contains("# TYPE sidewire_capture_packets_received_total counter")
          .contains("\nsidewire_capture_packets_received_total 42\n")
          .contains("\nsidewire_capture_refused_parses_total{reason=\"tcp_gap\"} 1\n");
      for (CaptureCounters.Count count : CaptureCounters.Count.values()) {
        assertThat(body).contains("sidewire_" + count.metric() + "_total ");
      }
    }
  }

  @Test
  void aTakenPortAndAWrongAddressNameTheSetting() {
    try (var endpoint = open()) {
      assertThatThrownBy(() -> HealthEndpoint.open(endpoint.address(), counters, healthy::get))
          .isInstanceOfSatisfying(
              CaptureException.class,
              e -> assertThat(e.kind()).isEqualTo(CaptureException.Kind.BUSY))
          .hasMessageContaining("is taken");
    }
    assertThatThrownBy(() -> HealthEndpoint.open("7421", counters, healthy::get))
        .hasMessageContaining("health-bind=7421");
    assertThatThrownBy(() -> HealthEndpoint.open("127.0.0.1:99999", counters, healthy::get))
        .hasMessageContaining("health-bind=127.0.0.1:99999");
  }

  private HealthEndpoint open() {
    return HealthEndpoint.open("127.0.0.1:0", counters, healthy::get);
  }

  private static HttpResponse<String> get(HealthEndpoint endpoint, String path) throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://" + endpoint.address() + path))
        .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
