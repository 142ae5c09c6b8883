package io.sidewire.processor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Health and metrics over HTTP, for orchestrators and Prometheus: nothing that anybody sent. */
final class HealthServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads;

  private HealthServer(
      HttpServer server, BooleanSupplier live, BooleanSupplier ready, Supplier<String> metrics) {
    this.server = server;
    this.threads = Executors.newSingleThreadExecutor(task -> {
      var thread = new Thread(task, "sidewire-health");
      thread.setDaemon(true);
      return thread;
    });
    server.setExecutor(threads);
    server.createContext("/health/live", exchange -> status(exchange, live.getAsBoolean()));
    server.createContext("/health/ready", exchange -> status(exchange, ready.getAsBoolean()));
    server.createContext("/metrics", exchange -> text(exchange, 200, metrics.get()));
    server.createContext("/", exchange -> text(exchange, 404, "not found\n"));
    server.start();
  }

  /**
   * Listens.
   *
   * @param bind host:port; port 0: any that is free
   * @throws StreamConfig.InvalidSetting where that cannot be, with the fix
   */
  static HealthServer open(
      String bind, BooleanSupplier live, BooleanSupplier ready, Supplier<String> metrics) {
    int colon = bind.lastIndexOf(':');
    long port = colon < 0 ? -1 : Amounts.number(bind.substring(colon + 1));
    if (colon < 1 || port < 0 || port > 65535) {
      throw new StreamConfig.InvalidSetting("health-bind is host:port, not " + bind);
    }
    String host = bind.substring(0, colon);
    try {
      var server = HttpServer.create(new InetSocketAddress(host, (int) port), 16);
      return new HealthServer(server, live, ready, metrics);
    } catch (IOException e) {
      throw new StreamConfig.InvalidSetting(
          "cannot listen on " + bind + " (" + e.getMessage() + "); choose another health-bind");
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }

  private static void status(HttpExchange exchange, boolean good) throws IOException {
    text(exchange, good ? 200 : 503, good ? "up\n" : "down\n");
  }

  private static void text(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
