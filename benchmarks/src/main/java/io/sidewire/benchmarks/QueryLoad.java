package io.sidewire.benchmarks;

import com.datadoghq.sketch.ddsketch.DDSketches;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.HealthKey;
import io.sidewire.schemas.Sketch;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TopicsAdmin;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import io.sidewire.standalone.broker.Brokers;
import io.sidewire.standalone.broker.EmbeddedBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Fills a query API with the traffic rows of many hosts over a day, and measures what a full copy takes and how long
 * queries do.
 *
 * <p>Usage: {@code QueryLoad HOME HOSTS HOURS}, by {@code benchmarks/query-load}. A host has three volume rows and a health
 * row in each 10 seconds, and calls of two operations in three of ten of them.
 */
public final class QueryLoad {
  private static final long SECOND = 1_000_000;
  private static final int PORT = 17_420;
  private static final int RATE = 50;
  private static final int WARM_SECONDS = 15;
  private static final int LOAD_SECONDS = 60;
  private static final List<String> TYPES = List.of("azure_openai", "mcp_server", "other_tls");

  private final Random random = new Random(1);
  private final HttpClient client = HttpClient.newHttpClient();
  private final Topics topics = Topics.withDefaultPrefix();
  private final int hosts;
  private final long to;
  private final long from;
  private long rows;

