package io.sidewire.query;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.Endpoint;
import io.sidewire.schemas.Evidence;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.Sketch;
import io.sidewire.schemas.Step;
import io.sidewire.schemas.TrafficWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Records to feed a read model with, plain where a test does not care. */
public final class Samples {
  /** 2026-03-01T12:00:00Z. */
  public static final long T0 = 1_772_366_400_000_000L;

  public static final long SECOND = 1_000_000;

  private Samples() {}

  public static Exchange.Builder exchange(String id, long start) {
    return Exchange.newBuilder()
        .setExchangeId(id)
        .setRevision(1)
        .setFlowId(id.substring(0, id.indexOf('-')))
        .setHost("laptop")
        .setClient(endpoint("127.0.0.1", 40000))
        .setServer(endpoint("127.0.0.1", 8000))
        .setFlowType("mcp_server")
        .setServerName("localhost:8000")
        .setProtocol("mcp")
        .setEvidence(Evidence.DECODED)
        .setOutcome(Outcome.ANSWERED)
        .setMethod("POST")
        .setStatus(200)
        .setOperation("tools/call")
        .setTarget("store_memory")
        .setRequestStart(start)
        .setRequestEnd(start + 100)
        .setResponseStart(start + 20_000)
        .setResponseEnd(start + 25_000)
        .setTtfbMicros(19_900L)
        .setTotalMicros(25_000L)
        .setRequestBytes(300L)
        .setResponseBytes(900L);
  }

  public static FlowRecord.Builder flow(String id, long firstSeen, long lastSeen) {
    return FlowRecord.newBuilder()
        .setFlowId(id)
        .setHost("laptop")
        .setTransport("tcp")
        .setClient(endpoint("127.0.0.1", 40000))
        .setServer(endpoint("10.0.0.5", 443))
        .setFlowType("azure_openai")
        .setServerName("demo.openai.azure.com")
        .setState("open")
        .setFirstSeen(firstSeen)
        .setLastSeen(lastSeen);
  }

  public static Interaction.Builder interaction(String id, long start, long end, String... steps) {
    List<Step> all = new ArrayList<>();
    for (String step : steps) {
      all.add(Step.newBuilder()
          .setExchangeId(step)
          .setFlowType("mcp_server")
          .setOperation("tools/call")
          .setTarget("store_memory")
          .setOffsetMicros(0)
          .setTotalMicros(25_000L)
          .build());
    }
    return Interaction.newBuilder()
        .setInteractionId(id)
        .setRevision(1)
        .setHost("laptop")
        .setClient("127.0.0.1")
        .setState("ended")
        .setEndedBy("idle")
        .setStart(start)
        .setEnd(end)
        .setTotalMicros(end - start)
        .setSteps(all);
  }

  public static TrafficWindow.Builder volume(long windowStart, String flowType) {
    return row(windowStart, flowType)
        .setVolumeRow(true)
        .setPacketsToServer(6)
        .setPacketsToClient(4)
        .setFrameBytesToServer(600)
        .setFrameBytesToClient(4_000)
        .setPayloadBytesToServer(200)
        .setPayloadBytesToClient(3_700)
        .setFlows(1);
  }

  public static TrafficWindow.Builder calls(
      long windowStart, String flowType, String operation, double... ttfbMicros) {
    return row(windowStart, flowType)
        .setVolumeRow(false)
        .setOperation(operation)
        .setExchanges(ttfbMicros.length)
        .setTtfb(sketch(ttfbMicros))
        .setTotal(sketch(ttfbMicros));
  }

  private static TrafficWindow.Builder row(long windowStart, String flowType) {
    return TrafficWindow.newBuilder()
        .setWindowStart(windowStart)
        .setWindowSeconds(10)
        .setHost("laptop")
        .setEpoch("e1")
        .setFlowType(flowType)
        .setServerName(flowType + ".example");
  }

  public static Sketch sketch(double... values) {
    DDSketch sketch = DDSketches.unboundedDense(0.01);
    double sum = 0;
    double min = Double.MAX_VALUE;
    double max = 0;
    for (double value : values) {
      sketch.accept(value);
      sum += value;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return new Sketch((long) values.length, sum, min, max, sketch.serialize());
  }

  public static CaptureHealth.Builder health(long windowStart) {
    return CaptureHealth.newBuilder()
        .setHost("laptop")
        .setEpoch("e1")
        .setWindowStart(windowStart)
        .setWindowSeconds(10)
        .setPacketClock(windowStart + 9_000_000)
        .setPacketsReceived(100)
        .setBytesReceived(10_000)
        .setPacketsAggregated(90)
        .setSettings(Map.of("interface", "lo"));
  }

  private static Endpoint endpoint(String address, int port) {
    return new Endpoint(address, port);
  }
}
