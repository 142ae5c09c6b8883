package io.sidewire.wire.flow;

/** Running totals of a flow, mutated in place: no allocation per packet. */
public final class FlowCounts {
  public long packetsToServer;
  public long packetsToClient;
  public long frameBytesToServer;
  public long frameBytesToClient;
  public long ipBytesToServer;
  public long ipBytesToClient;
  public long payloadBytesToServer;
  public long payloadBytesToClient;

  /** TCP segments that brought again what was captured before, or what was lost before the capture point. */
  public long retransmissions;

  /** TCP segments that filled a hole within the time in which networks reorder. */
  public long outOfOrder;

  /** Packets that were captured twice; none of the other TCP figures counts them. */
  public long duplicates;

  /** TCP payload bytes that were never seen, {@link #cutBytes} among them. */
  public long gapBytes;

  /** TCP segments that announced a window of 0. */
  public long zeroWindows;

  /** TCP payload bytes that lie behind the snap length. */
  public long cutBytes;

  /** TCP keep-alive probes; not counted as retransmissions. */
  public long keepAlives;

  /** Those retransmissions that repeated what was already acknowledged. */
  public long spuriousRetransmissions;

  void add(boolean toServer, int frameBytes, int ipBytes, int payloadBytes) {
    if (toServer) {
      packetsToServer++;
      frameBytesToServer += frameBytes;
      ipBytesToServer += ipBytes;
      payloadBytesToServer += payloadBytes;
    } else {
      packetsToClient++;
      frameBytesToClient += frameBytes;
      ipBytesToClient += ipBytes;
      payloadBytesToClient += payloadBytes;
    }
  }

  /** Exchanges the two directions. */
  void turn() {
    long kept = packetsToServer;
    packetsToServer = packetsToClient;
    packetsToClient = kept;
    kept = frameBytesToServer;
    frameBytesToServer = frameBytesToClient;
    frameBytesToClient = kept;
    kept = ipBytesToServer;
    ipBytesToServer = ipBytesToClient;
    ipBytesToClient = kept;
    kept = payloadBytesToServer;
    payloadBytesToServer = payloadBytesToClient;
    payloadBytesToClient = kept;
  }
}
