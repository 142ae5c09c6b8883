package io.sidewire.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidewire.capture.BpfChoice;
import io.sidewire.capture.FileFault;
import io.sidewire.capture.save.FlowChoice;
import io.sidewire.capture.save.FlowChoice.End;
import io.sidewire.capture.save.FlowChoice.Part;
import io.sidewire.capture.save.Ring;
import io.sidewire.standalone.Fault;
import io.sidewire.standalone.client.ApiClient;
import io.sidewire.standalone.data.DataFolder;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Saves packets of what ran a moment ago, out of the ring of a running capture. */
@Command(
    name = "save",
    description = {
      "Save the packets of what ran, while they are in the ring (up --ring SIZE).",
      "Secrets in them are masked; the file is for its owner alone."
    })
public final class SaveCommand implements Callable<Integer> {
  /** A packet is in a file of the ring at the latest after this: what waits for its stream, and for the next flush. */
  private static final long SETTLE_MILLIS = 1_500;

  private static final int LONGEST_NAME = 60;

  @Mixin
  private Common common;

  @Mixin
  private RunningOptions running;

  @ArgGroup(multiplicity = "1")
  private What what;

  /** What is saved. */
  static final class What {
    @Option(
        names = "--exchange",
        paramLabel = "ID",
        description = "One call: its packets, the handshake of its connection and acknowledgments.")
    private String exchange;

    @Option(
        names = "--interaction",
        paramLabel = "ID",
        description = "The calls of an interaction.")
    private String interaction;

    @Option(
        names = "--filter",
        paramLabel = "BPF",
        description = "What a filter as of tcpdump takes, e.g. 'tcp port 8000'.")
    private String filter;
  }

  @Option(
      names = "--connection",
      description = "With --exchange or --interaction: all packets of their connections.")
  private boolean connection;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The new file (default: sidewire-ID.pcapng here).")
  private Path out;

  @Option(
      names = "--ring",
      paramLabel = "DIR",
      description = "Folder of the ring: recent-dir of a capture service (default: of --data).")
  private Path ring;

  private final Terminal terminal;

  public SaveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Path folder = ring == null ? DataFolder.ring(running.folder()) : ring;
    if (what.filter != null) {
      if (connection) {
        throw new Fault(Fault.USAGE, "--connection belongs to --exchange or --interaction.");
      }
      try (var choice = new BpfChoice(what.filter)) {
        requireRing(folder);
        settle(Long.MAX_VALUE);
        return save(folder, choice, target("filter"), "matches '" + what.filter + "'", 0, null);
      }
    }
    requireRing(folder);
    boolean one = what.exchange != null;
    String id = one ? what.exchange : what.interaction;
    Calls calls = calls(one, id);
    settle(calls.end);
    return save(
        folder,
        new FlowChoice(calls.parts),
        target(id),
        "is of " + (one ? "exchange " : "interaction ") + id,
        calls.end,
        calls.host);
  }

  private static void requireRing(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new Fault(
          Fault.USAGE,
          "There is no ring of recent packets in " + folder
              + ": start the capture with ./sidewire up --ring 64M (a capture service with"
              + " recent-dir), or name its folder with --ring.");
    }
  }

  /** Calls as parts of connections, the end of the last of them, and the host where they were captured. */
  private record Calls(List<Part> parts, long end, String host) {}

  private Calls calls(boolean one, String id) {
    ApiClient client = running.client();
    String path = "/api/v1/" + (one ? "exchanges/" : "interactions/")
        + URLEncoder.encode(id, StandardCharsets.UTF_8);
    JsonNode answer = client.get(path, Map.of());
    Iterable<JsonNode> exchanges = one ? List.of(answer) : answer.path("exchanges");
    List<Part> parts = new ArrayList<>();
    long end = 0;
    String host = null;
    for (JsonNode exchange : exchanges) {
      Part part = part(exchange);
      parts.add(part);
      end = Math.max(end, part.end());
      host = exchange.path("host").asText();
    }
    if (parts.isEmpty()) {
      throw new Fault(Fault.INPUT, "No call of interaction " + id + " is kept any more.");
    }
    if (connection) {
      parts.replaceAll(part -> new Part(part.one(), part.other(), 0, Long.MAX_VALUE / 2));
    }
    return new Calls(parts, end, host);
  }

  /** In the legacy transport of MCP the answer comes on another connection between the same two. */
  private static Part part(JsonNode exchange) {
    boolean apart = exchange.path("mcpTransport").asText("").equals("sse");
    long start = Long.MAX_VALUE;
    long end = 0;
    for (String name : List.of("requestStart", "requestEnd", "responseStart", "responseEnd")) {
      if (exchange.path(name).isNumber()) {
        start = Math.min(start, exchange.path(name).asLong());
        end = Math.max(end, exchange.path(name).asLong());
      }
    }
    return new Part(
        end(exchange.path("client"), apart), end(exchange.path("server"), false), start, end);
  }

  private static End end(JsonNode end, boolean anyPort) {
    return End.of(
        end.path("address").asText(), anyPort ? End.ANY_PORT : end.path("port").asInt());
  }

  private static void settle(long endMicros) throws InterruptedException {
    long now = System.currentTimeMillis();
    long wait = Math.min(now, endMicros / 1000) + SETTLE_MILLIS - now;
    if (wait > 0) {
      Thread.sleep(wait);
    }
  }

  private Path target(String id) {
    String name = id.replaceAll("[^A-Za-z0-9.-]+", "-");
    return out != null
        ? out
        : Path.of(
            "sidewire-" + name.substring(0, Math.min(LONGEST_NAME, name.length())) + ".pcapng");
  }

  private int save(
      Path folder, Ring.Choice choice, Path target, String which, long end, String host) {
    Ring.Contents contents;
    try {
      contents = Ring.copy(folder, choice, target);
    } catch (FileAlreadyExistsException e) {
      throw new Fault(Fault.USAGE, target + " is there already: name another file with --out.", e);
    } catch (IOException e) {
      throw new Fault(
          Fault.USAGE,
          target + " cannot be written, or " + folder + " not be read (" + FileFault.reason(e)
              + "): name another file with --out.",
          e);
    }
    if (contents.taken() == 0) {
      throw new Fault(
          Fault.INPUT, "No packet in the ring " + which + ": " + why(contents, end, host));
    }
    if (common.json) {
      terminal
          .out()
          .println("{\"kind\":\"saved\",\"file\":\""
              + new String(com.fasterxml.jackson.core.io.JsonStringEncoder.getInstance()
                  .quoteAsString(target.toString()))
              + "\",\"packets\":" + contents.taken() + "}");
    } else {
      terminal
          .out()
          .println(target + ": " + contents.taken()
              + (contents.taken() == 1 ? " packet" : " packets") + ", secrets masked.");
    }
    return 0;
  }

  private static String why(Ring.Contents contents, long end, String host) {
    if (contents.packets() == 0) {
      return "it is empty.";
    }
    String reaches =
        "it reaches from " + time(contents.oldest()) + " to " + time(contents.newest());
    if (host == null) {
      return reaches + ".";
    }
    return end < contents.oldest()
        ? "they have left it, " + reaches + ". A larger one (up --ring SIZE) keeps them longer."
        : reaches + ". They were captured on " + host + ": is this its ring?";
  }

  private static String time(long micros) {
    return Instant.ofEpochMilli(micros / 1000).toString();
  }
}
