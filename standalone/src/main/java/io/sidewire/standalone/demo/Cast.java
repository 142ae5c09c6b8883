package io.sidewire.standalone.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sidewire.standalone.cli.Logs;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The actors of the demo in a process of their own: two MCP servers, a TLS endpoint named like Azure's, and an agent.
 *
 * <p>It prints a JSON line for each call that its endpoints measured, plays a run for each line {@code turn} that it
 * reads, and ends with its standard input.
 */
public final class Cast {
  /** Resolved to loopback in this process alone, by the JDK's hosts file. */
  static final String AZURE = "sidewire-demo.openai.azure.com";

  private static final ObjectMapper JSON = new ObjectMapper();

  private Cast() {}

  public static void main(String[] args) throws Exception {
    Logs.quiet("error");
    PrintStream out = System.out;
    Consumer<MeasuringServer.Measured> measured = call -> print(out, Map.of("measured", call));
    SelfSigned certificate = SelfSigned.forName(AZURE);
    InetAddress loopback = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
    ServerSocket tls =
        certificate.context().getServerSocketFactory().createServerSocket(0, 50, loopback);
    try (var llm = new MeasuringServer("llm", tls, new LlmEndpoint(), measured);
        var streamable = new MeasuringServer(
            "mcp", new ServerSocket(0, 50, loopback), new McpEndpoint(), measured);
        var legacy = new MeasuringServer(
            "mcp-sse", new ServerSocket(0, 50, loopback), new McpEndpoint(), measured);
        var agent = new Agent(
            "https://" + AZURE + ":" + llm.port(), certificate, streamable.port(), legacy.port())) {
      print(out, Map.of("ports", new int[] {llm.port(), streamable.port(), legacy.port()}));
      play(agent, out);
    }
    System.exit(0);
  }

  private static void play(Agent agent, PrintStream out) throws IOException {
    var in = new java.io.BufferedReader(
        new java.io.InputStreamReader(System.in, java.nio.charset.StandardCharsets.UTF_8));
    boolean begun = false;
    int turns = 0;
    for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
      try {
        if (!begun) {
          agent.begin();
          begun = true;
        }
        agent.turn(++turns % 2 == 0);
        print(out, Map.of("turn", turns));
      } catch (RuntimeException e) {
        print(out, Map.of("failed", String.valueOf(e)));
      }
    }
  }

  private static synchronized void print(PrintStream out, Object value) {
    try {
      out.println(JSON.writeValueAsString(value));
      out.flush();
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stands for work that takes this long. */
  static void work(long millis) {
    long until = System.nanoTime() + millis * 1_000_000;
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
