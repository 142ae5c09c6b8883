package io.sidewire.capture;

import io.sidewire.capture.CaptureConfig.PacketDetail;
import io.sidewire.capture.CaptureCounters.Count;
import io.sidewire.capture.process.ProcessLookup;
import io.sidewire.capture.redact.Redaction;
import io.sidewire.capture.redact.Sanitizer;
import io.sidewire.schemas.FlowEnd;
import io.sidewire.schemas.FlowStart;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.Tick;
import io.sidewire.schemas.Unflowed;
import io.sidewire.wire.Observation;
import io.sidewire.wire.flow.FlowView;
import io.sidewire.wire.flow.PacketView;
import io.sidewire.wire.flow.WireListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects what the analysis saw into batches, one flow's packets of a short while each, and numbers them.
 *
 * <p>Single-threaded. Time is an argument: the packets bring it, and {@link #advance} and {@link #tick} do.
 */
final class BatchEncoder implements WireListener {
  /*
   * A batch is cut
   *  - before a packet of another 10-second window of packet time, so that a window's volume is whole batches;
   *  - at a number of packets or observations, so that records stay small;
   *  - when its observations have waited long enough, or when another flow observes something: at most one flow has
   *    observations waiting, so all observations of a host leave in the order in which they were made, whatever flow
   *    they belong to;
   *  - at the end of its flow, and at each tick: after a tick, everything before it has left.
   * The first packet of a flow hurries nobody: FlowStart leaves with what follows.
   */
  static final long WINDOW_MICROS = 10_000_000;

  private static final int MAX_OBSERVATIONS = 64;

  private final CaptureInput input;
  private final Redaction redaction;
  private final ProcessLookup processes;
  private final BatchSink sink;
  private final CaptureCounters counters;
  private final int maxPackets;
  private final boolean detail;
  private final long lingerMicros;
  private final boolean byFlow;
  private final long[] sequences;
  private final Map<String, Unflowed> unflowed = new LinkedHashMap<>();

  /** Flows with something to send, in the order in which they got it. */
  private OpenFlow first;

  private OpenFlow last;

  /** The flow whose observations wait, and since when. */
  private OpenFlow waiting;

  private long waitingSince;
  private long now = Long.MIN_VALUE;
  private long packetClock = Long.MIN_VALUE;
  private boolean aheadOfTicks;
  private long unflowedFirst;
  private long unflowedLast;

  /**
   * @param byFlow whoever takes the batches looks at each flow by itself: observations of different flows need not keep
   *     their order, so they wait until their flow ends or the next tick
   */
  BatchEncoder(
      CaptureInput input,
      CaptureConfig config,
      Redaction redaction,
      ProcessLookup processes,
      BatchSink sink,
      CaptureCounters counters,
      boolean byFlow) {
    this.input = input;
    this.byFlow = byFlow;
    this.redaction = redaction;
    this.processes = processes;
    this.sink = sink;
    this.counters = counters;
    this.maxPackets = config.get(CaptureConfig.BATCH_PACKETS);
    this.detail = config.get(CaptureConfig.PACKET_DETAIL) == PacketDetail.FULL;
    this.lingerMicros = config.get(CaptureConfig.BATCH_LINGER).toNanos() / 1000;
    this.sequences = new long[config.get(CaptureConfig.SHARDS)];
  }

  @Override
  public void flowStarted(FlowView flow) {
    counters.add(Count.FLOWS_STARTED, 1);
    int shard = Math.floorMod(flow.clientAddress().hashCode(), sequences.length);
    flow.attach(new OpenFlow(flow, shard, processes.find(flow)));
  }

  @Override
  public void packet(FlowView flow, PacketView packet) {
    OpenFlow open = open(flow);
    long time = packet.timeMicros;
    if (open.packets > 0
        && (window(time) != window(open.firstTime()) || (detail && open.packets >= maxPackets))) {
      send(open);
    }
    open.add(packet, detail);
    list(open);
    packetClock = Math.max(packetClock, time);
    now = Math.max(now, time);
  }

  @Override
  public void observed(FlowView flow, Observation observation) {
    aheadOfTicks = true;
    OpenFlow open = open(flow);
    open.learn(observation);
    if (observation instanceof Observation.Odd odd) {
      counters.refusedParse(odd.kind().name());
    }
    wait(open);
    if (!(observation instanceof Observation.Content
        || observation instanceof Observation.ChosenProtocol)) {
      open.observed.add(observation);
      if (open.observed.size() >= MAX_OBSERVATIONS) {
        send(open);
      }
    }
  }

  @Override
  public void flowTurned(FlowView flow) {
    open(flow).turn();
  }

  @Override
  public void flowEnded(FlowView flow, long timeMicros) {
    OpenFlow open = open(flow);
    wait(open); // what others observed before this end leaves before it
    open.ended = true;
    open.endTime = timeMicros;
    if (flow.state().equals("evicted")) {
      counters.add(Count.EVICTED_FLOWS, 1);
    }
    packetClock = Math.max(packetClock, timeMicros);
    send(open);
    flow.attach(null);
  }

  @Override
  public void unflowed(long timeMicros, int frameBytes, boolean malformed, String reason) {
    if (!unflowed.isEmpty() && window(timeMicros) != window(unflowedFirst)) {
      sendUnflowed();
    }
    unflowedFirst = unflowed.isEmpty() ? timeMicros : Math.min(unflowedFirst, timeMicros);
    unflowedLast = unflowed.isEmpty() ? timeMicros : Math.max(unflowedLast, timeMicros);
    String type = malformed ? "malformed" : "non_ip";
    Unflowed total = unflowed.computeIfAbsent(
        type + reason, k -> new Unflowed(type, Sanitizer.CONSTANT.clean(reason), 0L, 0L));
    total.setPackets(total.getPackets() + 1);
    total.setFrameBytes(total.getFrameBytes() + frameBytes);
    packetClock = Math.max(packetClock, timeMicros);
  }

  /** Sends observations that have waited long enough at {@code nowMicros}. */
  void advance(long nowMicros) {
    now = Math.max(now, nowMicros);
    if (waiting != null && now - waitingSince >= lingerMicros) {
      send(waiting);
    }
  }

  /** True where something was observed since the last tick: results of it may wait for the next one. */
  boolean isAheadOfTicks() {
    return aheadOfTicks;
  }

  /** True where {@link #advance} would have something to send soon. */
  boolean isWaiting() {
    return waiting != null;
  }

  /**
   * Sends everything, then a tick for each shard.
   *
   * @param clock all packets from now on are expected to be at or after it
   */
  void tick(long clock, boolean endOfFile) {
    now = Math.max(now, clock);
    packetClock = Math.max(packetClock, clock);
    aheadOfTicks = false;
    if (waiting != null) {
      send(waiting);
    }
    while (first != null) {
      send(first);
    }
    sendUnflowed();
    for (int shard = 0; shard < sequences.length; shard++) {
      var tick = new Tick(
          packetClock,
          endOfFile,
          shard == 0 ? counters.takeGrowth() : null,
          shard == 0 ? settings() : Map.of());
      PacketBatch batch = batch(shard, packetClock, packetClock);
      batch.setTick(tick);
      give(batch);
    }
  }

  /** Latest packet time or tick; {@link Long#MIN_VALUE} before the first. */
  long packetClock() {
    return packetClock;
  }

  /** The number that the next batch of each shard will have. */
  long[] sequences() {
    return sequences.clone();
  }

  private static OpenFlow open(FlowView flow) {
    return (OpenFlow) flow.attachment();
  }

  private static long window(long timeMicros) {
    return Math.floorDiv(timeMicros, WINDOW_MICROS);
  }

  /** Makes {@code open} the one flow whose observations wait; those of another leave first. */
  private void wait(OpenFlow open) {
    if (waiting == open) {
      return;
    }
    if (byFlow) {
      list(open);
      return;
    }
    if (waiting != null) {
      send(waiting);
    }
    waiting = open;
    waitingSince = now;
    list(open);
  }

  private void send(OpenFlow open) {
    unlist(open);
    if (waiting == open) {
      waiting = null;
    }
    if (!open.isEmpty()) {
      give(batch(open));
    }
    open.sent();
  }

  private PacketBatch batch(OpenFlow open) {
    if (!open.observed.isEmpty()) {
      processes.hurry(open.processes());
    }
    boolean packets = open.packets > 0;
    long start = packets ? open.firstTime() : packetClock;
    PacketBatch batch = batch(open.shard, start, packets ? open.lastTime() : start);
    var growth = open.tcpGrowth();
    if (growth != null) {
      counters.add(Count.GAP_BYTES, growth.getGapBytes());
    }
    batch.setFlow(open.info(redaction));
    batch.setVolume(packets ? open.volume() : null);
    batch.setTcp(growth);
    batch.setPackets(detail && packets ? open.metas(start) : List.of());
    batch.setObservations(observations(open));
    return batch;
  }

  private List<Object> observations(OpenFlow open) {
    var out = new ArrayList<>(open.observed.size() + 2);
    if (open.starting) {
      out.add(new FlowStart(open.view.firstSeen()));
    }
    for (Observation observation : open.observed) {
      var record = redaction.record(observation, open.isAgent());
      if (record != null) {
        out.add(record);
      }
    }
    if (open.ended) {
      out.add(new FlowEnd(open.endTime, Sanitizer.CONSTANT.clean(open.view.state())));
    }
    return out;
  }

  private void sendUnflowed() {
    if (!unflowed.isEmpty()) {
      PacketBatch batch = batch(0, unflowedFirst, unflowedLast);
      batch.setUnflowed(new ArrayList<>(unflowed.values()));
      unflowed.clear();
      give(batch);
    }
  }

  private PacketBatch batch(int shard, long start, long end) {
    return new PacketBatch(
        input.host(),
        input.epoch(),
        shard,
        sequences[shard]++,
        input.file(),
        redaction.keyId(),
        start,
        end,
        null,
        null,
        null,
        List.of(),
        List.of(),
        List.of(),
        null);
  }

  private void give(PacketBatch batch) {
    counters.add(Count.BATCHES_SENT, 1);
    sink.send(batch);
  }

  private Map<String, String> settings() {
    var out = new TreeMap<String, String>();
    input
        .settings()
        .forEach((name, value) ->
            out.put(Sanitizer.OPERATOR_TEXT.clean(name), Sanitizer.OPERATOR_TEXT.clean(value)));
    processes.settings().forEach(out::put);
    long notSaved = counters.get(Count.SAVE_DROPPED);
    if (notSaved > 0) {
      out.put("saveDropped", Long.toString(notSaved));
    }
    return out;
  }

  private void list(OpenFlow open) {
    if (open.listed) {
      return;
    }
    open.listed = true;
    open.before = last;
    open.after = null;
    if (last == null) {
      first = open;
    } else {
      last.after = open;
    }
    last = open;
  }

  private void unlist(OpenFlow open) {
    if (!open.listed) {
      return;
    }
    open.listed = false;
    if (open.before == null) {
      first = open.after;
    } else {
      open.before.after = open.after;
    }
    if (open.after == null) {
      last = open.before;
    } else {
      open.after.before = open.before;
    }
    open.before = null;
    open.after = null;
  }
}
