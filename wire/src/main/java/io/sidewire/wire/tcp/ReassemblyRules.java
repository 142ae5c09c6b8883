package io.sidewire.wire.tcp;

/**
 * How much is kept of bytes that wait for earlier ones, and for how long.
 *
 * @param bytesDirection most bytes kept a direction
 * @param budget what all connections together may keep
 * @param recent what all connections delivered last
 * @param acknowledgedWaitMicros how long a hole stays open after the receiver acknowledged it: the bytes did arrive, so
 *     only a capture that reorders can still bring them
 * @param oneSidedWaitMicros how long a hole stays open where the other side is not captured at all, so that no
 *     acknowledgment can tell; retransmissions mostly come within it
 */
public record ReassemblyRules(
    int bytesDirection,
    ReassemblyBudget budget,
    RecentBytes recent,
    long acknowledgedWaitMicros,
    long oneSidedWaitMicros) {

  /** A kept segment costs about this much besides its bytes; so crumbs cannot cost more than the cap says. */
  static final int SEGMENT_COST = 128;

  public static ReassemblyRules of(int bytesDirection, long bytesTotal) {
    return new ReassemblyRules(
        bytesDirection, new ReassemblyBudget(bytesTotal), new RecentBytes(), 200_000, 2_000_000);
  }

  /** Segments kept a direction: as many as the bytes allow if each is worth keeping. */
  int segmentsDirection() {
    return Math.max(1, bytesDirection / SEGMENT_COST);
  }
}
