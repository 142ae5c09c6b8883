package io.sidewire.capture;

import io.sidewire.schemas.HealthCounts;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What a capture process did since its start, and how much of it no tick has told yet. Safe for use by many threads. */
public final class CaptureCounters {
  /** One counter, with its name and meaning on the metrics page. */
  public enum Count {
    PACKETS_RECEIVED("capture_packets_received", "Packets that the source delivered"),
    BYTES_RECEIVED("capture_bytes_received", "Their bytes on the wire"),
    DROPPED_BY_KERNEL("capture_packets_dropped_by_kernel", "Packets that found the ring full"),
    DROPPED_BY_INTERFACE("capture_packets_dropped_by_interface", "Packets the interface lost"),
    DROPPED_BY_QUEUE("capture_packets_dropped_by_queue", "Packets that found the queue full"),
    DROPPED_BEFORE_KAFKA("capture_packets_dropped_before_kafka", "Packets not delivered to Kafka"),
    DUPLICATE_DROPPED("capture_packets_duplicate_dropped", "Packets seen on another interface"),
    GAP_BYTES("capture_tcp_gap_bytes", "TCP payload bytes that were never seen"),
    EVICTED_FLOWS("capture_flows_evicted", "Flows given up at the limit of flows"),
    SAVED("capture_packets_saved", "Packets written to saved files"),
    SAVE_DROPPED("capture_packets_dropped_by_saving", "Packets not saved: queue or disk full"),
    RECENT("capture_packets_kept_recent", "Packets written to the ring of recent packets"),
    RECENT_DROPPED(
        "capture_packets_dropped_by_recent", "Packets not in the ring: queue or disk full"),
    LOOKUPS_LOST(
        "capture_process_lookups_lost", "Times that the lookup of processes beside was lost"),
    FLOWS_STARTED("capture_flows_started", "Flows seen"),
    BATCHES_SENT("capture_batches_sent", "Batches given to Kafka"),
    BATCHES_DELIVERED("capture_batches_delivered", "Batches that Kafka acknowledged"),
    BATCHES_FAILED("capture_batches_failed", "Batches given up or not accepted"),
    BATCH_BYTES_SENT("capture_batch_bytes_sent", "Bytes of the batches given to Kafka, encoded");

    private final String metric;
    private final String help;

    Count(String metric, String help) {
      this.metric = metric;
      this.help = help;
    }

    public String metric() {
      return metric;
    }

    public String help() {
      return help;
    }
  }

  private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
  private final Map<String, LongAdder> refusedParses = new ConcurrentHashMap<>();
  private final Map<Count, Long> told = new EnumMap<>(Count.class);
  private final Map<String, Long> toldRefused = new HashMap<>();

  public CaptureCounters() {
    for (Count count : Count.values()) {
      counts.put(count, new LongAdder());
      told.put(count, 0L);
    }
  }

  public void add(Count count, long growth) {
    counts.get(count).add(growth);
  }

  public long get(Count count) {
    return counts.get(count).sum();
  }

  /** Something on the wire that could not be read as it should. */
  public void refusedParse(String kind) {
    refusedParses.computeIfAbsent(kind, k -> new LongAdder()).increment();
  }

  /** By kind. */
  public Map<String, Long> refusedParses() {
    var out = new TreeMap<String, Long>();
    refusedParses.forEach((kind, count) -> out.put(kind, count.sum()));
    return out;
  }

  /** Frames of a live source that were lost in the queue. */
  void droppedByQueue(long packets, long bytes) {
    add(Count.PACKETS_RECEIVED, packets);
    add(Count.BYTES_RECEIVED, bytes);
    add(Count.DROPPED_BY_QUEUE, packets);
  }

  /** What grew since the last call. */
  synchronized HealthCounts takeGrowth() {
    var refused = new HashMap<String, Long>();
    refusedParses.forEach((kind, count) -> {
      long growth = grown(toldRefused.merge(kind, 0L, Long::sum), count.sum());
      if (growth != 0) {
        refused.put(kind, growth);
        toldRefused.merge(kind, growth, Long::sum);
      }
    });
    return new HealthCounts(
        take(Count.PACKETS_RECEIVED),
        take(Count.BYTES_RECEIVED),
        take(Count.DROPPED_BY_KERNEL),
        take(Count.DROPPED_BY_INTERFACE),
        take(Count.DROPPED_BY_QUEUE),
        take(Count.DROPPED_BEFORE_KAFKA),
        take(Count.DUPLICATE_DROPPED),
        take(Count.GAP_BYTES),
        take(Count.EVICTED_FLOWS),
        refused,
        take(Count.SAVE_DROPPED));
  }

  /** Growth whose tick was not delivered: the next tick tells it again. */
  synchronized void giveBack(HealthCounts growth) {
    giveBack(Count.PACKETS_RECEIVED, growth.getPacketsReceived());
    giveBack(Count.BYTES_RECEIVED, growth.getBytesReceived());
    giveBack(Count.DROPPED_BY_KERNEL, growth.getDroppedByKernel());
    giveBack(Count.DROPPED_BY_INTERFACE, growth.getDroppedByInterface());
    giveBack(Count.DROPPED_BY_QUEUE, growth.getDroppedByQueue());
    giveBack(Count.DROPPED_BEFORE_KAFKA, growth.getDroppedBeforeKafka());
    giveBack(Count.DUPLICATE_DROPPED, growth.getDuplicateDropped());
    giveBack(Count.GAP_BYTES, growth.getGapBytes());
    giveBack(Count.EVICTED_FLOWS, growth.getEvictedFlows());
    giveBack(Count.SAVE_DROPPED, growth.getDroppedBySaving());
    growth.getRefusedParses().forEach((kind, n) -> toldRefused.merge(kind, -n, Long::sum));
  }

  private long take(Count count) {
    long now = get(count);
    return grown(told.put(count, now), now);
  }

  private void giveBack(Count count, long growth) {
    told.merge(count, -growth, Long::sum);
  }

  private static long grown(long before, long now) {
    return now - before;
  }
}
