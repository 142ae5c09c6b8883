import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Takes pictures of every view of a running Sidewire: each in light and dark, wide, medium and narrow.
 *
 * <p>Arguments: the page's address, the profile folder of Chromium, a folder for the pictures, and {@code all}, {@code
 * readme} (those that the README shows) or {@code interaction} (the longest one).
 */
final class Screenshots {
  private static final int SETTLE_MILLIS = 1_800;

  private Screenshots() {}

  public static void main(String[] args) throws Exception {
    var browser = new Browser(args[0], Path.of(args[1]));
    Path folder = Files.createDirectories(Path.of(args[2]));
    browser.open("overview");
    String id = browser.eval("return (await ask('interactions?from=0&limit=20')).items.sort((a, b) => b.steps.length - a.steps.length)[0]?.interactionId;");
    Map<String, String> views = new LinkedHashMap<>();
    views.put("overview", "overview?from=-5m");
    views.put("live", "live");
    views.put("interactions", "interactions");
    views.put("interaction", "interactions/" + id);
    views.put("flows", "flows");
    views.put("map", "map");
    views.put("hosts", "hosts");
    if (args[3].equals("readme")) {
      picture(browser, views, "overview", folder.resolve("overview.png"), 1180, 1010, false);
      picture(browser, views, "live", folder.resolve("live.png"), 1180, 520, true);
      picture(browser, views, "map", folder.resolve("map.png"), 1180, 560, true);
      System.exit(0);
    }
    if (args[3].equals("interaction")) {
      picture(browser, views, "interaction", folder.resolve("interaction.png"), 1180, 620, false);
      System.exit(0);
    }
    views.put("empty", "overview?from=4102444800000000&to=4102444801000000");
    for (String view : views.keySet()) {
      for (boolean dark : new boolean[] {false, true}) {
        String look = view + (dark ? "-dark" : "-light");
        picture(browser, views, view, folder.resolve(look + "-1600.png"), 1600, 1000, dark);
        picture(browser, views, view, folder.resolve(look + "-1180.png"), 1180, 900, dark);
        picture(browser, views, view, folder.resolve(look + "-400.png"), 400, 844, dark);
      }
    }
    System.exit(0);
  }

  private static void picture(Browser browser, Map<String, String> views, String view, Path file, int width, int height, boolean dark) throws Exception {
    browser.look(width, height, dark);
    browser.open(views.get(view));
    Thread.sleep(SETTLE_MILLIS);
    browser.picture(file);
    System.out.println(file + ": " + Files.size(file) / 1000 + " KB");
  }
}
