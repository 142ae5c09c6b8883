import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Drives Chromium over its DevTools protocol through every view of a Sidewire that serves a
 * replayed capture, with the JDK alone.
 *
 * <p>Arguments: the page's address, the profile folder of a Chromium started with {@code --remote-debugging-port=0}, what that
 * Sidewire writes on its standard error, which says when the replay is over, and the script of axe-core.
 */
final class PageCheck {
  private static final long PATIENCE_MILLIS = 15_000;

  private final Browser browser;
  private final String page;
  private final List<String> failures = new ArrayList<>();

  private PageCheck(String page, Path profile) throws Exception {
    this.page = page;
    this.browser = new Browser(page, profile);
  }

  public static void main(String[] args) throws Exception {
    var check = new PageCheck(args[0], Path.of(args[1]));
    while (!Files.readString(Path.of(args[2])).contains("Ctrl-C stops")) {
      Thread.sleep(100);
    }
    check.views();
    check.links();
    check.keyboard();
    check.zoom();
    check.axe(Files.readString(Path.of(args[3])));
    check.manyEvents();
    check.quiet();
    check.failures.forEach(failure -> System.out.println("FAILED  " + failure));
    System.exit(check.failures.isEmpty() ? 0 : 1);
  }

  // ------------------------------------------------------------------ what must hold

  /** The figures that the views show are the API's, by a script in the page that formats nothing itself. */
  private void views() throws Exception {
    browser.open("overview?from=0");
    until("overview shows a card for each flow type of the summary",
        "const a = await ask('summary?from=0'); const cards = [...document.querySelectorAll('.card')];"
            + " return a.flowTypes.length > 0 && cards.length === a.flowTypes.length && a.flowTypes.every(t => {"
            + " const c = cards.find(c => c.dataset.type === t.flowType)?.innerText ?? '';"
            + " return c.includes(t.exchanges > 0 ? n(t.exchanges) + ' exchanges' : 'on the wire'); });");
    until("overview draws its charts", "return document.querySelectorAll('.plot canvas').length >= 2;");
    until("the heat map has the API's calls, and reads them by key",
        "const a = await ask('heatmap?from=0'); const c = document.querySelector('canvas.heat');"
            + " if (a.count === 0 || !c.getAttribute('aria-label').includes(n(a.count) + ' calls')) return false;"
            + " c.focus(); c.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));"
            + " const column = a.counts.findLast(Boolean), sum = column.reduce((x, y) => x + y, 0);"
            + " return c.nextSibling.innerText.endsWith('of ' + n(sum)) && sum > 0;");
    shows("interactions", "interactions", "a.items.slice(0, 50)", "");
    shows("flows", "flows", "a.items.slice(0, 200)", "i => text.includes(i.serverName ?? i.server.address)");
    browser.open("map?from=0");
    until("map has the volume of all flows outside tunnels",
        "const a = await ask('flows?from=0&limit=1000'); const left = new Map();"
            + " for (const f of a.items) if (!f.tunnel || f.tunnel === 'outer') { const k = f.process?.command ?? f.client.address;"
            + " left.set(k, 1); } const g = document.querySelectorAll('.drawing svg > .node');"
            + " const sum = [...document.querySelectorAll('tbody tr')].reduce((x, r) => x + Number(r.cells[3].innerText.replace(/\\D/g, '')), 0);"
            + " return g.length > 0 && Math.min(left.size, 15) <= g.length && sum === a.items.filter(f => !f.tunnel || f.tunnel === 'outer').length;");
    browser.open("hosts?from=0");
    until("hosts shows each host with its packets",
        "const a = await ask('hosts?from=0'); const text = document.querySelector('main').innerText;"
            + " return a.items.length > 0 && a.items.every(i => text.includes(i.host) && text.includes(n(i.packetsReceived)));");
    browser.open("live");
    until("live is there, with a row or a word about waiting", "return document.querySelectorAll('main tbody tr').length > 0;");
  }

