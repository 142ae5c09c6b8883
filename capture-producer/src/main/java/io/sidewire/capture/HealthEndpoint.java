package io.sidewire.capture;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sidewire.capture.CaptureException.Kind;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** {@code GET /health} and {@code GET /metrics} of a capture process. */
public final class HealthEndpoint implements AutoCloseable {
  private static final int BACKLOG = 16;

  private final HttpServer server;
  private final ExecutorService threads;

  private HealthEndpoint(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Listens on an address.
   *
   * @param bind {@code address:port}; port 0: any
   * @param healthy false answers 503
   * @throws CaptureException where the address is no address or is taken, naming the setting
   */
  public static HealthEndpoint open(
      String bind, CaptureCounters counters, BooleanSupplier healthy) {
    InetSocketAddress address = address(bind);
    try {
      HttpServer server = HttpServer.create(address, BACKLOG);
      ExecutorService threads = Executors.newSingleThreadExecutor(task -> {
        var thread = new Thread(task, "sidewire-health");
        thread.setDaemon(true);
        return thread;
      });
      server.setExecutor(threads);
      server.createContext("/health", exchange -> {
        boolean up = healthy.getAsBoolean();
        answer(
            exchange,
            up ? 200 : 503,
            "application/json",
            "{\"status\":\"" + (up ? "UP" : "DOWN") + "\"}\n");
      });
      server.createContext(
          "/metrics",
          exchange -> answer(exchange, 200, MetricsText.CONTENT_TYPE, MetricsText.of(counters)));
      server.start();
      return new HealthEndpoint(server, threads);
    } catch (BindException e) {
      throw new CaptureException(
          Kind.BUSY, "health-bind=" + bind + " is taken: name another port, or off", e);
    } catch (IOException | IllegalArgumentException e) {
      throw new CaptureException(
          Kind.CONFIG, "health-bind=" + bind + " cannot be listened on: " + e.getMessage(), e);
    }
  }

  /** Where it listens, as {@code address:port}. */
  public String address() {
    return server.getAddress().getAddress().getHostAddress() + ":"
        + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static InetSocketAddress address(String bind) {
    int colon = bind.lastIndexOf(':');
    try {
      if (colon > 0) {
        int port = Integer.parseInt(bind.substring(colon + 1));
        return new InetSocketAddress(bind.substring(0, colon), port);
      }
    } catch (IllegalArgumentException e) {
      // No number, or none of a port: said below.
    }
    throw new CaptureException(
        Kind.CONFIG,
        "health-bind=" + bind + ": an address such as 127.0.0.1:7421, or off, is needed");
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    try (exchange) {
      boolean read = exchange.getRequestMethod().equals("GET");
      byte[] body = read ? text.getBytes(StandardCharsets.UTF_8) : new byte[0];
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(read ? status : 405, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
