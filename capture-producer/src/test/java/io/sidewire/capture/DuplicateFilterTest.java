package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.Frames;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class DuplicateFilterTest {
  private static final int VETH = 5;
  private static final int BRIDGE = 4;
  private static final int WIRE = 2;

  private final DuplicateFilter filter = new DuplicateFilter();

  @Test
  void aPacketOnItsWayThroughTheHostCountsOnce() {
    byte[] packet = packet("10.0.0.1", 1);
    assertThat(seen(VETH, packet, 0)).isFalse();
    assertThat(seen(BRIDGE, packet, 30)).isTrue();
    assertThat(seen(WIRE, routed(packet), 60)).isTrue();
  }

  @Test
  void aRetransmissionIsKeptEachTime() {
    byte[] packet = packet("10.0.0.1", 1);
    assertThat(seen(VETH, packet, 0)).isFalse();
    assertThat(seen(BRIDGE, packet, 30)).isTrue();
    assertThat(seen(VETH, packet, 5_000)).isFalse();
    assertThat(seen(BRIDGE, packet, 5_030)).isTrue();
  }

  @Test
  void aPacketSeenMuchLaterElsewhereIsAnother() {
    byte[] packet = packet("10.0.0.1", 1);
    assertThat(seen(VETH, packet, 0)).isFalse();
    assertThat(seen(BRIDGE, packet, 20_001)).isFalse();
  }

  @Test
  void packetsThatDifferAreKept() {
    assertThat(seen(VETH, packet("10.0.0.1", 1), 0)).isFalse();
    assertThat(seen(BRIDGE, packet("10.0.0.1", 2), 1)).isFalse();
    assertThat(seen(BRIDGE, packet("10.0.0.3", 1), 1)).isFalse();
  }

  @Test
  void shortFramesAndOtherProtocolsAreKept() {
    byte[] arp = sll2(VETH, 0x0806, new byte[40]);
    assertThat(filter.isDuplicate(arp, 0, arp.length, arp.length, 0)).isFalse();
    arp[7] = BRIDGE;
    assertThat(filter.isDuplicate(arp, 0, arp.length, arp.length, 0)).isFalse();
    assertThat(filter.isDuplicate(new byte[10], 0, 10, 10, 0)).isFalse();
  }

  private boolean seen(int device, byte[] packet, long time) {
    byte[] frame = sll2(device, 0x0800, packet);
    return filter.isDuplicate(frame, 0, frame.length, frame.length, time);
  }

  /** A router has taken one from the hop count and mended the checksum. */
  private static byte[] routed(byte[] packet) {
    byte[] out = packet.clone();
    out[8]--;
    out[10]++;
    return out;
  }

  private static byte[] packet(String source, int content) {
    return Frames.udp(source, 5000, "10.0.0.2", 53, new byte[] {(byte) content});
  }

  private static byte[] sll2(int device, int protocol, byte[] packet) {
    return ByteBuffer.allocate(20 + packet.length)
        .putShort((short) protocol)
        .putShort((short) 0)
        .putInt(device)
        .putShort((short) 1)
        .put((byte) 0)
        .put((byte) 6)
        .putLong(0)
        .put(packet)
        .array();
  }
}
