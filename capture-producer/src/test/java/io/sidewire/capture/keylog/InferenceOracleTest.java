package io.sidewire.capture.keylog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.Observation;
import io.sidewire.wire.Observation.Content;
import io.sidewire.wire.Observation.Evidence;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.Observation.Request;
import io.sidewire.wire.Observation.ResponseEnd;
import io.sidewire.wire.Observation.ResponseStart;
import io.sidewire.wire.Observation.ServerHello;
import io.sidewire.wire.flow.FlowView;
import io.sidewire.wire.tls.decrypt.Decryption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Inferred exchanges against the decrypted ones of the same captures: what is read with keys is the truth. The table that
 * it prints stands in {@code docs/encrypted-exchanges.md}.
 *
 * <p>An exchange is found where an inferred one of its connection begins with the first byte of its request, or within its
 * time: a decrypted request has the time at which its record was complete.
 */
class InferenceOracleTest {
  private static final Path AGENTS = Path.of("../testdata/agents");
  private static final Path TLS = Path.of("../testdata/tls");

  /** Between the first packet of a request and the one that completed it, over a slow line. */
  private static final long SAME_REQUEST_MICROS = 500_000;

  private static final long CLOSE_MICROS = 5_000;

  /** One exchange; null where it was not seen. */
  private static final class Call {
    private Request request;
    private ResponseStart start;
    private ResponseEnd end;

    private long ttfb() {
      return Math.max(0, start.time() - request.end());
    }
  }

  private static final class Connection {
    private final Map<Long, Call> calls = new TreeMap<>();
    private final Set<String> content = new HashSet<>();
    private Integer version;

    private List<Call> of(Evidence evidence) {
      return calls.values().stream()
          .filter(call -> call.request != null && call.request.evidence() == evidence)
          .sorted(Comparator.comparingLong(call -> call.request.start()))
          .toList();
    }
  }

  /** Figures of a kind of connection. */
  private static final class Score {
    private int connections;
    private int truth;
    private int found;
    private int spurious;
    private int timed;
    private int withinClose;
    private final List<Long> errors = new ArrayList<>();

    private double recall() {
      return truth == 0 ? 1 : (double) found / truth;
    }

    private double precision() {
      return found + spurious == 0 ? 1 : (double) found / (found + spurious);
    }

    private double firstByte() {
      return timed == 0 ? 1 : (double) withinClose / timed;
    }

    private long error(double quantile) {
      errors.sort(null);
      return errors.isEmpty() ? 0 : errors.get((int) Math.ceil(quantile * errors.size()) - 1);
    }
  }

  private static final class Seen extends WireReading {
    private final Map<String, Connection> connections = new LinkedHashMap<>();

    @Override
    public void observed(FlowView flow, Observation seen) {
      Connection connection = connections.computeIfAbsent(
          flow.clientAddress() + ":" + flow.clientPort() + " " + flow.serverPort() + " "
              + flow.firstSeen(),
          key -> new Connection());
      if (seen instanceof Request request) {
        call(connection, request.exchange()).request = request;
      } else if (seen instanceof ResponseStart start) {
        call(connection, start.exchange()).start = start;
      } else if (seen instanceof ResponseEnd end && end.outcome() != Outcome.SUPERSEDED) {
        call(connection, end.exchange()).end = end;
      } else if (seen instanceof Content content) {
        connection.content.add(content.kind());
      } else if (seen instanceof ServerHello hello) {
        connection.version = hello.version();
      }
    }

    private static Call call(Connection connection, long number) {
      return connection.calls.computeIfAbsent(number, key -> new Call());
    }
  }

  private static Map<String, Connection> read(Path file, Decryption decryption) throws IOException {
    var seen = new Seen();
    seen.read(file, decryption);
    return seen.connections;
  }

