import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

/**
 * Drives Chromium over its DevTools protocol through every view of a Sidewire that serves a
 * replayed capture, with the JDK alone.
 *
 * <p>Arguments: the page's address, the profile folder of a Chromium started with {@code --remote-debugging-port=0}, and
 * what that Sidewire writes on its standard error, which says when the replay is over.
 */
final class PageCheck {
  private static final long PATIENCE_MILLIS = 15_000;
  private static final Pattern URL = Pattern.compile("\"method\":\"Network.requestWillBeSent\".*?\"request\":\\{\"url\":\"([^\"]*)\"");

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> addresses = new CopyOnWriteArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final String page;
  private WebSocket socket;

  private PageCheck(String page) {
    this.page = page;
  }

  public static void main(String[] args) throws Exception {
    var check = new PageCheck(args[0]);
    check.connect(Path.of(args[1], "DevToolsActivePort"));
    while (!Files.readString(Path.of(args[2])).contains("Ctrl-C stops")) {
      Thread.sleep(100);
    }
    check.views();
    check.links();
    check.keyboard();
    check.quiet();
    check.failures.forEach(failure -> System.out.println("FAILED  " + failure));
    System.exit(check.failures.isEmpty() ? 0 : 1);
  }

  // ------------------------------------------------------------------ what must hold

  /** The figures that the views show are the API's, by a script in the page that formats nothing itself. */
  private void views() throws Exception {
    open("overview?from=0");
    until("overview shows a card for each flow type of the summary",
        "const a = await ask('summary?from=0'); const cards = [...document.querySelectorAll('.card')];"
            + " return a.flowTypes.length > 0 && cards.length === a.flowTypes.length && a.flowTypes.every(t => {"
            + " const c = cards.find(c => c.dataset.type === t.flowType)?.innerText ?? '';"
            + " return c.includes(t.exchanges > 0 ? n(t.exchanges) + ' exchanges' : 'on the wire'); });");
    until("overview draws its charts", "return document.querySelectorAll('.plot canvas').length >= 2;");
    shows("interactions", "interactions", "a.items.slice(0, 50)", "");
    shows("flows", "flows", "a.items.slice(0, 200)", "i => text.includes(i.serverName ?? i.server.address)");
    open("map?from=0");
    until("map has the volume of all flows outside tunnels",
        "const a = await ask('flows?from=0&limit=1000'); const left = new Map();"
            + " for (const f of a.items) if (!f.tunnel || f.tunnel === 'outer') { const k = f.process?.command ?? f.client.address;"
            + " left.set(k, 1); } const g = document.querySelectorAll('.drawing svg > .node');"
            + " const sum = [...document.querySelectorAll('tbody tr')].reduce((x, r) => x + Number(r.cells[3].innerText.replace(/\\D/g, '')), 0);"
            + " return g.length > 0 && Math.min(left.size, 15) <= g.length && sum === a.items.filter(f => !f.tunnel || f.tunnel === 'outer').length;");
    open("hosts?from=0");
    until("hosts shows each host with its packets",
        "const a = await ask('hosts?from=0'); const text = document.querySelector('main').innerText;"
            + " return a.items.length > 0 && a.items.every(i => text.includes(i.host) && text.includes(n(i.packetsReceived)));");
    open("live");
    until("live is there, with a row or a word about waiting", "return document.querySelectorAll('main tbody tr').length > 0;");
  }

  private void shows(String view, String path, String items, String match) throws Exception {
    open(view + "?from=0");
    until(view + " has a row for each item of the API",
        "const a = await ask('" + path + "?from=0&limit=200'); const rows = document.querySelectorAll('main tbody tr');"
            + " const text = document.querySelector('main').innerText; const items = " + items + ";"
            + " return items.length > 0 && rows.length === items.length"
            + (match.isEmpty() ? "" : " && items.every(" + match + ")") + ";");
  }

