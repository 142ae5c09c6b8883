package io.sidewire.wire.flow;

import io.sidewire.wire.tcp.TcpMarks;

/** One packet of a flow, mutated in place and valid during the callback only. */
public final class PacketView {
  /** As {@link TcpMarks#RETRANSMISSION}. */
  public static final int MARK_RETRANSMISSION = TcpMarks.RETRANSMISSION;

  /** As {@link TcpMarks#GAP_BEFORE}. */
  public static final int MARK_GAP_BEFORE = TcpMarks.GAP_BEFORE;

  /** As {@link TcpMarks#OUT_OF_ORDER}. */
  public static final int MARK_OUT_OF_ORDER = TcpMarks.OUT_OF_ORDER;

  /** As {@link TcpMarks#DUPLICATE}. */
  public static final int MARK_DUPLICATE = TcpMarks.DUPLICATE;

  /** As {@link TcpMarks#KEEP_ALIVE}. */
  public static final int MARK_KEEP_ALIVE = TcpMarks.KEEP_ALIVE;

  /** As {@link TcpMarks#SPURIOUS}, besides {@link #MARK_RETRANSMISSION}. */
  public static final int MARK_SPURIOUS = TcpMarks.SPURIOUS;

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
