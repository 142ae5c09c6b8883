package io.sidewire.wire.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.Frames;
import io.sidewire.testkit.Links;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpAndTransportTest {
  private static final String A4 = "10.0.0.1";
  private static final String B4 = "10.0.0.2";
  private static final String A6 = "2001:db8::1";
  private static final String B6 = "2001:db8::2";
  private static final byte[] SEGMENT =
      Frames.slice(Frames.tcp(A4, 4000, B4, 80, 7, 9, Frames.ACK, Frames.ascii("hello")), 20, 45);

  @Test
  void readsTcpFields() {
    byte[] ip = Frames.tcp(
        A4,
        4000,
        B4,
        80,
        0xfffffff0L,
        0x80000000L,
        Frames.SYN | Frames.ACK,
        65535,
        Frames.hex("020405b4 01"),
        new byte[0]);
    IpLayer layer = new Decoding().ethernet(ip).layer();
    assertThat(layer.tcpSequence).isEqualTo(0xfffffff0L);
    assertThat(layer.tcpAcknowledgment).isEqualTo(0x80000000L);
    assertThat(layer.tcpFlags).isEqualTo(Frames.SYN | Frames.ACK);
    assertThat(layer.tcpWindow).isEqualTo(65535);
    assertThat(layer.payloadLength).isZero();
    assertThat(layer.transportProblem).isNull();
  }

  @Test
  void takesTheFrameForTheLengthThatSegmentationOffloadLeavesOut() {
    byte[] ip = Frames.ip(A4, B4, 6, SEGMENT);
    ip[2] = ip[3] = 0;
    assertThat(new Decoding().ethernet(ip).facts())
        .endsWith("protocol 6 ip 45 payload 5 hello flags 10");
    byte[] ip6 = Frames.ip(A6, B6, 6, SEGMENT);
    ip6[4] = ip6[5] = 0;
    assertThat(new Decoding().ethernet(ip6).facts())
        .endsWith("protocol 6 ip 65 payload 5 hello flags 10");
  }

  @Test
  void readsJumbograms() {
    byte[] data = new byte[70_000];
    byte[] udp = Frames.udp(A6, 1, B6, 2, data);
    byte[] payload =
        Frames.concat(Frames.hex("11 00 c2 04 00011178"), Frames.slice(udp, 40, udp.length));
    byte[] ip = Frames.ipv6(A6, B6, 0, payload);
    ip[4] = ip[5] = 0;
    ip[40 + 8 + 4] = ip[40 + 8 + 5] = 0; // the UDP length cannot say it either
    IpLayer layer = new Decoding().ethernet(ip).layer();
    assertThat(layer.ipBytes).isEqualTo(ip.length);
    assertThat(layer.payloadLength).isEqualTo(70_000);
  }

  @Test
  void stepsOverOptionsAndExtensionHeaders() {
    byte[] options = Frames.hex("01010101 94040000");
    byte[] ip = Frames.ipv4(A4, B4, 6, 1, 0, false, options, SEGMENT);
    assertThat(new Decoding().ethernet(ip).facts()).endsWith("ip 53 payload 5 hello flags 10");

    byte[] chain = Frames.concat(
        Frames.hex("3c 00 010400000000"), // hop by hop
        Frames.hex("2b 00 010400000000"), // destination options
        Frames.hex("33 02 0000 00000000 " + "00".repeat(16)), // routing, three words
        Frames.hex("2c 04 0000 00000001 00000001 " + "00".repeat(12)), // authentication
        Frames.hex("06 00 0000 00000007"), // a fragment that is whole by itself
        SEGMENT);
    var decoding = new Decoding().ethernet(Frames.ipv6(A6, B6, 0, chain));
    assertThat(decoding.facts()).contains(":4000 > ").contains("protocol 6").contains("hello");
    assertThat(decoding.layer().fragment).isFalse();
  }

  @Test
  void stepsOverAnAuthenticationHeaderInIpv4() {
    byte[] payload = Frames.concat(Frames.hex("06 04 0000" + "00".repeat(20)), SEGMENT);
    assertThat(new Decoding().ethernet(Frames.ip(A4, B4, 51, payload)).facts())
        .contains("10.0.0.1:4000 > 10.0.0.2:80 protocol 6")
        .contains("payload 5 hello");
  }

  @Test
  void keepsTheLayerWhereAnExtensionHeaderIsMissing() {
    var decoding = new Decoding().ethernet(Frames.ipv6(A6, B6, 0, new byte[0]));
    // Without a payload the length says nothing: the header is simply not there.
    assertThat(decoding.layer().protocol).isZero();
    assertThat(decoding.layer().transportProblem).isEqualTo("ip_extension_truncated");
  }

  @Test
  void boundsTheChainOfExtensionHeaders() {
    byte[] chain = new byte[8 * 40];
    for (int i = 0; i < 40; i++) {
      chain[8 * i] = 60;
    }
    assertThat(new Decoding().ethernet(Frames.ipv6(A6, B6, 60, chain)).layer().transportProblem)
        .isEqualTo("ip_extension_limit");
  }

  @Test
  void readsTypesOfIcmp() {
    IpLayer layer =
        new Decoding().ethernet(Frames.icmp(A4, B4, 8, 3, new byte[8])).layer();
    assertThat(layer.protocol).isEqualTo(1);
    assertThat(layer.icmpType).isEqualTo(8);
    assertThat(layer.icmpCode).isEqualTo(3);
    assertThat(layer.sourcePort).isEqualTo(-1);
    assertThat(layer.payloadLength).isZero();
    layer = new Decoding().ethernet(Frames.icmp(A6, B6, 135, 0, new byte[20])).layer();
    assertThat(layer.protocol).isEqualTo(58);
    assertThat(layer.icmpType).isEqualTo(135);
  }

  @Test
  void readsPortsOfSctp() {
    IpLayer layer =
        new Decoding().ethernet(Frames.sctp(A4, 5000, B4, 5001, new byte[16])).layer();
    assertThat(layer.sourcePort).isEqualTo(5000);
    assertThat(layer.destinationPort).isEqualTo(5001);
    IpLayer tooSmall =
        new Decoding().ethernet(Frames.ip(A4, B4, 132, new byte[4])).layer();
    assertThat(tooSmall.sourcePort).isEqualTo(-1);
    assertThat(tooSmall.transportProblem).isEqualTo("transport_header_invalid");
  }

  @Test
  void keepsProtocolsWithoutPorts() {
    IpLayer layer = new Decoding().ethernet(Frames.ip(A4, B4, 50, new byte[40])).layer();
    assertThat(layer.protocol).isEqualTo(50);
    assertThat(layer.sourcePort).isEqualTo(-1);
    assertThat(layer.transportProblem).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x40, 0xf0})
  void refusesADataOffsetThatCannotBe(int dataOffset) {
    byte[] ip = Frames.ip(A4, B4, 6, SEGMENT);
    ip[32] = (byte) dataOffset;
    IpLayer layer = new Decoding().ethernet(ip).layer();
    assertThat(layer.transportProblem).isEqualTo("tcp_header_invalid");
    assertThat(layer.payloadLength).isZero();
    assertThat(layer.sourcePort).isEqualTo(4000);
  }

  @Test
  void takesTheSmallerOfBothLengthsOfUdp() {
    byte[] ip = Frames.udp(A4, 1, B4, 2, Frames.ascii("0123456789"));
    ip[25] = 8 + 4;
    assertThat(new Decoding().ethernet(ip).facts()).contains("payload 4 0123 ");
    ip[25] = 100;
    assertThat(new Decoding().ethernet(ip).facts()).contains("payload 10 0123456789 ");
    ip[25] = 5;
    assertThat(new Decoding().ethernet(ip).layer().transportProblem)
        .isEqualTo("udp_length_invalid");
  }

  @Test
  void keepsWireLengthsOfAFrameThatTheSnapLengthCut() {
    byte[] frame = Links.ethernet(Frames.udp(A4, 1, B4, 2, new byte[1000]));
    IpLayer layer = new Decoding().cut(1, frame, 96, frame.length).layer();
    assertThat(layer.ipBytes).isEqualTo(1028);
    assertThat(layer.payloadLength).isEqualTo(1000);
    assertThat(layer.payloadBytes).isEqualTo(1000);
    assertThat(layer.payloadCaptured).isEqualTo(96 - 14 - 28);
  }
}
