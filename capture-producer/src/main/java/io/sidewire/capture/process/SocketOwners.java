package io.sidewire.capture.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds which process holds a socket, by the links of {@code /proc/PID/fd}. Single-threaded. */
final class SocketOwners {
  private static final int MAX_KNOWN = 1 << 16;
  private static final int MAX_RECENT = 32;
  private static final Pattern CONTAINER = Pattern.compile("[0-9a-f]{64}");

  private final Path proc;
  /** What scans came across, so that most sockets need no scan of their own. */
  private final Map<Long, LocalProcess> known = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, LocalProcess> eldest) {
      return size() > MAX_KNOWN;
    }
  };
  /** Processes that owned a wanted socket lately: the likeliest owners of the next. */
  private final Map<Integer, Boolean> recent = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
      return size() > MAX_RECENT;
    }
  };

  private boolean denied;

  SocketOwners(Path proc) {
    this.proc = proc;
  }

  /** True once the sockets of some process could not be read. */
  boolean wasDenied() {
    return denied;
  }

  /** The owners of those of the sockets that have one that can be seen. */
  Map<Long, LocalProcess> find(Set<Long> inodes) {
    var found = new HashMap<Long, LocalProcess>();
    var missing = new java.util.HashSet<>(inodes);
    take(missing, found);
    if (!missing.isEmpty()) {
      for (int pid : new ArrayList<>(recent.keySet())) {
        scan(pid);
      }
      take(missing, found);
    }
    if (!missing.isEmpty()) {
      for (int pid : pids()) {
        if (missing.isEmpty()) {
          break;
        }
        if (!recent.containsKey(pid)) {
          scan(pid);
          take(missing, found);
        }
      }
    }
    found.values().forEach(process -> recent.put(process.pid(), true));
    return found;
  }

  Path folder(int pid) {
    return proc.resolve(Integer.toString(pid));
  }

  /** All processes, the youngest first. */
  List<Integer> pids() {
    var pids = new ArrayList<Integer>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path entry : entries) {
        pids.add(Integer.parseInt(entry.getFileName().toString()));
      }
    } catch (IOException | DirectoryIteratorException | NumberFormatException e) {
      return pids; // what was listed so far
    }
    pids.sort(Comparator.reverseOrder());
    return pids;
  }

  private void take(Set<Long> missing, Map<Long, LocalProcess> found) {
    missing.removeIf(inode -> {
      LocalProcess owner = known.get(inode);
      if (owner != null) {
        found.put(inode, owner);
      }
      return owner != null;
    });
  }

  private void scan(int pid) {
    Path folder = folder(pid);
    LocalProcess process = null;
    try (DirectoryStream<Path> links = Files.newDirectoryStream(folder.resolve("fd"))) {
      for (Path link : links) {
        long inode = socket(link);
        if (inode != 0) {
          process = process == null ? describe(pid, folder) : process;
          known.putIfAbsent(inode, process);
        }
      }
    } catch (AccessDeniedException e) {
      denied = true;
    } catch (IOException | DirectoryIteratorException e) {
      recent.remove(pid); // it ended
    }
  }

  /** Inode of {@code socket:[12345]}; 0 for other files. */
  private static long socket(Path link) {
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("socket:[")
          ? Long.parseLong(target.substring(8, target.length() - 1))
          : 0;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  private static LocalProcess describe(int pid, Path folder) {
    String executable;
    try {
      executable = Files.readSymbolicLink(folder.resolve("exe")).toString();
    } catch (IOException e) {
      executable = read(folder.resolve("comm")).strip();
    }
    return new LocalProcess(pid, executable.isEmpty() ? null : executable, container(folder));
  }

  /** The innermost container of a process: the last id in its cgroup path; null outside of containers. */
  private static String container(Path folder) {
    Matcher matcher = CONTAINER.matcher(read(folder.resolve("cgroup")));
    String container = null;
    while (matcher.find()) {
      container = matcher.group();
    }
    return container;
  }

  /** The container of a process, but not one that only holds a pod's namespaces; none or one. */
  static Set<String> servingContainer(Path folder) {
    String container = container(folder);
    boolean serves = container != null && !read(folder.resolve("comm")).strip().equals("pause");
    return serves ? Set.of(container) : Set.of();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
