package io.sidewire.standalone.cli;

import io.sidewire.capture.CaptureCounters;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A line on standard error that tells how far a long run is; silent where that is no terminal. */
final class Progress {
  private static final long EVERY_NANOS = 250_000_000;
  /** A guess from less than this is worth nothing. */
  private static final double LEAST_SHARE = 0.005;
  /** Of a packet in a capture file. */
  private static final int RECORD_HEADER = 16;

  private final Terminal terminal;
  private final String what;
  private final long begun = System.nanoTime();
  private long shown = begun;
  private double share;

  Progress(Terminal terminal, String what) {
    this.terminal = terminal;
    this.what = what;
  }

  void at(long count) {
    long now = System.nanoTime();
    if (terminal.errIsTerminal() && now - shown > EVERY_NANOS) {
      shown = now;
      terminal.err().print("\r" + line(count, now) + "\u001b[K");
      terminal.err().flush();
    }
  }

  /** The same, with how much of the whole is done, from 0 to 1: then it tells how long the rest will take. */
  void at(long count, double share) {
    this.share = share;
    at(count);
  }

  /**
   * The same for packets read from files. Compressed files hold more than their size: the rest is then not guessed once that is
   * read.
   */
  void of(List<Path> files, CaptureCounters counters) {
    if (terminal.errIsTerminal()) {
      long packets = counters.get(CaptureCounters.Count.PACKETS_RECEIVED);
      long read = counters.get(CaptureCounters.Count.BYTES_RECEIVED) + packets * RECORD_HEADER;
      long whole = files.stream().mapToLong(file -> file.toFile().length()).sum();
      at(packets, read / (double) Math.max(1, whole));
    }
  }

  void done(long count) {
    share = 0;
    if (terminal.errIsTerminal()) {
      terminal.err().print("\r\u001b[K");
      terminal.err().println(line(count, System.nanoTime()));
    }
  }

  private String line(long count, long now) {
    double seconds = (now - begun) / 1e9;
    String rest = "";
    if (share > LEAST_SHARE && share < 1) {
      rest = String.format(
          Locale.ROOT, ", %.0f %%, %.0f s to go", 100 * share, seconds * (1 - share) / share);
    }
    return String.format(
            Locale.ROOT,
            "%s %s in %.1f s, %s a second",
            Units.count(count),
            what,
            seconds,
            Units.count(Math.round(count / Math.max(seconds, 0.001))))
        + rest;
  }
}
