package io.sidewire.benchmarks;

import io.sidewire.standalone.Sidewire;
import io.sidewire.standalone.cli.Terminal;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * What it costs to put a capture file through the whole pipeline: packets a second by the clock, and CPU seconds by
 * component, taken from the CPU time of each thread by its name.
 *
 * <p>The first round is cold (class loading, interpreter), later ones are warm; each has a broker and stores of its own.
 * CPU time of the virtual machine's own threads (compiler, collector) is what the process used beyond its Java threads.
 */
public final class ReplayCost {
  private static final long SAMPLE_MILLIS = 50;

  /** Thread names to components, first match wins. */
  private static final Map<Pattern, String> COMPONENTS = components();

  private static final Pattern DIGITS = Pattern.compile("[0-9a-f-]*[0-9][0-9a-f-]*");

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Map<Long, Long> nanosByThread = new ConcurrentHashMap<>();
  private final Map<Long, String> names = new ConcurrentHashMap<>();

  private ReplayCost() {}

  /** @param args a capture file, the number of its packets, and how many rounds (3 if left out) */
  public static void main(String[] args) throws Exception {
    if (args.length < 2) {
      System.err.println("Usage: ReplayCost FILE PACKETS [ROUNDS]");
      System.exit(2);
    }
    Path file = Path.of(args[0]);
    long packets = Long.parseLong(args[1]);
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    System.out.printf(Locale.ROOT, "%s: %d packets, %d bytes%n", file, packets, Files.size(file));
    for (int round = 1; round <= rounds; round++) {
      new ReplayCost().round(round, file, packets);
    }
    System.exit(0);
  }

  private void round(int round, Path file, long packets) throws InterruptedException {
    Map<String, Long> before = sum();
    long processBefore = processNanos();
    var stop = new CountDownLatch(1);
    var sampler = new Thread(() -> sampleUntil(stop), "cost-sampler");
    sampler.start();
    var nowhere =
        new Terminal(OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), Map.of());
    long begun = System.nanoTime();
    int code = Sidewire.run(nowhere, "replay", file.toString());
    double wall = (System.nanoTime() - begun) / 1e9;
    stop.countDown();
    sampler.join();
    double process = (processNanos() - processBefore) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "round %d%s: exit %d, %.1f s, %.0f packets/s, %.1f CPU s%n",
        round,
        round == 1 ? " (cold)" : "",
        code,
        wall,
        packets / wall,
        process);
    print(packets, process, before);
  }

  private void print(long packets, double process, Map<String, Long> before) {
    double rest = process;
    for (Map.Entry<String, Long> entry : sum().entrySet()) {
      double seconds = (entry.getValue() - before.getOrDefault(entry.getKey(), 0L)) / 1e9;
      rest -= seconds;
      if (seconds >= 0.05) {
        line(entry.getKey(), seconds, packets);
      }
    }
    line("compiler, collector", rest, packets);
  }

  private static void line(String component, double seconds, long packets) {
    System.out.printf(
        Locale.ROOT,
        "  %-40s %6.2f CPU s  %6.2f a million packets%n",
        component,
        seconds,
        seconds * 1e6 / packets);
  }

  private void sampleUntil(CountDownLatch stop) {
    try {
      do {
        sample();
      } while (!stop.await(SAMPLE_MILLIS, TimeUnit.MILLISECONDS));
      sample();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A thread that ends keeps what its last sample said: at most {@link #SAMPLE_MILLIS} are lost. */
  private void sample() {
    for (long id : threads.getAllThreadIds()) {
      long nanos = threads.getThreadCpuTime(id);
      ThreadInfo info = nanos < 0 ? null : threads.getThreadInfo(id);
      if (info != null) {
        nanosByThread.put(id, nanos);
        names.put(id, info.getThreadName());
      }
    }
  }

  private Map<String, Long> sum() {
    sample();
    Map<String, Long> byComponent = new TreeMap<>();
    nanosByThread.forEach(
        (id, nanos) -> byComponent.merge(component(names.get(id)), nanos, Long::sum));
    return byComponent;
  }

  private static String component(String thread) {
    for (Map.Entry<Pattern, String> entry : COMPONENTS.entrySet()) {
      if (entry.getKey().matcher(thread).find()) {
        return entry.getValue();
      }
    }
    return "other: " + DIGITS.matcher(thread).replaceAll("#");
  }

  private static Map<Pattern, String> components() {
    Map<Pattern, String> map = new LinkedHashMap<>();
    map.put(Pattern.compile("^cost-"), "this benchmark");
    map.put(Pattern.compile("^sidewire-(capture|decode)"), "capture: read and decode");
    map.put(Pattern.compile("^kafka-producer.*sidewire-capture"), "capture: Kafka producer");
    map.put(
        Pattern.compile("^kafka-(producer|admin).*sidewire-processor"), "processor: Kafka clients");
    map.put(
        Pattern.compile("^consumer_background_thread|^stream_thread_"), "processor: Kafka clients");
    map.put(Pattern.compile("^sidewire-processor.*StreamThread"), "processor: topology");
    map.put(Pattern.compile("^sidewire-processor"), "processor: rest");
    map.put(
        Pattern.compile(
            "GlobalStreamThread|^sidewire-(query|read|live|api)|^executor-thread|^vert"),
        "query API");
    map.put(Pattern.compile("^main$"), "command line");
    map.put(
        Pattern.compile("^(data-plane|quorum-|kafka-|executor-|ExpirationReaper|metrics-|group-|"
            + "transaction-|share-|broker-|raft-|TxnMarker|AddPartitions|ThrottledChannel|"
            + "controller-|Log-|log-|kafka-log|streams-group|Share|PersisterStateManager)"),
        "broker");
    return map;
  }

  private static long processNanos() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime();
  }
}