  private void shows(String view, String path, String items, String match) throws Exception {
    browser.open(view + "?from=0");
    until(view + " has a row for each item of the API",
        "const a = await ask('" + path + "?from=0&limit=200'); const rows = document.querySelectorAll('main tbody tr');"
            + " const text = document.querySelector('main').innerText; const items = " + items + ";"
            + " return items.length > 0 && rows.length === items.length"
            + (match.isEmpty() ? "" : " && items.every(" + match + ")") + ";");
  }

  /** An address alone brings the same view back: an interaction, an exchange, a filter, a zoom. */
  private void links() throws Exception {
    String id = browser.eval("return (await ask('interactions?from=0&limit=1')).items[0].interactionId;");
    browser.open("interactions/" + id);
    until("the link of an interaction shows its steps", "return document.querySelectorAll('.timeline li').length"
        + " === (await ask('interactions/" + id + "')).interaction.steps.length;");
    String call = browser.eval("return (await ask('exchanges?from=0&limit=1')).items[0].exchangeId;");
    browser.open("exchange/" + call);
    until("the link of an exchange shows it", "return document.querySelector('.facts').innerText.includes('" + call + "');");
    browser.open("flows?from=0&flowType=mcp_server");
    until("a link keeps its filter", "const a = await ask('flows?from=0&flowType=mcp_server&limit=200');"
        + " return a.items.length > 0 && document.querySelectorAll('main tbody tr').length === a.items.length;");
    browser.open("overview?from=4102444800000000&to=4102444801000000");
    until("an empty span says what to do", "return document.querySelector('.empty li')?.innerText.length > 20;");
  }

  /** What can be reached by keys has a name, and every control, picture and table has one too. */
  private void keyboard() throws Exception {
    for (String view : List.of("overview", "live", "interactions", "flows", "map", "hosts")) {
      browser.open(view + "?from=0");
      until(view + " is drawn", "return !document.querySelector('main').innerText.startsWith('Loading');");
      String nameless = browser.eval("const name = e => (e.getAttribute('aria-label') ?? e.innerText ?? '').trim() || e.labels?.length || e.title || e.querySelector('title');"
          + " return [...document.querySelectorAll('a[href], button, input, select, [role=img], [role=region], table')]"
          + ".filter(e => !(e.tagName === 'TABLE' ? e.caption : name(e))).map(e => e.outerHTML.slice(0, 80)).join(' | ');");
      expect(view + " has no control, picture or table without a name", nameless.isEmpty(), nameless);
      String twice = browser.eval("const ids = [...document.querySelectorAll('[id]')].map(e => e.id);"
          + " return ids.filter((id, i) => ids.indexOf(id) !== i).join();");
      expect(view + " has no id twice", twice.isEmpty(), twice);
      String wide = browser.eval("return document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth + ' > ' + innerWidth : '';");
      expect(view + " does not scroll sideways", wide.isEmpty(), wide);
    }
    browser.look(400, 800, false);
    for (String view : List.of("overview", "live", "interactions", "flows", "map", "hosts")) {
      browser.open(view + "?from=0");
      until(view + " is drawn", "return !document.querySelector('main').innerText.startsWith('Loading');");
      String wide = browser.eval("return document.documentElement.scrollWidth > 400 ? String(document.documentElement.scrollWidth) : '';");
      expect(view + " fits 400 pixels", wide.isEmpty(), wide);
    }
  }

  /** Keys on a chart change the span, which the address then holds. */
  private void zoom() throws Exception {
    browser.look(1280, 900, false);
    browser.open("overview?from=0");
    until("plus on a chart zooms, and the way back is there",
        "const plot = document.querySelector('.plot[tabindex]'); if (!plot) return false;"
            + " const before = location.hash; plot.focus(); plot.dispatchEvent(new KeyboardEvent('keydown', {key: '+', bubbles: true}));"
            + " await new Promise(done => setTimeout(done, 300));"
            + " return location.hash !== before && /from=\\d+&to=\\d+/.test(location.hash) && [...document.querySelectorAll('.spans button')].some(b => b.innerText.includes('zoomed'));");
  }

