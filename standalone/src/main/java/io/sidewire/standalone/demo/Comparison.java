package io.sidewire.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidewire.standalone.demo.CastProcess.Call;
import java.util.ArrayList;
import java.util.List;

/**
 * What the demo's endpoints measured against what Sidewire saw on the wire.
 *
 * @param pairs one for each measured call, in their order
 */
public record Comparison(List<Pair> pairs) {
  private static final long MEDIAN_MICROS = 5_000;
  private static final long EACH_MICROS = 50_000;

  /** How far apart the two clocks may see a request begin; both are this machine's. */
  private static final long SAME_MICROS = 100_000;

  /** @param seenMicros null where Sidewire has not seen that call */
  public record Pair(Call call, String flowType, Long seenMicros) {
    public Long difference() {
      return seenMicros == null ? null : Math.abs(seenMicros - call.totalMicros());
    }
  }

  /** @param exchanges as the API gives them */
  public static Comparison of(List<Call> calls, Iterable<JsonNode> exchanges) {
    List<Pair> pairs = new ArrayList<>();
    for (Call call : calls) {
      JsonNode seen = null;
      for (JsonNode exchange : exchanges) {
        if (isSame(call, exchange)
            && (seen == null || distance(call, exchange) < distance(call, seen))) {
          seen = exchange;
        }
      }
      pairs.add(new Pair(
          call,
          seen == null ? null : seen.path("flowType").asText(),
          seen == null || !seen.path("totalMicros").isNumber()
              ? null
              : seen.path("totalMicros").asLong()));
    }
    return new Comparison(pairs);
  }

  private static boolean isSame(Call call, JsonNode exchange) {
    if (exchange.path("client").path("port").asInt() != call.clientPort()
        || distance(call, exchange) > SAME_MICROS) {
      return false;
    }
    String operation = exchange.path("operation").asText("");
    return !"mcp".equals(exchange.path("protocol").asText()) || call.what().startsWith(operation);
  }

  private static long distance(Call call, JsonNode exchange) {
    return Math.abs(exchange.path("requestStart").asLong() - call.startMicros());
  }

  public boolean isComplete() {
    return pairs.stream().allMatch(pair -> pair.seenMicros() != null);
  }

  /** Median of the differences, in microseconds. */
  public long median() {
    long[] sorted = sorted();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  public long largest() {
    long[] sorted = sorted();
    return sorted.length == 0 ? 0 : sorted[sorted.length - 1];
  }

  private long[] sorted() {
    return pairs.stream()
        .filter(pair -> pair.seenMicros() != null)
        .mapToLong(Pair::difference)
        .sorted()
        .toArray();
  }

  /** True where every call was seen, and seen as the endpoints saw it. */
  public boolean holds() {
    return !pairs.isEmpty()
        && isComplete()
        && median() <= MEDIAN_MICROS
        && largest() <= EACH_MICROS;
  }
}
