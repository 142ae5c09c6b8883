package io.sidewire.wire.link;

import java.util.Arrays;

/** An IP datagram of which fragments were seen: its bytes so far, whose it is, and fragments that wait to know that. */
final class Datagram {
  /** Place of the payload in {@link #bytes}: behind both addresses. */
  static final int PAYLOAD = 32;

  static final int MAX_LENGTH = 65535;
  private static final int UNIT = 8;
  private static final int MAX_HELD = 1024;

  /** Bytes that a held fragment's figures take. */
  private static final int OVERHEAD = 24;

  private static final byte[] NO_BYTES = {};
  private static final long[] NO_LONGS = {};
  private static final int[] NO_INTS = {};

  final long startMicros;
  private boolean done;

  private byte[] bytes = NO_BYTES;

  /** One bit for each 8 bytes that came: offsets count in these units. */
  private long[] units = NO_LONGS;

  private int unitCount;

  /** Payload bytes of the whole; -1 until the last fragment came. */
  private int length = -1;

  /** Where the first byte is missing because the snap length cut a fragment. */
  private int cutAt = Integer.MAX_VALUE;

  private int nextHeader;

  private boolean known;
  private int headerEnd;
  private int protocol;
  private int sourcePort;
  private int destinationPort;
  private int icmpType;
  private int icmpCode;

  private int heldCount;
  private long[] heldTimes = NO_LONGS;
  private int[] heldFrameBytes = NO_INTS;
  private int[] heldIpBytes = NO_INTS;
  private int[] heldOffsets = NO_INTS;
  private int[] heldSizes = NO_INTS;
  private int heldLevel;

  /** @param last the datagram of the same number before, to whose flow a repeated fragment belongs; or null */
  Datagram(long startMicros, Datagram last) {
    this.startMicros = startMicros;
    if (last != null) {
      known = last.known;
      headerEnd = last.headerEnd;
      protocol = last.protocol;
      sourcePort = last.sourcePort;
      destinationPort = last.destinationPort;
      icmpType = last.icmpType;
      icmpCode = last.icmpCode;
    }
  }

  /** Takes the bytes at the cursor; the first copy of each byte wins. */
  void add(Cursor c, IpLayer layer, int offset, boolean more) {
    int size = c.wireLeft();
    boolean usable = size > 0 && offset + size <= MAX_LENGTH && (!more || size % UNIT == 0);
    if (!usable) {
      return;
    }
    if (offset == 0) {
      nextHeader = c.number;
    }
    if (!more && length < 0) {
      length = offset + size;
    }
    if (length >= 0) {
      size = Math.min(size, length - offset);
    }
    if (size <= 0) {
      return;
    }
    ensure(offset + size);
    copyAddresses(layer);
    int captured = Math.min(c.end - c.at, size);
    if (captured < size) {
      cutAt = Math.min(cutAt, offset + captured);
    }
    for (int at = 0; at < size; at += UNIT) {
      int unit = (offset + at) / UNIT;
      if ((units[unit >> 6] & 1L << unit) == 0) {
        units[unit >> 6] |= 1L << unit;
        unitCount++;
        int count = Math.min(UNIT, captured - at);
        if (count > 0) {
          System.arraycopy(c.bytes, c.at + at, bytes, PAYLOAD + offset + at, count);
        }
      }
    }
    if (!more) {
      forgetBeyondEnd();
    }
  }

  /** Fragments that lie behind the last one do not count towards the whole. */
  private void forgetBeyondEnd() {
    int count = 0;
    int last = (length + UNIT - 1) / UNIT;
    for (int i = 0; i < units.length; i++) {
      int first = i << 6;
      long mask = last >= first + 64 ? -1L : last <= first ? 0L : (1L << last - first) - 1;
      units[i] &= mask;
      count += Long.bitCount(units[i]);
    }
    unitCount = count;
  }

