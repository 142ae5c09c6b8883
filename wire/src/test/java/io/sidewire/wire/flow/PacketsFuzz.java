package io.sidewire.wire.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.Frames;
import io.sidewire.testkit.FuzzTarget;
import io.sidewire.testkit.Links;
import io.sidewire.testkit.TcpScript;
import io.sidewire.wire.Side;
import io.sidewire.wire.fuzz.HttpFuzz;
import io.sidewire.wire.fuzz.StreamFuzz;
import io.sidewire.wire.fuzz.TalkBytes;
import io.sidewire.wire.fuzz.TalkBytes.Step;
import java.util.List;

/** Whole frames into flows, with every reader behind them: each frame counts once, whatever it is. */
final class PacketsFuzz implements FuzzTarget {
  private static final int IP = 5;
  private static final int CUT = 6;

  @Override
  public void run(byte[] input) {
    Witness witness = new Witness();
    WireAnalyzer analyzer = new WireAnalyzer("host", HttpFuzz.LOW, witness);
    long time = 1_700_000_000_000_000L;
    for (Step step : TalkBytes.read(input, 0)) {
      if (step.kind() == TalkBytes.TIME) {
        time += (step.number() - 1000) * 10_000L;
        analyzer.tick(time, 10);
        continue;
      }
      byte[] bytes = step.bytes();
      int captured = step.kind() == CUT ? bytes.length / 2 : bytes.length;
      time += 300;
      witness.frame(bytes.length);
      analyzer.packet(step.kind() == IP ? 101 : 1, bytes, 0, captured, bytes.length, time);
      assertThat(analyzer.flows()).isLessThanOrEqualTo(HttpFuzz.LOW.flows());
    }
    analyzer.end();
    witness.assertConserved();
    witness.seen.forEach(StreamFuzz::text);
  }

  private static byte[] frames(TcpScript script) {
    byte[] all = {};
    for (TcpScript.Segment s : script.segments()) {
      all = Frames.concat(all, TalkBytes.client(s.frame()));
    }
    return all;
  }

  @Override
  public List<byte[]> seeds() {
    byte[] udp = Frames.udp("10.0.0.1", 50000, "10.0.0.2", 4000, new byte[60]);
    byte[] fragments = {};
    for (byte[] fragment : Frames.fragments(udp, 7, 40)) {
      fragments = Frames.concat(fragments, TalkBytes.kind(IP, Side.CLIENT, fragment));
    }
    return List.of(
        frames(TcpScript.toPort(80)
            .connect()
            .client("GET / HTTP/1.1\r\n\r\n")
            .server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            .close()),
        Frames.concat(fragments, TalkBytes.event(TalkBytes.TIME, Side.CLIENT, 5000)),
        Frames.concat(
            TalkBytes.kind(IP, Side.CLIENT, Frames.ip("10.0.0.1", "10.0.0.2", 4, udp)),
            TalkBytes.kind(CUT, Side.CLIENT, Links.vlan(7, Links.ethernet(udp))),
            TalkBytes.client(Links.etherType(0x0806, new byte[28]))));
  }
}
