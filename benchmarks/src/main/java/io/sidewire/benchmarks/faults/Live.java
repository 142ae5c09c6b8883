package io.sidewire.benchmarks.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** A listener of one replica's live stream: the highest revision of each id that it was told. */
final class Live implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATA = "data:";

  private final Map<String, Integer> seen = new TreeMap<>();
  private final InputStream body;
  private final BufferedReader lines;

  /** Listens from now on: the stream's first event has come. */
  Live(int port) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/live"))
        .build();
    var answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
    body = answer.body();
    lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    String line = lines.readLine();
    while (line != null && !line.startsWith(DATA)) {
      line = lines.readLine();
    }
    var reader = new Thread(this::read, "live-" + port);
    reader.setDaemon(true);
    reader.start();
  }

  Map<String, Integer> seen() {
    synchronized (seen) {
      return new TreeMap<>(seen);
    }
  }

  private void read() {
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(DATA)) {
          take(JSON.readTree(line.substring(DATA.length())));
        }
      }
    } catch (IOException e) {
      // Closed: what was seen until then is what is compared.
    }
  }

  private void take(JsonNode row) {
    JsonNode id = row.has("exchangeId") ? row.get("exchangeId") : row.get("interactionId");
    if (id != null) {
      synchronized (seen) {
        seen.merge(id.asText(), row.get("revision").asInt(), Math::max);
      }
    }
  }

  @Override
  public void close() throws IOException {
    body.close(); // not the reader, whose lock the other thread holds while it waits
  }
}
