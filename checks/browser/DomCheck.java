import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what the page holds in each view, and says whether a name from the wire became markup or ran as a script.
 *
 * <p>Arguments: the page's address, the profile folder of a Chromium, and the file to write to.
 */
final class DomCheck {
  private static final int MOST_CALLS = 40;
  private static final int PIECE = 1500;
  private static final int OVERLAP = 300;
  private static final long PATIENCE_MILLIS = 10_000;

  private DomCheck() {}

  public static void main(String[] args) throws Exception {
    var browser = new Browser(args[0], Path.of(args[1]));
    var views = new ArrayList<>(List.of("overview", "interactions", "flows", "map", "hosts", "live"));
    views.replaceAll(view -> view + "?from=0");
    browser.open("overview?from=0"); // from now on the API is of the same origin
    for (String kind : List.of("exchange", "interaction")) {
      String ids = "threw";
      for (long end = System.currentTimeMillis() + PATIENCE_MILLIS; ids.startsWith("threw") && System.currentTimeMillis() < end; Thread.sleep(100)) {
        ids = browser.eval("return (await ask('" + kind + "s?from=0&limit=" + MOST_CALLS + "')).items.map(i => i." + kind + "Id).join(' ');");
      }
      for (String id : ids.split(" ")) {
        views.add((kind.equals("exchange") ? "exchange/" : "interactions/") + id);
      }
    }
    var dom = new StringBuilder();
    boolean good = views.size() > 8;
    for (String view : views) {
      browser.open(view);
      long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
      String drawn = "";
      while (!drawn.equals("true") && System.currentTimeMillis() < deadline) {
        Thread.sleep(50);
        drawn = browser.eval("const m = document.querySelector('main'); return m && m.innerText.length > 40 && !m.innerText.startsWith('Loading');");
      }
      String harm = browser.eval("return window.hostile !== undefined || document.querySelector('hostile-mark, img[onerror]') !== null;");
      if (!harm.equals("false") || !drawn.equals("true")) {
        good = false;
        System.out.println("BAD  " + view + ": drawn " + drawn + ", a name became markup: " + harm);
      }
      browser.run("window.domOfThis = document.documentElement.outerHTML");
      int length = Integer.parseInt(browser.eval("return window.domOfThis.length;"));
      for (int at = 0; at < length; at += PIECE) { // with an overlap, so that nothing is cut in two
        dom.append(browser.eval("return window.domOfThis.slice(" + at + ", " + (at + PIECE + OVERLAP) + ").replace(/[\\\\\"]/g, ' ');")).append('\n');
      }
    }
    Files.writeString(Path.of(args[2]), dom);
    System.out.println((good ? "ok" : "BAD") + "  the page in " + views.size() + " views: no name became markup");
    System.exit(good ? 0 : 1);
  }
}
