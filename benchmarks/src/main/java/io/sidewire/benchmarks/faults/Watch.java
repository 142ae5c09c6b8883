package io.sidewire.benchmarks.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Asks the API replicas while faults happen: each answer is whole, or 503 with {@code Retry-After}, or there is none. */
final class Watch {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EVER = "from=1970-01-02T00:00:00Z&to=2100-01-01T00:00:00Z";

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final Map<String, Integer> answers = new TreeMap<>();
  private final List<String> bad = new ArrayList<>();

  /** Asks one replica for a summary, and notes what came. */
  void ask(int port) throws InterruptedException {
    HttpResponse<String> answer = get(port, "summary?" + EVER);
    if (answer == null) {
      note("none");
      return;
    }
    note(Integer.toString(answer.statusCode()));
    boolean later =
        answer.statusCode() == 503 && answer.headers().firstValue("Retry-After").isPresent();
    if (answer.statusCode() != 200 && !later) {
      synchronized (bad) {
        bad.add(answer.statusCode() + " " + answer.body());
      }
    }
  }

  /** The summary of all time, or null while there is none. */
  JsonNode summary(int port) throws InterruptedException, IOException {
    HttpResponse<String> answer = get(port, "summary?" + EVER);
    return answer == null || answer.statusCode() != 200 ? null : JSON.readTree(answer.body());
  }

  /** The ids of all rows of a list, over all its pages. */
  Set<String> ids(int port, String list, String id) throws InterruptedException, IOException {
    var ids = new HashSet<String>();
    String cursor = null;
    do {
      String more = cursor == null ? "" : "&cursor=" + cursor;
      HttpResponse<String> answer = get(port, list + "?limit=1000&" + EVER + more);
      if (answer == null || answer.statusCode() != 200) {
        throw new IOException(list + " of port " + port + ": "
            + (answer == null ? "no answer" : answer.statusCode() + " " + answer.body()));
      }
      JsonNode page = JSON.readTree(answer.body());
      for (JsonNode row : page.get("items")) {
        if (!ids.add(row.get(id).asText())) {
          throw new IOException(list + " has " + row.get(id) + " twice");
        }
      }
      cursor = page.hasNonNull("nextCursor") ? page.get("nextCursor").asText() : null;
    } while (cursor != null);
    return ids;
  }

  /** True once a service says that it is ready. */
  boolean ready(int port, String path) throws InterruptedException {
    HttpResponse<String> answer = send(port, path);
    return answer != null && answer.statusCode() == 200;
  }

  Map<String, Integer> answers() {
    synchronized (answers) {
      return new TreeMap<>(answers);
    }
  }

  List<String> bad() {
    synchronized (bad) {
      return List.copyOf(bad);
    }
  }

  private void note(String answer) {
    synchronized (answers) {
      answers.merge(answer, 1, Integer::sum);
    }
  }

  private HttpResponse<String> get(int port, String query) throws InterruptedException {
    return send(port, "/api/v1/" + query);
  }

  private HttpResponse<String> send(int port, String path) throws InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(15))
        .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      return null; // killed, or not up yet
    }
  }
}
