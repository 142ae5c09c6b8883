package io.sidewire.standalone.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** TCP sockets of this host that listen, and the processes that hold them, as Linux tells in {@code /proc}. */
public final class Listeners {
  private static final String LISTEN = "0A";
  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;

  private final Path proc;

  /** @param proc normally {@code /proc} */
  public Listeners(Path proc) {
    this.proc = proc;
  }

  /**
   * A process.
   *
   * @param command base name of its executable, or what the kernel calls it
   */
  public record Holder(long pid, String command) {
    @Override
    public String toString() {
      return command + " (pid " + pid + ")";
    }
  }

  /** Ports that someone listens on, with the inodes of their sockets; empty where /proc is not there. */
  public Map<Integer, List<Long>> ports() {
    Map<Integer, List<Long>> ports = new HashMap<>();
    for (String table : new String[] {"net/tcp", "net/tcp6"}) {
      try {
        List<String> lines = Files.readAllLines(proc.resolve(table));
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
          String[] fields = line.strip().split("\\s+");
          if (fields.length > INODE && fields[STATE].equals(LISTEN)) {
            String local = fields[LOCAL_ADDRESS];
            int port = Integer.parseInt(local.substring(local.lastIndexOf(':') + 1), 16);
            ports.computeIfAbsent(port, p -> new ArrayList<>()).add(Long.parseLong(fields[INODE]));
          }
        }
      } catch (IOException | NumberFormatException e) {
        // No such table on this system.
      }
    }
    return ports;
  }

  public boolean isListening(int port) {
    return ports().containsKey(port);
  }

  /** Who listens on {@code port}; empty where nobody does, or where the process belongs to someone else. */
  public Optional<Holder> holder(int port) {
    List<Long> inodes = ports().getOrDefault(port, List.of());
    if (inodes.isEmpty()) {
      return Optional.empty();
    }
    List<String> links = inodes.stream().map(inode -> "socket:[" + inode + "]").toList();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        if (holdsAny(process, links)) {
          long pid = Long.parseLong(process.getFileName().toString());
          return Optional.of(new Holder(pid, command(process)));
        }
      }
    } catch (IOException e) {
      // Not readable: unknown.
    }
    return Optional.empty();
  }

  private static boolean holdsAny(Path process, List<String> links) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        try {
          if (links.contains(Files.readSymbolicLink(file).toString())) {
            return true;
          }
        } catch (IOException e) {
          // Closed meanwhile.
        }
      }
    } catch (IOException e) {
      // Of another user, or gone.
    }
    return false;
  }

  private static String command(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException e) {
      return "a process";
    }
  }
}
