package io.sidewire.query.live;

import static io.sidewire.query.Samples.T0;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.sidewire.query.Samples;
import io.sidewire.query.live.LiveEvent.Kind;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@Timeout(30)
class LiveTest {
  @Inject
  HandFedReader reader;

  @TestHTTPResource("/api/v1/live")
  URI address;

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void eventsAsTheyComeAndOnlyThoseAskedFor() throws Exception {
    try (Stream stream = open("?status=error&kind=exchange", null)) {
      assertThat(stream.next()).startsWith("event:hello");
      reader.feed().publish(Kind.exchange, Samples.exchange("f-0", T0).build());
      reader.feed().publish(Kind.flow, Samples.flow("f", T0, T0).build());
      reader
          .feed()
          .publish(Kind.exchange, Samples.exchange("f-1", T0).setError("5xx").build());
      String event = stream.next();
      assertThat(event).contains("event:exchange").contains("\"exchangeId\":\"f-1\"");
    }
  }

  @Test
  void whoComesBackGetsWhatWasMissed() throws Exception {
    String last;
    try (Stream stream = open("?kind=interaction", null)) {
      stream.next();
      reader.feed().publish(Kind.interaction, Samples.interaction("i-0", T0, T0).build());
      last = stream
          .next()
          .lines()
          .filter(line -> line.startsWith("id:"))
          .findFirst()
          .orElseThrow();
    }
    reader.feed().publish(Kind.interaction, Samples.interaction("i-1", T0, T0).build());
    try (Stream stream = open("?kind=interaction", last.substring(3).strip())) {
      stream.next();
      assertThat(stream.next()).contains("\"interactionId\":\"i-1\"");
      reader.feed().publish(Kind.interaction, Samples.interaction("i-2", T0, T0).build());
      assertThat(stream.next()).contains("\"interactionId\":\"i-2\"");
    }
    try (Stream stream = open("?kind=interaction", "0-1")) {
      stream.next();
      reader.feed().publish(Kind.interaction, Samples.interaction("i-3", T0, T0).build());
      assertThat(stream.next()).contains("\"interactionId\":\"i-3\"");
    }
  }

  @Test
  void silenceIsBrokenByAComment() throws Exception {
    try (Stream stream = open("", null)) {
      stream.next();
      reader.feed().beat(System.nanoTime() + 60_000_000_000L, 15_000_000_000L);
      assertThat(stream.next()).startsWith(":");
    }
  }

  @Test
  void whoLeavesIsForgotten() throws Exception {
    Awaitility.await().until(() -> reader.listeners() == 0);
    try (Stream stream = open("", null)) {
      stream.next();
      Awaitility.await().until(() -> reader.listeners() == 1);
    }
    Awaitility.await().until(() -> reader.listeners() == 0);
  }

  private Stream open(String query, String lastEventId) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + query)).timeout(Duration.ofSeconds(20));
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<InputStream> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type").orElse("")).contains("event-stream");
    return new Stream(answer.body());
  }

  /** Reads events, each up to its blank line. */
  private record Stream(BufferedReader lines, InputStream body) implements AutoCloseable {
    Stream(InputStream body) {
      this(new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)), body);
    }

    String next() throws IOException {
      List<String> event = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty() && !event.isEmpty()) {
          return String.join("\n", event);
        }
        if (!line.isEmpty()) {
          event.add(line);
        }
      }
      throw new IOException("the stream ended");
    }

    @Override
    public void close() throws IOException {
      body.close();
    }
  }
}
