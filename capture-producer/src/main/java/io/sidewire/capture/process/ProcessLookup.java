package io.sidewire.capture.process;

import io.sidewire.capture.Rights;
import io.sidewire.capture.process.SocketSearch.End;
import io.sidewire.wire.flow.FlowView;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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

  private final SocketFinder finder;
  private final BlockingQueue<ProcessTicket> queue = new ArrayBlockingQueue<>(MAX_WAITING);
  private final List<ProcessTicket> again = new ArrayList<>();
  private final Thread thread;
  private Set<InetAddress> addresses = Set.of();
  private long addressesRead = Long.MIN_VALUE / 2;
  private boolean said;
  private volatile boolean closed;
  private long waitBudgetMicros = HURRY_MICROS;
  private long waitBudgetNanos = System.nanoTime();

  private ProcessLookup(SocketFinder finder) {
    this.finder = finder;
    this.thread = finder == null ? null : new Thread(this::run, "sidewire-processes");
  }

  /** A lookup that finds nothing, for capture files. */
  public static ProcessLookup none() {
    return new ProcessLookup(null);
  }

  /** A lookup in the host's {@code /proc}; finds nothing where there is none. */
  public static ProcessLookup in(Path proc) {
    return SocketSearch.possible(proc) ? started(new SocketSearch(proc)) : none();
  }

  /** A lookup by the process that listens on {@code socket}; while that is away, in {@code proc}. */
  public static ProcessLookup by(Path socket, Path proc) {
    return started(new LookupClient(socket, new SocketSearch(proc)));
  }

  private static ProcessLookup started(SocketFinder finder) {
    var lookup = new ProcessLookup(finder);
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
    if (thread == null) {
      return Map.of("processes", "off");
    }
    var shown = new HashMap<>(finder.settings());
    shown.put("rights", finder.level().name().toLowerCase(Locale.ROOT));
    return shown;
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
        long begun = System.nanoTime();
        pass(batch);
        long now = System.nanoTime();
        saved = Math.min(MOST_SAVED_NANOS, saved + (long) ((begun - last) * PASS_SHARE));
        saved -= now - begun;
        last = now;
        long owed = saved < 0 ? (long) (-saved / PASS_SHARE / 1e6) : 0;
        Thread.sleep(Math.min(MAX_PAUSE_MILLIS, Math.max(MIN_PAUSE_MILLIS, owed)));
      }
    } catch (InterruptedException e) {
      // Closed.
    }
    queue.forEach(ticket -> ticket.resolve(null, null));
    finder.close();
  }

  private void pass(List<ProcessTicket> batch) {
    Set<InetAddress> local = localAddresses();
    var ends = new ArrayList<End>();
    for (ProcessTicket ticket : batch) {
      ticket.attempts++;
      ends.add(End.of(ticket.sockets, false, local));
      ends.add(End.of(ticket.sockets, true, local));
    }
    List<LocalProcess> found = finder.find(ends);
    for (int i = 0; i < batch.size(); i++) {
      int at = 2 * i;
      ProcessTicket ticket = batch.get(i);
      ticket.found(found.get(at), found.get(at + 1));
      boolean hopeful = ticket.attempts < MAX_ATTEMPTS
          && (ticket.client() == null && ends.get(at).local()
              || ticket.server() == null && ends.get(at + 1).local()
              || ticket.client() == null && ticket.server() == null);
      if (hopeful) {
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
    if (!said && !finder.settings().getOrDefault("processes", "").equals("all users")) {
      said = true;
      LOG.warn(
          "processes of other users cannot be seen: their flows have {}. SECURITY.md says what that needs;"
              + " processes=false switches the lookup off",
          finder.level() == Rights.CONTAINERS ? "their container at most" : "no process");
    }
  }
}
