package io.sidewire.wire.flow;

import io.sidewire.wire.Limits;

/**
 * Frames in, flows and observations out: the one entry of this module. Not thread-safe; one instance a shard.
 *
 * <p>Packet time drives everything: idle flows end by {@link #tick}, never by a clock.
 */
public final class WireAnalyzer {
  private final Limits limits;
  private final WireListener listener;

  /** @param salt enters every flow id, e.g. the host id */
  public WireAnalyzer(String salt, Limits limits, WireListener listener) {
    this.limits = limits;
    this.listener = listener;
  }

  /**
   * Takes one frame.
   *
   * @param linkType DLT/LINKTYPE number as in a pcap file header
   * @param capturedLength bytes of the frame in {@code frame}
   * @param wireLength original length, at least {@code capturedLength}
   * @param timeMicros packet time; may go backwards
   */
  public void packet(
      int linkType,
      byte[] frame,
      int offset,
      int capturedLength,
      int wireLength,
      long timeMicros) {}

  /** Ends flows that are idle at {@code nowMicros}; at most {@code budget} of them, so capture is never stalled. */
  public void tick(long nowMicros, int budget) {}

  /** Ends every flow as {@code capture_ended} (those already closed keep their state). */
  public void end() {}
}
