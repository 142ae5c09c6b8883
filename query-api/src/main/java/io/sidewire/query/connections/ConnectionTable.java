package io.sidewire.query.connections;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The open connections, by who holds them.
 *
 * <p>A connection waits, or it is in use: from the end of a request's head to the end of its answer. Only one that waits is ever
 * closed here: past a cap the one that waits longest makes room for the new one, and one that waits too long is closed. So
 * a live stream stays, and who asks at once is answered, however many connections others hold open.
 *
 * <p>Times are an argument, in milliseconds of any clock that only goes forward.
 */
final class ConnectionTable {
  /** Why a connection was closed. */
  enum Reason {
    /** It made room for another one of its address. */
    ADDRESS,
    /** It made room for another one, of any address. */
    TOTAL,
    /** It came when all of its address, or all there may be, were in use. */
    REFUSED,
    /** Its first request was not whole in time. */
    NO_REQUEST,
    /** Its next request was not whole in time. */
    IDLE
  }

  /**
   * What bounds the connections.
   *
   * @param total at once
   * @param perAddress at once of one address
   * @param firstRequestMillis from its begin until its first request's head is whole
   * @param nextRequestMillis from the end of an answer until the next request's head is whole
   */
  record Limits(int total, int perAddress, long firstRequestMillis, long nextRequestMillis) {
    Limits {
      if (perAddress < 1 || total < perAddress) {
        throw new IllegalArgumentException("sidewire.api.connections-per-address (" + perAddress
            + ") must be from 1 to sidewire.api.connections (" + total + ")");
      }
    }
  }

  /** The side of a connection that its table needs. */
  interface Line {
    void close();

    /** True while what was answered is not read. */
    boolean isBehind();
  }

  /** One connection. */
  static final class Held {
    private final Holder holder;
    private final Line line;
    private long since;
    private int requests;
    private boolean hasAsked;
    private boolean isOpen = true;

    private Held(Holder holder, Line line, long now) {
      this.holder = holder;
      this.line = line;
      this.since = now;
    }
  }

  private static final class Holder {
    private final Object address;
    private int open;

    /** Longest wait first. */
    private final Set<Held> waiting = new LinkedHashSet<>();

    private Holder(Object address) {
      this.address = address;
    }
  }

  private final Limits limits;
  private final Map<Object, Holder> holders = new HashMap<>();
  private final Set<Held> waiting = new LinkedHashSet<>();
  private final Map<Reason, Long> closed = new EnumMap<>(Reason.class);
  private int open;

  ConnectionTable(Limits limits) {
    this.limits = limits;
  }

  /** Takes a new connection in, if need be in place of one that waits; null: it is refused. */
  synchronized Held admit(Object address, Line line, long now) {
    Holder holder = holders.computeIfAbsent(address, Holder::new);
    boolean hasRoom = (holder.open < limits.perAddress() || evict(holder.waiting, Reason.ADDRESS))
        && (open < limits.total() || evict(waiting, Reason.TOTAL));
    if (!hasRoom) {
      count(Reason.REFUSED);
      forget(holder);
      return null;
    }
    // An eviction may have forgotten this holder with its last connection.
    holders.put(address, holder);
    var held = new Held(holder, line, now);
    open++;
    holder.open++;
    await(held);
    return held;
  }

  /** A request's head is whole. */
  synchronized void begin(Held held) {
    held.hasAsked = true;
    if (held.requests++ == 0) {
      waiting.remove(held);
      held.holder.waiting.remove(held);
    }
  }

  /** A request is answered. */
  synchronized void end(Held held, long now) {
    if (--held.requests == 0 && held.isOpen) {
      held.since = now;
      await(held);
    }
  }

  /** It was closed, by whomever. */
  synchronized void gone(Held held) {
    if (!held.isOpen) {
      return;
    }
    held.isOpen = false;
    waiting.remove(held);
    held.holder.waiting.remove(held);
    open--;
    held.holder.open--;
    forget(held.holder);
  }

  /** Closes those that wait for too long. */
  synchronized void sweep(long now) {
    List<Held> overdue = new ArrayList<>();
    for (Held held : waiting) {
      long patience = held.hasAsked ? limits.nextRequestMillis() : limits.firstRequestMillis();
      if (now - held.since >= patience && !held.line.isBehind()) {
        overdue.add(held);
      }
    }
    overdue.forEach(held -> close(held, held.hasAsked ? Reason.IDLE : Reason.NO_REQUEST));
  }

  synchronized int open() {
    return open;
  }

  synchronized long closed(Reason reason) {
    return closed.getOrDefault(reason, 0L);
  }

  private void await(Held held) {
    waiting.add(held);
    held.holder.waiting.add(held);
  }

  private boolean evict(Set<Held> candidates, Reason reason) {
    if (candidates.isEmpty()) {
      return false;
    }
    close(candidates.iterator().next(), reason);
    return true;
  }

  private void close(Held held, Reason reason) {
    gone(held);
    count(reason);
    held.line.close();
  }

  private void count(Reason reason) {
    closed.merge(reason, 1L, Long::sum);
  }

  private void forget(Holder holder) {
    if (holder.open == 0) {
      holders.remove(holder.address);
    }
  }
}
