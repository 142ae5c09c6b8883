package io.sidewire.processor;

import io.sidewire.rules.FlowTypeRules;
import io.sidewire.rules.RulesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flow-type rules as they are now: read again when their file changes. A file that is wrong, or gone, changes nothing
 * and is said so once.
 */
public final class LiveRules implements Supplier<FlowTypeRules>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveRules.class);
  private static final long LOOK_MILLIS = 2_000;

  /** What a file looks like from outside. */
  private record Version(FileTime changed, long size) {}

  private final Path file;
  private final Thread thread;
  private volatile FlowTypeRules rules;
  private Version known;

  private LiveRules(Path file, FlowTypeRules rules) {
    this.file = file;
    this.rules = rules;
    thread = new Thread(this::watch, "sidewire-rules");
    thread.setDaemon(true);
  }

  /**
   * Reads the file, and again when it changes.
   *
   * @param file null: the built-in rules, which stay
   * @throws RulesException where it is wrong now
   */
  public static LiveRules of(Path file) {
    if (file == null) {
      return fixed(FlowTypeRules.builtIn());
    }
    Version seen = version(file);
    var live = new LiveRules(file, FlowTypeRules.load(file));
    live.known = seen;
    live.thread.start();
    return live;
  }

  /** Rules that stay. */
  public static LiveRules fixed(FlowTypeRules rules) {
    return new LiveRules(null, rules);
  }

  @Override
  public FlowTypeRules get() {
    return rules;
  }

  /** Reads the file again if it changed; true: the rules are others now. */
  synchronized boolean look() {
    Version seen = version(file);
    if (seen == null || seen.equals(known)) {
      return false;
    }
    known = seen;
    try {
      rules = FlowTypeRules.load(file);
      LOG.info("rules read again from {}", file);
      return true;
    } catch (RulesException e) {
      LOG.warn("the rules stay as they are: {}", e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(LOOK_MILLIS);
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Version version(Path file) {
    try {
      return new Version(Files.getLastModifiedTime(file), Files.size(file));
    } catch (IOException e) {
      return null; // being replaced, or gone
    }
  }
}
