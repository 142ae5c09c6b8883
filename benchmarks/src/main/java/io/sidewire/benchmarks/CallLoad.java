package io.sidewire.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Calls of MCP over plain HTTP on loopback at a steady rate, in a process of its own: four connections, each kept for a
 * thousand calls. Usage: {@code CallLoad RATE}; it ends when it is stopped.
 */
public final class CallLoad {
  private static final int CONNECTIONS = 4;
  private static final int CALLS_EACH = 1_000;

  private CallLoad() {}

  public static void main(String[] args) throws Exception {
    double rate = Double.parseDouble(args[0]) / CONNECTIONS;
    try (var server = new Server()) {
      var threads = new Thread[CONNECTIONS];
      for (int i = 0; i < CONNECTIONS; i++) {
        threads[i] = new Thread(() -> run(server.port(), rate));
        threads[i].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  /** The same in a process of its own. */
  static Process start(int rate) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            CallLoad.class.getName(),
            Integer.toString(rate))
        .inheritIO()
        .start();
  }

  private static void run(int port, double rate) {
    long next = System.nanoTime();
    try {
      while (true) {
        var client = new Client(port);
        for (int i = 0; i < CALLS_EACH; i++) {
          client.call("resources/read", "uri", "file:///" + i % 20);
          next += (long) (1e9 / rate);
          long wait = next - System.nanoTime();
          if (wait > 0) {
            Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
          }
        }
        client.close();
      }
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** An MCP client that reads no more of an answer than its length says. */
  static final class Client implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private int id;

    Client(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
      out = socket.getOutputStream();
    }

    void call(String method, String parameter, String value) throws IOException {
      String body = "{\"jsonrpc\":\"2.0\",\"id\":" + id++ + ",\"method\":\"" + method
          + "\",\"params\":{\"" + parameter + "\":\"" + value + "\"}}";
      String head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          + "Accept: application/json, text/event-stream\r\nContent-Length: " + body.length()
          + "\r\n\r\n";
      out.write((head + body).getBytes(StandardCharsets.US_ASCII));
      read(in);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** Answers every call with 500 characters of text. */
  static final class Server implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    Server() throws IOException {
      daemon(this::accept);
    }

    int port() {
      return socket.getLocalPort();
    }

    private void accept() {
      try {
        while (true) {
          Socket one = socket.accept();
          daemon(() -> serve(one));
        }
      } catch (IOException e) {
        // Closed.
      }
    }

    private static void serve(Socket one) {
      try (one) {
        one.setTcpNoDelay(true);
        var in = new BufferedInputStream(one.getInputStream());
        for (String body = read(in); body != null; body = read(in)) {
          int at = body.indexOf("\"id\":") + 5;
          String answer = "{\"jsonrpc\":\"2.0\",\"id\":" + body.substring(at, body.indexOf(',', at))
              + ",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"" + "x".repeat(500)
              + "\"}]}}";
          String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
              + answer.length() + "\r\n\r\n";
          one.getOutputStream().write((head + answer).getBytes(StandardCharsets.US_ASCII));
        }
      } catch (IOException e) {
        // The client has gone.
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static void daemon(Runnable task) {
    var thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
  }

  /** The body of the next message; null at the end. */
  private static String read(InputStream in) throws IOException {
    int length = 0;
    var line = new StringBuilder();
    while (true) {
      int c = in.read();
      if (c < 0) {
        return null;
      }
      if (c != '\n') {
        line.append((char) c);
        continue;
      }
      String text = line.toString().trim();
      line.setLength(0);
      if (text.isEmpty()) {
        return new String(in.readNBytes(length), StandardCharsets.US_ASCII);
      }
      if (text.startsWith("Content-Length: ")) {
        length = Integer.parseInt(text.substring(16));
      }
    }
  }
}
