import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Asks an API that is bound to all addresses as an attacker would, with the JDK alone. Arguments: its port, and the file of
 * its token.
 */
final class AccessCheck {
  private static final int CONNECTIONS = 2000;
  /** What the server holds of one address, and a few that come and go. */
  private static final int HELD = 128 + 8;
  private static final int ASKED = 10;
  private static final String LOCAL = "127.0.0.1";
  private static final String OTHER = "127.0.0.2";
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
   * Connections that say nothing, or a byte at a time, as many as one address can make, all held open while others ask: from another
   * address and from the same one, on new connections, on one of before, and on a live stream.
   */
  private void many() throws Exception {
    var open = new ArrayList<Socket>();
    String field = "Authorization: Bearer " + token + "\r\n";
    try (var stream = connect(LOCAL); var events = stream.getInputStream()) {
      stream.getOutputStream().write(("GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\n" + field + "\r\n").getBytes(StandardCharsets.US_ASCII));
      say("a live stream begins", List.of(200), Integer.parseInt(new String(events.readNBytes(12), StandardCharsets.US_ASCII).substring(9)));
      hold(open, CONNECTIONS);
      asked("the token from another address", open, OTHER, "/api/v1/hosts", field);
      asked("the token from the same address", open, LOCAL, "/api/v1/hosts", field);
      asked("health from another address", open, OTHER, "/q/health/ready", "");
      asked("health from the same address", open, LOCAL, "/q/health/ready", "");
      say("the live stream: open", List.of(1), isOpen(stream) ? 1 : 0);
      String metrics = text("/q/metrics", field);
      say("of " + CONNECTIONS + " slow connections, held by the server", range(1, HELD), figure(metrics, "sidewire_api_connections "));
      say("of these, closed for others of their address", range(CONNECTIONS / 2, CONNECTIONS + 8 * ASKED),
          figure(metrics, "sidewire_api_connections_closed_total{reason=\"address\"} "));
      waits(open);
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
    alive("after " + CONNECTIONS + " slow and silent connections");
  }

  /** Who waits for longer than a request may take is closed, whatever it drips. */
  private void waits(List<Socket> open) throws Exception {
    long begun = System.nanoTime();
    int held = CONNECTIONS;
    while (held > 1 && System.nanoTime() - begun < 20_000_000_000L) {
      Thread.sleep(500);
      drip(open);
      held = figure(text("/q/metrics", "Authorization: Bearer " + token + "\r\n"), "sidewire_api_connections ") - 1;
    }
    say("some seconds later, while each drips: held besides the live stream", range(0, 1), held);
  }

  private void asked(String what, List<Socket> open, String from, String path, String field) throws IOException {
    int answered = 0;
    long slowest = 0;
    for (int i = 0; i < ASKED; i++) {
      drip(open);
      long begun = System.nanoTime();
      answered += send(from, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + field + "\r\n") == 200 ? 1 : 0;
      slowest = Math.max(slowest, System.nanoTime() - begun);
    }
    say(what + ", " + ASKED + " times (the slowest in " + slowest / 1_000_000 + " ms), while " + CONNECTIONS + " slow connections want to be held",
        List.of(ASKED), answered);
  }

  private void hold(List<Socket> open, int count) {
    for (int i = 0; i < count; i++) {
      try {
        var socket = connect(LOCAL);
        open.add(socket);
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

  /** True while nothing but events comes from it. */
  private static boolean isOpen(Socket stream) throws IOException {
    stream.setSoTimeout(200);
    try {
      while (stream.getInputStream().read() >= 0) {
        // An event.
      }
      return false;
    } catch (SocketTimeoutException silent) {
      return true;
    }
  }

  /** The figure of a metric; -1: it is not there. */
  private static int figure(String metrics, String name) {
    return metrics.lines().filter(line -> line.startsWith(name)).map(line -> (int) Double.parseDouble(line.substring(name.length()))).findFirst()
        .orElse(-1);
  }

  private static List<Integer> range(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().toList();
  }

  private String text(String path, String field) throws IOException {
    try (var socket = connect(OTHER)) {
      socket.getOutputStream().write(("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n" + field + "\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void alive(String when) throws IOException {
    say("the token, " + when, List.of(200), get("/api/v1/hosts", "Authorization: Bearer " + token + "\r\n"));
  }

  private void say(String what, List<Integer> wanted, int got) {
    boolean right = wanted.contains(got);
    good &= right;
    boolean status = wanted.stream().anyMatch(it -> it >= 100 && it < 600) && wanted.size() < 20;
    System.out.println((right ? "ok  " : "BAD ") + what + ": " + (got == 0 && status ? "closed" : got));
  }

  private int get(String path, String fields) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields + "\r\n");
  }

  private int send(String bytes) throws IOException {
    return send(LOCAL, bytes);
  }

  /** The status of the answer; 0: the connection was closed, or nothing came within 5 seconds. */
  private int send(String from, String bytes) throws IOException {
    try (var socket = connect(from)) {
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

  private Socket connect(String from) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(new InetSocketAddress(LOCAL, port), 5000);
    socket.setSoTimeout(5000);
    return socket;
  }
}
