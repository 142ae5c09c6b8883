import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Captures clients of a TLS endpoint on loopback while they write their key logs, with the JDK alone.
 *
 * <p>Arguments: the launcher, a folder with {@code store.p12} and {@code cert.pem}, and the clients to run (curl, python3,
 * node). What must hold: each call is told while it runs with method, path, status, model and tokens; a connection whose
 * keys come late is first inferred, then withdrawn and read; sums count each call once; no secret of a key log is written.
 */
final class KeyLogCheck {
  private static final String NAME = "keylog-check.openai.azure.com";
  private static final String PATH = "/openai/deployments/gpt-4o/chat/completions";
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final long PATIENCE_MILLIS = 60_000;

  /** What Python and Node are given is one call, and a streamed one for a line on their standard input. */
  private static final int CALLS_OF_CURL = 1;

  private final Path sidewire;
  private final Path work;
  private final Path keys;
  private final List<Process> running = new ArrayList<>();
  private final List<String> lines = new CopyOnWriteArrayList<>(); // of tail
  private final List<String> rows = new CopyOnWriteArrayList<>(); // of tail --json
  private final List<String> failures = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private int port; // of the endpoint
  private String api;

  private KeyLogCheck(Path sidewire, Path work) {
    this.sidewire = sidewire;
    this.work = work;
    this.keys = work.resolve("keys");
  }

  public static void main(String[] args) throws Exception {
    var check = new KeyLogCheck(Path.of(args[0]), Path.of(args[1]));
    try {
      check.run(List.of(args).subList(2, args.length));
    } catch (IllegalStateException e) {
      check.failures.add(e.getMessage());
    } finally {
      for (Process process : check.running) {
        process.destroy();
      }
      for (Process process : check.running) {
        process.waitFor(20, TimeUnit.SECONDS);
      }
    }
    check.failures.forEach(failure -> System.out.println("FAILED  " + failure));
    System.exit(check.failures.isEmpty() ? 0 : 1);
  }

  private void run(List<String> clients) throws Exception {
    Files.createDirectories(keys);
    endpoint();
    up();
    int calls = 0;
    for (String client : clients) {
      calls += inTime(client);
    }
    for (String client : clients) {
      if (!client.equals("curl")) {
        calls += late(client);
      }
    }
    sums(calls);
    nothingSecret();
  }

  // ------------------------------------------------------------------ the actors

