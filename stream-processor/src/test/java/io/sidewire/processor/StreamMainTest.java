package io.sidewire.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class StreamMainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Map<String, String> environment, String... arguments) {
    return StreamMain.run(
        arguments, environment, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  @Test
  void helpNamesEverySetting() {
    assertThat(run(Map.of(), "--help")).isZero();
    StreamConfig.keys().forEach(key -> assertThat(out.toString()).contains("--" + key.name()));
    assertThat(out.toString()).contains("topics");
  }

  @Test
  void wrongUsageIsSaidAndEndsWithTwo() {
    assertThat(run(Map.of(), "--no-such-flag")).isEqualTo(2);
    assertThat(run(Map.of(), "--threads", "many")).isEqualTo(2);
    assertThat(run(Map.of("SIDEWIRE_PROCESSOR_THREAD", "1"))).isEqualTo(2);
    assertThat(run(Map.of(), "--rules", "/no/such/rules.yaml", "--health-bind", "off"))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains("--no-such-flag")
        .contains("threads is a number from 1 to 256, not many")
        .contains("no setting thread; did you mean threads?")
        .contains("/no/such/rules.yaml: cannot be read");
  }

  @Test
  void healthIsWhatItIsAsked() throws Exception {
    var ready = new AtomicBoolean();
    try (var server = HealthServer.open("127.0.0.1:0", () -> true, ready::get, () -> "m 1\n")) {
      assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
      assertThat(get(server, "/health/ready").statusCode()).isEqualTo(503);
      ready.set(true);
      assertThat(get(server, "/health/ready").statusCode()).isEqualTo(200);
      assertThat(get(server, "/metrics").body()).isEqualTo("m 1\n");
      assertThat(get(server, "/other").statusCode()).isEqualTo(404);
      assertThatThrownBy(() ->
              HealthServer.open("127.0.0.1:" + server.port(), () -> true, () -> true, () -> ""))
          .hasMessageContaining("choose another health-bind");
    }
    assertThatThrownBy(() -> HealthServer.open("7422", () -> true, () -> true, () -> ""))
        .hasMessageContaining("health-bind is host:port, not 7422");
  }

  private static HttpResponse<String> get(HealthServer server, String path) throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
