package io.sidewire.capture;

/**
 * Turns libpcap's statistics, which are totals of 32 bits, into growth of packets that a capture should have seen.
 *
 * <p>The kernel counts each packet of {@code lo} twice, leaving and arriving, and libpcap hands on one. How many of the
 * kernel's packets are handed on is seen whenever the ring is empty; lost packets are taken to be of the same mixture.
 */
final class KernelDrops {
  /** Fewer packets than these say nothing of the mixture. */
  private static final long ENOUGH = 1_000;

  private double share;
  private long received;
  private long dropped;
  private long lastReceived;
  private long lastDropped;
  private long lastInterface;
  private double owed;
  private long interfaceOwed;

  /** @param loopback all packets are of {@code lo} */
  KernelDrops(boolean loopback) {
    share = loopback ? 0.5 : 1;
  }

  /**
   * Takes note of libpcap's totals.
   *
   * @param nowReceived packets that came by the filter, those that were dropped too
   * @param delivered packets that libpcap handed on, in all
   * @param drained the ring was empty just now, so nothing is on its way
   */
  void update(
      long nowReceived, long nowDropped, long nowInterface, long delivered, boolean drained) {
    received += grown(nowReceived, lastReceived);
    long growth = grown(nowDropped, lastDropped);
    dropped += growth;
    long interfaceGrowth = grown(nowInterface, lastInterface);
    lastReceived = nowReceived;
    lastDropped = nowDropped;
    lastInterface = nowInterface;
    long kept = received - dropped;
    if (drained && kept >= ENOUGH) {
      share = Math.min(1, Math.max(0.5, (double) delivered / kept));
    }
    owed += growth * share;
    interfaceOwed += interfaceGrowth;
  }

  /** Packets lost by the kernel since the last call. */
  long takeKernel() {
    long whole = (long) Math.ceil(owed - 1e-6);
    owed -= whole;
    return whole;
  }

  /** Packets lost by the interface since the last call. */
  long takeInterface() {
    long whole = interfaceOwed;
    interfaceOwed = 0;
    return whole;
  }

  /** Growth of a counter of 32 bits. */
  private static long grown(long now, long before) {
    return (now - before) & 0xFFFFFFFFL;
  }
}
