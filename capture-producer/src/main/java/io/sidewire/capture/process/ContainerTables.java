package io.sidewire.capture.process;

import io.sidewire.capture.process.SocketSearch.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The containers of a host with their tables of sockets, which anyone may read who sees the host's processes. Which
 * process of a container has a socket remains unknown, and so does whose a socket is that stands in the host's own
 * tables too, or in those of several containers.
 */
public final class ContainerTables {
  private static final int MAX_CONTAINERS = 256;
  private static final long REFRESH_MILLIS = 2_000;

  private final Path proc;
  private final Path own;
  private Map<String, Path> tables = Map.of();
  private long read = Long.MIN_VALUE / 2;

  ContainerTables(Path proc, Path own) {
    this.proc = proc;
    this.own = own;
  }

  /** True where this {@code /proc} shows the containers of others. */
  public static boolean visible(Path proc) {
    return new ContainerTables(proc, proc.resolve("net")).any();
  }

  /** True where any container is seen but the one that this process is in. */
  boolean any() {
    refresh();
    return !tables.isEmpty();
  }

  /** Names the containers of ends that have no process. */
  void fill(List<End> ends, List<LocalProcess> found) {
    refresh();
    if (tables.isEmpty()) {
      return;
    }
    var keys = new HashMap<String, Set<String>>();
    for (int at = 0; at < ends.size(); at++) {
      if (found.get(at) == null) {
        End end = ends.get(at);
        for (String table : end.tables()) {
          keys.computeIfAbsent(table, t -> new HashSet<>()).addAll(end.keys(table));
        }
      }
    }
    Map<String, Long> shared = SocketTables.find(own, keys);
    var containers = new LinkedHashMap<String, Map<String, Long>>();
    tables.forEach((id, net) -> containers.put(id, SocketTables.find(net, keys)));
    for (int at = 0; at < ends.size(); at++) {
      End end = ends.get(at);
      if (found.get(at) == null && end.best(shared) == 0) {
        found.set(at, only(end, containers));
      }
    }
  }

  private static LocalProcess only(End end, Map<String, Map<String, Long>> containers) {
    String id = null;
    for (var container : containers.entrySet()) {
      if (end.best(container.getValue()) != 0) {
        if (id != null) {
          return null;
        }
        id = container.getKey();
      }
    }
    return id == null ? null : new LocalProcess(null, null, id);
  }

  private void refresh() {
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    if (now - read < REFRESH_MILLIS) {
      return;
    }
    read = now;
    var found = new LinkedHashMap<String, Path>();
    String mine = SocketOwners.container(proc.resolve("self"));
    for (int pid : SocketOwners.pids(proc)) {
      Path folder = proc.resolve(Integer.toString(pid));
      String id = SocketOwners.container(folder);
      if (id != null && !id.equals(mine) && found.size() < MAX_CONTAINERS && readable(folder)) {
        found.putIfAbsent(id, folder.resolve("net"));
      }
    }
    tables = found;
  }

  private static boolean readable(Path folder) {
    try (var in = Files.newInputStream(folder.resolve("net/tcp"))) {
      return in.read() >= 0;
    } catch (IOException e) {
      return false;
    }
  }
}
