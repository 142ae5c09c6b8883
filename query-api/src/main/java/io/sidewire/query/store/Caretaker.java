package io.sidewire.query.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Does by the clock what the read model owes itself, whether records arrive or not: rows are rolled up, old ones removed.
 *
 * <p>It and the thread that writes take turns.
 */
final class Caretaker {
  private final ReentrantLock turn = new ReentrantLock();
  private final List<RollUps> rollUps = new CopyOnWriteArrayList<>();
  private final Sweeper sweeper;

  Caretaker(Sweeper sweeper) {
    this.sweeper = sweeper;
  }

  void rolls(RollUps one) {
    rollUps.add(one);
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
    write(() -> rollUps.forEach(RollUps::settle));
  }

  /** A little work; false where there is none left for now. */
  boolean work(long nowMillis) {
    boolean more = false;
    for (RollUps one : rollUps) {
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
    return rollUps.stream().mapToInt(RollUps::waiting).sum();
  }
}