  private QueryLoad(int hosts, int hours) {
    this.hosts = hosts;
    to = System.currentTimeMillis() / 10_000 * 10 * SECOND;
    from = to - hours * 3_600 * SECOND;
  }

  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]).toAbsolutePath();
    var load = new QueryLoad(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    Path folder = Files.createTempDirectory("sidewire-query-load");
    try (var broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
      load.run(home, folder, broker.bootstrapServers());
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        all.sorted(java.util.Comparator.reverseOrder())
            .forEach(path -> path.toFile().delete());
      }
    }
    System.exit(0);
  }

  private void run(Path home, Path folder, String kafka) throws Exception {
    try (Admin admin = Brokers.admin(kafka)) {
      TopicsAdmin.create(admin, topics, 3, (short) 1, Map.of());
    }
    long begun = System.nanoTime();
    fill(kafka);
    System.out.printf(
        "%d hosts, %d h: %d rows written in %.0f s%n",
        hosts, (to - from) / SECOND / 3_600, rows, seconds(begun));
    Path state = folder.resolve("api");
    Process api = start(home, state, kafka);
    Runtime.getRuntime().addShutdownHook(new Thread(api::destroyForcibly));
    try {
      begun = System.nanoTime();
      await();
      System.out.printf(
          "full copy read in %.0f s; %.0f MiB on disk, %.0f bytes a row, topics %.0f MiB%n",
          seconds(begun),
          size(state) / 1048576.0,
          size(state) / (double) rows,
          size(folder.resolve("broker")) / 1048576.0);
      Thread live = new Thread(() -> trickle(kafka), "live");
      live.setDaemon(true);
      live.start();
      begun = System.nanoTime();
      awaitRollUps();
      System.out.printf("rolled up after %.0f s more%n", seconds(begun));
      measure();
      System.out.printf("%s of the API's process%n", most(api));
    } finally {
      api.destroyForcibly().waitFor();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(String kafka) {
    return new KafkaProducer<>(
        Map.<String, Object>of(
            "bootstrap.servers",
            kafka,
            "compression.type",
            "lz4",
            "linger.ms",
            50,
            "batch.size",
            1 << 20,
            "buffer.memory",
            64L << 20),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** Rows of the newest window, as they come from hosts that go on: what is asked for changes, and is rolled up beside it. */
  private void trickle(String kafka) {
    try (var producer = producer(kafka)) {
      for (int i = 0; ; i++) {
        String host = "host-" + i % hosts;
        traffic(producer, row(host, to - 10 * SECOND, TYPES.get(i % 3), null));
        health(producer, host, to - 10 * SECOND);
        Thread.sleep(Math.max(1, 1_000 / hosts));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until the rows of the span are no longer read one by one. */
  private void awaitRollUps() throws InterruptedException {
    String series = "/api/v1/series?metric=exchanges&group=flowType&" + span(from);
    for (int i = 0; i < 100; i++) {
      long begun = System.nanoTime();
      status(series);
      if (System.nanoTime() - begun < 150_000_000L) {
        return;
      }
      Thread.sleep(2_000);
    }
  }

  private void fill(String kafka) {
    try (var producer = producer(kafka)) {
      for (long window = from; window < to; window += 10 * SECOND) {
        for (int host = 0; host < hosts; host++) {
          window(producer, "host-" + host, window);
        }
      }
    }
  }

  private void window(KafkaProducer<byte[], byte[]> producer, String host, long window) {
    for (String type : TYPES) {
      traffic(producer, row(host, window, type, null));
      boolean calls = !type.equals("other_tls") && random.nextInt(10) < 3;
      if (calls) {
        traffic(
            producer, row(host, window, type, type.equals("mcp_server") ? "tools/call" : "chat"));
      }
    }
    health(producer, host, window);
  }

  private void health(KafkaProducer<byte[], byte[]> producer, String host, long window) {
    var health = new CaptureHealth();
    health.setHost(host);
    health.setEpoch("e");
    health.setWindowStart(window);
    health.setWindowSeconds(10);
    health.setLiveEpochs(1);
    health.setPacketsAggregated(90L);
    health.setPacketsReceived(90L);
    health.setRefusedParses(new HashMap<>());
    health.setSettings(Map.of("interface", "any", "mode", "all"));
    producer.send(new ProducerRecord<>(
        topics.hosts().name(),
        new HealthKey(host, "e", 0, window).toBytes(),
        topics.hosts().value().serializer().serialize(null, health)));
    rows++;
  }

  private void traffic(KafkaProducer<byte[], byte[]> producer, TrafficWindow row) {
    producer.send(new ProducerRecord<>(
        topics.traffic().name(),
        TrafficKey.of(row).toBytes(),
        topics.traffic().value().serializer().serialize(null, row)));
    rows++;
  }

  private TrafficWindow row(String host, long window, String type, String operation) {
    var row = new TrafficWindow();
    row.setWindowStart(window);
    row.setWindowSeconds(10);
    row.setHost(host);
    row.setEpoch("e");
    row.setFlowType(type);
    row.setServerName(type + ".example");
    row.setOperation(operation);
    row.setVolumeRow(operation == null);
    row.setErrors(new HashMap<>());
    if (operation == null) {
      row.setPacketsToServer(10L + random.nextInt(20));
      row.setPacketsToClient(10L + random.nextInt(20));
      row.setFrameBytesToServer(1_000L + random.nextInt(5_000));
      row.setFrameBytesToClient(1_000L + random.nextInt(50_000));
      return row;
    }
    int calls = 1 + random.nextInt(4);
    row.setExchanges(calls);
    row.setTtfb(sketch(calls));
    row.setTotal(sketch(calls));
    row.setRequestSize(sketch(calls));
    row.setResponseSize(sketch(calls));
    return row;
  }

  private Sketch sketch(int values) {
    var sketch = DDSketches.unboundedDense(0.01);
    double sum = 0;
    double min = Double.MAX_VALUE;
    double max = 0;
    for (int i = 0; i < values; i++) {
      double value = Math.exp(random.nextGaussian() + 12);
      sketch.accept(value);
      sum += value;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return new Sketch((long) values, sum, min, max, sketch.serialize());
  }

  private static Process start(Path home, Path state, String kafka) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-Dsidewire.kafka.bootstrap-servers=" + kafka,
            "-Dsidewire.query.instance=load",
            "-Dsidewire.query.state-dir=" + state,
            "-Dsidewire.query.max-bytes=100G",
            "-Dsidewire.api.port=" + PORT,
            "-jar",
            home.resolve("query-api/target/quarkus-app/quarkus-run.jar").toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private void await() throws InterruptedException {
    while (status("/q/health/ready") != 200) {
      Thread.sleep(500);
    }
  }

  /** 80 % the last quarter of an hour, 15 % the whole span by flow type, 5 % one host; then each alone, and harder ones. */
  private void measure() throws InterruptedException {
    String recent = "/api/v1/summary?" + span(to - 900 * SECOND);
    String day = "/api/v1/series?metric=exchanges&group=flowType&" + span(from);
    String host = "/api/v1/summary?host=host-1&" + span(from);
    alone("summary, last 15 minutes", recent, 100);
    alone("summary, whole span", "/api/v1/summary?" + span(from), 20);
    alone("series by flow type, whole span", day, 20);
    alone("series of ttfb.p99 by flow type, whole span", day.replace("exchanges", "ttfb.p99"), 20);
    alone("series by server, whole span", day.replace("flowType", "server"), 10);
    alone("series by host, whole span", day.replace("flowType", "host"), 10);
    alone("summary of one host, whole span", host, 20);
    alone("summary of one server, whole span", "/api/v1/summary?server=mcp*&" + span(from), 10);
    alone("hosts, whole span", "/api/v1/hosts?" + span(from), 10);
    List<String> mixed = List.of(recent, day, host);
    load(mixed, WARM_SECONDS);
    List<List<Long>> times = load(mixed, LOAD_SECONDS);
    say(RATE + "/s mixed: summary, last 15 minutes", times.get(0));
    say(RATE + "/s mixed: series by flow type, whole span", times.get(1));
    say(RATE + "/s mixed: summary of one host, whole span", times.get(2));
    say(RATE + "/s mixed: all", times.stream().flatMap(List::stream).toList());
  }

  /** From when each request was due, so that one that waits for another counts its waiting. */
  private List<List<Long>> load(List<String> mixed, int seconds) throws InterruptedException {
    List<List<Long>> times = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    long begun = System.nanoTime();
    for (int i = 0; i < RATE * seconds; i++) {
      long due = begun + i * 1_000_000_000L / RATE;
      long wait = due - System.nanoTime();
      if (wait > 0) {
        Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
      }
      int one = random.nextInt(100);
      int kind = one < 80 ? 0 : one < 95 ? 1 : 2;
      status(mixed.get(kind));
      times.get(kind).add(System.nanoTime() - due);
    }
    return times;
  }

  private String span(long since) {
    return "from=" + Instant.ofEpochSecond(since / SECOND) + "&to="
        + Instant.ofEpochSecond(to / SECOND);
  }

  private void alone(String what, String query, int times) throws InterruptedException {
    var took = new ArrayList<Long>();
    for (int i = 0; i < times; i++) {
      long begun = System.nanoTime();
      int status = status(query);
      took.add(System.nanoTime() - begun);
      if (status != 200) {
        System.out.println(what + ": status " + status);
      }
    }
    say(what, took);
  }

  private static void say(String what, List<Long> nanos) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    System.out.printf(
        "%-45s median %7.1f ms, p99 %7.1f ms (%d)%n",
        what,
        sorted[sorted.length / 2] / 1e6,
        sorted[Math.min(sorted.length - 1, sorted.length * 99 / 100)] / 1e6,
        sorted.length);
  }

  private int status(String path) throws InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + path))
        .timeout(Duration.ofSeconds(120))
        .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    } catch (IOException e) {
      return -1;
    }
  }

  /** Memory that a process held at most. */
  private static String most(Process process) throws IOException {
    try (Stream<String> status = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return status.filter(line -> line.startsWith("VmHWM")).findFirst().orElse("VmHWM unknown");
    }
  }

  private static double seconds(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }
}
