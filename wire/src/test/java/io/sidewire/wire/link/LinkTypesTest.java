package io.sidewire.wire.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.Frames;
import io.sidewire.testkit.Links;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The same packet gives the same layer whatever carries it. */
class LinkTypesTest {
  private static final byte[] TCP4 =
      Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 80, 7, 9, Frames.ACK, Frames.ascii("hello"));
  private static final byte[] UDP6 =
      Frames.udp("2001:db8::1", 53, "2001:db8::2", 5353, Frames.ascii("name"));

  @ParameterizedTest
  @EnumSource(Links.class)
  void givesTheSameLayer(Links link) {
    var decoding = new Decoding();
    assertThat(decoding.of(link, TCP4).facts())
        .isEqualTo("10.0.0.1:4000 > 10.0.0.2:80 protocol 6 ip 45 payload 5 hello flags 10");
    assertThat(decoding.of(link, UDP6).facts())
        .isEqualTo("2001:db8:0:0:0:0:0:1:53 > 2001:db8:0:0:0:0:0:2:5353"
            + " protocol 17 ip 52 payload 4 name flags 0");
    assertThat(decoding.out.layerCount).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Links.class)
  void takesNoPaddingForPayload(Links link) {
    byte[] frame = link.frame(TCP4);
    byte[] padded = Links.pad(frame, frame.length + 14, 'x');
    assertThat(new Decoding().frame(link.linkType(), padded).facts())
        .isEqualTo("10.0.0.1:4000 > 10.0.0.2:80 protocol 6 ip 45 payload 5 hello flags 10");
  }

  @ParameterizedTest
  @EnumSource(Links.class)
  void readsAnyCutOrSaysWhyNot(Links link) {
    byte[] frame = link.frame(TCP4);
    int header = frame.length - TCP4.length;
    var decoding = new Decoding();
    for (int captured = 0; captured <= frame.length; captured++) {
      decoding.cut(link.linkType(), frame, captured, frame.length);
      int ip = captured - header;
      if (ip < 20) {
        assertThat(decoding.out.layerCount).as("cut at %d", captured).isZero();
        continue;
      }
      IpLayer layer = decoding.layer();
      assertThat(layer.ipBytes).isEqualTo(45);
      assertThat(layer.sourcePort).isEqualTo(ip >= 24 ? 4000 : -1);
      assertThat(layer.payloadLength).as("cut at %d", captured).isEqualTo(5);
      assertThat(layer.payloadCaptured).isEqualTo(Math.max(0, ip - 40));
      assertThat(layer.transportProblem == null).isEqualTo(ip >= 40);
      // The same bytes as a whole frame: the IP length is then more than there was.
      decoding.cut(link.linkType(), frame, captured, captured);
    }
  }

  @Test
  void listsVlansFromTheOutermost() {
    var decoding = new Decoding().of(Links.QINQ, TCP4);
    assertThat(decoding.out.vlanCount).isEqualTo(2);
    assertThat(decoding.out.vlans).startsWith(11, 7);
  }

  @Test
  void boundsVlansAndHeaders() {
    byte[] frame = Links.ethernet(TCP4);
    for (int i = 0; i < 20; i++) {
      frame = Links.vlan(i, frame);
    }
    var decoding = new Decoding().frame(1, frame);
    assertThat(decoding.out.vlanCount).isEqualTo(DecodedFrame.MAX_VLANS);
    assertThat(decoding.layer().sourcePort).isEqualTo(4000);
    for (int i = 0; i < 100; i++) {
      frame = Links.vlan(i, frame);
    }
    decoding.frame(1, frame);
    assertThat(decoding.out.reason).isEqualTo("too_many_headers");
  }

  @ParameterizedTest
  @CsvSource({
    "0806, 00, arp, false",
    "88cc, 00, lldp, false",
    "1234, 00, ethertype_unknown, false",
    "88e5, 0c00000000010800, macsec_encrypted, false",
    "0026, 424203, stp, false",
    "0800, 45, ip_header_truncated, true",
    "0800, 4500001400000000400600000a0000010a00, ip_header_truncated, true",
    "0800, 6500001400000000400600000a0000010a000002, ip_version_invalid, true",
    "0800, 4400001400000000400600000a0000010a000002, ip_length_invalid, true",
    "0800, 4500000a00000000400600000a0000010a000002, ip_length_invalid, true",
    "86dd, 60, ip_header_truncated, true",
    "8864, 1100004200, pppoe_header_truncated, false",
    "8864, 110000420002c021, ppp_control, false",
    "8847, 0001004000, mpls_label_truncated, false",
  })
  void countsByReasonWhatIsNotRead(String type, String payload, String reason, boolean malformed) {
    var decoding =
        new Decoding().frame(1, Links.etherType(Integer.parseInt(type, 16), Frames.hex(payload)));
    assertThat(decoding.out.reason).isEqualTo(reason);
    assertThat(decoding.out.malformed).isEqualTo(malformed);
  }

  @Test
  void namesAnUnknownLinkType() {
    assertThat(new Decoding().frame(9999, TCP4).facts()).isEqualTo("none: link_type_unknown");
  }

  @Test
  void readsEthernetBehindAControlWord() {
    byte[] payload = Frames.concat(Frames.hex("0001 0140 00000000"), Links.ethernet(TCP4));
    var decoding = new Decoding().frame(1, Links.etherType(0x8847, payload));
    assertThat(decoding.layer().sourcePort).isEqualTo(4000);
    byte[] bare = Frames.concat(Frames.hex("0001 0140"), Links.ethernet(UDP6));
    assertThat(decoding.frame(1, Links.etherType(0x8847, bare)).layer().sourcePort)
        .isEqualTo(53);
  }

  @Test
  void readsMarvellTagsWithTheirVlan() {
    byte[] frame = Links.ethernet(TCP4);
    byte[] tagged = Frames.concat(
        Frames.slice(frame, 0, 12), Frames.hex("6000 0009"), Frames.slice(frame, 12, 59));
    var decoding = new Decoding().frame(284, tagged);
    assertThat(decoding.layer().sourcePort).isEqualTo(4000);
    assertThat(decoding.out.vlans[0]).isEqualTo(9);
    byte[] typed = Frames.concat(
        Frames.slice(frame, 0, 12), Frames.hex("dada 0000 4000 0000"), Frames.slice(frame, 12, 59));
    assertThat(decoding.frame(285, typed).layer().sourcePort).isEqualTo(4000);
    assertThat(decoding.frame(1, typed).layer().sourcePort).isEqualTo(4000);
  }

  @Test
  void readsFramesThatMacsecOnlySigns() {
    byte[] signed = Frames.concat(Frames.hex("2000 00000001 0200000000010001 0800"), TCP4);
    assertThat(new Decoding().frame(1, Links.etherType(0x88e5, signed)).layer().sourcePort)
        .isEqualTo(4000);
    byte[] bare = Frames.concat(Frames.hex("0000 00000001 0800"), TCP4);
    assertThat(new Decoding().frame(1, Links.etherType(0x88e5, bare)).layer().sourcePort)
        .isEqualTo(4000);
  }

  @Test
  void readsWifiFramesWithQualityOfServiceAndFourAddresses() {
    byte[] snap = Frames.hex("aaaa03 000000 0800");
    byte[] header = Frames.hex("8803 0000 020000000003 020000000001 020000000002 1000");
    byte[] frame = Frames.concat(header, Frames.hex("020000000004 0000"), snap, TCP4);
    assertThat(new Decoding().frame(105, frame).layer().sourcePort).isEqualTo(4000);
    frame[1] |= 0x40;
    assertThat(new Decoding().frame(105, frame).out.reason).isEqualTo("wifi_encrypted");
  }

  @Test
  void readsRadiotapWithATimestampBeforeItsFlags() {
    // Flags at 16, behind an aligned timestamp: the header is padded to four bytes.
    byte[] radiotap = Frames.hex("0000 1100 03000000 0000000000000000 20");
    byte[] header = Frames.hex("8801 0000 020000000003 020000000001 020000000002 1000 0000 0000");
    byte[] frame = Frames.concat(radiotap, header, Frames.hex("aaaa03 000000 0800"), TCP4);
    assertThat(new Decoding().frame(127, frame).layer().sourcePort).isEqualTo(4000);
  }
}
