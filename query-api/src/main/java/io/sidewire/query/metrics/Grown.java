package io.sidewire.query.metrics;

import java.util.concurrent.atomic.AtomicLong;

/** A sum that may shrink, where volume moves to the type that it turned out to be, shown as one that never does. */
final class Grown {
  private final AtomicLong highest = new AtomicLong();
  private long sum;

  synchronized void add(long growth) {
    sum += growth;
    highest.accumulateAndGet(sum, Math::max);
  }

  double highest() {
    return highest.get();
  }
}
