package io.sidewire.schemas;

import io.sidewire.testkit.Fuzzing;
import org.junit.jupiter.api.Test;

/** The fuzz target of this module over its seeds, past findings, and some changed ones. */
class FuzzSeedsTest {
  private static final int CHANGES = Integer.getInteger("fuzz.changes", 300);

  @Test
  void holdsForEachInput() throws Exception {
    Fuzzing.check(new PacketBatchFuzz(), CHANGES);
  }
}
