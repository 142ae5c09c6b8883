package io.sidewire.query;

import io.sidewire.query.store.ReadModel;
import io.sidewire.schemas.CaptureHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The capture hosts of a span, with what is wrong with each. */
public final class Hosts {
  private Hosts() {}

  public static Views.HostsAnswer of(ReadModel model, Span asked, Filter filter) {
    Span span = asked.wholeWindows();
    var hosts = new TreeMap<String, Host>();
    var whole = new Coverage();
    model.healthSums(span.from(), span.to(), filter.host()::test, (key, health) -> {
      hosts.computeIfAbsent(key.host(), Host::new).add(health);
      whole.add(health);
    });
    List<Views.HostView> items = new ArrayList<>();
    hosts.values().forEach(host -> items.add(host.view()));
    return new Views.HostsAnswer(span.from(), span.to(), items, whole.ratio());
  }

  private static final class Host {
    private final String name;
    private final Coverage coverage = new Coverage();
    private final TreeSet<String> epochs = new TreeSet<>();
    private final Map<String, Long> refusedParses = new TreeMap<>();
    private long firstSeen = Long.MAX_VALUE;
    private long packetsReceived;
    private long bytesReceived;
    private long duplicateDropped;
    private long duplicateBatches;
    private long evictedFlows;
    private int liveEpochs;
    private CaptureHealth latest;

    Host(String name) {
      this.name = name;
    }

    void add(CaptureHealth row) {
      coverage.add(row);
      epochs.add(row.getEpoch());
      firstSeen = Math.min(firstSeen, row.getWindowStart());
      packetsReceived += row.getPacketsReceived();
      bytesReceived += row.getBytesReceived();
      duplicateDropped += row.getDuplicateDropped();
      duplicateBatches += row.getDuplicateBatches();
      evictedFlows += row.getEvictedFlows();
      liveEpochs = Math.max(liveEpochs, row.getLiveEpochs());
      row.getRefusedParses().forEach((why, count) -> refusedParses.merge(why, count, Long::sum));
      if (latest == null || row.getPacketClock() >= latest.getPacketClock()) {
        latest = row;
      }
    }

    Views.HostView view() {
      Views.Loss loss = coverage.loss();
      return new Views.HostView(
          name,
          List.copyOf(epochs),
          latest.getFile(),
          liveEpochs,
          firstSeen,
          Math.max(latest.getPacketClock(), latest.getWindowStart()),
          packetsReceived,
          bytesReceived,
          duplicateDropped,
          duplicateBatches,
          evictedFlows,
          refusedParses,
          new TreeMap<>(latest.getSettings()),
          alerts(loss),
          coverage.ratio(),
          loss);
    }

    private List<String> alerts(Views.Loss loss) {
      List<String> alerts = new ArrayList<>();
      if (liveEpochs > 1) {
        alerts.add("two captures at once under this host id: traffic may count twice; stop one, or"
            + " give one another --host-id");
      }
      if (loss.droppedByKernel() + loss.droppedByInterface() > 0) {
        alerts.add("packets dropped before capture: narrow --filter or --mode");
      }
      if (loss.droppedByQueue() > 0) {
        alerts.add("packets dropped by the decode queue: the host is too busy for this filter");
      }
      if (loss.droppedBeforeKafka() + loss.missingBatches() > 0) {
        alerts.add("data lost on the way to Kafka: check the broker and the network to it");
      }
      if (loss.droppedBySaving() > 0) {
        alerts.add("packets were not saved: the disk is too slow or full; all of them are counted");
      }
      return alerts;
    }
  }
}
