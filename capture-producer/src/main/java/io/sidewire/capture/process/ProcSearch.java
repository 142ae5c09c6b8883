package io.sidewire.capture.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Finds processes in {@code /proc}: sockets by the tables of each network namespace, their owners by the files that
 * processes have open. Where those may not be read, the container is that of the socket's namespace, if it has but one.
 */
final class ProcSearch implements OwnerSearch {
  private static final int MAX_NAMESPACES = 64;
  private static final long NAMESPACES_MILLIS = 2_000;

  private final SocketOwners owners;
  private final Path own;
  private final Rights rights;
  private Collection<Namespace> others = List.of();
  private long othersRead = Long.MIN_VALUE / 2;
  private volatile boolean denied;

  /**
   * @param proc the host's
   * @param own the process in it whose network namespace comes first
   */
  ProcSearch(Path proc, Path own) {
    this.owners = new SocketOwners(proc);
    this.own = own;
    this.rights = Rights.ofThisProcess(proc);
  }

  /** This process' own where {@code proc} is its own; of one that is mounted elsewhere, the host's first process. */
  static Path ownNamespace(Path proc) {
    boolean mine = proc.equals(Path.of("/proc")) && Files.exists(proc.resolve("self/net/tcp"));
    return proc.resolve(mine ? "self" : "1");
  }

  /** Not more than what came out: a security module may deny what the capabilities grant. */
  @Override
  public Rights sees() {
    return denied && rights == Rights.PROCESSES ? Rights.CONTAINERS : rights;
  }

  @Override
  public List<Owners> find(List<Wanted> wanted) {
    var ends = new LinkedHashMap<End, Socket>();
    for (int i = 0; i < wanted.size(); i++) {
      ends.put(new End(i, wanted.get(i), false), Socket.NONE);
      ends.put(new End(i, wanted.get(i), true), Socket.NONE);
    }
    sockets(ends, new Namespace(own.resolve("net")));
    var seen = new HashSet<Integer>();
    ends.forEach((end, socket) -> {
      if (socket.inode() != 0) {
        seen.add(end.flow());
      }
    });
    if (seen.size() < wanted.size()) {
      otherNamespaces().forEach(namespace -> sockets(ends, namespace));
    }
    Set<Long> inodes = new HashSet<>();
    ends.values().forEach(socket -> inodes.add(socket.inode()));
    inodes.remove(0L);
    Map<Long, LocalProcess> found = owners.find(inodes);
    denied |= owners.wasDenied();
    var clients = new HashMap<Integer, LocalProcess>();
    var servers = new HashMap<Integer, LocalProcess>();
    ends.forEach((end, socket) -> {
      LocalProcess owner = found.getOrDefault(socket.inode(), socket.anyOfContainer());
      (end.ofServer() ? servers : clients).put(end.flow(), owner);
    });
    var out = new ArrayList<Owners>(wanted.size());
    for (int i = 0; i < wanted.size(); i++) {
      out.add(new Owners(clients.get(i), servers.get(i)));
    }
    return out;
  }

  /** Fills in what one namespace's tables know of ends not found yet. */
  private static void sockets(Map<End, Socket> ends, Namespace namespace) {
    var keys = new HashMap<String, Set<String>>();
    ends.forEach((end, socket) -> {
      if (socket.inode() == 0) {
        end.tables()
            .forEach(
                table -> keys.computeIfAbsent(table, t -> new HashSet<>()).addAll(end.keys(table)));
      }
    });
    Map<String, Long> found = SocketTables.find(namespace.net, keys);
    if (!found.isEmpty()) {
      ends.replaceAll((end, socket) ->
          socket.inode() != 0 ? socket : new Socket(end.best(found), namespace.onlyContainer()));
    }
  }

  private Collection<Namespace> otherNamespaces() {
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    if (now - othersRead < NAMESPACES_MILLIS) {
      return others;
    }
    othersRead = now;
    var found = new LinkedHashMap<Object, Namespace>();
    Object ownId = id(own);
    for (int pid : owners.pids()) {
      Path folder = owners.folder(pid);
      Object id = id(folder);
      if (id == null || id.equals(ownId)) {
        continue;
      }
      if (found.containsKey(id) || found.size() < MAX_NAMESPACES) {
        found
            .computeIfAbsent(id, i -> new Namespace(folder.resolve("net")))
            .containers
            .addAll(SocketOwners.servingContainer(folder));
      }
    }
    others = found.values();
    return others;
  }

  /** Which network namespace a process is in: its tables are files of the namespace, and {@code ns/net} needs rights. */
  private static Object id(Path process) {
    try {
      return Files.getAttribute(process.resolve("net/tcp"), "unix:ino");
    } catch (IOException | UnsupportedOperationException e) {
      return null;
    }
  }

  /** A network namespace, and the containers that have processes in it. */
  private static final class Namespace {
    final Path net;
    final Set<String> containers = new HashSet<>();

    Namespace(Path net) {
      this.net = net;
    }

    String onlyContainer() {
      return containers.size() == 1 ? containers.iterator().next() : null;
    }
  }

  /** A socket that was found, and the container that alone is in its namespace; else null. */
  private record Socket(long inode, String container) {
    static final Socket NONE = new Socket(0, null);

    LocalProcess anyOfContainer() {
      return inode == 0 || container == null ? null : LocalProcess.ofContainer(container);
    }
  }

  /** One end of a flow. */
  private record End(int flow, Wanted wanted, boolean ofServer) {
    List<String> tables() {
      return wanted.sockets().udp() ? List.of("udp", "udp6") : List.of("tcp", "tcp6");
    }

    List<String> keys(String table) {
      boolean local = ofServer ? wanted.serverLocal() : wanted.clientLocal();
      return wanted.sockets().keys(ofServer, table.endsWith("6"), local);
    }

    /** The best match over both tables: the pair before the listener. */
    long best(Map<String, Long> found) {
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