  private void ensure(int payload) {
    int needed = PAYLOAD + payload;
    if (bytes.length < needed) {
      int size = Math.min(Math.max(needed, 2 * bytes.length), PAYLOAD + MAX_LENGTH);
      bytes = Arrays.copyOf(bytes, size);
      units = Arrays.copyOf(units, (size / UNIT >> 6) + 1);
    }
  }

  private void copyAddresses(IpLayer layer) {
    int size = layer.version == 4 ? 4 : 16;
    System.arraycopy(layer.bytes, layer.sourceOffset, bytes, 0, size);
    System.arraycopy(layer.bytes, layer.destinationOffset, bytes, size, size);
  }

  boolean whole() {
    return length >= 0 && unitCount == (length + UNIT - 1) / UNIT;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  int captured() {
    return Math.min(length, cutAt);
  }

  int nextHeader() {
    return nextHeader;
  }

  boolean known() {
    return known;
  }

  /** @param headerEnd where the payload begins that is counted */
  void learn(IpLayer layer, int headerEnd) {
    known = true;
    this.headerEnd = headerEnd;
    protocol = layer.protocol;
    sourcePort = layer.sourcePort;
    destinationPort = layer.destinationPort;
    icmpType = layer.icmpType;
    icmpCode = layer.icmpCode;
  }

  void tell(IpLayer layer, int offset, int size) {
    layer.payloadBytes = share(offset, size);
    layer.protocol = protocol;
    layer.sourcePort = sourcePort;
    layer.destinationPort = destinationPort;
    layer.icmpType = icmpType;
    layer.icmpCode = icmpCode;
  }

  /** Payload bytes of the transport among {@code size} bytes at {@code offset}. */
  private int share(int offset, int size) {
    return Math.max(0, offset + size - Math.max(offset, headerEnd));
  }

  boolean hold(Cursor c, IpLayer layer, int offset, int size) {
    if (heldCount == MAX_HELD) {
      return false;
    }
    if (heldCount == heldTimes.length) {
      int room = Math.max(4, 2 * heldCount);
      heldTimes = Arrays.copyOf(heldTimes, room);
      heldFrameBytes = Arrays.copyOf(heldFrameBytes, room);
      heldIpBytes = Arrays.copyOf(heldIpBytes, room);
      heldOffsets = Arrays.copyOf(heldOffsets, room);
      heldSizes = Arrays.copyOf(heldSizes, room);
    }
    heldTimes[heldCount] = c.timeMicros;
    heldFrameBytes[heldCount] = c.frameBytes;
    heldIpBytes[heldCount] = layer.ipBytes;
    heldOffsets[heldCount] = offset;
    heldSizes[heldCount] = size;
    heldLevel = c.out.layerCount - 1;
    heldCount++;
    return true;
  }

  /** Hands the held fragments to the layer that made the flow known; the arrays stay as they are until the next. */
  void release(IpLayer layer) {
    for (int i = 0; i < heldCount; i++) {
      heldSizes[i] = share(heldOffsets[i], heldSizes[i]);
    }
    layer.releasedPayloadBytes = heldSizes;
    layer.releasedCount = heldCount;
    layer.releasedTimes = heldTimes;
    layer.releasedFrameBytes = heldFrameBytes;
    layer.releasedIpBytes = heldIpBytes;
    heldCount = 0;
  }

  int heldCount() {
    return heldCount;
  }

  HeldFragment held(int index) {
    return new HeldFragment(heldTimes[index], heldFrameBytes[index], heldIpBytes[index], heldLevel);
  }

  /** Forgets the bytes but not whose they were. */
  void done() {
    done = true;
    bytes = NO_BYTES;
    units = NO_LONGS;
  }

  boolean isDone() {
    return done;
  }

  /** Memory that this datagram holds, nearly. */
  int cost() {
    return 200 + bytes.length + 8 * units.length + OVERHEAD * heldTimes.length;
  }
}
