package io.sidewire.standalone.run;

import io.sidewire.capture.BatchSink;
import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.CaptureCounters;
import io.sidewire.capture.CaptureException;
import io.sidewire.capture.CapturePipeline;
import io.sidewire.capture.CaptureSummary;
import io.sidewire.capture.KafkaSink;
import io.sidewire.capture.LivePcapSource;
import io.sidewire.capture.OwnTraffic;
import io.sidewire.capture.PacketSource;
import io.sidewire.capture.PreviewSink;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A capture on its way to Kafka: source, pipeline and sink, closed in this order. */
public final class LiveCapture implements AutoCloseable {
  private final PacketSource source;
  private final CapturePipeline pipeline;
  private final BatchSink sink;
  private final CaptureCounters counters;

  private LiveCapture(
      PacketSource source, CapturePipeline pipeline, BatchSink sink, CaptureCounters counters) {
    this.source = source;
    this.pipeline = pipeline;
    this.sink = sink;
    this.counters = counters;
  }

  /** Refuses at once what would fail later: permission, interface, filter. */
  public static void check(CaptureConfig config) {
    LivePcapSource.open(config, OwnTraffic.none(), new CaptureCounters()).close();
  }

  /**
   * Begins to capture on the interface of the settings.
   *
   * @param own endpoints of this Sidewire, which are left out
   * @param preview shows the beginnings of prompts and answers; null: they are never kept
   */
  public static LiveCapture start(CaptureConfig config, List<String> own, PreviewSink preview) {
    var counters = new CaptureCounters();
    // The sink first: it may wait for the broker, and meanwhile nobody would empty the kernel's
    // ring.
    KafkaSink sink = KafkaSink.open(config, true, counters);
    try {
      return start(
          config,
          LivePcapSource.open(config, OwnTraffic.of(own), counters),
          sink,
          counters,
          preview);
    } catch (CaptureException e) {
      sink.close();
      throw e;
    }
  }

  /** Begins to read from {@code source}. */
  public static LiveCapture start(
      CaptureConfig config, PacketSource source, CaptureCounters counters) {
    KafkaSink sink = null;
    try {
      sink = KafkaSink.open(config, source.live(), counters);
      return start(config, source, sink, counters, null);
    } catch (CaptureException e) {
      if (sink != null) {
        sink.close();
      }
      source.close();
      throw e;
    }
  }

  private static LiveCapture start(
      CaptureConfig config,
      PacketSource source,
      KafkaSink sink,
      CaptureCounters counters,
      PreviewSink preview) {
    var pipeline = new CapturePipeline(config, source, sink, counters).preview(preview);
    pipeline.start();
    return new LiveCapture(source, pipeline, sink, counters);
  }

  public CompletableFuture<CaptureSummary> drained() {
    return pipeline.drained();
  }

  /** Returns at its end; fails with the reason where it cannot go on. */
  public CaptureSummary await() {
    return pipeline.await();
  }

  public CaptureCounters counters() {
    return counters;
  }

  @Override
  public void close() {
    pipeline.close();
    source.close();
    sink.close();
  }
}