  /** An address alone brings the same view back: an interaction, an exchange, a filter, a zoom. */
  private void links() throws Exception {
    String id = eval("return (await ask('interactions?from=0&limit=1')).items[0].interactionId;");
    open("interactions/" + id);
    until("the link of an interaction shows its steps", "return document.querySelectorAll('.timeline li').length"
        + " === (await ask('interactions/" + id + "')).interaction.steps.length;");
    String call = eval("return (await ask('exchanges?from=0&limit=1')).items[0].exchangeId;");
    open("exchange/" + call);
    until("the link of an exchange shows it", "return document.querySelector('.facts').innerText.includes('" + call + "');");
    open("flows?from=0&flowType=mcp_server");
    until("a link keeps its filter", "const a = await ask('flows?from=0&flowType=mcp_server&limit=200');"
        + " return a.items.length > 0 && document.querySelectorAll('main tbody tr').length === a.items.length;");
    open("overview?from=4102444800000000&to=4102444801000000");
    until("an empty span says what to do", "return document.querySelector('.empty li')?.innerText.length > 20;");
  }

  /** What can be reached by keys has a name, and every control, picture and table has one too. */
  private void keyboard() throws Exception {
    for (String view : List.of("overview", "live", "interactions", "flows", "map", "hosts")) {
      open(view + "?from=0");
      until(view + " is drawn", "return !document.querySelector('main').innerText.startsWith('Loading');");
      String nameless = eval("const name = e => (e.getAttribute('aria-label') ?? e.innerText ?? '').trim() || e.labels?.length || e.title || e.querySelector('title');"
          + " return [...document.querySelectorAll('a[href], button, input, select, [role=img], [role=region], table')]"
          + ".filter(e => !(e.tagName === 'TABLE' ? e.caption : name(e))).map(e => e.outerHTML.slice(0, 80)).join(' | ');");
      expect(view + " has no control, picture or table without a name", nameless.isEmpty(), nameless);
      String twice = eval("const ids = [...document.querySelectorAll('[id]')].map(e => e.id);"
          + " return ids.filter((id, i) => ids.indexOf(id) !== i).join();");
      expect(view + " has no id twice", twice.isEmpty(), twice);
      String wide = eval("return document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth + ' > ' + innerWidth : '';");
      expect(view + " does not scroll sideways", wide.isEmpty(), wide);
    }
    call("Emulation.setDeviceMetricsOverride", "{\"width\":400,\"height\":800,\"deviceScaleFactor\":1,\"mobile\":true}");
    for (String view : List.of("overview", "live", "interactions", "flows", "map", "hosts")) {
      open(view + "?from=0");
      until(view + " is drawn", "return !document.querySelector('main').innerText.startsWith('Loading');");
      String wide = eval("return document.documentElement.scrollWidth > 400 ? String(document.documentElement.scrollWidth) : '';");
      expect(view + " fits 400 pixels", wide.isEmpty(), wide);
    }
  }

  private void quiet() {
    expect("the console has no error", complaints.isEmpty(), String.join(" | ", complaints));
    List<String> foreign = addresses.stream().filter(url -> !url.startsWith(page) && !url.startsWith("data:")).toList();
    expect("no request leaves for elsewhere (" + addresses.size() + " requests)", !addresses.isEmpty() && foreign.isEmpty(), foreign.toString());
  }

  // ------------------------------------------------------------------ the browser

  private void open(String view) throws Exception {
    // A blank page between makes it a load from the address alone.
    call("Page.navigate", "{\"url\":\"about:blank\"}");
    call("Page.navigate", "{\"url\":\"" + page + "#/" + view + "\"}");
  }

  private void until(String what, String script) throws Exception {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    String answer;
    do {
      answer = eval(script);
      if (answer.equals("true")) {
        break;
      }
      Thread.sleep(100);
    } while (System.nanoTime() < end);
    expect(what, answer.equals("true"), answer);
  }

  private void expect(String what, boolean holds, String seen) {
    if (holds) {
      System.out.println("ok      " + what);
    } else {
      failures.add(what + ": " + seen);
    }
  }

  /** What a script in the page returns, as text; what it throws, as text too. */
  private String eval(String script) throws Exception {
    String body = "(async () => { const ask = async p => (await fetch('/api/v1/' + p)).json();"
        + " const n = v => new Intl.NumberFormat().format(v);"
        + " try { return String(await (async () => {" + script + "})()); } catch (e) { return 'threw ' + e; } })()";
    String answer = call("Runtime.evaluate", "{\"awaitPromise\":true,\"returnByValue\":true,\"expression\":" + quote(body) + "}");
    Matcher value = Pattern.compile("\"value\":\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(answer);
    return value.find() ? value.group(1).replace("\\\"", "\"") : answer;
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private String call(String method, String params) throws Exception {
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
