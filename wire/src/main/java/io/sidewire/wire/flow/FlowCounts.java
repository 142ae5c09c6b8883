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
  public long retransmissions;
  public long outOfOrder;
  public long duplicates;
  public long gapBytes;
  public long zeroWindows;
}
