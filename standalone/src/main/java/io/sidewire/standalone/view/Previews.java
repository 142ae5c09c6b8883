package io.sidewire.standalone.view;

import io.sidewire.capture.PreviewSink;
import io.sidewire.wire.Excerpt.Part;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Beginnings of prompts and answers that wait in memory for their line on the console. Each is handed out once; those of
 * calls that never come are forgotten, the oldest first.
 */
public final class Previews implements PreviewSink {
  /** Calls whose words wait at once. */
  static final int MOST = 1_000;

  private final Map<String, Map<Part, String>> waiting = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Map<Part, String>> eldest) {
      return size() > MOST;
    }
  };

  @Override
  public synchronized void preview(String exchangeId, Part part, String text) {
    waiting.computeIfAbsent(exchangeId, id -> new EnumMap<>(Part.class)).put(part, text);
  }

  /** What was said; null where nothing was, or it is shown already. */
  synchronized String take(String exchangeId, Part part) {
    Map<Part, String> said = waiting.get(exchangeId);
    if (said == null) {
      return null;
    }
    String text = said.remove(part);
    if (said.isEmpty()) {
      waiting.remove(exchangeId);
    }
    return text;
  }
}
