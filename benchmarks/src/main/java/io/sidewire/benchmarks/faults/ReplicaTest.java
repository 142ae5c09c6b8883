package io.sidewire.benchmarks.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidewire.benchmarks.faults.Member.Role;
import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.CaptureFileSource;
import io.sidewire.capture.CaptureSummary;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TopicsAdmin;
import io.sidewire.standalone.broker.Brokers;
import io.sidewire.standalone.run.ReplayResults;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/**
 * Two API replicas against one broker: each answers as one alone does, one goes on while the other is killed, and one that
 * comes back says 503 with {@code Retry-After} until it answers the same again.
 *
 * <p>Usage: {@code ReplicaTest HOME}, by {@code checks/replicas}.
 */
public final class ReplicaTest {
  private static final int PARTITIONS = 3;
  private static final long START_SECONDS = 90;
  private static final int SECONDS = 12;
  /** Around the clocks of the first two hosts of the workload. */
  private static final String SPAN = "from=1779999960&to=1780000080";

  private final Topics topics = Topics.withDefaultPrefix();
  private final Fleet fleet;
  private final List<CaptureSummary.Input> captures;
  private final Answers answers;
  private final int first;
  private final int second;
  private final long begun = System.nanoTime();
  private boolean failed;

  private ReplicaTest(Fleet fleet, List<CaptureSummary.Input> captures, String host) {
    this.fleet = fleet;
    this.captures = captures;
    this.answers = new Answers(SPAN, host);
    this.first = fleet.apiPorts.get(0);
    this.second = fleet.apiPorts.get(1);
  }

  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]).toAbsolutePath();
    Path folder = Files.createTempDirectory("sidewire-replicas");
    Map<String, String> settings =
        Map.of("names", "all", "key-file", folder.resolve("key").toString(), "key-create", "true");
    var flags = new ArrayList<>(List.of("--health-bind", "off"));
    settings.forEach((name, value) -> flags.addAll(List.of("--" + name, value)));
    List<Path> files = Workload.write(folder, home.resolve("testdata/agents"), PARTITIONS, SECONDS);
    List<CaptureSummary.Input> captures = Truth.of(CaptureConfig.of(settings), files).captures;
    int code;
    try (var fleet = new Fleet(home, folder, files, flags, false)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> FaultTest.closeQuietly(fleet)));
      code = new ReplicaTest(fleet, captures, CaptureFileSource.hostOf(files.get(0))).run();
    }
    if (code == 0) {
      new Member(Role.BROKER, "all", List.of(), List.of(), folder, folder).loseState();
    } else {
      System.out.println("states and logs are in " + folder);
    }
    System.exit(code);
  }

  private int run() throws Exception {
    Member one = fleet.of(Role.API).get(0);
    Member other = fleet.of(Role.API).get(1);
    fleet.of(Role.BROKER).forEach(Member::start);
    try (Admin admin = Brokers.admin(fleet.kafka)) {
      FaultTest.await("the broker", START_SECONDS, () -> created(admin));
    }
    fleet.of(Role.PROCESSOR).get(0).start();
    one.start();
    captured(0, 2);
    FaultTest.await("a replica", START_SECONDS, () -> isWhole(first));
    Map<String, JsonNode> alone = settled(first);
    say(alone.size() + " answers of one replica alone");
    other.start();
    same("a second replica, begun with nothing, answers the same", alone, whole(second));
    same("pages begun at one replica go on at the other", alone, answers.of(first, second));

    try (var live = new Live(first);
        var same = new Live(second)) {
      captured(2, 3);
      alone = settled(first);
      same("both have what came since", alone, settled(second));
      expect(
          "both told it live (" + live.seen().size() + " exchanges and interactions)",
          !live.seen().isEmpty() && live.seen().equals(same.seen()));
    }

    one.kill();
    same("one is killed: the other goes on", alone, answers.of(second));
    captured(3, 4);
    Map<String, JsonNode> more = settled(second);
    expect(
        "what comes meanwhile is in its answers",
        !Answers.differences(alone, more).isEmpty());
    one.start();
    same("back with its stores, it answers the same", more, whole(first));

    other.kill();
    other.loseState();
    same("again one is killed: the other goes on", more, answers.of(first));
    other.start();
    same("back without its stores, it answers the same", more, whole(second));
    say(failed ? "FAILED" : "passed");
    return failed ? 1 : 0;
  }

  private boolean isWhole(int port) throws InterruptedException {
    HttpResponse<String> answer = answers.ask(port, "/q/health/ready");
    return answer != null && answer.statusCode() == 200;
  }

  private boolean created(Admin admin) throws InterruptedException {
    try {
      TopicsAdmin.create(admin, topics, PARTITIONS, (short) 1, Map.of());
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** Sends captures of some hosts, and waits until all of them has come out in the topics. */
  private void captured(int from, int to) {
    fleet.of(Role.CAPTURE).subList(from, to).forEach(Member::start);
    try (var results = new ReplayResults(fleet.kafka, topics, false)) {
      results.awaitEnd(new CaptureSummary(captures.subList(from, to)));
    }
  }

  /** The answers of a replica once they change no more: it reads the topics a little later than we do. */
  private Map<String, JsonNode> settled(int port) throws Exception {
    var last = new ArrayList<Map<String, JsonNode>>();
    last.add(answers.of(port));
    FaultTest.await("an end of changes", START_SECONDS, () -> {
      Thread.sleep(1_500);
      last.add(answers.of(port));
      return last.get(last.size() - 1).equals(last.get(last.size() - 2));
    });
    return last.get(last.size() - 1);
  }

  /**
   * Asks a replica that was just started until it answers. Before that it must say 503 with Retry-After, and be alive.
   *
   * @return all its answers, at once after the first one
   */
  private Map<String, JsonNode> whole(int port) throws Exception {
    String question = "summary?" + Answers.EVER;
    int later = 0;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (System.nanoTime() < deadline) {
      HttpResponse<String> answer = answers.ask(port, "/api/v1/" + question);
      if (answer != null && answer.statusCode() == 200) {
        expect("503 with Retry-After until then (" + later + " times)", later > 0);
        return answers.of(port);
      }
      if (answer != null) {
        boolean right = answer.statusCode() == 503
            && answer.headers().firstValue("Retry-After").isPresent()
            && answers.ask(port, "/q/health/live").statusCode() == 200
            && answers.ask(port, "/q/health/ready").statusCode() != 200;
        HttpResponse<String> after = right ? null : answers.ask(port, "/api/v1/" + question);
        if (!right && (after == null || after.statusCode() != 200)) {
          expect("503, Retry-After and alive, not " + answer.statusCode(), false);
        }
        later++;
      }
      Thread.sleep(10);
    }
    throw new IllegalStateException("no answer within " + START_SECONDS + " s");
  }

  private void same(String what, Map<String, JsonNode> expected, Map<String, JsonNode> found) {
    List<String> differences = Answers.differences(expected, found);
    expect(what + " (" + found.size() + " answers)", differences.isEmpty());
    differences.stream().limit(5).forEach(one -> System.out.println("  " + one));
  }

  private void expect(String what, boolean is) {
    failed |= !is;
    say((is ? "ok      " : "FAILED  ") + what);
  }

  private void say(String text) {
    System.out.printf("%6.1f s  %s%n", (System.nanoTime() - begun) / 1e9, text);
  }
}
