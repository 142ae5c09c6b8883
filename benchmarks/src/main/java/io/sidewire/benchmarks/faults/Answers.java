package io.sidewire.benchmarks.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What API replicas answer to a fixed set of questions that touches each endpoint. */
final class Answers {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final String EVER = "from=1970-01-02T00:00:00Z&to=2100-01-01T00:00:00Z";
  private static final int LONGEST = 300;
  private static final int ONE_BY_ONE = 12;

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final List<String> plain = new ArrayList<>();
  private final List<String> paged = new ArrayList<>();

  /**
   * @param span from and to of a part of the captures that points of a series can cover
   * @param host one of the hosts
   */
  Answers(String span, String host) {
    String one = "&host=" + URLEncoder.encode(host, StandardCharsets.UTF_8);
    plain.add("flow-types");
    plain.add("hosts?" + EVER);
    plain.add("hosts?" + EVER + one);
    for (String narrowed : List.of("", one, "&flowType=mcp_server", "&operation=tools/call")) {
      plain.add("summary?" + EVER + narrowed);
      plain.add("summary?" + span + narrowed);
      plain.add("heatmap?metric=total&" + span + narrowed);
      for (String metric : List.of("exchanges", "ttfb.p99", "errors", "responseBytes")) {
        for (String group : List.of("flowType", "host", "server", "operation")) {
          plain.add("series?metric=" + metric + "&group=" + group + "&" + span + narrowed);
        }
      }
    }
    plain.add("series?metric=packets&group=flowType&step=10s&" + span);
    for (String narrowed : List.of("", one)) {
      paged.add("exchanges?limit=70&" + EVER + narrowed);
      paged.add("interactions?limit=7&" + EVER + narrowed);
      paged.add("flows?limit=70&" + EVER + narrowed);
    }
    paged.add("exchanges?limit=70&status=error&" + EVER);
    paged.add("exchanges?limit=70&flowType=mcp_server&minLatency=5ms&" + EVER);
  }

  /** Every answer, by its question; pages are asked for in turn of each of these replicas. */
  Map<String, JsonNode> of(int... ports) throws InterruptedException, IOException {
    var answers = new LinkedHashMap<String, JsonNode>();
    for (String question : plain) {
      answers.put(question, get(ports[0], question));
    }
    for (String question : paged) {
      var rows = JSON.createArrayNode();
      String cursor = null;
      for (int page = 0; page == 0 || cursor != null; page++) {
        String more = cursor == null ? "" : "&cursor=" + cursor;
        JsonNode answer = get(ports[page % ports.length], question + more);
        answer.get("items").forEach(rows::add);
        cursor = answer.hasNonNull("nextCursor") ? answer.get("nextCursor").asText() : null;
      }
      answers.put(question, rows);
    }
    oneByOne("exchange", answers, ports[0]);
    oneByOne("interaction", answers, ports[0]);
    return answers;
  }

  private void oneByOne(String kind, Map<String, JsonNode> answers, int port)
      throws InterruptedException, IOException {
    String list = paged.stream().filter(one -> one.startsWith(kind)).findFirst().orElseThrow();
    JsonNode rows = answers.get(list);
    for (int i = 0; i < Math.min(rows.size(), ONE_BY_ONE); i++) {
      String id = rows.get(i).get(kind + "Id").asText();
      String question = kind + "s/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
      answers.put(question, get(port, question));
    }
  }

  /** What came of a question; null: nothing did. */
  HttpResponse<String> ask(int port, String path) throws InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(15))
        .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      return null; // not up yet
    }
  }

  private JsonNode get(int port, String question) throws InterruptedException, IOException {
    HttpResponse<String> answer = ask(port, "/api/v1/" + question);
    if (answer == null || answer.statusCode() != 200) {
      throw new IOException(question + ": "
          + (answer == null ? "no answer" : answer.statusCode() + " " + answer.body()));
    }
    return JSON.readTree(answer.body());
  }

  /** The questions whose answers differ, with the beginning of what differs. */
  static List<String> differences(Map<String, JsonNode> one, Map<String, JsonNode> other) {
    var differences = new ArrayList<String>();
    if (!one.keySet().equals(other.keySet())) {
      differences.add("other rows are listed");
    }
    one.forEach((question, answer) -> {
      JsonNode second = other.get(question);
      if (second != null && !second.equals(answer)) {
        String a = answer.toString();
        String b = second.toString();
        int at = 0;
        while (at < Math.min(a.length(), b.length()) && a.charAt(at) == b.charAt(at)) {
          at++;
        }
        differences.add(question + "\n    one   …" + cut(a, at) + "\n    other …" + cut(b, at));
      }
    });
    return differences;
  }

  private static String cut(String text, int at) {
    int from = Math.max(0, at - LONGEST / 2);
    return text.substring(from, Math.min(text.length(), from + LONGEST));
  }
}
