package io.sidewire.capture;

/**
 * Finds packets that a capture on all interfaces sees once more as they pass from one interface of this host to another
 * (a container's, its bridge, the wire).
 *
 * <p>Only LINUX_SLL2 tells which interface a packet was on. Two packets are one where all of their first bytes from the
 * IP header on agree, but for what a router changes, on different interfaces within a few milliseconds. A
 * retransmission is seen on the same interfaces again, and is kept once each time.
 */
final class DuplicateFilter {
  //  0                   1                   2                   3
  // |         Protocol type         |          Reserved (0)         |
  // |                        Interface index                        |
  // |          ARPHRD type          |  Packet type  | Address length|
  // |                      Link-layer address (8)                   |
  private static final int PROTOCOL_OFFSET = 0;
  private static final int INTERFACE_OFFSET = 4;
  private static final int HEADER = 20;
  private static final int IPV4 = 0x0800;
  private static final int IPV6 = 0x86DD;
  private static final int HASHED_BYTES = 128;
  private static final int SLOTS = 1 << 13;
  private static final long SAME_MICROS = 20_000;

  private final long[] hashes = new long[SLOTS];
  private final long[] times = new long[SLOTS];
  private final int[] interfaces = new int[SLOTS];

  /** True for a packet that was seen on another interface just before. */
  boolean isDuplicate(byte[] frame, int offset, int captured, int wireLength, long timeMicros) {
    if (captured < HEADER + 20) {
      return false;
    }
    int protocol = u16(frame, offset + PROTOCOL_OFFSET);
    if (protocol != IPV4 && protocol != IPV6) {
      return false;
    }
    int device =
        u16(frame, offset + INTERFACE_OFFSET) << 16 | u16(frame, offset + INTERFACE_OFFSET + 2);
    long hash = hash(frame, offset + HEADER, captured - HEADER, protocol == IPV4, wireLength);
    int slot = (int) (hash >>> 51);
    boolean same = hashes[slot] == hash && Math.abs(timeMicros - times[slot]) <= SAME_MICROS;
    if (same && interfaces[slot] != device) {
      return true;
    }
    hashes[slot] = hash;
    times[slot] = timeMicros;
    interfaces[slot] = device;
    return false;
  }

  /** All but hop count and header checksum, which change on the way. */
  private static long hash(byte[] frame, int offset, int length, boolean four, int wireLength) {
    long hash = wireLength;
    int end = Math.min(length, HASHED_BYTES);
    for (int i = 0; i < end; i++) {
      boolean changes = four ? i == 8 || i == 10 || i == 11 : i == 7;
      if (!changes) {
        hash = (hash ^ (frame[offset + i] & 0xFF)) * 0x100000001B3L;
      }
    }
    hash ^= hash >>> 32;
    return hash * 0x9E3779B97F4A7C15L | 1;
  }

  private static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
  }
}
