package io.sidewire.testkit;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Packets as bytes: IPv4 and IPv6 (by the form of the addresses) with TCP, UDP, ICMP or SCTP inside, lengths and
 * checksums right. {@link Links} puts them into frames, {@link CaptureFiles} into files.
 */
public final class Frames {
  public static final int FIN = 0x01;
  public static final int SYN = 0x02;
  public static final int RST = 0x04;
  public static final int PSH = 0x08;
  public static final int ACK = 0x10;
  public static final int URG = 0x20;

  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMP = 1;
  private static final int ICMP6 = 58;
  private static final int SCTP = 132;

  private Frames() {}

  /** An IP packet with a TCP segment; window 64240, no options. */
  public static byte[] tcp(
      String source,
      int sourcePort,
      String destination,
      int destinationPort,
      long sequence,
      long acknowledgment,
      int flags,
      byte[] payload) {
    return tcp(
        source,
        sourcePort,
        destination,
        destinationPort,
        sequence,
        acknowledgment,
        flags,
        64240,
        new byte[0],
        payload);
  }

  /** An IP packet with a TCP segment; {@code options} are padded to a multiple of four bytes. */
  public static byte[] tcp(
      String source,
      int sourcePort,
      String destination,
      int destinationPort,
      long sequence,
      long acknowledgment,
      int flags,
      int window,
      byte[] options,
      byte[] payload) {
    int optionBytes = (options.length + 3) / 4 * 4;
    byte[] segment = new byte[20 + optionBytes + payload.length];
    put16(segment, 0, sourcePort);
    put16(segment, 2, destinationPort);
    put32(segment, 4, sequence);
    put32(segment, 8, acknowledgment);
    segment[12] = (byte) ((20 + optionBytes) / 4 << 4);
    segment[13] = (byte) flags;
    put16(segment, 14, window);
    System.arraycopy(options, 0, segment, 20, options.length);
    System.arraycopy(payload, 0, segment, 20 + optionBytes, payload.length);
    put16(segment, 16, checksum(source, destination, TCP, segment));
    return ip(source, destination, TCP, segment);
  }

  /** An IP packet with a UDP datagram. */
  public static byte[] udp(
      String source, int sourcePort, String destination, int destinationPort, byte[] payload) {
    byte[] datagram = new byte[8 + payload.length];
    put16(datagram, 0, sourcePort);
    put16(datagram, 2, destinationPort);
    put16(datagram, 4, datagram.length);
    System.arraycopy(payload, 0, datagram, 8, payload.length);
    int sum = checksum(source, destination, UDP, datagram);
    put16(datagram, 6, sum == 0 ? 0xffff : sum);
    return ip(source, destination, UDP, datagram);
  }

  /** An IP packet with an ICMP or ICMPv6 message: type, code, checksum, then {@code body}. */
  public static byte[] icmp(String source, String destination, int type, int code, byte[] body) {
    byte[] message = new byte[4 + body.length];
    message[0] = (byte) type;
    message[1] = (byte) code;
    System.arraycopy(body, 0, message, 4, body.length);
    boolean v6 = isV6(source);
    put16(
        message,
        2,
        v6 ? checksum(source, destination, ICMP6, message) : fold(sum(0, message, message.length)));
    return ip(source, destination, v6 ? ICMP6 : ICMP, message);
  }

  /** An IP packet with an SCTP common header (checksum left 0) and {@code chunks}. */
  public static byte[] sctp(
      String source, int sourcePort, String destination, int destinationPort, byte[] chunks) {
    byte[] packet = new byte[12 + chunks.length];
    put16(packet, 0, sourcePort);
    put16(packet, 2, destinationPort);
    System.arraycopy(chunks, 0, packet, 12, chunks.length);
    return ip(source, destination, SCTP, packet);
  }

  /** An IP packet with any payload, identification 1. */
  public static byte[] ip(String source, String destination, int protocol, byte[] payload) {
    return isV6(source)
        ? ipv6(source, destination, protocol, payload)
        : ipv4(source, destination, protocol, 1, 0, false, new byte[0], payload);
  }

  /**
   * An IPv4 packet.
   *
   * @param fragmentOffset in bytes, a multiple of 8
   * @param options a multiple of four bytes
   */
  public static byte[] ipv4(
      String source,
      String destination,
      int protocol,
      int identification,
      int fragmentOffset,
      boolean moreFragments,
      byte[] options,
      byte[] payload) {
    int header = 20 + options.length;
    byte[] packet = new byte[header + payload.length];
    packet[0] = (byte) (0x40 | header / 4);
    put16(packet, 2, packet.length);
    put16(packet, 4, identification);
    put16(packet, 6, fragmentOffset / 8 | (moreFragments ? 0x2000 : 0));
    packet[8] = 64;
    packet[9] = (byte) protocol;
    System.arraycopy(address(source), 0, packet, 12, 4);
    System.arraycopy(address(destination), 0, packet, 16, 4);
    System.arraycopy(options, 0, packet, 20, options.length);
    put16(packet, 10, fold(sum(0, packet, header)));
    System.arraycopy(payload, 0, packet, header, payload.length);
    return packet;
  }

