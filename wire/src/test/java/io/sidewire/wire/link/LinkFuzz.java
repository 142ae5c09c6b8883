package io.sidewire.wire.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.Frames;
import io.sidewire.testkit.FuzzTarget;
import io.sidewire.testkit.Links;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Side;
import io.sidewire.wire.fuzz.HttpFuzz;
import io.sidewire.wire.fuzz.TalkBytes;
import io.sidewire.wire.fuzz.TalkBytes.Step;
import java.util.ArrayList;
import java.util.List;

/** Frames of any link type: the first byte is the type, each step a frame, of which some are cut short. */
final class LinkFuzz implements FuzzTarget {
  private static final int LINK_TYPES = 290;
  private static final int CUT = 5;
  private static final int PER_FRAGMENT = 256;

  @Override
  public void run(byte[] input) {
    if (input.length < 2) {
      return;
    }
    int linkType = ((input[0] & 0xff) << 8 | input[1] & 0xff) % LINK_TYPES;
    Decoding decoding = new Decoding(HttpFuzz.LOW);
    for (Step step : TalkBytes.read(input, 2)) {
      byte[] frame = step.bytes();
      int captured = step.kind() == CUT ? frame.length / 2 : frame.length;
      decoding.timeMicros += step.kind() == TalkBytes.TIME ? step.number() * 1000L : 1;
      decoding.cut(linkType, frame, captured, frame.length);
      assertThat(decoding.decoder.fragmentBytes())
          .isBetween(0L, (long) Limits.DEFAULT.fragmentBytesTotal());
    }
    decoding.decoder.end();
    HeldFragment held = new HeldFragment();
    for (int i = 0; decoding.decoder.pollAbandoned(held); i++) {
      assertThat(i).isLessThan(input.length / 3 * PER_FRAGMENT);
    }
  }

  private static byte[] type(int linkType) {
    return new byte[] {(byte) (linkType >>> 8), (byte) linkType};
  }

  @Override
  public List<byte[]> seeds() {
    byte[] v4 =
        Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 80, 7, 9, Frames.ACK, Frames.ascii("hello"));
    byte[] v6 = Frames.udp("2001:db8::1", 53, "2001:db8::2", 53, Frames.ascii("hello"));
    List<byte[]> seeds = new ArrayList<>();
    for (Links link : Links.values()) {
      seeds.add(Frames.concat(
          type(link.linkType()),
          TalkBytes.client(link.frame(v4)),
          TalkBytes.client(link.frame(v6)),
          TalkBytes.kind(CUT, Side.CLIENT, link.frame(v4))));
    }
    TunnelsTest.tunnels()
        .forEach(tunnel -> seeds.add(Frames.concat(
            type(1), TalkBytes.client(Links.ethernet((byte[]) tunnel.get()[1])))));
    for (byte[] packet : List.of(v4, v6)) {
      byte[] seed = type(1);
      for (byte[] fragment : Frames.fragments(packet, 1, 16)) {
        seed = Frames.concat(seed, TalkBytes.client(Links.ethernet(fragment)));
      }
      seeds.add(seed);
    }
    return seeds;
  }
}
