package io.sidewire.wire.link;

/**
 * One IP packet found in a frame, as offsets into {@link #bytes}; mutated in place, valid until the next decode.
 *
 * <p>A frame without tunnels has one layer; a tunnelled one has an outer, perhaps mids, and an inner.
 */
public final class IpLayer {
  /** The frame, or a reassembled datagram. */
  public byte[] bytes;

  /** 4 or 6. */
  public int version;

  public int sourceOffset;
  public int destinationOffset;

  /** Transport protocol number after extension headers. */
  public int protocol;

  /** IP total length (header and payload; from the captured length where the header says 0). */
  public int ipBytes;

  /** True where this packet is a fragment of a datagram that is not whole (or not the last fragment of it). */
  public boolean fragment;

  /** IP identification of a fragment, with which the flow of its datagram is found. */
  public int fragmentId;

  /** -1 where the transport has no ports or they were not captured. For ICMP: see icmpType and icmpCode. */
  public int sourcePort;

  public int destinationPort;
  public int icmpType;
  public int icmpCode;

  /** TCP only. */
  public int tcpFlags;

  public long tcpSequence;
  public long tcpAcknowledgment;
  public int tcpWindow;

  /** First byte of the transport payload in {@link #bytes}. */
  public int payloadOffset;

  /** Payload bytes that were captured. */
  public int payloadCaptured;

  /** Payload bytes on the wire, link padding excluded; at least {@link #payloadCaptured}. */
  public int payloadLength;

  /** Reason why the transport header could not be read; null: it could. */
  public String transportProblem;
}