  /** No serious or critical finding of axe-core, in light and dark. */
  private void axe(String script) throws Exception {
    for (boolean dark : new boolean[] {false, true}) {
      browser.look(1280, 900, dark);
      for (String view : List.of("overview", "live", "interactions", "flows", "map", "hosts", "overview?from=4102444800000000&to=4102444801000000")) {
        browser.open(view.contains("?") ? view : view + "?from=0");
        until(view + " is drawn", "return !document.querySelector('main').innerText.startsWith('Loading');");
        browser.run(script);
        String found = browser.eval("await new Promise(done => setTimeout(done, 1300));"
            + " const r = await axe.run(document, {resultTypes: ['violations']});"
            + " return r.violations.filter(v => ['serious', 'critical'].includes(v.impact))"
            + ".map(v => v.id + ': ' + v.nodes.slice(0, 3).map(x => x.target.join(' ')).join(', ')).join(' | ');");
        expect(view + (dark ? " in dark" : " in light") + " has no serious finding of axe", found.isEmpty(), found);
      }
    }
  }

  /** 10,000 events a minute for six seconds, then as many at once: the page goes on answering, and shows the last. */
  private void manyEvents() throws Exception {
    browser.look(1280, 900, false);
    String id = browser.beforeEachPage("window.EventSource = class extends EventTarget { constructor() { super(); window.source = this;"
        + " setTimeout(() => this.dispatchEvent(new MessageEvent('hello', {data: '{}'})), 50); } close() {} };");
    browser.open("live");
    until("live is drawn", "return window.source && document.querySelectorAll('main tbody tr').length > 0;");
    String made = browser.eval("const base = (await ask('exchanges?from=0&limit=1')).items[0]; let k = 0, longest = 0, late = 0;"
        + " const send = () => { k++; window.source.dispatchEvent(new MessageEvent('exchange', {data: JSON.stringify({...base, exchangeId: 'x' + k, requestStart: 1e15 + k, operation: 'call-' + k})})); };"
        + " const watch = new PerformanceObserver(l => l.getEntries().forEach(e => longest = Math.max(longest, e.duration))); watch.observe({type: 'longtask'});"
        + " const began = performance.now(); while (performance.now() - began < 6000) { const due = (performance.now() - began) / 6;"
        + " while (k < due) send(); const t = performance.now(); await new Promise(done => setTimeout(done, 20)); late = Math.max(late, performance.now() - t - 20); }"
        + " const paced = k, pacedLate = late; for (let i = 0; i < 10000; i++) send(); const t = performance.now();"
        + " await new Promise(done => setTimeout(done, 500)); const burst = performance.now() - t - 500;"
        + " const top = () => document.querySelector('main tbody tr').innerText.includes('call-' + k); for (let i = 0; i < 50 && !top(); i++) await new Promise(done => setTimeout(done, 100));"
        + " return [paced, Math.round(pacedLate), Math.round(longest), Math.round(burst), document.querySelectorAll('main tbody tr').length,"
        + " top()].join();");
    String[] figures = made.split(",");
    expect("1,000 events in 6 s, then 10,000 at once: late by " + made + " (events, ms, longest task ms, burst ms, rows, newest first)",
        figures.length == 6 && Integer.parseInt(figures[1]) < 1_000 && Integer.parseInt(figures[3]) < 3_000 && Integer.parseInt(figures[4]) <= 400 && figures[5].equals("true"), made);
    browser.forgetBeforeEachPage(id);
  }

  private void quiet() {
    expect("the console has no error", browser.complaints.isEmpty(), String.join(" | ", browser.complaints));
    List<String> foreign = browser.addresses.stream().filter(url -> !url.startsWith(page) && !url.startsWith("data:")).toList();
    expect("no request leaves for elsewhere (" + browser.addresses.size() + " requests)", !browser.addresses.isEmpty() && foreign.isEmpty(), foreign.toString());
  }

  // ------------------------------------------------------------------ how

  private void until(String what, String script) throws Exception {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    String answer;
    do {
      answer = browser.eval(script);
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
}