  /** HTTP/1.1 or HTTP/2 by what was read inside; several at once where their times overlap. */
  private static String kind(Connection truth, List<Call> calls) {
    boolean http2 = calls.get(0).request.protocol().equals("http/2");
    boolean several = false;
    long until = Long.MIN_VALUE;
    for (Call call : calls) {
      several |= call.request.start() < until;
      until = Math.max(until, call.end == null ? call.request.end() : call.end.time());
    }
    String version = truth.version != null && truth.version == 0x304 ? "TLS 1.3" : "TLS 1.2";
    return (http2 ? "HTTP/2, " : "HTTP/1.1, ") + version + (several ? ", several at once" : "");
  }

  private static void compare(List<Call> truth, List<Call> inferred, Score score) {
    score.connections++;
    score.truth += truth.size();
    var left = new ArrayList<>(inferred);
    for (Call call : truth) {
      Call same = left.stream()
          .min(Comparator.comparingLong(each -> Math.abs(each.request.end() - call.request.end())))
          .filter(each -> Math.abs(each.request.end() - call.request.end()) <= SAME_REQUEST_MICROS)
          .orElse(null);
      if (same != null) {
        left.remove(same);
        score.found++;
        if (call.start == null || same.start == null) {
          continue; // no first byte to compare
        }
        score.timed++;
        long error = Math.abs(same.ttfb() - call.ttfb());
        score.errors.add(error);
        score.withinClose += error <= CLOSE_MICROS ? 1 : 0;
      }
    }
    score.spurious += left.size();
  }

  private static List<Path> captures() throws IOException {
    var captures = new ArrayList<Path>();
    for (Path folder : List.of(AGENTS, TLS)) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .filter(file -> file.toString().matches(".*\\.pcap(ng)?"))
            .filter(file -> Files.exists(keys(file)))
            .sorted()
            .forEach(captures::add);
      }
    }
    return captures;
  }

  private static Path keys(Path capture) {
    return capture.resolveSibling(
        capture.getFileName().toString().replaceAll("\\.pcap(ng)?$", ".keys"));
  }

  @Test
  void whatIsInferredIsWhatTheKeysShow() throws IOException {
    Map<String, Score> scores = new TreeMap<>();
    for (Path capture : captures()) {
      Map<String, Connection> inferred = read(capture, Decryption.off());
      try (KeyLog log = KeyLog.read(List.of(keys(capture)), List.of())) {
        read(capture, new Decryption(log.keys(), 2_000_000)).forEach((key, connection) -> {
          List<Call> truth = connection.of(Evidence.DECRYPTED);
          if (!truth.isEmpty()) {
            compare(
                truth,
                inferred.getOrDefault(key, new Connection()).of(Evidence.INFERRED),
                scores.computeIfAbsent(kind(connection, truth), kind -> new Score()));
          }
        });
      }
    }
    System.out.println("| connections | how many | exchanges | recall | precision |"
        + " first byte within 5 ms | its error, p50 / p95 / worst |");
    System.out.println("|---|---|---|---|---|---|---|");
    scores.forEach((kind, score) -> System.out.printf(
        "| %s | %d | %d | %.3f | %.3f | %.3f | %.1f / %.1f / %.1f ms |%n",
        kind,
        score.connections,
        score.truth,
        score.recall(),
        score.precision(),
        score.firstByte(),
        score.error(0.5) / 1e3,
        score.error(0.95) / 1e3,
        score.error(1) / 1e3));
    assertThat(scores.values().stream().mapToInt(score -> score.truth).sum())
        .as("exchanges that the keys show")
        .isGreaterThan(200);
    scores.forEach((kind, score) -> {
      if (!kind.endsWith("several at once")) {
        assertThat(score.recall()).as("recall, " + kind).isGreaterThanOrEqualTo(0.99);
        assertThat(score.precision()).as("precision, " + kind).isGreaterThanOrEqualTo(0.99);
        assertThat(score.firstByte()).as("first byte, " + kind).isGreaterThanOrEqualTo(0.98);
      }
    });
  }
}
