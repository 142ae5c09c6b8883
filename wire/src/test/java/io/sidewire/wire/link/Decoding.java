package io.sidewire.wire.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.Links;
import io.sidewire.wire.Limits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** One decoder and what it found last, with checks that hold for every answer. */
final class Decoding {
  final PacketDecoder decoder;
  final DecodedFrame out = new DecodedFrame();
  long timeMicros = 1_000_000;

  Decoding() {
    this(Limits.DEFAULT);
  }

  Decoding(Limits limits) {
    decoder = new PacketDecoder(limits);
  }

  Decoding of(Links link, byte[] ip) {
    return frame(link.linkType(), link.frame(ip));
  }

  Decoding ethernet(byte[] ip) {
    return of(Links.ETHERNET, ip);
  }

  Decoding frame(int linkType, byte[] frame) {
    return cut(linkType, frame, frame.length, frame.length);
  }

  /** Decodes the first {@code captured} bytes of a frame, from the middle of a larger array. */
  Decoding cut(int linkType, byte[] frame, int captured, int wire) {
    byte[] around = new byte[captured + 64];
    Arrays.fill(around, (byte) 0xee);
    System.arraycopy(frame, 0, around, 32, captured);
    decoder.decode(linkType, around, 32, captured, wire, timeMicros, out);
    check();
    return this;
  }

  IpLayer layer() {
    assertThat(out.reason).isNull();
    return out.layers[out.layerCount - 1];
  }

  IpLayer layer(int index) {
    assertThat(out.layerCount).as("layers, reason %s", out.reason).isGreaterThan(index);
    return out.layers[index];
  }

  /** Whom and how much the innermost layer tells of, as text. */
  String facts() {
    return out.layerCount == 0 ? "none: " + out.reason : facts(layer());
  }

  static String facts(IpLayer l) {
    return "%s:%d > %s:%d protocol %d ip %d payload %d %s flags %x"
        .formatted(
            address(l, l.sourceOffset),
            l.sourcePort,
            address(l, l.destinationOffset),
            l.destinationPort,
            l.protocol,
            l.ipBytes,
            l.payloadLength,
            new String(l.bytes, l.payloadOffset, l.payloadCaptured),
            l.tcpFlags);
  }

  static String payload(IpLayer l) {
    return new String(l.bytes, l.payloadOffset, l.payloadCaptured);
  }

  static String address(IpLayer l, int offset) {
    byte[] bytes = Arrays.copyOfRange(l.bytes, offset, offset + (l.version == 4 ? 4 : 16));
    try {
      return InetAddress.getByAddress(bytes).getHostAddress();
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private void check() {
    assertThat(out.layerCount == 0).isEqualTo(out.reason != null);
    for (int i = 0; i < out.layerCount; i++) {
      IpLayer l = out.layers[i];
      int size = l.version == 4 ? 4 : 16;
      assertThat(l.sourceOffset).isBetween(0, l.bytes.length - size);
      assertThat(l.destinationOffset).isBetween(0, l.bytes.length - size);
      assertThat(l.transportOffset).isBetween(0, l.bytes.length);
      assertThat(l.payloadCaptured).isBetween(0, l.payloadLength);
      assertThat(l.payloadLength).isGreaterThanOrEqualTo(0);
      if (l.payloadLength > 0) {
        assertThat(l.payloadOffset).isBetween(0, l.bytes.length - l.payloadCaptured);
      }
      assertThat(l.fragment && l.payloadLength > 0).isFalse();
    }
  }
}
