package io.sidewire.query.store;

import io.sidewire.query.Problem;
import java.time.Duration;

/** How long the query of this thread may still read: past it a list ends early, and a sum is refused. */
public final class Patience implements AutoCloseable {
  private static final ThreadLocal<Long> END = new ThreadLocal<>();
  private static final ThreadLocal<Long> PAGE_END = new ThreadLocal<>();

  private Patience() {}

  /** From now on; a list has half of it, so that there is time for what goes with it. */
  public static Patience of(Duration most) {
    long now = System.nanoTime();
    END.set(now + most.toNanos());
    PAGE_END.set(now + most.toNanos() / 2);
    return new Patience();
  }

  /** After some rows of a sum. */
  static void check() {
    if (isOver(END.get())) {
      throw Problem.of(
          422,
          "Too much to read",
          "this would take longer than a query may: the rows of this span are not added up beforehand in so much"
              + " detail; ask for a shorter span, one host, or a step of 5m or more");
    }
  }

  static boolean pageIsOver() {
    return isOver(PAGE_END.get());
  }

  private static boolean isOver(Long end) {
    return end != null && System.nanoTime() - end > 0;
  }

  @Override
  public void close() {
    END.remove();
    PAGE_END.remove();
  }
}
