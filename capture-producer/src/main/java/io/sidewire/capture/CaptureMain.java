package io.sidewire.capture;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The capture service: one interface, or some files, to Kafka. */
public final class CaptureMain {
  private static final Logger LOG = LoggerFactory.getLogger(CaptureMain.class);

  private CaptureMain() {}

  public static void main(String[] arguments) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    var parsed = CaptureCommand.parse(arguments, System.getenv(), out, err);
    System.exit(parsed.command() == null ? parsed.exitCode() : run(parsed.command(), err));
  }

  /** Captures until stopped or until the files are delivered; returns the exit code. */
  static int run(CaptureCommand command, PrintWriter err) {
    CaptureConfig config = command.config();
    boolean live = command.files().isEmpty();
    var counters = new CaptureCounters();
    try (var sink = KafkaSink.open(config, live, counters);
        var source = source(command, sink, counters);
        var pipeline = new CapturePipeline(config, source, sink, counters);
        var health = health(config, counters, pipeline)) {
      stopOnSignal(pipeline);
      pipeline.start();
      LOG.info("capturing; health on {}", health == null ? "none" : health.address());
      CaptureSummary summary = pipeline.await();
      LOG.info(
          "delivered {} packets of {} inputs",
          summary.packets(),
          summary.inputs().size());
      return sayProblems(source, err);
    } catch (CaptureException e) {
      err.println("sidewire-capture: " + e.getMessage());
      return e.kind().exitCode();
    }
  }

  private static PacketSource source(
      CaptureCommand command, KafkaSink sink, CaptureCounters counters) {
    CaptureConfig config = command.config();
    if (!command.files().isEmpty()) {
      return new CaptureFileSource(config, command.files());
    }
    return LivePcapSource.open(
        config, PipelineParts.ownTraffic(config).and(sink::brokers), counters);
  }

  private static HealthEndpoint health(
      CaptureConfig config, CaptureCounters counters, CapturePipeline pipeline) {
    String bind = config.get(CaptureConfig.HEALTH_BIND);
    return bind == null || bind.equals("off")
        ? null
        : HealthEndpoint.open(bind, counters, () -> !pipeline.drained().isCompletedExceptionally());
  }

  /** On SIGTERM and Ctrl-C: no more packets, but what was captured is delivered before the process ends. */
  private static void stopOnSignal(CapturePipeline pipeline) {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(
            () -> {
              pipeline.stop();
              try {
                pipeline.await();
              } catch (RuntimeException e) {
                LOG.debug("ended by {}", e.getClass().getSimpleName());
              }
            },
            "sidewire-stop"));
  }

  private static int sayProblems(PacketSource source, PrintWriter err) {
    List<String> problems =
        source instanceof CaptureFileSource files ? files.problems() : List.of();
    problems.forEach(problem -> err.println("sidewire-capture: " + problem));
    return problems.isEmpty() ? 0 : CaptureException.Kind.FILE.exitCode();
  }
}
