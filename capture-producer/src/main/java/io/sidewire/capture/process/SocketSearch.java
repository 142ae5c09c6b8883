package io.sidewire.capture.process;

import io.sidewire.capture.Rights;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Finds whose sockets the ends of flows are, in one {@code /proc}. Single-threaded.
 *
 * <p>A pass reads each socket table once for all ends. Where the rights do for it, the answer is a process; where they
 * do not, the container whose tables alone have the socket.
 */
final class SocketSearch implements SocketFinder {
  private static final int MAX_NAMESPACES = 64;
  private static final long NAMESPACES_MILLIS = 2_000;

  private final Path proc;
  private final SocketOwners owners;
  private final ContainerTables containers;
  private Map<String, Path> namespaces = Map.of();
  private long namespacesRead = Long.MIN_VALUE / 2;
  private volatile boolean denied;
  private volatile Rights level;

  SocketSearch(Path proc) {
    this.proc = proc;
    this.owners = new SocketOwners(proc);
    this.containers = new ContainerTables(proc, ownNamespace());
    this.level = levelNow();
  }

  /** True where there are tables of sockets to look into. */
  static boolean possible(Path proc) {
    return Files.isReadable(proc.resolve("net/tcp")) || Files.isReadable(proc.resolve("1/net/tcp"));
  }

  @Override
  public Rights level() {
    return level;
  }

  private Rights levelNow() {
    return Rights.ofThisProcess() == Rights.PROCESSES
        ? Rights.PROCESSES
        : containers.any() ? Rights.CONTAINERS : Rights.PACKETS;
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("processes", denied ? "own user only" : "all users");
  }

  @Override
  public List<LocalProcess> find(List<End> wanted) {
    var ends = new LinkedHashMap<End, Long>();
    wanted.forEach(end -> ends.put(end, 0L));
    inodes(ends, ownNamespace());
    var unseen = new HashMap<SocketPair, Long>();
    ends.forEach((end, inode) -> unseen.merge(end.sockets(), inode, Long::sum));
    if (unseen.containsValue(0L)) {
      for (Path net : otherNamespaces()) {
        inodes(ends, net);
      }
    }
    Set<Long> inodes = new HashSet<>(ends.values());
    inodes.remove(0L);
    Map<Long, LocalProcess> found = owners.find(inodes);
    var out = new ArrayList<LocalProcess>(wanted.size());
    wanted.forEach(end -> out.add(found.get(ends.get(end))));
    if (owners.wasDenied()) {
      denied = true;
      containers.fill(wanted, out);
      level = levelNow();
    }
    return out;
  }

  /** Fills in what one namespace's tables know of ends not found yet. */
  static void inodes(Map<End, Long> ends, Path net) {
    var keys = new HashMap<String, Set<String>>();
    ends.forEach((end, inode) -> {
      if (inode == 0) {
        end.tables()
            .forEach(
                table -> keys.computeIfAbsent(table, t -> new HashSet<>()).addAll(end.keys(table)));
      }
    });
    Map<String, Long> found = SocketTables.find(net, keys);
    if (found.isEmpty()) {
      return;
    }
    ends.replaceAll((end, inode) -> inode != 0 ? inode : end.best(found));
  }

  private Path ownNamespace() {
    Path own = proc.resolve("net/tcp");
    return proc.resolve(proc.equals(Path.of("/proc")) && Files.exists(own) ? "net" : "1/net");
  }

  /** The {@code net} folder of one process of each other network namespace. */
  private Iterable<Path> otherNamespaces() {
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    if (now - namespacesRead >= NAMESPACES_MILLIS) {
      namespacesRead = now;
      var found = new LinkedHashMap<String, Path>();
      String own = namespace(proc.resolve(proc.equals(Path.of("/proc")) ? "self" : "1"));
      for (int pid : SocketOwners.pids(proc)) {
        Path folder = proc.resolve(Integer.toString(pid));
        String namespace = namespace(folder);
        if (!namespace.isEmpty() && !namespace.equals(own) && found.size() < MAX_NAMESPACES) {
          found.putIfAbsent(namespace, folder.resolve("net"));
        }
      }
      namespaces = found;
    }
    return namespaces.values();
  }

  private static String namespace(Path process) {
    try {
      return Files.readSymbolicLink(process.resolve("ns/net")).toString();
    } catch (IOException e) {
      return "";
    }
  }

  /** One end of a flow. */
  record End(SocketPair sockets, boolean server, boolean local) {
    static End of(SocketPair sockets, boolean server, Set<InetAddress> local) {
      InetAddress address = sockets.address(server);
      return new End(sockets, server, address.isLoopbackAddress() || local.contains(address));
    }

    List<String> tables() {
      return sockets.udp() ? List.of("udp", "udp6") : List.of("tcp", "tcp6");
    }

    List<String> keys(String table) {
      return sockets.keys(server, table.endsWith("6"), local);
    }

    /** The best match over both tables: the pair before the listener. */
    Long best(Map<String, Long> found) {
      for (int rank = 0; rank < 3; rank++) {
        for (String table : tables()) {
          List<String> keys = keys(table);
          Long inode = rank < keys.size() ? found.get(table + " " + keys.get(rank)) : null;
          if (inode != null) {
            return inode;
          }
        }
      }
      return 0L;
    }
  }
}
