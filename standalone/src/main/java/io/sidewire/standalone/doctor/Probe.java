package io.sidewire.standalone.doctor;

import io.sidewire.capture.BatchSink;
import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.CaptureCounters;
import io.sidewire.capture.CaptureCounters.Count;
import io.sidewire.capture.CapturePipeline;
import io.sidewire.capture.LivePcapSource;
import io.sidewire.capture.OwnTraffic;
import io.sidewire.schemas.FlowInfo;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.Volume;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What a short capture saw.
 *
 * @param oneWay TCP flows with packets of one direction only
 */
record Probe(long packets, long dropped, int flows, int oneWay) {

  /** Captures for so long, and keeps nothing but these counts. */
  static Probe run(CaptureConfig config, Duration time) throws InterruptedException {
    var counters = new CaptureCounters();
    var sink = new Counting();
    try (var source = LivePcapSource.open(config, OwnTraffic.none(), counters);
        var pipeline = new CapturePipeline(config, source, sink, counters)) {
      pipeline.start();
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
      pipeline.stop();
      pipeline.await();
    }
    long dropped = counters.get(Count.DROPPED_BY_KERNEL)
        + counters.get(Count.DROPPED_BY_INTERFACE)
        + counters.get(Count.DROPPED_BY_QUEUE);
    Set<String> oneWay = new HashSet<>(sink.oneWayOnly());
    return new Probe(
        counters.get(Count.PACKETS_RECEIVED), dropped, sink.flows.size(), oneWay.size());
  }

  private static final class Counting implements BatchSink {
    private final Set<String> flows = new HashSet<>();
    private final Set<String> toServer = new HashSet<>();
    private final Set<String> toClient = new HashSet<>();

    @Override
    public void send(PacketBatch batch) {
      FlowInfo flow = batch.getFlow();
      Volume volume = batch.getVolume();
      if (flow == null || volume == null || !flow.getTransport().equals("tcp")) {
        return;
      }
      flows.add(flow.getFlowId());
      if (volume.getPacketsToServer() > 0) {
        toServer.add(flow.getFlowId());
      }
      if (volume.getPacketsToClient() > 0) {
        toClient.add(flow.getFlowId());
      }
    }

    Set<String> oneWayOnly() {
      Set<String> oneWay = new HashSet<>(flows);
      oneWay.removeIf(flow -> toServer.contains(flow) && toClient.contains(flow));
      return oneWay;
    }

    @Override
    public void flush() {
      // Nothing waits.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
