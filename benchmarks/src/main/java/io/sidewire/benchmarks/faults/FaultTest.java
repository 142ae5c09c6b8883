package io.sidewire.benchmarks.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sidewire.benchmarks.faults.Member.Role;
import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.CaptureSummary;
import io.sidewire.query.Summary;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TopicsAdmin;
import io.sidewire.standalone.broker.Brokers;
import io.sidewire.standalone.run.ReplayResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Kills what it can of a small fleet while captures come in, and compares everything with the truth afterwards.
 *
 * <p>Usage: {@code FaultTest HOME [--kills N] [--seed S] [--keep]}, by {@code checks/faults}.
 */
public final class FaultTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PARTITIONS = 3;
  private static final int SECONDS_PER_FAULT = 8;
  private static final long MEAN_PAUSE_MILLIS = 4_000;
  private static final long START_SECONDS = 90;
  private static final long DRAIN_SECONDS = 120;
  private static final long WATCH_MILLIS = 250;

  private final Topics topics = Topics.withDefaultPrefix();
  private final Watch watch = new Watch();
  private final List<String> problems = new ArrayList<>();
  private final long begun = System.nanoTime();
  private final Fleet fleet;
  private final Truth truth;
  private volatile boolean over;

  private FaultTest(Fleet fleet, Truth truth) {
    this.fleet = fleet;
    this.truth = truth;
  }

  public static void main(String[] args) throws Exception {
    List<String> given = List.of(args);
    int kills = (int) number(given, "--kills", 5);
    long seed = number(given, "--seed", System.nanoTime() & 0xFFFF_FFFFL);
    System.out.println("seed " + seed + ", " + kills + " faults");
    Path home = Path.of(args[0]).toAbsolutePath();
    Path folder = Files.createTempDirectory("sidewire-faults");
    Path key = folder.resolve("key");
    List<String> settings =
        List.of("--names", "all", "--key-file", key.toString(), "--key-create", "true");
    List<Path> captures = Workload.write(
        folder, home.resolve("testdata/agents"), PARTITIONS, 12 + kills * SECONDS_PER_FAULT);
    Truth truth = Truth.of(
        CaptureConfig.of(Map.of("names", "all", "key-file", key.toString(), "key-create", "true")),
        captures);
    int code;
    try (var fleet =
        new Fleet(home, folder, captures, with(settings, "--health-bind", "off"), true)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> closeQuietly(fleet)));
      code = new FaultTest(fleet, truth).run(kills, seed);
    }
    if (code == 0 && !given.contains("--keep")) {
      new Member(Role.BROKER, "all", List.of(), List.of(), folder, folder).loseState();
    } else {
      System.out.println("states and logs are in " + folder);
    }
    System.exit(code);
  }

  private int run(int kills, long seed) throws Exception {
    start();
    say("up; "
        + truth.captures.stream().mapToLong(CaptureSummary.Input::packets).sum() + " packets of "
        + truth.captures.size() + " hosts begin to come");
    fleet.of(Role.CAPTURE).forEach(Member::start);
    var keeper = thread("keeper", this::keepUp);
    var asker = thread("asker", this::askAll);
    var chaos = new Chaos(seed, fleet, this::say);
    int struck = 0;
    for (Chaos.Fault fault : chaos.plan(kills)) {
      struck += chaos.strike(fault, MEAN_PAUSE_MILLIS) ? 1 : 0;
    }
    Differences differences = differences();
    say("drained");
    compareApis();
    over = true;
    keeper.join();
    asker.join();
    long deadLetters = deadLetters();
    if (deadLetters != 0) {
      problem(deadLetters + " dead letters");
    }
    watch.bad().forEach(answer -> problem("API answered " + answer));
    System.out.print(differences.report());
    System.out.println("API answers while faults happened, by status: " + watch.answers());
    problems.forEach(problem -> System.out.println("PROBLEM " + problem));
    boolean good = differences.count() == 0 && problems.isEmpty();
    say((good ? "passed: " : "FAILED: ") + differences.count() + " differences after " + struck
        + " of " + kills + " faults, seed " + seed);
    return good ? 0 : 1;
  }

  private void start() throws Exception {
    fleet.of(Role.BROKER).forEach(Member::start);
    try (Admin admin = Brokers.admin(fleet.kafka)) {
      await("the broker", START_SECONDS, () -> created(admin));
    }
    fleet.of(Role.PROCESSOR).forEach(Member::start);
    fleet.of(Role.API).forEach(Member::start);
    for (int port : fleet.processorPorts) {
      await("a processor", START_SECONDS, () -> watch.ready(port, "/health/ready"));
    }
    for (int port : fleet.apiPorts) {
      await("an API", START_SECONDS, () -> watch.ready(port, "/q/health/ready"));
    }
  }

  private boolean created(Admin admin) throws InterruptedException {
    try {
      TopicsAdmin.create(admin, topics, PARTITIONS, (short) 1, Map.of());
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** What an orchestrator does: starts again what ended by itself. Services must not; a capture may give up, or be done. */
  private void keepUp() throws InterruptedException {
    while (!over) {
      for (Member member : fleet.members) {
        Integer code = member.endedWith();
        if (code == null) {
          continue;
        }
        if (member.role == Role.CAPTURE && code == 0) {
          member.done();
          continue;
        }
        say(member + " ended by itself with " + code + ", started again");
        if (member.role != Role.CAPTURE) {
          problem(member + " ended by itself with " + code);
        }
        Thread.sleep(500);
        member.start();
      }
      Thread.sleep(100);
    }
  }

  private void askAll() throws InterruptedException {
    while (!over) {
      for (int port : fleet.apiPorts) {
        watch.ask(port);
      }
      Thread.sleep(WATCH_MILLIS);
    }
  }

  /** Waits until all of the captures has come out at the other end, and compares. */
  private Differences differences() throws InterruptedException, ExecutionException {
    try (var results = new ReplayResults(fleet.kafka, topics, true)) {
      var end =
          CompletableFuture.runAsync(() -> results.awaitEnd(new CaptureSummary(truth.captures)));
      try {
        end.get(DRAIN_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        fleet.of(Role.PROCESSOR).forEach(Member::done);
        over = true;
        System.out.println("rows of hosts: " + results.health().size());
        say("FAILED: not drained within " + DRAIN_SECONDS + " s");
        System.exit(1);
      }
      return Differences.between(truth, results);
    }
  }

  /** Both replicas must come to the truth. */
  private void compareApis() throws Exception {
    JsonNode expected = JSON.valueToTree(Summary.of(truth.traffic, truth.health));
    for (int port : fleet.apiPorts) {
      try {
        await("an API that is whole", DRAIN_SECONDS, () -> {
          JsonNode found = watch.summary(port);
          return found != null && isIn(expected, found);
        });
      } catch (IllegalStateException e) {
        problem(
            "summary of port " + port + " should be " + expected + "\n  is " + watch.summary(port));
        continue;
      }
      same(port, "exchanges", truth.exchanges.keySet());
      same(port, "interactions", truth.interactions.keySet());
      same(port, "flows", truth.flows.keySet());
    }
  }

  private void same(int port, String list, Set<String> expected)
      throws IOException, InterruptedException {
    String id = list.substring(0, list.length() - 1) + "Id";
    Set<String> found = watch.ids(port, list, id);
    if (!found.equals(expected)) {
      problem(list + " of port " + port + ": " + found.size() + " ids, not " + expected.size());
    }
  }

  /** True where everything that the truth says is in the answer too. The span asked for is another one. */
  private static boolean isIn(JsonNode truth, JsonNode answer) {
    if (truth.isNull()) {
      return answer == null || answer.isNull();
    }
    if (answer == null) {
      return false;
    }
    if (truth.isNumber()) {
      return answer.isNumber() && truth.asDouble() == answer.asDouble();
    }
    if (truth.isArray()) {
      boolean same = truth.size() == answer.size();
      for (int i = 0; same && i < truth.size(); i++) {
        same = isIn(truth.get(i), answer.get(i));
      }
      return same;
    }
    if (truth.isObject()) {
      for (var field : truth.properties()) {
        boolean span = field.getKey().equals("from") || field.getKey().equals("to");
        if (!span && !isIn(field.getValue(), answer.get(field.getKey()))) {
          return false;
        }
      }
      return true;
    }
    return truth.equals(answer);
  }

  private long deadLetters() throws ExecutionException, InterruptedException {
    var wanted = new java.util.HashMap<TopicPartition, OffsetSpec>();
    for (int i = 0; i < PARTITIONS; i++) {
      wanted.put(new TopicPartition(topics.deadLetters().name(), i), OffsetSpec.latest());
    }
    try (Admin admin = Brokers.admin(fleet.kafka)) {
      return admin.listOffsets(wanted).all().get().values().stream()
          .mapToLong(end -> end.offset())
          .sum();
    }
  }

  interface Condition {
    boolean holds() throws Exception;
  }

  static void await(String what, long seconds, Condition condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!condition.holds()) {
      if (System.nanoTime() - deadline >= 0) {
        throw new IllegalStateException(what + " did not come within " + seconds + " s");
      }
      Thread.sleep(100);
    }
  }

  private interface Task {
    void run() throws InterruptedException;
  }

  private static Thread thread(String name, Task task) {
    var thread = new Thread(
        () -> {
          try {
            task.run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private synchronized void problem(String text) {
    problems.add(text);
  }

  private void say(String text) {
    System.out.printf("%6.1f s  %s%n", (System.nanoTime() - begun) / 1e9, text);
  }

  static void closeQuietly(Fleet fleet) {
    try {
      fleet.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> with(List<String> settings, String... more) {
    var all = new ArrayList<>(settings);
    all.addAll(List.of(more));
    return all;
  }

  private static long number(List<String> args, String name, long otherwise) {
    int at = args.indexOf(name);
    return at < 0 || at + 1 >= args.size() ? otherwise : Long.parseLong(args.get(at + 1));
  }
}
