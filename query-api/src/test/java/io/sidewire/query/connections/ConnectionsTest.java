package io.sidewire.query.connections;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real connections to the whole application. */
@QuarkusTest
@Timeout(30)
class ConnectionsTest {
  /** Twice what one address may hold. */
  private static final int MANY = 256;

  @TestHTTPResource("/")
  URI server;

  @Test
  void whoHoldsManyLocksNobodyOut() throws Exception {
    List<Socket> open = new ArrayList<>();
    try (Socket stream = connect("127.0.0.1")) {
      send(stream, "GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
      BufferedReader events = reader(stream);
      assertThat(events.readLine()).contains("200");
      for (int i = 0; i < MANY; i++) {
        open.add(connect("127.0.0.1"));
        if (i % 2 == 0) {
          send(open.get(i), "GET /q/health/live HTTP/1.1\r\nHost: local");
        }
      }
      assertThat(open.get(0).getInputStream().read()).as("made room").isEqualTo(-1);
      assertThat(ask("127.0.0.1", "/q/health/live")).contains("200");
      assertThat(ask("127.0.0.2", "/api/v1/flow-types")).contains("200");
      String line = "";
      while (!line.startsWith("event")) {
        line = events.readLine();
      }
      stream.setSoTimeout(50);
      assertThat(isOpen(events)).as("the live stream").isTrue();
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  private String ask(String from, String path) throws IOException {
    try (Socket socket = connect(from)) {
      send(socket, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      return reader(socket).readLine();
    }
  }

  private Socket connect(String from) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
  }

  private static boolean isOpen(BufferedReader events) throws IOException {
    try {
      while (events.readLine() != null) {
        // What it had to say.
      }
      return false;
    } catch (SocketTimeoutException silent) {
      return true;
    }
  }
}
