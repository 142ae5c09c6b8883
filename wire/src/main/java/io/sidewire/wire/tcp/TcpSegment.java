package io.sidewire.wire.tcp;

import io.sidewire.wire.Side;

/** One segment as it was captured; mutated in place, valid during the call only. */
public final class TcpSegment {
  public static final int FIN = 0x01;
  public static final int SYN = 0x02;
  public static final int RST = 0x04;
  public static final int ACK = 0x10;

  public Side from;
  public long timeMicros;
  public int flags;
  public int sequence;
  public int acknowledgment;
  public int window;

  /** The payload's array and place. */
  public byte[] bytes;

  public int offset;

  /** Payload bytes that are in {@link #bytes}. */
  public int captured;

  /** Payload bytes on the wire, at least {@link #captured}. */
  public int length;

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Sequence number of the first payload byte: a SYN uses up one number before it. */
  int dataSequence() {
    return has(SYN) ? SeqNum.plus(sequence, 1) : sequence;
  }

  /** Numbers that this segment uses up. */
  int span() {
    return length + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0);
  }
}
