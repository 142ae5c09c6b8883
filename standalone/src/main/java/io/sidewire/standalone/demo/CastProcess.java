package io.sidewire.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sidewire.standalone.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts the {@link Cast} in a process of its own, and tells it what to play. */
public final class CastProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A call as an endpoint measured it: from the request's first byte to the answer's last, at its socket. */
  public record Call(String what, int clientPort, long startMicros, long totalMicros) {}

  private final Process process;
  private final Path hosts;
  private final BufferedReader out;
  private final Writer in;
  private final List<Integer> ports = new ArrayList<>();

  private CastProcess(Process process, Path hosts) {
    this.process = process;
    this.hosts = hosts;
    this.out = process.inputReader();
    this.in = process.outputWriter();
  }

  /** Starts it; returns when its endpoints listen. */
  public static CastProcess start() {
    try {
      Path hosts = Files.createTempFile("sidewire-demo-", ".hosts");
      Files.writeString(hosts, "127.0.0.1 localhost " + Cast.AZURE + "\n");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      // The same archive of classes as this process, where it has one.
      ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
          .filter(argument ->
              argument.startsWith("-XX:SharedArchiveFile") || argument.startsWith("-Xlog"))
          .forEach(command::add);
      command.addAll(List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-Xmx96m",
          "-Djdk.net.hosts.file=" + hosts,
          "-cp",
          System.getProperty("java.class.path"),
          Cast.class.getName()));
      Process process = new ProcessBuilder(command)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      var cast = new CastProcess(process, hosts);
      cast.next("ports").forEach(port -> cast.ports.add(port.asInt()));
      return cast;
    } catch (IOException e) {
      throw new Fault(
          Fault.INTERNAL, "The demo's agent does not start: " + e.getMessage() + ".", e);
    }
  }

  /** Where its endpoints listen: the model's, and the two tool servers'. */
  public List<Integer> ports() {
    return List.copyOf(ports);
  }

  /** Plays one run of the agent; returns what the endpoints measured. */
  public List<Call> turn() {
    try {
      in.write("turn\n");
      in.flush();
      List<Call> calls = new ArrayList<>();
      for (JsonNode line = line(); !line.has("turn"); line = line()) {
        if (line.has("failed")) {
          throw new Fault(
              Fault.INTERNAL, "The demo's agent failed: " + line.path("failed").asText() + ".");
        }
        JsonNode call = line.path("measured");
        calls.add(new Call(
            call.path("what").asText(),
            call.path("port").asInt(),
            call.path("startMicros").asLong(),
            call.path("totalMicros").asLong()));
      }
      return calls;
    } catch (IOException e) {
      throw new Fault(Fault.INTERNAL, "The demo's agent has gone: " + e.getMessage() + ".", e);
    }
  }

  private JsonNode next(String field) throws IOException {
    JsonNode line = line();
    if (!line.has(field)) {
      throw new IOException("it said " + line);
    }
    return line.get(field);
  }

  private JsonNode line() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("it ended");
    }
    return JSON.readTree(line);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    try {
      in.close(); // its standard input ends, and so does it
    } catch (IOException e) {
      // It has ended already.
    }
    if (!process.waitFor(3, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    Files.deleteIfExists(hosts);
  }
}
