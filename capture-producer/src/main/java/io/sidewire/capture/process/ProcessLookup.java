package io.sidewire.capture.process;

import io.sidewire.wire.flow.FlowView;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up the local processes of flows on a thread of its own, many flows at a time.
 *
 * <p>Cheap: a pass reads each socket table once for all flows that wait, then the processes that owned sockets lately,
 * and only if that is not enough all others; passes keep to a tenth of one core, but for bursts of connections after a
 * quiet time: what is found late is found too late for the interaction that the flow's first call belongs to.
 */
public final class ProcessLookup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessLookup.class);
  private static final int MAX_WAITING = 4096;
  private static final int MAX_NAMESPACES = 64;
  /** Passes a flow is looked for in: its socket may not be in the tables yet, or its process be slow to take it. */
  private static final int MAX_ATTEMPTS = 4;

  private static final long MIN_PAUSE_MILLIS = 2;
  private static final long MAX_PAUSE_MILLIS = 200;
  /** Share of time that passes may take, and how much of it may be saved up. */
  private static final double PASS_SHARE = 0.1;

  private static final long MOST_SAVED_NANOS = 500_000_000;
  private static final long NAMESPACES_MILLIS = 2_000;
  /** Longest that a batch waits for its process, and the share of time that all batches together may wait. */
  private static final long HURRY_MICROS = 10_000;

  private static final double HURRY_SHARE = 0.1;

  private final Path proc;
  private final SocketOwners owners;
  private final BlockingQueue<ProcessTicket> queue = new ArrayBlockingQueue<>(MAX_WAITING);
  private final List<ProcessTicket> again = new ArrayList<>();
  private final Thread thread;
  private Map<String, Path> namespaces = Map.of();
  private long namespacesRead = Long.MIN_VALUE / 2;
  private Set<InetAddress> addresses = Set.of();
  private long addressesRead = Long.MIN_VALUE / 2;
  private boolean said;
  private volatile boolean partial;
  private volatile boolean closed;
  private long waitBudgetMicros = HURRY_MICROS;
  private long waitBudgetNanos = System.nanoTime();

  private ProcessLookup(Path proc) {
    this.proc = proc;
    this.owners = new SocketOwners(proc);
    this.thread = proc == null ? null : new Thread(this::run, "sidewire-processes");
  }

  /** A lookup that finds nothing, for capture files. */
  public static ProcessLookup none() {
    return new ProcessLookup(null);
  }

  /** A lookup in the host's {@code /proc}; finds nothing where there is none. */
  public static ProcessLookup in(Path proc) {
    if (!Files.isReadable(proc.resolve("net/tcp"))
        && !Files.isReadable(proc.resolve("1/net/tcp"))) {
      return none();
    }
    var lookup = new ProcessLookup(proc);
    lookup.thread.setDaemon(true);
    lookup.thread.start();
    return lookup;
  }

  /** Begins to look for the processes of a flow that has just begun. */
  public ProcessTicket find(FlowView flow) {
    if (thread == null || !flow.tunnel().equals("none")) {
      return ProcessTicket.NONE;
    }
    return find(SocketPair.of(
        flow.transport(),
        flow.clientAddress(),
        flow.clientPort(),
        flow.serverAddress(),
        flow.serverPort()));
  }

  ProcessTicket find(SocketPair sockets) {
    if (sockets == null || thread == null) {
      return ProcessTicket.NONE;
    }
    var ticket = new ProcessTicket(sockets);
    if (!queue.offer(ticket)) {
      ticket.resolve(null, null); // more flows than can be looked for: better none than late ones
    }
    return ticket;
  }

  /** Waits a few milliseconds for a ticket, as long as such waits stay rare. Called by one thread. */
  public void hurry(ProcessTicket ticket) {
    if (ticket.isDone() || ticket.client() != null) {
      return;
    }
    long now = System.nanoTime();
    long earned = (long) ((now - waitBudgetNanos) / 1000 * HURRY_SHARE);
    waitBudgetMicros = Math.min(10 * HURRY_MICROS, waitBudgetMicros + earned);
    waitBudgetNanos = now;
    if (waitBudgetMicros < HURRY_MICROS) {
      return;
    }
    try {
      ticket.await(HURRY_MICROS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    waitBudgetMicros -= (System.nanoTime() - now) / 1000;
  }

  /** What {@code hosts} shows: whose sockets can be seen. */
  public Map<String, String> settings() {
    return Map.of("processes", thread == null ? "off" : partial ? "own user only" : "all users");
  }

  @Override
  public void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void run() {
    long saved = MOST_SAVED_NANOS;
    long last = System.nanoTime();
    try {
      while (!closed) {
        var batch = new ArrayList<ProcessTicket>(again);
        again.clear();
        ProcessTicket first =
            batch.isEmpty() ? queue.take() : queue.poll(20, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
        }
        queue.drainTo(batch);
        long begun = cpuNanos();
        pass(batch);
        long now = System.nanoTime();
        saved = Math.min(MOST_SAVED_NANOS, saved + (long) ((now - last) * PASS_SHARE));
        saved -= cpuNanos() - begun;
        last = now;
        long owed = saved < 0 ? (long) (-saved / PASS_SHARE / 1e6) : 0;
        Thread.sleep(Math.min(MAX_PAUSE_MILLIS, Math.max(MIN_PAUSE_MILLIS, owed)));
      }
    } catch (InterruptedException e) {
      // Closed.
    }
    queue.forEach(ticket -> ticket.resolve(null, null));
  }

  /** Time on a processor, not by the clock: on a busy machine a lookup that waits for its turn is late enough. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void pass(List<ProcessTicket> batch) {
    var ends = new LinkedHashMap<End, Long>();
    Set<InetAddress> local = localAddresses();
    for (ProcessTicket ticket : batch) {
      ticket.attempts++;
      ends.put(End.of(ticket, false, local), 0L);
      ends.put(End.of(ticket, true, local), 0L);
    }
    inodes(ends, ownNamespace());
    var unseen = new HashMap<ProcessTicket, Long>();
    ends.forEach((end, inode) -> unseen.merge(end.ticket(), inode, Long::sum));
    if (unseen.containsValue(0L)) {
      for (Path net : otherNamespaces()) {
        inodes(ends, net);
      }
    }
    Set<Long> wanted = new HashSet<>(ends.values());
    wanted.remove(0L);
    Map<Long, LocalProcess> found = owners.find(wanted);
    var clients = new HashMap<ProcessTicket, LocalProcess>();
    var servers = new HashMap<ProcessTicket, LocalProcess>();
    ends.forEach(
        (end, inode) -> (end.server() ? servers : clients).put(end.ticket(), found.get(inode)));
    for (ProcessTicket ticket : batch) {
      ticket.found(clients.get(ticket), servers.get(ticket));
      boolean hopeful = ticket.attempts < MAX_ATTEMPTS
          && (lacks(ticket.client(), ticket, false, local)
              || lacks(ticket.server(), ticket, true, local)
              || ticket.client() == null && ticket.server() == null);
      if (hopeful) {
        again.add(ticket);
      } else {
        ticket.resolve(null, null);
      }
    }
    sayOnce();
  }

  /** An end on this host whose process is not known yet. */
  private static boolean lacks(
      LocalProcess known, ProcessTicket ticket, boolean server, Set<InetAddress> local) {
    return known == null && End.isLocal(ticket.sockets.address(server), local);
  }

  /** Fills in what one namespace's tables know of ends not found yet. */
  private static void inodes(Map<End, Long> ends, Path net) {
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
      for (int pid : owners.pids()) {
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

  private Set<InetAddress> localAddresses() {
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    if (now - addressesRead >= NAMESPACES_MILLIS) {
      addressesRead = now;
      var found = new HashSet<InetAddress>();
      try {
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .forEach(found::add);
      } catch (SocketException e) {
        LOG.debug("local addresses cannot be listed: {}", e.getClass().getSimpleName());
      }
      addresses = found;
    }
    return addresses;
  }

  private static String namespace(Path process) {
    try {
      return Files.readSymbolicLink(process.resolve("ns/net")).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private void sayOnce() {
    if (owners.wasDenied() && !said) {
      said = true;
      partial = true;
      LOG.warn(
          "processes of other users cannot be seen: their flows have no process. Reading them needs root, or"
              + " CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH; processes=false switches the lookup off");
    }
  }

  /** One end of a flow. */
  private record End(ProcessTicket ticket, boolean server, boolean local) {
    static End of(ProcessTicket ticket, boolean server, Set<InetAddress> local) {
      return new End(ticket, server, isLocal(ticket.sockets.address(server), local));
    }

    private static boolean isLocal(InetAddress address, Set<InetAddress> local) {
      return address.isLoopbackAddress() || local.contains(address);
    }

    List<String> tables() {
      return ticket.sockets.udp() ? List.of("udp", "udp6") : List.of("tcp", "tcp6");
    }

    List<String> keys(String table) {
      return ticket.sockets.keys(server, table.endsWith("6"), local);
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
