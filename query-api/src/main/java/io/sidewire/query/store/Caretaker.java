package io.sidewire.query.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Does by the clock what the read model owes itself, whether records arrive or not: rows are rolled up, old ones removed.
 *
 * <p>It and the thread that writes take turns.
 */
final class Caretaker {
  private final ReentrantLock turn = new ReentrantLock();
  private final Map<String, RollUps> rollUps = new ConcurrentHashMap<>();
  private final Sweeper sweeper;

  Caretaker(Sweeper sweeper) {
    this.sweeper = sweeper;
  }

  /** Kafka Streams reads all again with writers of its own, and goes on with others: the last one counts. */
  void rolls(String store, RollUps one) {
    rollUps.put(store, one);
  }

  /** Before a row of another writer's store is written or removed. */
  void touch(String store, long time, long nowMillis) {
    RollUps one = rollUps.get(store);
    if (one != null) {
      one.touch(time, nowMillis);
    }
  }

  /** Runs a write while nothing else writes. */
  void write(Runnable write) {
    turn.lock();
    try {
      write.run();
    } finally {
      turn.unlock();
    }
  }

  /** All was read that there was: nothing is going to be written to its buckets soon. */
  void restored() {
    write(() -> rollUps.values().forEach(RollUps::settle));
  }

  /** A little work; false where there is none left for now. */
  boolean work(long nowMillis) {
    boolean more = false;
    for (RollUps one : rollUps.values()) {
      turn.lock();
      try {
        more |= one.advance(nowMillis);
      } finally {
        turn.unlock();
      }
    }
    write(() -> sweeper.advance(nowMillis));
    return more;
  }

  /** Buckets that are not rolled up yet. */
  int waiting() {
    return rollUps.values().stream().mapToInt(RollUps::waiting).sum();
  }
}
