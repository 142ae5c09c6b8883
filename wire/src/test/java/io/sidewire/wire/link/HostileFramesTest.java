package io.sidewire.wire.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.Frames;
import io.sidewire.testkit.Links;
import io.sidewire.wire.Limits;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any bytes are read or refused with a reason, never anything else. */
class HostileFramesTest {
  private static final byte[] TCP4 =
      Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 80, 7, 9, Frames.ACK, Frames.ascii("hello"));

  @Test
  void readsOrRefusesWhateverIsChanged() {
    List<Object[]> seeds = new ArrayList<>();
    for (Links link : Links.values()) {
      seeds.add(new Object[] {link.linkType(), link.frame(TCP4)});
    }
    TunnelsTest.tunnels()
        .forEach(t -> seeds.add(new Object[] {1, Links.ethernet((byte[]) t.get()[1])}));
    Frames.fragments(TCP4, 1, 16).forEach(f -> seeds.add(new Object[] {1, Links.ethernet(f)}));
    var random = new Random(4);
    var decoding = new Decoding();
    for (int round = 0; round < 60_000; round++) {
      Object[] seed = seeds.get(random.nextInt(seeds.size()));
      byte[] frame = ((byte[]) seed[1]).clone();
      for (int change = random.nextInt(6); change >= 0; change--) {
        int at = random.nextInt(frame.length);
        frame[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) 0xff;
      }
      int captured = random.nextInt(4) == 0 ? random.nextInt(frame.length + 1) : frame.length;
      int wire = random.nextInt(4) == 0 ? random.nextInt() : frame.length;
      decoding.timeMicros += random.nextInt(1000);
      decoding.cut((int) seed[0], frame, captured, wire);
    }
  }

  @Test
  void readsOrRefusesNoise() {
    int[] linkTypes = {
      0, 1, 6, 9, 10, 11, 12, 50, 51, 101, 104, 105, 107, 108, 109, 113, 117, 119, 122, 127, 138,
      149, 163, 166, 192, 204, 228, 229, 239, 258, 276, 281, 282, 284, 285
    };
    var random = new Random(5);
    var decoding = new Decoding();
    for (int round = 0; round < 60_000; round++) {
      byte[] noise = new byte[random.nextInt(120)];
      random.nextBytes(noise);
      if (noise.length > 0 && random.nextBoolean()) {
        noise[0] = (byte) (random.nextBoolean() ? 0x45 : 0x60);
      }
      decoding.frame(linkTypes[random.nextInt(linkTypes.length)], noise);
    }
  }

  @Test
  void acceptsLengthsThatCannotBe() {
    var decoder = new PacketDecoder(Limits.DEFAULT);
    var out = new DecodedFrame();
    byte[] frame = Links.ethernet(TCP4);
    int[] values = {Integer.MIN_VALUE, -1, 0, 1, frame.length, 1000, Integer.MAX_VALUE};
    for (int offset : values) {
      for (int captured : values) {
        for (int wire : values) {
          decoder.decode(1, frame, offset, captured, wire, Long.MIN_VALUE, out);
        }
      }
    }
    assertThat(out).isNotNull();
  }

  @Test
  void allocatesNothingAPacket() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    var decoder = new PacketDecoder(Limits.DEFAULT);
    var out = new DecodedFrame();
    byte[] plain = Links.VLAN.frame(TCP4);
    byte[] tunnelled = Links.ethernet(Frames.udp(
        "192.0.2.1",
        5,
        "192.0.2.2",
        4789,
        Frames.concat(Frames.hex("0800000000000100"), Links.ethernet(TCP4))));
    long thread = Thread.currentThread().getId();
    long allocated = Long.MAX_VALUE;
    // The interpreter and the compilers may allocate before the code is warm: the last round
    // counts.
    for (int round = 0; round < 5; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int i = 0; i < 20_000; i++) {
        decoder.decode(1, plain, 0, plain.length, plain.length, i, out);
        decoder.decode(1, tunnelled, 0, tunnelled.length, tunnelled.length, i, out);
      }
      allocated = threads.getThreadAllocatedBytes(thread) - before;
    }
    assertThat(allocated).isLessThan(20_000);
  }
}
