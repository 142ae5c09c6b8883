package io.sidewire.capture.process;

import io.sidewire.wire.flow.FlowView;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
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
  /** Passes a flow is looked for in: its socket may not be in the tables yet, or its process be slow to take it. */
  private static final int MAX_ATTEMPTS = 4;

  private static final long MIN_PAUSE_MILLIS = 2;
  private static final long MAX_PAUSE_MILLIS = 200;
  /** Share of time that passes may take, and how much of it may be saved up. */
  private static final double PASS_SHARE = 0.1;

  private static final long MOST_SAVED_NANOS = 500_000_000;
  private static final long ADDRESSES_MILLIS = 2_000;
  /** Longest that a batch waits for its process, and the share of time that all batches together may wait. */
  private static final long HURRY_MICROS = 10_000;

  private static final double HURRY_SHARE = 0.1;

  private final OwnerSearch search;
  private final BlockingQueue<ProcessTicket> queue = new ArrayBlockingQueue<>(MAX_WAITING);
  private final List<ProcessTicket> again = new ArrayList<>();
  private final Thread thread;
  private Set<InetAddress> addresses = Set.of();
  private long addressesRead = Long.MIN_VALUE / 2;
  private boolean said;
  private volatile boolean closed;
  private long waitBudgetMicros = HURRY_MICROS;
  private long waitBudgetNanos = System.nanoTime();

  private ProcessLookup(OwnerSearch search) {
    this.search = search;
    this.thread = search == null ? null : new Thread(this::run, "sidewire-processes");
  }

  /** A lookup that finds nothing, for capture files. */
  public static ProcessLookup none() {
    return new ProcessLookup(null);
  }

  /** A lookup in the host's {@code /proc}; finds nothing where there is none. */
  public static ProcessLookup in(Path proc) {
    return in(proc, null, () -> {});
  }

  /**
   * A lookup that asks the one beside at a socket, and looks in {@code /proc} itself while that does not answer.
   *
   * @param socket of {@link LookupMain}; null for none
   * @param lost told of each time that an answer fails to come
   */
  public static ProcessLookup in(Path proc, Path socket, Runnable lost) {
    boolean readable =
        Files.isReadable(proc.resolve("net/tcp")) || Files.isReadable(proc.resolve("1/net/tcp"));
    if (!readable && socket == null) {
      return none();
    }
    OwnerSearch own = new ProcSearch(proc, ProcSearch.ownNamespace(proc));
    var lookup = new ProcessLookup(socket == null ? own : new AskedSearch(socket, own, lost));
    lookup.thread.setDaemon(true);
    lookup.thread.start();
    return lookup;
  }

  /** What a lookup like that may see. */
  public static Rights rights(Path proc, Path socket) {
    if (socket == null) {
      return Rights.ofThisProcess(proc);
    }
    try (var search =
        new AskedSearch(socket, new ProcSearch(proc, ProcSearch.ownNamespace(proc)), () -> {})) {
      return search.sees();
    }
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
    if (thread == null) {
      return Map.of("processes", "off");
    }
    Rights sees = search.sees();
    return Map.of(
        "processes",
        sees == Rights.PROCESSES ? "all users" : "own user only",
        "rights",
        sees.text());
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
    search.close();
    queue.forEach(ticket -> ticket.resolve(null, null));
  }

  /** Time on a processor, not by the clock: on a busy machine a lookup that waits for its turn is late enough. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void pass(List<ProcessTicket> batch) {
    Set<InetAddress> local = localAddresses();
    var wanted = new ArrayList<Wanted>(batch.size());
    for (ProcessTicket ticket : batch) {
      ticket.attempts++;
      wanted.add(Wanted.of(ticket.sockets, local));
    }
    List<Owners> found = search.find(wanted);
    for (int i = 0; i < batch.size(); i++) {
      ProcessTicket ticket = batch.get(i);
      ticket.found(found.get(i).client(), found.get(i).server());
      boolean lacks = ticket.client() == null && wanted.get(i).clientLocal()
          || ticket.server() == null && wanted.get(i).serverLocal()
          || ticket.client() == null && ticket.server() == null;
      if (lacks && ticket.attempts < MAX_ATTEMPTS) {
        again.add(ticket);
      } else {
        ticket.resolve(null, null);
      }
    }
    sayOnce();
  }

  private Set<InetAddress> localAddresses() {
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    if (now - addressesRead >= ADDRESSES_MILLIS) {
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

  private void sayOnce() {
    if (search.sees() != Rights.PROCESSES && !said) {
      said = true;
      LOG.warn(
          "processes of other users cannot be seen: their flows have no process. Seeing them needs root, or the lookup"
              + " of processes beside (process-socket, SECURITY.md); processes=false switches looking off");
    }
  }
}
