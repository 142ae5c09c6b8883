package io.sidewire.query.connections;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client of the whole application that asks too fast. */
@QuarkusTest
@TestProfile(RequestsPerSecondTest.OneASecond.class)
@Timeout(30)
class RequestsPerSecondTest {
  /** Sent at once; answered all only by a server that needs 18 seconds for them. */
  private static final int MANY = 20;

  @TestHTTPResource("/")
  URI server;

  public static final class OneASecond implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("sidewire.api.requests-per-second", "1");
    }
  }

  @Test
  void isToldToWaitAndMayAskForHealth() throws IOException {
    List<String> answers = ask("/api/v1/flow-types");
    assertThat(answers).contains("HTTP/1.1 429 Too Many Requests", "retry-after: 1");
    assertThat(answers).contains("HTTP/1.1 200 OK");
    assertThat(ask("/q/health/live"))
        .filteredOn(line -> line.startsWith("HTTP/1.1"))
        .hasSize(MANY)
        .containsOnly("HTTP/1.1 200 OK");
  }

  private List<String> ask(String path) throws IOException {
    try (var socket = new Socket(server.getHost(), server.getPort())) {
      String one = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n";
      String all = (one + "\r\n").repeat(MANY - 1) + one + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(all.getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
          .lines()
          .map(line -> line.replaceFirst("^.*(?=HTTP/1\\.1 \\d)", ""))
          .map(line -> line.startsWith("HTTP/") ? line : line.toLowerCase(java.util.Locale.ROOT))
          .toList();
    }
  }
}
