package io.sidewire.wire;

/** Takes the datagrams of a UDP flow in capture order. No method may throw, whatever the bytes. */
public interface DatagramConsumer {
  /** @param bytes the caller's array; valid during the call only. {@code complete} is false when the snap length cut it. */
  void onDatagram(
      Side from, byte[] bytes, int offset, int length, long timeMicros, boolean complete);

  /** The flow is over: report what is still open. Called once. */
  void onFlowEnd(long timeMicros);
}
