package io.sidewire.wire.flow;

/** One packet of a flow, mutated in place and valid during the callback only. */
public final class PacketView {
  public static final int MARK_RETRANSMISSION = 1;
  public static final int MARK_GAP_BEFORE = 2;
  public static final int MARK_OUT_OF_ORDER = 4;
  public static final int MARK_DUPLICATE = 8;

  /** Epoch microseconds. */
  public long timeMicros;

  public boolean toServer;
  /** Original length on the wire. */
  public int frameBytes;

  /** IP total length. */
  public int ipBytes;
  /** Transport payload, retransmissions included, link padding excluded. */
  public int payloadBytes;

  /** TCP flags byte, 0 for other transports. */
  public int tcpFlags;

  public int marks;
}
