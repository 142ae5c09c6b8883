package io.sidewire.benchmarks.canary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks a running Sidewire for all that its API, metrics and live stream tell, and looks into it. */
final class Answers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_PAGES = 20;
  private static final int MOST_DETAILS = 200;
  private static final List<String> PATHS = List.of(
      "/",
      "/q/health",
      "/q/metrics",
      "/q/openapi",
      "/api/v1/summary?from=-52w",
      "/api/v1/hosts?from=-52w",
      "/api/v1/flow-types",
      "/api/v1/flows?from=-52w&limit=500",
      "/api/v1/series?from=-52w&metric=exchanges&step=1d",
      "/api/v1/nothing");

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  private final Needles needles;

  Answers(int port, Needles needles) {
    this.port = port;
    this.needles = needles;
  }

  /** Reads the live stream beside all else. */
  Answers listen() {
    Thread live = new Thread(this::live, "live");
    live.setDaemon(true);
    live.start();
    return this;
  }

  /** Everything that can be asked for. */
  void all() throws Exception {
    for (String path : PATHS) {
      get(path);
    }
    pages("/api/v1/exchanges?from=-52w&limit=500");
    pages("/api/v1/interactions?from=-52w&limit=200");
  }

  JsonNode get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(20))
        .build();
    var answer = http.send(request, BodyHandlers.ofByteArray());
    needles.look("answer of " + path.replaceAll("\\?.*", ""), answer.body());
    needles.look(
        "head of " + path, answer.headers().map().toString().getBytes(StandardCharsets.UTF_8));
    boolean json = answer.headers().firstValue("content-type").orElse("").contains("json");
    return json ? JSON.readTree(answer.body()) : JSON.nullNode();
  }

  /** The metrics page as it is. */
  byte[] metrics() throws Exception {
    URI page = URI.create("http://127.0.0.1:" + port + "/q/metrics");
    return http.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofByteArray())
        .body();
  }

  private void pages(String path) throws Exception {
    String next = path;
    int details = 0;
    for (int page = 0; page < MOST_PAGES && next != null; page++) {
      JsonNode answer = get(next);
      for (JsonNode item : answer.path("items")) {
        String id = item.path(path.contains("exchanges") ? "exchangeId" : "interactionId")
            .asText();
        if (details++ < MOST_DETAILS) {
          get(path.replaceAll("\\?.*", "/" + id));
        }
      }
      String cursor = answer.path("nextCursor").asText("");
      next = cursor.isEmpty() ? null : path + "&cursor=" + cursor;
    }
    if (details == 0) {
      throw new IllegalStateException(path + " answered nothing to look at");
    }
  }

  /** Reads the live stream for as long as there is one. */
  private void live() {
    while (true) {
      try {
        var request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port + "/api/v1/live"))
            .build();
        try (InputStream in = http.send(request, BodyHandlers.ofInputStream()).body()) {
          byte[] buffer = new byte[64 << 10];
          for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            needles.look("live stream", java.util.Arrays.copyOf(buffer, read));
          }
        }
        return;
      } catch (IOException notYet) {
        try {
          TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
