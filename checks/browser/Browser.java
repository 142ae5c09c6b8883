import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Chromium with one page of Sidewire, driven over its DevTools protocol with the JDK alone. */
final class Browser {
  private static final Pattern URL = Pattern.compile("\"method\":\"Network.requestWillBeSent\".*?\"request\":\\{\"url\":\"([^\"]*)\"");

  /** What the page's console said of errors. */
  final List<String> complaints = new CopyOnWriteArrayList<>();

  /** Everything that the page asked for. */
  final List<String> addresses = new CopyOnWriteArrayList<>();

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();
  private final String page;
  private WebSocket socket;

  /** @param profile the profile folder of a Chromium that was started with {@code --remote-debugging-port=0} */
  Browser(String page, Path profile) throws Exception {
    this.page = page;
    connect(profile.resolve("DevToolsActivePort"));
  }

  /** A window of that size, dark or light. */
  void look(int width, int height, boolean dark) throws Exception {
    call("Emulation.setDeviceMetricsOverride", "{\"width\":" + width + ",\"height\":" + height + ",\"deviceScaleFactor\":1,\"mobile\":" + (width < 600) + "}");
    call("Emulation.setEmulatedMedia", "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + (dark ? "dark" : "light") + "\"}]}");
  }

  /** A picture of what the window shows. */
  void picture(Path file) throws Exception {
    Matcher data = Pattern.compile("\"data\":\"([^\"]*)\"").matcher(call("Page.captureScreenshot", "{\"format\":\"png\"}"));
    if (!data.find()) {
      throw new IllegalStateException("no picture of " + file);
    }
    Files.write(file, Base64.getDecoder().decode(data.group(1)));
  }

  /** Runs a script of the file system in the page. */
  void run(String script) throws Exception {
    call("Runtime.evaluate", "{\"expression\":" + quote(script) + "}");
  }

  /** Runs a script before those of each page that is opened from now on. */
  String beforeEachPage(String script) throws Exception {
    String answer = call("Page.addScriptToEvaluateOnNewDocument", "{\"source\":" + quote(script) + "}");
    return answer.replaceFirst(".*\"identifier\":\"([^\"]*)\".*", "$1");
  }

  void forgetBeforeEachPage(String id) throws Exception {
    call("Page.removeScriptToEvaluateOnNewDocument", "{\"identifier\":\"" + id + "\"}");
  }

  /** Loads a view from its address alone. */
  void open(String view) throws Exception {
    call("Page.navigate", "{\"url\":\"about:blank\"}");
    call("Page.navigate", "{\"url\":\"" + page + "#/" + view + "\"}");
  }

  /** What a script in the page returns, as text; what it throws, as text too. */
  String eval(String script) throws Exception {
    String body = "(async () => { const ask = async p => (await fetch('/api/v1/' + p)).json();"
        + " const n = v => new Intl.NumberFormat().format(v);"
        + " try { return String(await (async () => {" + script + "})()); } catch (e) { return 'threw ' + e; } })()";
    String answer = call("Runtime.evaluate", "{\"awaitPromise\":true,\"returnByValue\":true,\"expression\":" + quote(body) + "}");
    Matcher value = Pattern.compile("\"value\":\"((?:[^\"\\\\]++|\\\\.)*+)\"").matcher(answer);
    return value.find() ? value.group(1).replace("\\\"", "\"") : answer;
  }

  private static String quote(String text) {
    var quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  String call(String method, String params) throws Exception {
    int id = ids.incrementAndGet();
    var answer = new CompletableFuture<String>();
    waiting.put(id, answer);
    socket.sendText("{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}", true).get();
    return answer.get(20, TimeUnit.SECONDS);
  }

  private void connect(Path portFile) throws Exception {
    for (int i = 0; i < 150 && !(Files.exists(portFile) && Files.size(portFile) > 0); i++) {
      Thread.sleep(100);
    }
    String port = Files.readAllLines(portFile).get(0);
    String targets = http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString()).body();
    Matcher target = Pattern.compile("\"webSocketDebuggerUrl\": *\"(ws:[^\"]*/page/[^\"]*)\"").matcher(targets);
    if (!target.find()) {
      throw new IllegalStateException("Chromium has no page to drive");
    }
    socket = http.newWebSocketBuilder().buildAsync(URI.create(target.group(1)), new Reader()).get();
    for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
      call(domain + ".enable", "{}");
    }
  }

  private void heard(String message) {
    Matcher id = Pattern.compile("^\\{\"id\":(\\d+)").matcher(message);
    if (id.find()) {
      waiting.remove(Integer.parseInt(id.group(1))).complete(message);
      return;
    }
    Matcher url = URL.matcher(message);
    if (url.find()) {
      addresses.add(url.group(1));
    } else if (message.contains("\"Runtime.exceptionThrown\"")
        || message.contains("\"Runtime.consoleAPICalled\"") && message.contains("\"type\":\"error\"")
        || message.contains("\"Log.entryAdded\"") && message.contains("\"level\":\"error\"")) {
      complaints.add(message.substring(0, Math.min(400, message.length())));
    }
  }

  /** Puts the parts of a message together. */
  private final class Reader implements WebSocket.Listener {
    private final StringBuilder parts = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      parts.append(part);
      if (last) {
        String message = parts.toString();
        parts.setLength(0);
        heard(message);
      }
      from.request(1);
      return null;
    }
  }
}
