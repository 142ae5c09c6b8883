package io.sidewire.benchmarks;

import io.sidewire.schemas.Keys;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TopicsAdmin;
import io.sidewire.standalone.broker.Brokers;
import io.sidewire.standalone.broker.EmbeddedBroker;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;

/**
 * What the processor alone does: packets a second and CPU seconds a million packets with one, two or four partitions and
 * as many stream threads, and how long it takes to have its state back after its folder was lost.
 *
 * <p>Usage: {@code ProcessorLoad HOME PACKETS PARTITIONS...}, by {@code benchmarks/processor-load}. Four hosts send the
 * same traffic; the packets are in the topic before the processor starts, and its time begins when it takes the first of
 * them.
 */
public final class ProcessorLoad {
  private static final int HOSTS = 4;
  private static final long START = 1_780_000_000_000_000L;
  private static final long ROUND_MICROS = 11_000_000;
  private static final int NETWORKS = 4_000;
  private static final List<String> FILES =
      List.of("agent-full.pcap", "azure-curl.pcap", "mcp-http-everything.pcap", "wan-loss.pcap");
  private static final int POLL_MILLIS = 50;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path home;
  private final Path folder;
  private final String kafka;
  private final Admin admin;
  private final long packetsOfAHost;

  private ProcessorLoad(Path home, Path folder, String kafka, Admin admin, long packets) {
    this.home = home;
    this.folder = folder;
    this.kafka = kafka;
    this.admin = admin;
    packetsOfAHost = packets / HOSTS;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("sidewire-processor-load");
    try (var broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        Admin admin = Brokers.admin(broker.bootstrapServers())) {
      var load = new ProcessorLoad(
          Path.of(args[0]).toAbsolutePath(),
          folder,
          broker.bootstrapServers(),
          admin,
          Long.parseLong(args[1]));
      for (String partitions : List.of(args).subList(2, args.length)) {
        load.measure(Integer.parseInt(partitions));
      }
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        all.sorted(java.util.Comparator.reverseOrder())
            .forEach(path -> path.toFile().delete());
      }
    }
    System.exit(0);
  }

  private void measure(int partitions) throws Exception {
    String prefix = "p" + partitions + ".";
    Topics topics = Topics.withPrefix(prefix);
    TopicsAdmin.create(admin, topics, partitions, (short) 1, Map.of());
    List<TopicPartition> packets = java.util.stream.IntStream.range(0, partitions)
        .mapToObj(i -> new TopicPartition(topics.packets().name(), i))
        .toList();
    for (int host = 0; host < HOSTS; host++) {
      send(host, partitions, prefix);
    }
    Map<TopicPartition, Long> ends = ends(packets);

    int port = freePort();
    Path state = folder.resolve("state-" + partitions);
    Process processor = start(prefix, partitions, state, port);
    try {
      await(processor, () -> done(prefix, packets) > 0);
      long begun = System.nanoTime();
      long cpu = cpuNanos(processor);
      await(processor, () -> done(prefix, packets) == sum(ends));
      double seconds = (System.nanoTime() - begun) / 1e9;
      double used = (cpuNanos(processor) - cpu) / 1e9;
      long sent = packetsOfAHost * HOSTS;
      System.out.printf(
          Locale.ROOT,
          "%d partition(s): %,.0f packets/s, %.1f CPU s a million packets (%,d packets in %.1f s)%n",
          partitions,
          sent / seconds,
          used * 1e6 / sent,
          sent,
          seconds);
    } finally {
      processor.destroy();
      processor.waitFor();
    }
    restore(prefix, partitions, state);
  }

  private void restore(String prefix, int partitions, Path state) throws Exception {
    long kept = size(state);
    delete(state);
    int port = freePort();
    long begun = System.nanoTime();
    Process processor = start(prefix, partitions, state, port);
    try {
      await(processor, () -> isReady(port));
      System.out.printf(
          Locale.ROOT,
          "  state of %.1f MiB back after %.1f s, start of the process included%n",
          kept / 1048576.0,
          (System.nanoTime() - begun) / 1e9);
    } finally {
      processor.destroy();
      processor.waitFor();
    }
  }

  /** One host's capture, written and sent. */
  private void send(int host, int partitions, String prefix) throws Exception {
    Path file = folder.resolve(name(host, partitions));
    Path testdata = home.resolve("testdata/agents");
    MixedCapture.write(
        file,
        new MixedCapture.Plan(
            packetsOfAHost, Integer.MAX_VALUE, START, ROUND_MICROS, host * NETWORKS),
        FILES.stream().map(testdata::resolve).toList());
    List<String> command = java("capture-producer/target/app/lib", "256m");
    command.addAll(List.of(
        "io.sidewire.capture.CaptureMain",
        "--kafka",
        kafka,
        "--topic-prefix",
        prefix,
        "--health-bind",
        "off",
        "--key-file",
        folder.resolve("key").toString(),
        "--key-create=true",
        file.toString()));
    Process capture = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("capture.log").toFile())
        .start();
    if (capture.waitFor() != 0) {
      throw new IOException("capture: " + Files.readString(folder.resolve("capture.log")));
    }
    Files.delete(file);
  }

  /** A name whose records go to the partition of this number. */
  private static String name(int host, int partitions) {
    for (int i = 0; ; i++) {
      String name = "host-" + host + "-" + i + ".pcap";
      byte[] key = Keys.packets("file:" + name, 0).getBytes(StandardCharsets.UTF_8);
      if (BuiltInPartitioner.partitionForKey(key, partitions) == host % partitions) {
        return name;
      }
    }
  }

  private Process start(String prefix, int threads, Path state, int port) throws IOException {
    List<String> command = java("stream-processor/target/app/lib", "1g");
    command.addAll(List.of(
        "io.sidewire.processor.StreamMain",
        "--kafka",
        kafka,
        "--topic-prefix",
        prefix,
        "--application-id",
        prefix + "processor",
        "--threads",
        Integer.toString(threads),
        "--state-dir",
        state.toString(),
        "--health-bind",
        "127.0.0.1:" + port,
        "--commit-interval",
        "1s"));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("processor.log").toFile())
        .start();
  }

  private List<String> java(String lib, String heap) {
    return new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-Xmx" + heap,
        "-cp",
        home.resolve(lib) + File.separator + "*"));
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private void await(Process processor, Condition condition) throws Exception {
    while (!condition.holds()) {
      if (!processor.isAlive()) {
        throw new IOException("processor: " + Files.readString(folder.resolve("processor.log")));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private boolean isReady(int port) throws InterruptedException {
    try {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
          .build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private long done(String prefix, List<TopicPartition> packets) throws Exception {
    var offsets = admin
        .listConsumerGroupOffsets(prefix + "processor")
        .partitionsToOffsetAndMetadata()
        .get();
    return packets.stream()
        .mapToLong(one -> offsets.get(one) == null ? 0 : offsets.get(one).offset())
        .sum();
  }

  private Map<TopicPartition, Long> ends(List<TopicPartition> packets) throws Exception {
    var ends = admin
        .listOffsets(
            packets.stream().collect(Collectors.toMap(one -> one, one -> OffsetSpec.latest())))
        .all()
        .get();
    return ends.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
  }

  private static long sum(Map<TopicPartition, Long> offsets) {
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }

  private static long cpuNanos(Process process) {
    return process.info().totalCpuDuration().map(d -> d.toNanos()).orElse(0L);
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
