package io.sidewire.processor.fold;

import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.ExchangeCount;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.RowState;
import io.sidewire.schemas.SketchState;
import io.sidewire.schemas.TrafficWindow;
import io.sidewire.schemas.Volume;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What volumes and exchanges add to a traffic row, and take back from it. */
final class TrafficRows {
  /** In-flight exchanges are counted at each tenth of a second. */
  static final long SAMPLE_MICROS = 100_000;

  private static final int SAMPLES = (int) (Windows.MICROS / SAMPLE_MICROS);

  private TrafficRows() {}

  static RowState begin(Scope scope, long window, String flowType, String label, String operation) {
    var row = new TrafficWindow();
    row.setWindowStart(window);
    row.setWindowSeconds(Windows.SECONDS);
    row.setHost(scope.host());
    row.setEpoch(scope.epoch());
    row.setShard(scope.shard());
    row.setFlowType(flowType);
    row.setServerName(label);
    row.setOperation(operation);
    row.setVolumeRow(operation == null);
    row.setErrors(new HashMap<>());
    var state = new RowState();
    state.setRow(row);
    state.setInFlight(new ArrayList<>());
    return state;
  }

  static void add(TrafficWindow row, Volume volume, long flows) {
    row.setPacketsToServer(row.getPacketsToServer() + volume.getPacketsToServer());
    row.setPacketsToClient(row.getPacketsToClient() + volume.getPacketsToClient());
    row.setFrameBytesToServer(row.getFrameBytesToServer() + volume.getFrameBytesToServer());
    row.setFrameBytesToClient(row.getFrameBytesToClient() + volume.getFrameBytesToClient());
    row.setPayloadBytesToServer(row.getPayloadBytesToServer() + volume.getPayloadBytesToServer());
    row.setPayloadBytesToClient(row.getPayloadBytesToClient() + volume.getPayloadBytesToClient());
    row.setFlows(row.getFlows() + flows);
  }

  /** Counts an ended exchange in the row of its end, or takes it back. */
  static void add(RowState state, Exchange exchange, int sign) {
    TrafficWindow row = state.getRow();
    row.setExchanges(row.getExchanges() + sign);
    row.setInputTokens(row.getInputTokens() + sign * orZero(exchange.getInputTokens()));
    row.setOutputTokens(row.getOutputTokens() + sign * orZero(exchange.getOutputTokens()));
    row.setRequestBytes(row.getRequestBytes() + sign * orZero(exchange.getRequestBytes()));
    row.setResponseBytes(row.getResponseBytes() + sign * orZero(exchange.getResponseBytes()));
    String errorClass = ExchangeCount.errorClass(exchange);
    if (errorClass != null) {
      Map<String, Long> errors = row.getErrors();
      errors.merge(errorClass, (long) sign, Long::sum);
      errors.remove(errorClass, 0L);
    }
    if (exchange.getOutcome() != Outcome.ANSWERED || exchange.getRequestStart() == null) {
      return;
    }
    if (!ExchangeCount.isStream(exchange)) {
      fold(state.getTtfb(), state::setTtfb, exchange.getTtfbMicros(), sign);
      fold(state.getFirstChunk(), state::setFirstChunk, exchange.getFirstChunkMicros(), sign);
      fold(state.getTotal(), state::setTotal, exchange.getTotalMicros(), sign);
    }
    fold(state.getRequestSize(), state::setRequestSize, exchange.getRequestBytes(), sign);
    fold(state.getResponseSize(), state::setResponseSize, exchange.getResponseBytes(), sign);
  }

  /** True where a sample of the window lies within an exchange. */
  static boolean isSampled(long window, long start, long end) {
    return firstSample(window, start) < lastSample(window, end);
  }

  /** Counts an exchange at the samples of the window during which it was in flight. */
  static void addInFlight(RowState state, long start, long end, int sign) {
    long window = state.getRow().getWindowStart();
    List<Integer> samples = state.getInFlight();
    while (samples.size() < SAMPLES) {
      samples.add(0);
    }
    int last = lastSample(window, end);
    for (int i = firstSample(window, start); i < last; i++) {
      samples.set(i, samples.get(i) + sign);
    }
  }

  /** The first sample at or after the start. */
  private static int firstSample(long window, long start) {
    return (int) Math.max(0, -Math.floorDiv(window - start, SAMPLE_MICROS));
  }

  /** The first sample at or after the end. */
  private static int lastSample(long window, long end) {
    return (int) Math.min(SAMPLES, -Math.floorDiv(window - end, SAMPLE_MICROS));
  }

  /** The row as its topic carries it. */
  static TrafficWindow finish(RowState state) {
    TrafficWindow row = state.getRow();
    long peak = row.getExchanges() > 0 ? 1 : 0;
    for (int sample : state.getInFlight()) {
      peak = Math.max(peak, sample);
    }
    row.setInFlightPeak(peak);
    TrafficWindow told = Rows.copy(row, new TrafficWindow());
    told.setTtfb(Sketches.toRow(state.getTtfb()));
    told.setFirstChunk(Sketches.toRow(state.getFirstChunk()));
    told.setTotal(Sketches.toRow(state.getTotal()));
    told.setRequestSize(Sketches.toRow(state.getRequestSize()));
    told.setResponseSize(Sketches.toRow(state.getResponseSize()));
    return told;
  }

  private static void fold(SketchState sketch, Consumer<SketchState> keep, Long value, int sign) {
    if (value == null) {
      return;
    }
    SketchState into = sketch != null ? sketch : Sketches.empty();
    Sketches.add(into, value, sign);
    keep.accept(into);
  }

  private static long orZero(Long value) {
    return value == null ? 0 : value;
  }
}
