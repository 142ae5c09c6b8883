package io.sidewire.wire.flow;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Community ID version 1 with seed 0: the flow hash by which Zeek, Suricata and others name the same flow.
 *
 * <p>Keeps a digest, so that a call allocates the text only: one instance a thread.
 */
public final class CommunityId {
  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMP6 = 58;
  private static final int SCTP = 132;

  /** Message types of ICMP that ask and answer, as pairs; all others go one way. */
  private static final int[] ICMP_PAIRS = {8, 0, 13, 14, 15, 16, 17, 18, 10, 9};

  /** The same for ICMPv6. */
  private static final int[] ICMP6_PAIRS = {128, 129, 133, 134, 135, 136, 130, 131, 144, 145};

  // Seed, both addresses, protocol, padding, both ports.
  private final byte[] input = new byte[2 + 16 + 16 + 2 + 4];
  private final MessageDigest sha1;

  public CommunityId() {
    try {
      sha1 = MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  /**
   * The Community ID of a flow, the same from either end.
   *
   * @param addressLength 4 or 16
   * @param sourcePort for ICMP and ICMPv6: the type; -1 where there are no ports
   * @param destinationPort for ICMP and ICMPv6: the code
   */
  public String of(
      int protocol,
      byte[] bytes,
      int sourceOffset,
      int destinationOffset,
      int addressLength,
      int sourcePort,
      int destinationPort) {
    int from = sourcePort;
    int to = destinationPort;
    boolean oneWay = false;
    if ((protocol == ICMP || protocol == ICMP6) && sourcePort >= 0) {
      int counterpart = counterpart(protocol == ICMP ? ICMP_PAIRS : ICMP6_PAIRS, sourcePort);
      oneWay = counterpart < 0;
      to = oneWay ? destinationPort : counterpart;
    }
    boolean swap =
        !oneWay && after(bytes, sourceOffset, from, destinationOffset, to, addressLength);
    System.arraycopy(bytes, swap ? destinationOffset : sourceOffset, input, 2, addressLength);
    int at = 2 + addressLength;
    System.arraycopy(bytes, swap ? sourceOffset : destinationOffset, input, at, addressLength);
    at += addressLength;
    input[at++] = (byte) protocol;
    input[at++] = 0;
    if (hasPorts(protocol) && sourcePort >= 0) {
      at = put16(at, swap ? to : from);
      at = put16(at, swap ? from : to);
    }
    sha1.update(input, 0, at);
    return "1:" + Base64.getEncoder().encodeToString(sha1.digest());
  }

  private static boolean hasPorts(int protocol) {
    return switch (protocol) {
      case ICMP, TCP, UDP, ICMP6, SCTP -> true;
      default -> false;
    };
  }

  private static int counterpart(int[] pairs, int type) {
    for (int i = 0; i < pairs.length; i++) {
      if (pairs[i] == type) {
        return pairs[i ^ 1];
      }
    }
    return -1;
  }

  /** True where source comes after destination in the order of address, then port. */
  private static boolean after(
      byte[] bytes, int source, int sourcePort, int destination, int destinationPort, int length) {
    for (int i = 0; i < length; i++) {
      int order = (bytes[source + i] & 0xff) - (bytes[destination + i] & 0xff);
      if (order != 0) {
        return order > 0;
      }
    }
    return sourcePort > destinationPort;
  }

  private int put16(int at, int value) {
    input[at] = (byte) (value >> 8);
    input[at + 1] = (byte) value;
    return at + 2;
  }
}
