package io.sidewire.standalone.view;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidewire.rules.FlowType;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.standalone.cli.Terminal;
import io.sidewire.standalone.cli.Text;
import io.sidewire.standalone.cli.Units;
import io.sidewire.wire.Excerpt;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The live view of the console: a line when a request is there, and one when it is answered.
 *
 * <pre>
 * [14:30:25.123] 🧠 AZURE_OPENAI 📤 REQUEST  2.1 KB 🔒 inferred
 * [14:30:25.456] 🧠 AZURE_OPENAI 📥 RESPONSE 333 ms 1.4 KB 🔒 inferred
 * [14:30:25.500] 🔌 MCP_SERVER 🔄 LOCAL tools/call store_memory
 * [14:30:25.678] 🔌 MCP_SERVER 🔄 LOCAL tools/call store_memory ✓ 178 ms
 * [14:30:25.123] 🧠 AZURE_OPENAI ↩ WITHDRAWN, read with its keys
 *                user: what is the weather in …
 * </pre>
 */
public final class LiveView {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
  private static final String RED = "31";
  private static final String GREEN = "32";
  private static final String DIM = "2";
  private static final String SAID_INDENT = " ".repeat("[14:30:25.123] ".length());

  /** Exchanges whose request line is out; the oldest are forgotten, long after their answer. */
  private static final int REMEMBERED = 10_000;

  /** What of an exchange is on the screen. */
  private enum Shown {
    REQUEST,
    ANSWER,
    WITHDRAWN
  }

