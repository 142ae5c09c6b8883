package io.sidewire.capture;

import io.sidewire.capture.CaptureException.Kind;
import io.sidewire.capture.keylog.KeyLog;
import io.sidewire.capture.process.ProcessLookup;
import io.sidewire.capture.redact.Redaction;
import io.sidewire.capture.save.FrameSaver;
import io.sidewire.wire.Limits;
import io.sidewire.wire.flow.WireAnalyzer;
import io.sidewire.wire.flow.WireListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * The whole way of a packet, from its source to Kafka.
 *
 * <pre>
 * capture thread   PacketSource → FrameQueue                      copies; live: drops the oldest when full
 * decode thread    FrameQueue → WireAnalyzer → BatchEncoder       parses, redacts, batches
 *                             → BatchSink                         encodes, sends
 * save thread      FrameSaver                                     if asked for: masks, writes files
 * </pre>
 *
 * <p>Every frame that the source delivers ends in a batch or in a counter of {@link CaptureCounters}.
 */
public final class CapturePipeline implements AutoCloseable {
  private static final long FILE_MILLIS = 1_000;
  private static final long IDLE_MILLIS = 10;

  private final CaptureConfig config;
  private final PacketSource source;
  private final BatchSink sink;
  private final CaptureCounters counters;
  private final Redaction redaction;
  private final ProcessLookup processes;
  private final KeyLog keyLog; // null: nothing is decrypted
  private final FrameQueue queue;
  private final Thread captureThread = new Thread(this::capture, "sidewire-capture");
  private final Thread decodeThread = new Thread(this::decode, "sidewire-decode");
  private final CompletableFuture<CaptureSummary> drained = new CompletableFuture<>();
  private volatile Throwable captureFailure;
  private final List<FrameSaver> savers;
  private ObservationTap tap;
  private PreviewSink preview; // null: no words are kept
  private boolean byFlow;

  /** Sets up a capture that {@link #start} begins; source and sink stay the caller's to close. */
  public CapturePipeline(
      CaptureConfig config, PacketSource source, BatchSink sink, CaptureCounters counters) {
    this(config, source, sink, counters, PipelineParts.of(config));
  }

  /** The same with a redaction of one's own; {@link Redaction#unmasked} must never meet Kafka. */
  public CapturePipeline(
      CaptureConfig config,
      PacketSource source,
      BatchSink sink,
      CaptureCounters counters,
      Redaction redaction) {
    this.config = config;
    this.source = source;
    this.sink = sink;
    this.counters = counters;
    this.redaction = redaction;
    this.processes = PipelineParts.processes(config, source, counters);
    this.keyLog = PipelineParts.keyLog(config, source);
    this.savers = PipelineParts.savers(config, source, counters);
    this.queue = new FrameQueue(config.get(CaptureConfig.QUEUE), source.live(), counters);
  }

  /** Lets someone look on at the raw observations; before {@link #start}. */
  public CapturePipeline tap(ObservationTap observer) {
    tap = observer;
    return this;
  }

  /** Shows the beginnings of prompts and answers on a console of this host; before {@link #start}. */
  public CapturePipeline preview(PreviewSink console) {
    preview = console;
    return this;
  }

  /** Lets batches hold more, for a sink that looks at each flow by itself; before {@link #start}. */
  public CapturePipeline byFlow() {
    byFlow = true;
    return this;
  }

  public void start() {
    decodeThread.start();
    captureThread.start();
  }

  /** Ends the capture; what was captured is still decoded and delivered, see {@link #await}. */
  public void stop() {
    source.stop();
  }

  /** Completes when everything captured is delivered, or with the reason why it cannot be. */
  public CompletableFuture<CaptureSummary> drained() {
    return drained;
  }

  /**
   * Returns when everything captured is delivered.
   *
   * @throws CaptureException where the source or the sink failed, naming the fix
   */
  public CaptureSummary await() {
    try {
      return drained.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof CaptureException reason) {
        throw reason;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    stop();
    try {
      captureThread.join();
      decodeThread.join();
    } catch (InterruptedException e) {
      captureThread.interrupt();
      decodeThread.interrupt();
      Thread.currentThread().interrupt();
    }
    closeSavers();
    PipelineParts.emptyRing(config, source);
    processes.close();
    if (keyLog != null) {
      keyLog.close();
    }
  }

  private void closeSavers() {
    savers.forEach(FrameSaver::close);
  }

  private void capture() {
    try {
      source.run(queue);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      captureFailure = e;
    } finally {
      queue.close();
    }
  }

  private void decode() {
    try {
      List<CaptureSummary.Input> inputs = decodeAll();
      closeSavers();
      sink.flush();
      if (captureFailure != null) {
        drained.completeExceptionally(captureFailure);
      } else {
        drained.complete(new CaptureSummary(inputs));
      }
    } catch (InterruptedException e) {
      drained.completeExceptionally(new CaptureException(Kind.FAILURE, "capture interrupted", e));
    } catch (RuntimeException | Error e) {
      drained.completeExceptionally(e);
    } finally {
      stop(); // where decoding failed, capturing is of no use
      discard();
    }
  }

  private List<CaptureSummary.Input> decodeAll() throws InterruptedException {
    var inputs = new ArrayList<CaptureSummary.Input>();
    CaptureLane lane = null;
    var ticks = new TickSchedule(System.nanoTime());
    while (!queue.isDrained()) {
      FrameBlock block = queue.take(timeout(lane, ticks));
      if (block != null) {
        lane = lane == null ? lane(block.input) : lane;
        lane.decode(block);
        for (FrameSaver saver : savers) {
          saver.offer(block.frames());
        }
        if (block.last) {
          inputs.add(lane.finish());
          lane = null;
        }
        queue.release(block);
      }
      if (lane != null && source.live()) {
        if (block == null) {
          lane.idle(wallMicros());
        }
        if (ticks.take(System.nanoTime(), lane.isAheadOfTicks())) {
          lane.tick(wallMicros(), block == null);
        }
      }
    }
    if (lane != null) {
      inputs.add(lane.finish()); // the source failed in the middle of this input
    }
    return inputs;
  }

  /** A new input: an analyzer with no flows, a sequence from 0. */
  private CaptureLane lane(CaptureInput read) {
    CaptureInput input = PipelineParts.tellSaving(read, config, preview != null);
    var encoder = new BatchEncoder(input, config, redaction, processes, sink, counters, byFlow);
    WireListener listener = tap == null ? encoder : new TappedListener(encoder, tap);
    var analyzer = new WireAnalyzer(
        input.host(),
        Limits.DEFAULT.within(Runtime.getRuntime().maxMemory()),
        listener,
        PipelineParts.decryption(config, keyLog),
        PipelineParts.excerpts(preview));
    return new CaptureLane(input, analyzer, encoder, counters);
  }

  private long timeout(CaptureLane lane, TickSchedule ticks) {
    if (lane != null && lane.isWaiting()) {
      return IDLE_MILLIS;
    }
    if (!source.live()) {
      return FILE_MILLIS;
    }
    long due = ticks.due(lane != null && lane.isAheadOfTicks());
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime()));
  }

  /** Lets a source that waits for room come to its end. */
  private void discard() {
    try {
      while (!queue.isDrained()) {
        FrameBlock block = queue.take(IDLE_MILLIS);
        if (block != null) {
          queue.release(block);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long wallMicros() {
    return System.currentTimeMillis() * 1000;
  }
}
