package io.sidewire.standalone.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sidewire.standalone.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks the API of a running Sidewire. */
public final class ApiClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** How often an API that still reads its stores is asked again. */
  private static final Duration RETRY = Duration.ofMillis(250);

  private final HttpClient http = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(Duration.ofSeconds(5))
      .build();
  private final String url;
  private final Optional<String> token;

  /** @param token where the API requires one */
  public ApiClient(String url, Optional<String> token) {
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    this.token = token;
  }

  /** Takes the events of a live stream; false ends it. */
  @FunctionalInterface
  public interface Events {
    boolean event(String name, JsonNode data);
  }

  public String url() {
    return url;
  }

  /** An answer of the API; waits a while for one that is just starting. */
  public JsonNode get(String path, Map<String, String> query) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      HttpResponse<InputStream> response = send(path, query, Optional.of(PATIENCE));
      try (InputStream body = response.body()) {
        JsonNode answer = JSON.readTree(body);
        if (response.statusCode() == 200) {
          return answer;
        }
        if (response.statusCode() != 503 || System.nanoTime() > deadline) {
          throw refused(response.statusCode(), answer);
        }
      } catch (IOException e) {
        throw unreachable(e);
      }
      pause();
    }
  }

  /** Reads the live stream until it ends or {@code events} wants no more. */
  public void live(Map<String, String> query, Events events) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    HttpResponse<InputStream> response = send("/api/v1/live", query, Optional.empty());
    while (response.statusCode() == 503 && System.nanoTime() < deadline) {
      pause();
      response = send("/api/v1/live", query, Optional.empty());
    }
    try (InputStream body = response.body();
        Stream<String> lines = new java.io.BufferedReader(
                new java.io.InputStreamReader(body, StandardCharsets.UTF_8))
            .lines()) {
      if (response.statusCode() != 200) {
        throw refused(
            response.statusCode(), JSON.readTree(lines.collect(Collectors.joining("\n"))));
      }
      var event = new StringBuilder("message");
      for (var iterator = lines.iterator(); iterator.hasNext(); ) {
        String line = iterator.next();
        if (line.startsWith("event:")) {
          event.setLength(0);
          event.append(line.substring("event:".length()).strip());
        } else if (line.startsWith("data:")
            && !events.event(event.toString(), JSON.readTree(line.substring("data:".length())))) {
          return;
        } else if (line.isEmpty()) {
          event.setLength(0);
          event.append("message");
        }
      }
    } catch (UncheckedIOException e) {
      // The other end has gone: the stream is over.
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private HttpResponse<InputStream> send(
      String path, Map<String, String> query, Optional<Duration> timeout) {
    String parameters = query.entrySet().stream()
        .map(entry ->
            entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&", query.isEmpty() ? "" : "?", ""));
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path + parameters));
      timeout.ifPresent(request::timeout);
      token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
      return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (IllegalArgumentException e) {
      throw new Fault(
          Fault.USAGE, "'" + url + "' is no address: write --url http://127.0.0.1:7420", e);
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault(Fault.UNREACHABLE, "Interrupted.", e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault(Fault.UNREACHABLE, "Interrupted.", e);
    }
  }

  private Fault unreachable(IOException e) {
    return new Fault(
        Fault.UNREACHABLE,
        "No Sidewire answers at " + url
            + ": start one with ./sidewire up, or name another with --url or --data.",
        e);
  }

  /** The API says in problem+json what is wrong and how to mend it. */
  private static Fault refused(int status, JsonNode problem) {
    String detail = problem.path("detail").asText(problem.path("title").asText("status " + status));
    return new Fault(status == 503 ? Fault.UNREACHABLE : Fault.USAGE, detail);
  }
}
