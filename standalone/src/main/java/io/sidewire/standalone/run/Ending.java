package io.sidewire.standalone.run;

import java.util.ArrayDeque;
import java.util.Deque;

/** Parts that were started, closed in reverse; a part that fails to close does not keep the others open. */
public final class Ending implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /** Remembers a part, and hands it on. */
  public synchronized <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        org.slf4j.LoggerFactory.getLogger(Ending.class)
            .warn("a part did not close: {}", e.toString());
      }
    }
  }
}
