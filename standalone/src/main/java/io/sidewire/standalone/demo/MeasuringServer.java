package io.sidewire.standalone.demo;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** A small HTTP/1.1 server that notes, at its socket, when each request began and when its answer was out. */
final class MeasuringServer implements Closeable {
  private static final int LONGEST_LINE = 16 << 10;
  private static final int LARGEST_BODY = 4 << 20;

  /**
   * A call as the endpoint saw it.
   *
   * @param port of the client's connection that carried the request
   * @param startMicros epoch microseconds of the request's first byte
   * @param totalMicros from there to the answer's last byte
   */
  record Measured(String what, int port, long startMicros, long totalMicros) {}

  /** A request; {@code headers} by lower-case name. */
  record Request(
      String method, String target, Map<String, String> headers, byte[] body, Stopwatch watch) {}

  /** Answers requests; one connection's come one after the other. */
  @FunctionalInterface
  interface Handler {
    void handle(Request request, Answer answer) throws IOException;
  }

  /** Runs from a request's first byte. */
  record Stopwatch(int port, long startMicros, long startNanos, Consumer<Measured> measured) {
    /** The answer is out: its last byte was handed to the socket. */
    void answered(String what) {
      measured.accept(
          new Measured(what, port, startMicros, (System.nanoTime() - startNanos) / 1000));
    }
  }

  private final ServerSocket listener;
  private final Handler handler;
  private final Consumer<Measured> measured;

  /** @param listener plain or TLS, on loopback */
  MeasuringServer(
      String name, ServerSocket listener, Handler handler, Consumer<Measured> measured) {
    this.listener = listener;
    this.handler = handler;
    this.measured = measured;
    daemon(name, this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private static void daemon(String name, Runnable work) {
    var thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        daemon(Thread.currentThread().getName() + "-" + socket.getPort(), () -> serve(socket));
      }
    } catch (IOException e) {
      // Closed: no more connections.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        int first = in.read();
        if (first < 0) {
          return;
        }
        var watch = new Stopwatch(
            socket.getPort(),
            ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()),
            System.nanoTime(),
            measured);
        handler.handle(read(first, in, watch), new Answer(out));
      }
    } catch (IOException e) {
      // The client went away.
    }
  }

  private static Request read(int first, InputStream in, Stopwatch watch) throws IOException {
    String[] start = ((char) first + line(in)).split(" ");
    if (start.length != 3) {
      throw new IOException("no request line");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT),
            line.substring(colon + 1).strip());
      }
    }
    byte[] body = "chunked".equalsIgnoreCase(headers.get("transfer-encoding"))
        ? chunks(in)
        : exactly(in, Integer.parseInt(headers.getOrDefault("content-length", "0")));
    return new Request(start[0], start[1], headers, body, watch);
  }

  private static byte[] chunks(InputStream in) throws IOException {
    var body = new java.io.ByteArrayOutputStream();
    for (int size = Integer.parseInt(line(in), 16);
        size > 0;
        size = Integer.parseInt(line(in), 16)) {
      body.write(exactly(in, size));
      line(in);
    }
    line(in);
    return body.toByteArray();
  }

  private static byte[] exactly(InputStream in, int size) throws IOException {
    if (size > LARGEST_BODY) {
      throw new IOException("body too large");
    }
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new IOException("body cut");
    }
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.length() > LONGEST_LINE) {
        throw new IOException("line cut");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  /** Writes one answer: whole, or as a stream of chunks. */
  static final class Answer {
    private final OutputStream out;

    private Answer(OutputStream out) {
      this.out = out;
    }

    /** A whole answer; null type and empty body for none. */
    void send(int status, String type, Map<String, String> headers, String body)
        throws IOException {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      byte[] head = (head(status, type, headers) + "content-length: " + bytes.length + "\r\n\r\n")
          .getBytes(StandardCharsets.UTF_8);
      byte[] all = java.util.Arrays.copyOf(head, head.length + bytes.length);
      System.arraycopy(bytes, 0, all, head.length, bytes.length);
      out.write(all);
      out.flush();
    }

    /** Begins a stream of server-sent events. */
    void events(Map<String, String> headers) throws IOException {
      out.write((head(200, "text/event-stream", headers) + "transfer-encoding: chunked\r\n\r\n")
          .getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    /** One event; a null name is the default. */
    synchronized void event(String name, String data) throws IOException {
      byte[] event = ((name == null ? "" : "event: " + name + "\n") + "data: " + data + "\n\n")
          .getBytes(StandardCharsets.UTF_8);
      var chunk = new java.io.ByteArrayOutputStream();
      chunk.writeBytes(
          (Integer.toHexString(event.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      chunk.writeBytes(event);
      chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
      out.write(chunk.toByteArray());
      out.flush();
    }

    /** Ends a stream of events. */
    void end() throws IOException {
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }

    private static String head(int status, String type, Map<String, String> headers) {
      var head = new StringBuilder("HTTP/1.1 ")
          .append(status)
          .append(' ')
          .append(reason(status))
          .append("\r\n");
      if (type != null) {
        head.append("content-type: ").append(type).append("\r\n");
      }
      headers.forEach(
          (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      return head.toString();
    }

    private static String reason(int status) {
      return switch (status) {
        case 200 -> "OK";
        case 202 -> "Accepted";
        case 404 -> "Not Found";
        case 405 -> "Method Not Allowed";
        default -> "Status";
      };
    }
  }
}
