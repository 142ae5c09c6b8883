package io.sidewire.standalone.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.CaptureCounters;
import io.sidewire.capture.CaptureFileSource;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.rules.RulesException;
import io.sidewire.schemas.AvroJson;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.standalone.Fault;
import io.sidewire.standalone.decode.Decoder;
import io.sidewire.standalone.decode.Hello;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a capture sees in files, without a broker. */
@Command(
    name = "decode",
    description =
        "Show what is in capture files, without a broker: flows, hellos and the exchanges within each flow.")
public final class DecodeCommand implements Callable<Integer> {
  @Mixin
  private Common common;

  @Mixin
  private CaptureOptions capture;

  @Option(
      names = "--unmasked",
      description = "Show full request targets; for captures of your own.")
  private boolean unmasked;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Capture files: pcap or pcapng, also with gzip.")
  private List<Path> files;

  private final Terminal terminal;

  public DecodeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    CaptureConfig config = capture.config(
        Map.of(CaptureConfig.NAMES, "all", CaptureConfig.PACKET_DETAIL, "counts"), Map.of());
    capture.warn(config, terminal);
    Map<String, String> names = new HashMap<>();
    files.forEach(file -> names.put(CaptureFileSource.hostOf(file), file.toString()));
    Decoder.Out out = common.json ? new Lines(names) : new DecodeReport(terminal, names);
    var counters = new CaptureCounters();
    // Rows on the same terminal are progress enough, and would run into the line that tells it.
    var progress = terminal.outIsTerminal()
        ? Optional.<Progress>empty()
        : Optional.of(new Progress(terminal, "packets"));
    List<String> problems = new Decoder(config, rules(config), unmasked)
        .decode(files, counters, out, () -> progress.ifPresent(line -> line.of(files, counters)));
    terminal.out().flush();
    progress.ifPresent(line -> line.done(counters.get(CaptureCounters.Count.PACKETS_RECEIVED)));
    problems.forEach(problem -> terminal.err().println("sidewire: " + problem));
    return problems.isEmpty() ? 0 : Fault.INPUT;
  }

  private static FlowTypeRules rules(CaptureConfig config) {
    String file = config.get(CaptureConfig.RULES);
    try {
      return file == null ? FlowTypeRules.builtIn() : FlowTypeRules.load(Path.of(file));
    } catch (RulesException e) {
      throw new Fault(Fault.USAGE, e.getMessage(), e);
    }
  }

  /** Rows as JSON lines. A row's file is the one that its host stands for. */
  private final class Lines implements Decoder.Out {
    private final JsonLines lines = new JsonLines(terminal.out());
    private final Map<String, String> names;
    private String file;

    Lines(Map<String, String> names) {
      this.names = names;
    }

    @Override
    public void begin(String host) {
      file = names.getOrDefault(host, host);
    }

    @Override
    public void flow(FlowRecord flow) {
      lines.record("flow", file, flow);
    }

    @Override
    public void hello(Hello hello) {
      lines.line("hello", file, json -> write(json, hello));
    }

    @Override
    public void exchange(Exchange exchange) {
      lines.record("exchange", file, exchange);
    }

    @Override
    public void end() {
      lines.flush();
    }

    private static void write(JsonGenerator json, Hello hello) throws IOException {
      json.writeStringField("flowId", hello.flowId());
      json.writeFieldName("client");
      AvroJson.write(json, hello.client());
      json.writeFieldName("server");
      AvroJson.write(json, hello.server());
      json.writeStringField("transport", hello.transport());
      json.writeStringField("serverName", hello.serverName());
      json.writeArrayFieldStart("alpn");
      for (String protocol : hello.alpn()) {
        json.writeString(protocol);
      }
      json.writeEndArray();
      json.writeStringField("version", hello.version());
      json.writeStringField("ja3", hello.ja3());
      json.writeStringField("ja4", hello.ja4());
      json.writeBooleanField("ech", hello.ech());
    }
  }
}
