package io.sidewire.testkit;

import static io.sidewire.testkit.Frames.concat;
import static io.sidewire.testkit.Frames.hex;
import static io.sidewire.testkit.Frames.put16;
import static io.sidewire.testkit.Frames.put32;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Ways to put an IP packet into a frame, each with its link type as in a pcap file header. */
public enum Links {
  ETHERNET(1, Links::ethernet),
  VLAN(1, ip -> vlan(7, ethernet(ip))),
  QINQ(1, ip -> tag(0x88a8, 11, vlan(7, ethernet(ip)))),
  PPPOE(1, ip -> etherType(0x8864, concat(pppoe(2 + ip.length), pppType(ip), ip))),
  MPLS(1, ip -> etherType(0x8847, concat(hex("0001 0040 0001 1140"), ip))),
  LLC_SNAP(1, ip -> etherType(8 + ip.length, concat(snap(ip), ip))),
  CISCO_METADATA(
      1, ip -> etherType(0x8909, concat(hex("01 01 0001 00 10"), type(etherTypeOf(ip)), ip))),
  VN_TAG(1, ip -> etherType(0x8926, concat(hex("0000 0001"), type(etherTypeOf(ip)), ip))),
  FABRIC_PATH(1, ip -> concat(hex("020000000001 020000000002 8903 0001"), ethernet(ip))),
  SLL(113, ip -> concat(hex("0000 0001 0006 020000000001 0000"), type(etherTypeOf(ip)), ip)),
  SLL2(
      276,
      ip -> concat(type(etherTypeOf(ip)), hex("0000 00000003 0001 00 06 0200000000010000"), ip)),
  NULL_LITTLE(0, ip -> concat(isV6(ip) ? hex("1e000000") : hex("02000000"), ip)),
  NULL_BIG(0, ip -> concat(isV6(ip) ? hex("0000001c") : hex("00000002"), ip)),
  LOOP(108, ip -> concat(isV6(ip) ? hex("00000018") : hex("00000002"), ip)),
  RAW(101, UnaryOperator.identity()),
  RAW_12(12, UnaryOperator.identity()),
  RAW_14(14, UnaryOperator.identity()),
  PPP(9, ip -> concat(hex("ff03"), pppType(ip), ip)),
  PPP_BARE(9, ip -> concat(pppType(ip), ip)),
  PPP_SERIAL(50, ip -> concat(hex("ff03"), pppType(ip), ip)),
  PPP_ETHER(51, ip -> concat(pppoe(2 + ip.length), pppType(ip), ip)),
  C_HDLC(104, ip -> concat(hex("0f00"), type(etherTypeOf(ip)), ip)),
  FRAME_RELAY(107, ip -> concat(hex("1841 03"), isV6(ip) ? hex("8e") : hex("cc"), ip)),
  FDDI(10, ip -> concat(hex("50 020000000001 020000000002"), snap(ip), ip)),
  WIFI(105, ip -> concat(wifi(), snap(ip), ip)),
  RADIOTAP(127, ip -> concat(hex("0000 0800 00000000"), wifi(), snap(ip), ip)),
  NFLOG(239, ip -> concat(nflog(ip), ip)),
  PKTAP(258, ip -> concat(pktap(), ethernet(ip))),
  PKTAP_OLD(149, ip -> concat(pktap(), ethernet(ip)));

  private final int linkType;
  private final UnaryOperator<byte[]> wrap;

  Links(int linkType, UnaryOperator<byte[]> wrap) {
    this.linkType = linkType;
    this.wrap = wrap;
  }

  /** DLT/LINKTYPE number. */
  public int linkType() {
    return linkType;
  }

  public byte[] frame(byte[] ip) {
    return wrap.apply(ip);
  }

  /** An Ethernet frame without padding. */
  public static byte[] ethernet(byte[] ip) {
    return etherType(etherTypeOf(ip), ip);
  }

  /** An Ethernet frame with any type (or length) and payload. */
  public static byte[] etherType(int type, byte[] payload) {
    return concat(hex("020000000002 020000000001"), type(type), payload);
  }

  /** Puts an 802.1Q tag into an Ethernet frame. */
  public static byte[] vlan(int id, byte[] frame) {
    return tag(0x8100, id, frame);
  }

  public static byte[] tag(int type, int id, byte[] frame) {
    return concat(
        Frames.slice(frame, 0, 12), type(type), type(id), Frames.slice(frame, 12, frame.length));
  }

  /** Pads a frame with {@code filler} to {@code length} bytes, as cards do up to 60. */
  public static byte[] pad(byte[] frame, int length, int filler) {
    byte[] padded = Arrays.copyOf(frame, Math.max(length, frame.length));
    Arrays.fill(padded, frame.length, padded.length, (byte) filler);
    return padded;
  }

  static boolean isV6(byte[] ip) {
    return ip[0] >> 4 == 6;
  }

  private static int etherTypeOf(byte[] ip) {
    return isV6(ip) ? 0x86dd : 0x0800;
  }

  private static byte[] type(int value) {
    byte[] bytes = new byte[2];
    put16(bytes, 0, value);
    return bytes;
  }

  private static byte[] pppType(byte[] ip) {
    return type(isV6(ip) ? 0x0057 : 0x0021);
  }

  private static byte[] pppoe(int length) {
    return concat(hex("1100 0042"), type(length));
  }

  private static byte[] snap(byte[] ip) {
    return concat(hex("aaaa03 000000"), type(etherTypeOf(ip)));
  }

  /** Head of a data frame from a station to its access point, without QoS. */
  private static byte[] wifi() {
    return hex("0801 0000 020000000003 020000000001 020000000002 1000");
  }

  private static byte[] nflog(byte[] ip) {
    byte[] payload = new byte[4];
    payload[0] = (byte) (4 + ip.length);
    payload[1] = (byte) (4 + ip.length >> 8);
    payload[2] = 9;
    // Family, version, resource; then an attribute of five bytes, padded to a multiple of four.
    return concat(
        isV6(ip) ? hex("0a000000") : hex("02000000"), hex("0500 0a00 41 000000"), payload);
  }

  private static byte[] pktap() {
    byte[] header = new byte[108];
    header[0] = 108;
    header[4] = 1;
    put32(header, 8, 0x01000000);
    return header;
  }
}