  private final Terminal terminal;
  private final FlowTypeRules rules;
  private final ZoneId zone;
  private final Previews previews;
  private final Map<String, Shown> shown = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Shown> eldest) {
      return size() > REMEMBERED;
    }
  };

  public LiveView(Terminal terminal, FlowTypeRules rules, ZoneId zone) {
    this(terminal, rules, zone, null);
  }

  /**
   * The same.
   *
   * @param previews what is said in the calls, told below their lines; null: nothing
   */
  LiveView(Terminal terminal, FlowTypeRules rules, ZoneId zone, Previews previews) {
    this.previews = previews;
    this.terminal = terminal;
    this.rules = rules;
    this.zone = zone;
  }

  /** The lines that this revision of an exchange adds; none where it adds nothing. */
  public List<String> lines(JsonNode exchange) {
    var lines = new ArrayList<String>(2);
    String id = exchange.path("exchangeId").asText();
    String outcome = exchange.path("outcome").asText();
    boolean open = "open".equals(outcome);
    Shown before = shown.get(id);
    if (outcome.equals("superseded")) {
      if (before == Shown.REQUEST || before == Shown.ANSWER) {
        lines.add(withdrawn(exchange));
        shown.put(id, Shown.WITHDRAWN);
      }
      return lines; // what nobody saw needs no word
    }
    if (before == null && !exchange.path("requestStart").isNull()) {
      lines.add(request(exchange));
      said(id, Excerpt.Part.PROMPT, lines);
      shown.put(id, Shown.REQUEST);
    }
    if (!open && before != Shown.ANSWER && before != Shown.WITHDRAWN) {
      said(id, Excerpt.Part.PROMPT, lines);
      lines.add(answer(exchange));
      said(id, Excerpt.Part.ANSWER, lines);
      shown.put(id, Shown.ANSWER);
    }
    return lines;
  }

  /** What was said stands below, indented as far as the clock is wide. */
  private void said(String id, Excerpt.Part part, List<String> lines) {
    String text = previews == null ? null : previews.take(id, part);
    if (text != null && !text.isEmpty()) {
      var line = new Line();
      line.painted(DIM, SAID_INDENT + (part == Excerpt.Part.PROMPT ? "user:" : "model:"));
      line.text(Text.clean(text));
      lines.add(line.toString());
    }
  }

  private String request(JsonNode exchange) {
    var line = head(exchange, exchange.path("requestStart"));
    if (isRpc(exchange)) {
      line.text("🔄 " + place(exchange) + " " + call(exchange));
    } else if (exchange.path("method").isTextual()) {
      line.text(
          "📤 REQUEST (" + text(exchange, "method") + " " + or(text(exchange, "path"), "?") + ")");
      lock(exchange, line);
    } else {
      line.text("📤 REQUEST  " + Units.bytes(exchange.path("requestBytes").asLong()));
      lock(exchange, line);
    }
    return line.toString();
  }

  /** Its keys came: what was inferred is read now, as an exchange of its own. */
  private String withdrawn(JsonNode exchange) {
    var line = head(exchange, exchange.path("requestStart"));
    line.painted(DIM, "↩ WITHDRAWN, read with its keys");
    return line.toString();
  }

  private String answer(JsonNode exchange) {
    JsonNode end = exchange.path("responseEnd");
    JsonNode at = end.isNumber() ? end : exchange.path("responseStart");
    var line = head(exchange, at.isNumber() ? at : exchange.path("requestEnd"));
    JsonNode total = exchange.path("totalMicros");
    String took = total.isNumber() ? Units.micros(total.asLong()) : null;
    String problem = problem(exchange);
    if (isRpc(exchange)) {
      line.text("🔄 " + place(exchange) + " " + call(exchange));
      line.painted(problem == null ? GREEN : RED, problem == null ? "✓" : "✗ " + problem);
      if (took != null) {
        line.text(took);
      }
      return line.toString();
    }
    line.text("📥 RESPONSE" + (took == null ? "" : " " + took));
    if (exchange.path("status").isNumber()) {
      int status = exchange.path("status").asInt();
      line.painted(status >= 400 ? RED : null, String.valueOf(status));
    }
    if (exchange.path("finishReason").isTextual()) {
      line.text("(" + text(exchange, "finishReason") + ")");
    }
    JsonNode input = exchange.path("inputTokens");
    JsonNode output = exchange.path("outputTokens");
    if (input.isNumber() || output.isNumber()) {
      line.text(or(input.asText(null), "?") + "+" + or(output.asText(null), "?") + " tokens");
    } else if (exchange.path("responseBytes").isNumber()) {
      line.text(Units.bytes(exchange.path("responseBytes").asLong()));
    }
    if (problem != null) {
      line.painted(RED, "✗ " + problem);
    }
    lock(exchange, line);
    return line.toString();
  }

  private static void lock(JsonNode exchange, Line line) {
    switch (exchange.path("evidence").asText()) {
      case "inferred" ->
        line.painted(
            DIM, "🔒 inferred" + (exchange.path("ambiguous").asBoolean() ? ", ambiguous" : ""));
      case "decrypted" -> line.painted(DIM, "🔓 decrypted");
      default -> {
        // Read in the clear: nothing to add.
      }
    }
  }

  private Line head(JsonNode exchange, JsonNode micros) {
    String name = or(text(exchange, "flowType"), FlowTypeRules.OTHER);
    FlowType type = rules.type(name);
    var line = new Line();
    line.painted(DIM, "[" + clock(micros.asLong()) + "]");
    line.painted(sgr(type.colour()), type.icon() + " " + name.toUpperCase(Locale.ROOT));
    return line;
  }

  private String clock(long micros) {
    return CLOCK.format(Instant.ofEpochMilli(Math.floorDiv(micros, 1000)).atZone(zone));
  }

  private static boolean isRpc(JsonNode exchange) {
    return "mcp".equals(exchange.path("protocol").asText());
  }

  private static String call(JsonNode exchange) {
    String target = text(exchange, "target");
    String back = "to_client".equals(exchange.path("rpcDirection").asText()) ? "← " : "";
    return back
        + or(text(exchange, "operation"), or(text(exchange, "method"), "?"))
        + (target == null ? "" : " " + target);
  }

  /** LOCAL where both ends are on this host, REMOTE where the peer is another one. */
  private static String place(JsonNode exchange) {
    String client = exchange.path("client").path("address").asText();
    String server = exchange.path("server").path("address").asText();
    boolean local = client.equals(server) || (isLoopback(client) && isLoopback(server));
    return local ? "LOCAL" : "REMOTE";
  }

  private static boolean isLoopback(String address) {
    return address.startsWith("127.") || address.equals("::1") || address.startsWith("::ffff:127.");
  }

  /** Why there is no good answer, or null. */
  private static String problem(JsonNode exchange) {
    String error = text(exchange, "error");
    String outcome = exchange.path("outcome").asText();
    return switch (outcome) {
      case "answered", "unknown", "" -> error;
      default ->
        error == null || error.equals(outcome) ? outcome.replace('_', ' ') : outcome + ", " + error;
    };
  }

  private static String text(JsonNode node, String field) {
    return Text.clean(node.path(field).textValue());
  }

  private static String or(String value, String other) {
    return value == null ? other : value;
  }

  /** {@code #rrggbb} as the colour of the foreground. */
  private static String sgr(String colour) {
    int rgb = Integer.parseInt(colour.substring(1), 16);
    return "38;2;" + (rgb >> 16) + ";" + (rgb >> 8 & 0xff) + ";" + (rgb & 0xff);
  }

  /** A line that is built of coloured parts and cut at the width of the terminal. */
  private final class Line {
    private final StringBuilder painted = new StringBuilder();
    private int columns;
    private boolean full;

    void text(String part) {
      painted(null, part);
    }

    void painted(String sgr, String part) {
      if (full) {
        return;
      }
      int space = columns == 0 ? 0 : 1;
      int room = terminal.width() - columns - space;
      if (room <= 1) {
        full = true;
        return;
      }
      String fits = Text.cut(part, room);
      full = fits.length() < part.length();
      painted.append(space == 0 ? "" : " ").append(sgr == null ? fits : terminal.paint(sgr, fits));
      columns += space + Text.columns(fits);
    }

    @Override
    public String toString() {
      return painted.toString();
    }
  }
}
