package io.sidewire.wire.link;

/**
 * One IP packet found in a frame, as offsets into {@link #bytes}; mutated in place, valid until the next decode.
 *
 * <p>A frame without tunnels has one layer; a tunnelled one has an outer, perhaps mids, and an inner.
 */
public final class IpLayer {
  private static final long[] EMPTY_LONGS = {};
  private static final int[] EMPTY_INTS = {};

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

  /**
   * True where this packet is a fragment that did not complete its datagram. It has no payload to parse; its packet and
   * bytes count for the flow of its datagram, whose ports stand here as soon as the first fragment was seen.
   */
  public boolean fragment;

  /**
   * True for a fragment that came before the first one of its datagram, so that its flow is not known yet. Count it
   * nowhere: the decoder keeps its figures and hands them back, either in {@link #releasedCount} of the layer that
   * brings the ports, or by {@link PacketDecoder#pollAbandoned} when the datagram is given up.
   */
  public boolean pending;

  /**
   * Fragments of this same datagram that were pending until now: each is one more packet of this layer's flow and
   * direction, with the times and sizes of the arrays below.
   */
  public int releasedCount;

  public long[] releasedTimes = EMPTY_LONGS;
  public int[] releasedFrameBytes = EMPTY_INTS;
  public int[] releasedIpBytes = EMPTY_INTS;
  public int[] releasedPayloadBytes = EMPTY_INTS;

  /** True where {@link #bytes} is a datagram put together from fragments, of which this packet was the last to come. */
  public boolean reassembled;

  /** IP identification of a fragment. */
  public int fragmentId;

  /** First byte of the transport header in {@link #bytes}. */
  public int transportOffset;

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

  /** Payload bytes of TCP or UDP that were captured. */
  public int payloadCaptured;

  /** Payload bytes of TCP or UDP on the wire, link padding excluded; at least {@link #payloadCaptured}; 0 for others. */
  public int payloadLength;

  /**
   * What this very packet adds to the payload bytes of its flow: {@link #payloadLength}, but for a fragment its share of
   * the datagram's payload. Count this one, parse the other.
   */
  public int payloadBytes;

  /** Reason why the transport header could not be read; null: it could. */
  public String transportProblem;

  void clear() {
    fragment = false;
    pending = false;
    releasedCount = 0;
    reassembled = false;
    fragmentId = 0;
    sourcePort = -1;
    destinationPort = -1;
    icmpType = 0;
    icmpCode = 0;
    tcpFlags = 0;
    tcpSequence = 0;
    tcpAcknowledgment = 0;
    tcpWindow = 0;
    payloadCaptured = 0;
    payloadLength = 0;
    payloadBytes = 0;
    transportProblem = null;
  }
}