  /** An IPv6 packet; {@code nextHeader} may be that of an extension header with which {@code payload} begins. */
  public static byte[] ipv6(String source, String destination, int nextHeader, byte[] payload) {
    byte[] packet = new byte[40 + payload.length];
    packet[0] = 0x60;
    put16(packet, 4, payload.length);
    packet[6] = (byte) nextHeader;
    packet[7] = 64;
    System.arraycopy(address(source), 0, packet, 8, 16);
    System.arraycopy(address(destination), 0, packet, 24, 16);
    System.arraycopy(payload, 0, packet, 40, payload.length);
    return packet;
  }

  /** Cuts an IP packet without options or extension headers into fragments of at most {@code size} payload bytes. */
  public static List<byte[]> fragments(byte[] packet, int identification, int size) {
    int step = Math.max(8, size / 8 * 8);
    boolean v6 = packet[0] >> 4 == 6;
    int header = v6 ? 40 : 20;
    List<byte[]> fragments = new ArrayList<>();
    for (int at = header; at < packet.length; at += step) {
      int end = Math.min(at + step, packet.length);
      byte[] part = slice(packet, at, end);
      boolean more = end < packet.length;
      fragments.add(
          v6
              ? fragment6(packet, identification, at - header, more, part)
              : fragment4(packet, identification, at - header, more, part));
    }
    return fragments;
  }

  private static byte[] fragment4(
      byte[] packet, int identification, int offset, boolean more, byte[] part) {
    byte[] fragment = concat(slice(packet, 0, 20), part);
    put16(fragment, 2, fragment.length);
    put16(fragment, 4, identification);
    put16(fragment, 6, offset / 8 | (more ? 0x2000 : 0));
    put16(fragment, 10, 0);
    put16(fragment, 10, fold(sum(0, fragment, 20)));
    return fragment;
  }

  private static byte[] fragment6(
      byte[] packet, int identification, int offset, boolean more, byte[] part) {
    byte[] extension = new byte[8];
    extension[0] = packet[6];
    put16(extension, 2, offset | (more ? 1 : 0));
    put32(extension, 4, identification);
    byte[] fragment = concat(slice(packet, 0, 40), extension, part);
    put16(fragment, 4, fragment.length - 40);
    fragment[6] = 44;
    return fragment;
  }

  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Bytes from hexadecimal digits; blanks are skipped. */
  public static byte[] hex(String digits) {
    String packed = digits.replaceAll("\\s", "");
    byte[] bytes = new byte[packed.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(packed.substring(2 * i, 2 * i + 2), 16);
    }
    return bytes;
  }

  public static byte[] concat(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Bytes from {@code start} to before {@code end}. */
  public static byte[] slice(byte[] bytes, int start, int end) {
    return Arrays.copyOfRange(bytes, start, end);
  }

  static void put16(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >> 8);
    bytes[at + 1] = (byte) value;
  }

  static void put32(byte[] bytes, int at, long value) {
    put16(bytes, at, (int) (value >> 16));
    put16(bytes, at + 2, (int) value);
  }

  private static boolean isV6(String address) {
    return address.indexOf(':') >= 0;
  }

  private static byte[] address(String text) {
    try {
      // Only literals are ever given here, so that no name is looked up.
      byte[] bytes = InetAddress.getByName(text).getAddress();
      if (bytes.length == (isV6(text) ? 16 : 4)) {
        return bytes;
      }
      byte[] mapped = new byte[16];
      mapped[10] = mapped[11] = (byte) 0xff;
      System.arraycopy(bytes, 0, mapped, 12, 4);
      return mapped;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("no address literal: " + text, e);
    }
  }

  /** Checksum over the pseudo header and a transport segment whose own checksum field is 0. */
  private static int checksum(String source, String destination, int protocol, byte[] segment) {
    byte[] from = address(source);
    byte[] to = address(destination);
    long sum = sum(sum(0, from, from.length), to, to.length) + protocol + segment.length;
    return fold(sum(sum, segment, segment.length));
  }

  private static long sum(long start, byte[] bytes, int length) {
    long sum = start;
    for (int i = 0; i < length; i++) {
      sum += (bytes[i] & 0xff) << ((i & 1) == 0 ? 8 : 0);
    }
    return sum;
  }

  private static int fold(long sum) {
    long folded = sum;
    while (folded >> 16 != 0) {
      folded = (folded & 0xffff) + (folded >> 16);
    }
    return (int) ~folded & 0xffff;
  }
}
