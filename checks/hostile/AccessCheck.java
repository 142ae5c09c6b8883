import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Asks an API that is bound to all addresses as an attacker would, with the JDK alone. Arguments: its port, and the file of
 * its token.
 */
final class AccessCheck {
  private static final int CONNECTIONS = 2000;
  /** Of the 512 that the server takes. */
  private static final int HELD = 400;
  private static final int ASKED = 20;
  private static final List<String> PATHS = List.of("/", "/index.html", "/app/main.js", "/api/v1/summary", "/api/v1/series", "/api/v1/exchanges",
      "/api/v1/interactions", "/api/v1/flows", "/api/v1/hosts", "/api/v1/flow-types", "/api/v1/live", "/api/v1/nothing", "/q/metrics", "/q/openapi",
      "/q/swagger-ui/", "/q/healthy", "/q/health/../metrics", "/q/health/%2e%2e/metrics", "//api/v1/hosts", "/q/health//../../api/v1/hosts");

  private final int port;
  private final String token;
  private boolean good = true;

  private AccessCheck(int port, String token) {
    this.port = port;
    this.token = token;
  }

  public static void main(String[] args) throws Exception {
    var check = new AccessCheck(Integer.parseInt(args[0]), Files.readString(Path.of(args[1])).strip());
    check.tokens();
    check.shapes();
    check.many();
    System.exit(check.good ? 0 : 1);
  }

  private void tokens() throws IOException {
    for (String path : PATHS) {
      say("no token: " + path, List.of(400, 401, 404), get(path, ""));
    }
    for (String path : List.of("/q/health", "/q/health/live", "/q/health/ready")) {
      say("no token: " + path, List.of(200), get(path, ""));
    }
    for (String wrong : List.of("x", token.substring(1), token + "0", token.toUpperCase() + "G", "", "\t", "a".repeat(4000))) {
      say("a wrong token of " + wrong.length() + " characters", List.of(400, 401), get("/api/v1/hosts", "Authorization: Bearer " + wrong + "\r\n"));
    }
    alive("after wrong tokens");
  }

  private void shapes() throws IOException {
    say("a head of 1 MB", List.of(431, 400, 0), get("/api/v1/hosts", "X: " + "y".repeat(1 << 20) + "\r\n"));
    say("20,000 fields", List.of(431, 400, 0), get("/api/v1/hosts", "X: y\r\n".repeat(20_000)));
    say("a target of 64 KB", List.of(414, 400, 0), get("/" + "a".repeat(64 << 10), ""));
    say("a body of 100 GB announced", List.of(405, 413, 401), send("POST /api/v1/hosts HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000000\r\n\r\n"));
    say("two lengths", List.of(400, 401, 405, 0), send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"));
    for (String odd : List.of("\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n:\r\n\r\n", "\u0016\u0003\u0001\u0002\0\u0001",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\u00ff".repeat(100), "GET /%zz%00%ff HTTP/1.1\r\nHost: x\r\n\r\n", "\r\n".repeat(10_000))) {
      int answer = send(odd);
      say("malformed, " + odd.length() + " bytes", List.of(0, 400, 401, 404, 405, 414, 431, 501, 505), answer);
    }
    alive("after malformed requests");
  }

  /**
   * Connections that say nothing, or a byte at a time, held open while others ask: as many as leave room for others, then more than
   * the server takes at once, which is hard on new ones, but not on those that were there before.
   */
  private void many() throws Exception {
    var open = new ArrayList<Socket>();
    String field = "Authorization: Bearer " + token + "\r\n";
    try (var before = new Socket("127.0.0.1", port)) {
      before.setSoTimeout(5000);
      hold(open, HELD);
      int answered = 0;
      for (int i = 0; i < ASKED; i++) {
        drip(open);
        answered += get("/api/v1/hosts", field) == 200 ? 1 : 0;
      }
      say("the token " + ASKED + " times, while " + HELD + " slow and silent connections are held", List.of(ASKED), answered);
      hold(open, CONNECTIONS - HELD);
      answered = 0;
      for (int i = 0; i < ASKED; i++) {
        drip(open);
        answered += again(before, field) == 200 ? 1 : 0;
      }
      say("the token " + ASKED + " times on a connection of before, while " + CONNECTIONS + " others want one", List.of(ASKED), answered);
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
    long begun = System.nanoTime();
    int answer = 0;
    while (answer != 200 && System.nanoTime() - begun < 30_000_000_000L) {
      Thread.sleep(100);
      answer = get("/api/v1/hosts", field);
    }
    say("the token, after " + CONNECTIONS + " slow and silent connections", List.of(200), answer);
  }

  private void hold(List<Socket> open, int count) {
    for (int i = 0; i < count; i++) {
      try {
        var socket = new Socket();
        open.add(socket);
        socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
        if (i % 2 == 0) {
          socket.getOutputStream().write("GET /api/v1/hosts HTTP/1.1\r\nHost: x\r\nX: ".getBytes(StandardCharsets.US_ASCII));
        }
      } catch (IOException refused) {
        // That is one way to bound them.
      }
    }
  }

  /** One more byte on each that has begun a request. */
  private static void drip(List<Socket> open) {
    for (int i = 0; i < open.size(); i += 2) {
      try {
        open.get(i).getOutputStream().write('y');
      } catch (IOException closed) {
        // So is this.
      }
    }
  }

  /** Asks on a connection that stays open; the status of the answer. */
  private static int again(Socket socket, String field) throws IOException {
    socket.getOutputStream().write(("GET /api/v1/hosts HTTP/1.1\r\nHost: localhost\r\n" + field + "\r\n").getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return 0;
      }
      head.append((char) next);
    }
    var length = Pattern.compile("(?i)content-length: *(\\d+)").matcher(head);
    if (length.find()) {
      in.readNBytes(Integer.parseInt(length.group(1)));
    } else {
      return 0; // this answer has one; a change of that is to be seen
    }
    return Integer.parseInt(head.substring(9, 12));
  }

  private void alive(String when) throws IOException {
    say("the token, " + when, List.of(200), get("/api/v1/hosts", "Authorization: Bearer " + token + "\r\n"));
  }

  private void say(String what, List<Integer> wanted, int got) {
    boolean right = wanted.contains(got);
    good &= right;
    System.out.println((right ? "ok  " : "BAD ") + what + ": " + (got == 0 && !wanted.contains(ASKED) ? "closed" : got));
  }

  private int get(String path, String fields) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields + "\r\n");
  }

  /** The status of the answer; 0: the connection was closed, or nothing came within 5 seconds. */
  private int send(String bytes) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 5000);
      socket.setSoTimeout(5000);
      try {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
      } catch (IOException closed) {
        // What it answered may still be read.
      }
      InputStream in = socket.getInputStream();
      String line = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
      return line.matches("HTTP/1.[01] [0-9]{3}") ? Integer.parseInt(line.substring(9)) : 0;
    } catch (IOException closed) {
      return 0;
    }
  }
}
