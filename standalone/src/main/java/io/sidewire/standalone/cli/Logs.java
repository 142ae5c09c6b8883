package io.sidewire.standalone.cli;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What the libraries inside may log: warnings of ours, errors of Kafka's chatty parts, to standard error. */
public final class Logs {
  /** Held here, since the log manager forgets loggers that nobody holds. */
  @SuppressWarnings("unused")
  private static List<Logger> held = List.of();

  private Logs() {}

  /**
   * Sets the levels; before any logger is made.
   *
   * @param level null: quiet; else the level of everything, e.g. info
   */
  public static void quiet(String level) {
    if (System.getProperty("java.util.logging.manager") == null) {
      System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
    }
    Level all = level == null ? Level.WARNING : parse(level);
    Logger root = Logger.getLogger("");
    Logger chatty = Logger.getLogger("state.change.logger");
    Logger kafka = Logger.getLogger("org.apache.kafka");
    Logger broker = Logger.getLogger("kafka");
    root.setLevel(all);
    // Kafka reports passing states of its start and stop as errors, with traces; real faults come
    // to us as exceptions.
    Level kafkas = level == null ? Level.OFF : all;
    chatty.setLevel(kafkas);
    chatty.setLevel(kafkas);
    kafka.setLevel(kafkas);
    broker.setLevel(kafkas);
    held = List.of(root, chatty, kafka, broker);
  }

  private static Level parse(String level) {
    try {
      return switch (level.toLowerCase(java.util.Locale.ROOT)) {
        case "debug" -> Level.FINE;
        case "trace" -> Level.FINER;
        case "warn" -> Level.WARNING;
        case "error" -> Level.SEVERE;
        default -> Level.parse(level.toUpperCase(java.util.Locale.ROOT));
      };
    } catch (IllegalArgumentException e) {
      return Level.INFO;
    }
  }
}
