package io.sidewire.standalone.decode;

import io.sidewire.capture.BatchSink;
import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.CaptureCounters;
import io.sidewire.capture.CaptureFileSource;
import io.sidewire.capture.CapturePipeline;
import io.sidewire.capture.DeploymentKey;
import io.sidewire.capture.redact.NamePolicy;
import io.sidewire.capture.redact.Redaction;
import io.sidewire.processor.fold.FoldChain;
import io.sidewire.processor.fold.Limits;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.KeyedHash;
import io.sidewire.schemas.PacketBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a capture sees in files, without a broker: the way of a packet up to its rows, each flow by itself. */
public final class Decoder {
  /** Takes the final rows of a file, on the decode thread. */
  public interface Out {
    /** Rows of the file that this host name stands for follow. */
    void begin(String host);

    void flow(FlowRecord flow);

    void hello(Hello hello);

    void exchange(Exchange exchange);

    /** Everything of the file was told. */
    void end();
  }

  private final FlowTypeRules rules;
  private final Redaction redaction;
  private final CaptureConfig config;

  /** @param unmasked full request targets, for the owner of the file */
  public Decoder(CaptureConfig config, FlowTypeRules rules, boolean unmasked) {
    this.config = config;
    this.rules = rules;
    KeyedHash key = DeploymentKey.ephemeral();
    var masked =
        Redaction.of(new NamePolicy(config.get(CaptureConfig.NAMES), rules::isAgentName, key), key);
    this.redaction = unmasked ? masked.unmasked() : masked;
  }

  /** Decodes the files, one after another; returns what was wrong with some of them. */
  public List<String> decode(List<Path> files, CaptureCounters counters, Out out) {
    return decode(files, counters, out, () -> {});
  }

  /**
   * Decodes the files, one after another; returns what was wrong with some of them.
   *
   * @param meanwhile is run now and then until it is done
   */
  public List<String> decode(
      List<Path> files, CaptureCounters counters, Out out, Runnable meanwhile) {
    var sink = new FoldSink(rules, out);
    try (var source = new CaptureFileSource(config, files);
        var pipeline = new CapturePipeline(config, source, sink, counters, redaction)) {
      pipeline.tap(new HelloTap(sink::hello)).byFlow().start();
      while (!pipeline.drained().isDone()) {
        meanwhile.run();
        // Waits; what went wrong is thrown below.
        pipeline
            .drained()
            .handle((done, wrong) -> done)
            .completeOnTimeout(null, 250, TimeUnit.MILLISECONDS)
            .join();
      }
      pipeline.await();
      return source.problems();
    }
  }

  /** Folds the batches of one file after another; tells exchanges at the end of the file, in their last revision. */
  private static final class FoldSink implements BatchSink, FoldChain.Out {
    private final FlowTypeRules rules;
    private final Out out;
    private final ToldExchanges exchanges = new ToldExchanges();
    private final List<String> over = new ArrayList<>();
    private final List<Hello> hellos = new ArrayList<>();
    private FoldChain chain;

    FoldSink(FlowTypeRules rules, Out out) {
      this.rules = rules;
      this.out = out;
    }

    /** Hellos come before the batches that they travel in, and so perhaps before the file's first. */
    void hello(Hello hello) {
      hellos.add(hello);
    }

    @Override
    public void send(PacketBatch batch) {
      if (chain == null) {
        chain = FoldChain.ofFlows(rules, Limits.DEFAULT, this);
        out.begin(batch.getHost());
      }
      hellos.forEach(out::hello);
      hellos.clear();
      chain.accept(batch);
      over.forEach(exchanges::flowOver);
      over.clear();
      if (batch.getTick() != null && batch.getTick().getEndOfFile()) {
        exchanges.drain(out::exchange);
        chain = null;
        out.end();
      }
    }

    @Override
    public void flow(FlowRecord row) {
      if (row.getFinal$()) {
        out.flow(row);
        over.add(row.getFlowId());
      }
    }

    @Override
    public void exchange(Exchange row) {
      exchanges.tell(row);
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