  private void endpoint() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(work.resolve("store.p12"))) {
      store.load(in, PASSWORD);
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.setExecutor(Executors.newCachedThreadPool(task -> {
      var thread = new Thread(task);
      thread.setDaemon(true);
      return thread;
    }));
    server.createContext("/", KeyLogCheck::answer);
    server.start();
    port = server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      boolean streamed = asked.matches("(?s).*\"stream\": ?true.*");
      exchange.getResponseHeaders().set("content-type", streamed ? "text/event-stream" : "application/json");
      try {
        Thread.sleep(60); // a model thinks
        byte[] whole = ("{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"gpt-4o-2024-11-20\",\"choices\":[{\"index\":0,"
                + "\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\"a secret answer\"}}],"
                + "\"usage\":{\"prompt_tokens\":120,\"completion_tokens\":18,\"total_tokens\":138}}")
            .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, streamed ? 0 : whole.length);
        OutputStream out = exchange.getResponseBody();
        if (!streamed) {
          out.write(whole);
          return;
        }
        for (int word = 0; word < 4; word++) {
          event(out, "[{\"index\":0,\"delta\":{\"content\":\"word \"},\"finish_reason\":null}]", "null");
          Thread.sleep(20);
        }
        event(out, "[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]", "null");
        event(out, "[]", "{\"prompt_tokens\":9,\"completion_tokens\":4,\"total_tokens\":13}");
        out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void event(OutputStream out, String choices, String usage) throws IOException {
    out.write(("data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-2024-11-20\",\"choices\":" + choices
            + ",\"usage\":" + usage + "}\n\n")
        .getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private void up() throws Exception {
    Path data = work.resolve("data");
    Path err = work.resolve("up.err");
    int free;
    try (var socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    api = "http://127.0.0.1:" + free;
    Process up = start(List.of(sidewire.toString(), "up", "--interface", "lo", "--filter", "tcp port " + port, "--port", "" + free,
        "--data", data.toString(), "--keylog", keys.toString(), "--quiet"), Map.of("SIDEWIRE_LOG", "debug"), err);
    drain(up, new ArrayList<>());
    need("up starts", () -> text(err).contains("page and API at") || !up.isAlive());
    need("the API is whole", () -> get("/q/health/ready").contains("\"status\": \"UP\""));
    drain(start(List.of(sidewire.toString(), "tail", "--data", data.toString()), Map.of(), null), lines);
    drain(start(List.of(sidewire.toString(), "tail", "--json", "--data", data.toString()), Map.of(), null), rows);
    need("both views are open", () -> connections(free) >= 3); // and this program's
    need("hosts says that a key log is used", () -> get("/api/v1/hosts?from=0").contains("\"keylog\":\"on\""));
  }

  /** Sockets of this machine that are connected to a port of it. */
  private static long connections(int port) {
    String end = String.format(":%04X 01 ", port);
    return Stream.of("/proc/net/tcp", "/proc/net/tcp6").flatMap(file -> text(Path.of(file)).lines()).filter(line -> line.contains(end)).count();
  }

  /** @param log where it writes its keys */
  private Process client(String client, Path log) throws IOException {
    String at = "" + port;
    String certificate = work.resolve("cert.pem").toString();
    List<String> command = switch (client) {
      case "curl" -> List.of("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}\\n", "--http1.1", "--cacert", certificate,
          "--resolve", NAME + ":" + port + ":127.0.0.1", "-H", "content-type: application/json", "-H", "api-key: a-secret-of-curl",
          "-d", "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
          "https://" + NAME + ":" + port + PATH + "?api-version=2024-10-21");
      case "python3" -> List.of("python3", "checks/keylogs/client.py", NAME, at, certificate);
      default -> List.of("node", "--tls-keylog=" + log, "checks/keylogs/client.js", NAME, at, certificate);
    };
    return start(command, client.equals("node") ? Map.of() : Map.of("SSLKEYLOGFILE", log.toString()), work.resolve("client.err"));
  }

  private Process start(List<String> command, Map<String, String> environment, Path err) throws IOException {
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectError(err == null ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.to(err.toFile()));
    Process process = builder.start();
    running.add(0, process);
    return process;
  }

  private static void drain(Process process, List<String> into) {
    var thread = new Thread(() -> {
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        out.lines().forEach(into::add);
      } catch (IOException | java.io.UncheckedIOException e) {
        // It is gone.
      }
    });
    thread.setDaemon(true);
    thread.start();
  }

  // ------------------------------------------------------------------ what must hold

  /** Keys are there before the answer: nothing is inferred. */
  private int inTime(String client) throws Exception {
    int before = count(true);
    int printed = printed();
    long begun = System.nanoTime();
    Process process = client(client, keys.resolve(client + ".log"));
    int calls = CALLS_OF_CURL;
    try (BufferedReader out = process.inputReader()) {
      String status = out.readLine();
      if (client.equals("curl") && !Files.exists(keys.resolve("curl.log"))) {
        System.out.println("NOT RUN curl: this one writes no key log");
        return 0;
      }
      answered(client, status);
      need(client + " is told while it runs", () -> count(true) == before + 1);
      long took = (System.nanoTime() - begun) / 1_000_000;
      exact(client, last(), 120, 18, "false");
      if (!client.equals("curl")) {
        go(process);
        answered(client, out.readLine());
        need(client + "'s streamed call is told", () -> count(true) == before + 2);
        exact(client + ", streamed", last(), 9, 4, "true");
        calls++;
      }
      int all = calls;
      need(client + " is printed exactly", () -> printed() == printed + all);
      System.out.println("ok      " + client + ": " + calls + " calls exact, the first told " + took + " ms after the client's start");
    }
    expect(client + " has nothing inferred", rows.stream().noneMatch(row -> row.contains("\"inferred\"") && !withdrawn(row)), "it has");
    return calls;
  }

  /** Keys come when the first call was inferred long since: it is withdrawn and read, and so is what follows. */
  private int late(String client) throws Exception {
    int before = count(true);
    long had = rows.stream().filter(KeyLogCheck::withdrawn).count();
    Path log = work.resolve(client + "-late.log");
    Process process = client(client, log);
    try (BufferedReader out = process.inputReader()) {
      answered(client, out.readLine());
      need(client + " without keys is inferred", () -> openInferred() == 1);
      Path half = keys.resolve(client + "-late.log.part");
      Files.copy(log, half);
      Files.move(half, keys.resolve(client + "-late.log"));
      need(client + "'s inferred call is withdrawn when its keys come", () -> rows.stream().filter(KeyLogCheck::withdrawn).count() == had + 1);
      need(client + "'s call is read after all", () -> count(true) == before + 1);
      exact(client + ", late", last(), 120, 18, "false");
      go(process);
      answered(client, out.readLine());
      need(client + "'s next call is read", () -> count(true) == before + 2);
      exact(client + ", late and streamed", last(), 9, 4, "true");
    }
    System.out.println("ok      " + client + ": keys that came late withdrew what was inferred; 2 calls exact");
    return 2;
  }

  private void answered(String client, String status) {
    if (!"200".equals(status)) {
      throw new IllegalStateException(client + " was not answered: " + status + " " + text(work.resolve("client.err")));
    }
  }

  private static void go(Process process) throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  private void exact(String what, String row, int input, int output, String streamed) {
    String[][] wanted = {
      {"method", "\"POST\""}, {"path", "\"" + PATH + "\""}, {"status", "200"}, {"authority", null}, {"model", "\"gpt-4o-2024-11-20\""},
      {"inputTokens", "" + input}, {"outputTokens", "" + output}, {"finishReason", "\"stop\""}, {"streamed", streamed},
      {"flowType", "\"azure_openai\""}, {"evidence", "\"decrypted\""}, {"complete", "true"}
    };
    for (String[] field : wanted) {
      String got = field(row, field[0]);
      expect(what + ": " + field[0], field[1] == null || field[1].equals(got), got + ", not " + field[1]);
    }
  }

  /** Each call once, also in what is summed, whatever was withdrawn. */
  private void sums(int calls) throws Exception {
    need("the summary counts " + calls + " calls", () -> field(get("/api/v1/summary?from=0&flowType=azure_openai"), "exchanges").equals("" + calls));
    String summary = get("/api/v1/summary?from=0&flowType=azure_openai");
    System.out.println("ok      " + calls + " calls in the sums: " + summary.substring(0, Math.min(160, summary.length())));
  }

  /** No secret that a client wrote down stands anywhere in what Sidewire wrote. */
  private void nothingSecret() throws IOException {
    List<String> secrets = new ArrayList<>(List.of("a-secret-of-", "a secret answer"));
    try (Stream<Path> files = Files.list(keys)) {
      for (Path file : files.toList()) {
        for (String line : Files.readAllLines(file)) {
          String[] parts = line.split(" ");
          if (parts.length == 3) {
            secrets.add(parts[2]);
          }
        }
      }
    }
    long looked = 0;
    try (Stream<Path> files = Files.walk(work.resolve("data"))) {
      List<Path> all = new ArrayList<>(files.filter(Files::isRegularFile).toList());
      all.add(work.resolve("up.err"));
      for (Path file : all) {
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        looked += bytes.length();
        for (String secret : secrets) {
          expect("no secret in " + file, !bytes.contains(secret), "there is one");
        }
      }
    }
    System.out.printf("ok      %d secrets of the key logs and calls in none of %.1f MB written%n", secrets.size(), looked / 1e6);
  }

  // ------------------------------------------------------------------ rows

  private static boolean withdrawn(String row) {
    return row.contains("\"outcome\":\"superseded\"");
  }

  private static boolean ended(String row) {
    return row.contains("\"outcome\":\"answered\"");
  }

  /** Calls that were read to their end. */
  private int count(boolean decrypted) {
    return (int) rows.stream()
        .filter(row -> ended(row) && row.contains("\"decrypted\"") == decrypted && row.contains("\"totalMicros\":"))
        .map(row -> field(row, "exchangeId"))
        .distinct()
        .count();
  }

  /** Calls that stand as inferred: answered, and not withdrawn. */
  private long openInferred() {
    List<String> gone = rows.stream().filter(KeyLogCheck::withdrawn).map(row -> field(row, "exchangeId")).toList();
    return rows.stream()
        .filter(row -> ended(row) && row.contains("\"inferred\""))
        .map(row -> field(row, "exchangeId"))
        .filter(id -> !gone.contains(id))
        .distinct()
        .count();
  }

  private String last() {
    String last = "";
    for (String row : rows) {
      last = ended(row) && row.contains("\"decrypted\"") ? row : last;
    }
    return last;
  }

  /** Answers in the console's form. */
  private int printed() {
    Pattern answer = Pattern.compile(".*AZURE_OPENAI 📥 RESPONSE [0-9.]+ m?s 200 \\(stop\\) (120\\+18|9\\+4) tokens 🔓 decrypted");
    return (int) lines.stream().filter(line -> answer.matcher(line).matches()).count();
  }

  private static String field(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\" ?: ?(\"[^\"]*\"|[^,}\\]]*)").matcher(json);
    return found.find() ? found.group(1) : "nothing";
  }

  // ------------------------------------------------------------------ help

  private String get(String path) {
    try {
      return http.send(HttpRequest.newBuilder(URI.create(api + path)).build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      return "";
    }
  }

  private void expect(String what, boolean holds, String got) {
    if (!holds) {
      failures.add(what + ": " + got);
    }
  }

  /** What nothing behind it makes sense without. */
  private void need(String what, BooleanSupplier holds) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        System.out.println(text(work.resolve("up.err")));
        lines.forEach(line -> System.out.println("tail: " + line));
        rows.forEach(row -> System.out.println("row: " + row));
        throw new IllegalStateException(what);
      }
      Thread.sleep(50);
    }
  }
}
