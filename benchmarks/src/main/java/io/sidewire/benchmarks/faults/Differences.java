package io.sidewire.benchmarks.faults;

import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.Interaction;
import io.sidewire.standalone.run.ReplayResults;
import io.sidewire.standalone.run.ReplayResults.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rows of the topics that are not as the truth has them: missing, too many, or with another content. */
final class Differences {
  private static final int SHOWN = 5;
  private static final int LONGEST = 1_500;

  private final Map<String, List<String>> byTopic = new TreeMap<>();
  private final Map<String, Integer> compared = new TreeMap<>();

  static Differences between(Truth truth, ReplayResults results) {
    var flows = new HashMap<String, FlowRecord>();
    var exchanges = new HashMap<String, Exchange>();
    var interactions = new HashMap<String, Interaction>();
    truth.captures.stream().map(Source::of).forEach(source -> {
      results.flows(source).forEach(row -> flows.put(row.getFlowId(), row));
      results.exchanges(source).forEach(row -> exchanges.put(row.getExchangeId(), row));
      results.interactions(source).forEach(row -> interactions.put(row.getInteractionId(), row));
    });
    var differences = new Differences();
    differences.compare("flows", truth.flows, flows);
    differences.compare("exchanges", truth.exchanges, exchanges);
    differences.compare("interactions", truth.interactions, interactions);
    differences.compare("traffic", truth.traffic, results.traffic());
    differences.compare("hosts", truth.health, withoutRepeats(results.health()));
    return differences;
  }

  /** That batches came twice after a capture was killed is what was to be shown; everything else must be as ever. */
  private static <K> Map<K, CaptureHealth> withoutRepeats(Map<K, CaptureHealth> health) {
    var copy = new HashMap<K, CaptureHealth>();
    health.forEach((key, row) -> {
      CaptureHealth without = CaptureHealth.newBuilder(row).build();
      without.setDuplicateBatches(0);
      copy.put(key, without);
    });
    return copy;
  }

  private <K, V> void compare(String topic, Map<K, V> truth, Map<K, V> found) {
    var differences = new ArrayList<String>();
    truth.forEach((key, row) -> {
      V other = found.get(key);
      if (other == null) {
        differences.add("missing " + key);
      } else if (!other.equals(row)) {
        differences.add(key + "\n    should be " + row + "\n    is        " + other);
      }
    });
    found.keySet().stream()
        .filter(key -> !truth.containsKey(key))
        .forEach(key -> differences.add("too many " + key));
    byTopic.put(topic, differences);
    compared.put(topic, truth.size());
  }

  int count() {
    return byTopic.values().stream().mapToInt(List::size).sum();
  }

  /** One line a topic, then the first differences of each. */
  String report() {
    var text = new StringBuilder();
    byTopic.forEach((topic, differences) -> {
      text.append(String.format(
          "%-13s %6d rows, %d differences%n", topic, compared.get(topic), differences.size()));
      differences.stream()
          .limit(SHOWN)
          .forEach(one ->
              text.append("  " + one.substring(0, Math.min(one.length(), LONGEST)) + "\n"));
    });
    return text.toString();
  }
}
