package io.sidewire.benchmarks.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One process of the fleet, with its state and its log; started again under the same name after each kill. */
final class Member {
  /** What it is of. */
  enum Role {
    BROKER,
    PROCESSOR,
    API,
    CAPTURE
  }

  final Role role;
  final String name;
  private final List<String> command;
  private final List<String> later;
  private final Path state;
  private final Path log;
  private Process process;
  private boolean wanted;

  /**
   * @param command of the first start
   * @param later of further starts
   * @param state folder of what it keeps; null: nothing
   */
  Member(Role role, String name, List<String> command, List<String> later, Path state, Path log) {
    this.role = role;
    this.name = name;
    this.command = command;
    this.later = later;
    this.state = state;
    this.log = log;
  }

  synchronized void start() {
    try {
      List<String> line = process == null ? command : later;
      process = new ProcessBuilder(line)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
      wanted = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL; it stays down until it is started again. */
  synchronized void kill() throws InterruptedException {
    wanted = false;
    if (process != null) {
      process.destroyForcibly();
      process.waitFor(30, TimeUnit.SECONDS);
    }
  }

  /** Stops it in the middle of whatever it does, sockets open, and lets it go on later. */
  void freeze(long millis) throws InterruptedException, IOException {
    signal("-STOP");
    try {
      Thread.sleep(millis);
    } finally {
      signal("-CONT");
    }
  }

  private void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
  }

  /** Removes what it keeps on disk. */
  void loseState() throws IOException {
    if (state == null || !Files.exists(state)) {
      return;
    }
    try (Stream<Path> all = Files.walk(state)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** The exit code of a process that ended without being killed, else null. */
  synchronized Integer endedWith() {
    return wanted && process != null && !process.isAlive() ? process.exitValue() : null;
  }

  /** It has done what it had to: it is not started again. */
  synchronized void done() {
    wanted = false;
  }

  synchronized boolean isUp() {
    return wanted && process.isAlive();
  }

  Path log() {
    return log;
  }

  @Override
  public String toString() {
    return name;
  }
}
