package io.sidewire.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A command of the packaged application, in a process of its own. */
final class Packaged implements AutoCloseable {
  private final Process process;
  private final List<String> out = new CopyOnWriteArrayList<>();
  private final List<String> err = new CopyOnWriteArrayList<>();
  private final List<Thread> readers = new ArrayList<>();

  private Packaged(Process process) {
    this.process = process;
    readers.add(read(process.inputReader(StandardCharsets.UTF_8), out));
    readers.add(read(process.errorReader(StandardCharsets.UTF_8), err));
  }

  static Packaged start(String... arguments) {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx192m",
        "--add-opens",
        "java.base/java.lang=ALL-UNNAMED",
        "-cp",
        "target/quarkus-app/quarkus-run.jar",
        "io.sidewire.standalone.Sidewire"));
    command.addAll(List.of(arguments));
    try {
      return new Packaged(new ProcessBuilder(command).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end. */
  static Packaged run(String... arguments) throws InterruptedException {
    Packaged run = start(arguments);
    run.exitCode();
    return run;
  }

  private static Thread read(BufferedReader stream, List<String> lines) {
    var thread = new Thread(() -> {
      try (stream) {
        stream.lines().forEach(lines::add);
      } catch (IOException | UncheckedIOException e) {
        // The process is gone.
      }
    });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      throw new AssertionError("still runs: " + err);
    }
    for (Thread reader : readers) {
      reader.join(5_000);
    }
    return process.exitValue();
  }

  List<String> out() {
    return List.copyOf(out);
  }

  String err() {
    return String.join("\n", err);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** SIGTERM. */
  void stop() {
    process.destroy();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
