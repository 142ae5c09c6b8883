package io.sidewire.wire;

/**
 * Takes both directions of a TCP connection as bytes in order, with gaps as events.
 *
 * <p>Bytes of one direction come in sequence; the two directions interleave in the order of their packets. No method may
 * throw, whatever the bytes.
 */
public interface StreamConsumer {
  /**
   * Takes the next bytes of one direction.
   *
   * @param bytes the caller's array; valid during the call only
   * @param timeMicros packet time of the first packet that carried these bytes, epoch microseconds
   * @param sequence TCP sequence number of the first of these bytes, as unsigned 32 bits
   */
  void onData(Side from, byte[] bytes, int offset, int length, long timeMicros, long sequence);

  /**
   * {@code from} has acknowledged the other side's bytes up to {@code next}, the TCP acknowledgment number of a packet,
   * told before the bytes of that packet. An answer can only belong to a request that its sender had received; without
   * these calls consumers go by time.
   */
  default void onAcknowledged(Side from, long next) {}

  /** {@code missing} bytes will never come: lost by the capture, or cut by its snap length. */
  void onGap(Side from, long missing, long timeMicros);

  /** This direction ended: FIN, or RST (then for both sides, {@code reset}). */
  void onEnd(Side from, boolean reset, long timeMicros);

  /**
   * Packet time has reached {@code nowMicros} without bytes of this flow: a consumer that infers from silence may report.
   * What it reports here, later bytes may revise; without these calls the final reports are the same.
   */
  default void onTime(long nowMicros) {}

  /** The flow is over (closed, idle, evicted, end of capture): report what is still open. Called once. */
  void onFlowEnd(long timeMicros);
}
