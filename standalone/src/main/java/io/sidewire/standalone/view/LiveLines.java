package io.sidewire.standalone.view;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.standalone.Fault;
import io.sidewire.standalone.cli.JsonLines;
import io.sidewire.standalone.cli.Terminal;
import io.sidewire.standalone.client.ApiClient;
import java.time.ZoneId;
import java.util.Map;

/** Prints the exchanges of a live stream as they come: as the live view, or as JSON lines. */
public final class LiveLines {
  private final Terminal terminal;
  private final boolean json;
  private final LiveView view;
  private final JsonLines lines;
  private boolean stopped;

  public LiveLines(Terminal terminal, boolean json) {
    this(terminal, json, null);
  }

  /**
   * The same.
   *
   * @param previews what is said in the calls; null: nothing
   */
  public LiveLines(Terminal terminal, boolean json, Previews previews) {
    this.terminal = terminal;
    this.json = json;
    this.view = new LiveView(terminal, FlowTypeRules.builtIn(), ZoneId.systemDefault(), previews);
    this.lines = new JsonLines(terminal.out());
  }

  /** Prints until the stream ends or nobody reads the output any more. */
  public void print(ApiClient client, Map<String, String> query) {
    client.live(query, this::event);
  }

  /** The same on a thread of its own, which ends with the process. */
  public void printMeanwhile(ApiClient client, Map<String, String> query) {
    var thread = new Thread(
        () -> {
          try {
            print(client, query);
          } catch (Fault e) {
            terminal.err().println("sidewire: no live view: " + e.getMessage());
          }
        },
        "sidewire-live-view");
    thread.setDaemon(true);
    thread.start();
  }

  /** No further line is printed. */
  public synchronized void stop() {
    stopped = true;
  }

  private synchronized boolean event(String name, JsonNode data) {
    if (stopped) {
      return false;
    }
    if (!name.equals("exchange")) {
      return true;
    }
    if (json) {
      lines.node(name, data);
      lines.flush();
    } else {
      view.lines(data).forEach(terminal.out()::println);
    }
    return !terminal.outIsGone();
  }
}
