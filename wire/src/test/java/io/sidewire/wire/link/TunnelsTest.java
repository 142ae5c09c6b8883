package io.sidewire.wire.link;

import static io.sidewire.testkit.Frames.concat;
import static io.sidewire.testkit.Frames.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.Frames;
import io.sidewire.testkit.Links;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TunnelsTest {
  private static final String A = "192.0.2.1";
  private static final String B = "192.0.2.2";
  private static final byte[] TCP4 =
      Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 80, 7, 9, Frames.ACK, Frames.ascii("hello"));
  private static final byte[] TCP6 =
      Frames.tcp("fd00::1", 4000, "fd00::2", 80, 7, 9, Frames.ACK, Frames.ascii("hello"));

  static Stream<Arguments> tunnels() {
    byte[] ethernet = Links.ethernet(TCP4);
    return Stream.of(
        tunnel("IP in IP", Frames.ip(A, B, 4, TCP4)),
        tunnel("6in4", Frames.ip(A, B, 41, TCP6)),
        tunnel("4in6", Frames.ip("fd01::1", "fd01::2", 4, TCP4)),
        tunnel("EtherIP", Frames.ip(A, B, 97, concat(hex("3000"), ethernet))),
        tunnel("MPLS in IP", Frames.ip(A, B, 137, concat(hex("00010140"), TCP4))),
        tunnel("GRE", gre(hex("0000 0800"), TCP4)),
        tunnel("GRE with IPv6", gre(hex("0000 86dd"), TCP6)),
        tunnel("GRE with all options", gre(hex("b000 0800 00000000 00000001 00000002"), TCP4)),
        tunnel("GRE with routes", gre(hex("4000 0800 00000000 0800 0004 0a000009 00000000"), TCP4)),
        tunnel("GRE with Ethernet", gre(hex("0000 6558"), ethernet)),
        tunnel("GRE with VLAN", gre(hex("0000 6558"), Links.vlan(5, ethernet))),
        tunnel("GRE with metadata", gre(hex("0000 8909 0800 01 01 0001 0000"), TCP4)),
        tunnel("ERSPAN I", gre(hex("0000 88be"), ethernet)),
        tunnel("ERSPAN II", gre(hex("1000 88be 00000001 1001 0001 00000000"), ethernet)),
        tunnel(
            "ERSPAN III",
            gre(hex("1000 22eb 00000001 2001 0001 00000000 0000 0001" + "00".repeat(8)), ethernet)),
        tunnel("PPTP", gre(hex("3081 880b 002f 0001 00000001 00000002 ff03 0021"), TCP4)),
        tunnel("WCCP 2", gre(hex("0000 883e 00000000"), TCP4)),
        tunnel("VXLAN", udp(4789, hex("08000000 00000100"), ethernet)),
        tunnel("VXLAN of Linux", udp(8472, hex("08000000 00000100"), ethernet)),
        tunnel("VXLAN-GPE", udp(4790, hex("0c000001 00000100"), TCP4)),
        tunnel("VXLAN with a type", udp(4789, hex("0c000003 00000100"), ethernet)),
        tunnel("GRE in UDP", udp(4754, hex("2000 0800 00000001"), TCP4)),
        tunnel(
            "GRE of Aruba",
            gre(
                hex("0000 8200 8801 0000 020000000003 020000000001 020000000002 1000 0000"
                    + "aaaa03 000000 0800"),
                TCP4)),
        tunnel(
            "GTP version 0", udp(3386, hex("1eff 002d 0000 0001 ffffffff 4200012143658709"), TCP4)),
        tunnel("Geneve", udp(6081, hex("0000 6558 00000100"), ethernet)),
        tunnel("Geneve with options", udp(6081, hex("0100 0800 00000100 00000000"), TCP4)),
        tunnel("GTP-U", udp(2152, hex("30ff 002d 00000001"), TCP4)),
        tunnel(
            "GTP-U with an extension",
            udp(2152, hex("34ff 0035 00000001 0000 00 85 01 000000"), TCP4)),
        tunnel("Teredo", udp(3544, new byte[0], TCP6)),
        tunnel(
            "Teredo with both headers",
            udp(3544, hex("0001 0000 0000000000000000 00 0000 0000 00000000"), TCP6)),
        tunnel("AYIYA", udp(5072, hex("44 52 11 29 00000000" + "00".repeat(16 + 20)), TCP6)),
        tunnel("L2TP", udp(1701, hex("0002 0001 0001 ff03 0021"), TCP4)),
        tunnel("L2TP with a length", udp(1701, hex("4002 0036 0001 0001 0021"), TCP4)),
        tunnel("LISP", udp(4341, new byte[8], TCP4)),
        tunnel("MPLS in UDP", udp(6635, hex("00010140"), TCP4)));
  }

  private static Arguments tunnel(String name, byte[] ip) {
    return Arguments.of(name, ip);
  }

  private static byte[] gre(byte[] header, byte[] payload) {
    return Frames.ip(A, B, 47, concat(header, payload));
  }

  private static byte[] udp(int port, byte[] header, byte[] payload) {
    return Frames.udp(A, 50_000, B, port, concat(header, payload));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tunnels")
  void readsOuterAndInner(String name, byte[] ip) {
    var decoding = new Decoding().ethernet(ip);
    assertThat(decoding.out.layerCount).as(decoding.out.tunnelProblem).isEqualTo(2);
    assertThat(decoding.layer(0).ipBytes).isEqualTo(ip.length);
    IpLayer inner = decoding.layer(1);
    assertThat(inner.sourcePort).isEqualTo(4000);
    assertThat(Decoding.payload(inner)).isEqualTo("hello");
    assertThat(decoding.out.tunnelProblem).isNull();
    assertThat(decoding.out.vlanCount).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tunnels")
  void keepsTheOuterWhereverTheFrameIsCut(String name, byte[] ip) {
    byte[] frame = Links.ethernet(ip);
    var decoding = new Decoding();
    for (int captured = 14 + 40; captured < frame.length; captured++) {
      decoding.cut(1, frame, captured, frame.length);
      assertThat(decoding.layer(0).ipBytes).isEqualTo(ip.length);
      decoding.cut(1, frame, captured, captured);
    }
  }

  @Test
  void takesNothingElseOnTheirPortsForATunnel() {
    for (int port : new int[] {4789, 4754, 3386, 8472, 6081, 2152, 3544, 1701, 4341, 5072}) {
      for (String text : new String[] {"", "hello", "GET / HTTP/1.1 and more than enough bytes"}) {
        byte[] ip = Frames.udp(A, 50_000, B, port, Frames.ascii(text));
        var decoding = new Decoding().ethernet(ip);
        assertThat(decoding.out.layerCount).as("%d %s", port, text).isEqualTo(1);
        assertThat(decoding.out.tunnelProblem).isNull();
      }
    }
  }

  @Test
  void boundsTunnelsInTunnels() {
    byte[] ip = TCP4;
    for (int i = 0; i < 12; i++) {
      ip = Frames.ip(A, B, 4, ip);
    }
    var decoding = new Decoding().ethernet(ip);
    assertThat(decoding.out.layerCount).isEqualTo(DecodedFrame.MAX_LAYERS);
    assertThat(decoding.out.tunnelProblem).isEqualTo("too_many_layers");
  }

  @Test
  void readsATunnelWhoseOuterPacketWasFragmented() {
    byte[] big = Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 80, 7, 9, Frames.ACK, new byte[1400]);
    byte[] outer = udp(4789, hex("08000000 00000100"), Links.ethernet(big));
    var decoding = new Decoding();
    var fragments = Frames.fragments(outer, 77, 1000);
    assertThat(decoding.ethernet(fragments.get(0)).out.layerCount).isEqualTo(1);
    decoding.ethernet(fragments.get(1));
    assertThat(decoding.out.layerCount).isEqualTo(2);
    assertThat(decoding.layer(1).payloadCaptured).isEqualTo(1400);
  }
}
