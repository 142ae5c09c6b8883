package io.sidewire.wire.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.TcpScript;
import io.sidewire.wire.Observation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes down what an analyzer tells, and holds it against what was captured. */
final class Witness implements WireListener {
  final List<Integer> marks = new ArrayList<>();
  final List<String> unflowed = new ArrayList<>();
  final List<Observation> seen = new ArrayList<>();

  /** E.g. {@code Request}, {@code Odd TCP_GAP}. */
  final List<String> observed = new ArrayList<>();

  int turned;
  private final Map<FlowView, long[]> sums = new LinkedHashMap<>();
  private final List<Row> ended = new ArrayList<>();
  private final Set<Long> ids = new HashSet<>();
  private long packets;
  private long bytes;
  private int lastFrame;
  private long unflowedBytes;

  /** A flow with what it said of itself. */
  record Row(FlowView flow) {
    String state() {
      return flow.state();
    }

    @Override
    public String toString() {
      FlowCounts c = flow.counts();
      return flow.transport()
          + " "
          + end(flow.clientAddress(), flow.clientPort())
          + " > "
          + end(flow.serverAddress(), flow.serverPort())
          + (flow.clientKnown() ? " known " : " guessed ")
          + flow.tunnel()
          + " "
          + flow.state()
          + " "
          + (c.packetsToServer + "+" + c.packetsToClient + " packets ")
          + (c.payloadBytesToServer + "+" + c.payloadBytesToClient + " payload");
    }

    private static String end(String address, int port) {
      String host = address.contains(":") ? "[" + address + "]" : address;
      return port < 0 ? host : host + ":" + port;
    }
  }

  void play(WireAnalyzer analyzer, TcpScript script) {
    for (TcpScript.Segment s : script.segments()) {
      frame(s.wireLength());
      analyzer.packet(1, s.frame(), 0, s.frame().length, s.wireLength(), s.timeMicros());
    }
  }

  /** A frame is about to be given to the analyzer. */
  void frame(int wireLength) {
    packets++;
    bytes += wireLength;
    lastFrame = wireLength;
  }

  int lastFrame() {
    return lastFrame;
  }

  List<Row> rows() {
    return sums.keySet().stream().map(Row::new).toList();
  }

  List<Row> ended() {
    return ended;
  }

  Set<Long> ids() {
    return ids;
  }

  /** Each frame was counted once. */
  void assertConserved() {
    long flowPackets = 0;
    long flowBytes = 0;
    for (Map.Entry<FlowView, long[]> entry : sums.entrySet()) {
      FlowCounts c = entry.getKey().counts();
      assertThat(c.packetsToServer + c.packetsToClient).isEqualTo(entry.getValue()[0]);
      assertThat(c.frameBytesToServer + c.frameBytesToClient).isEqualTo(entry.getValue()[1]);
      String tunnel = entry.getKey().tunnel();
      if (tunnel.equals("none") || tunnel.equals("outer")) {
        flowPackets += entry.getValue()[0];
        flowBytes += entry.getValue()[1];
      }
    }
    assertThat(flowPackets + unflowed.size()).isEqualTo(packets);
    assertThat(flowBytes + unflowedBytes).isEqualTo(bytes);
  }

  @Override
  public void flowStarted(FlowView flow) {
    assertThat(sums.put(flow, new long[2])).isNull();
    ids.add(flow.id());
  }

  @Override
  public void packet(FlowView flow, PacketView packet) {
    marks.add(packet.marks);
    long[] sum = sums.get(flow);
    sum[0]++;
    sum[1] += packet.frameBytes;
  }

  @Override
  public void observed(FlowView flow, Observation observation) {
    assertThat(sums).containsKey(flow);
    seen.add(observation);
    String name = observation.getClass().getSimpleName();
    observed.add(observation instanceof Observation.Odd odd ? name + " " + odd.kind() : name);
  }

  @Override
  public void flowTurned(FlowView flow) {
    turned++;
  }

  @Override
  public void flowEnded(FlowView flow, long timeMicros) {
    assertThat(flow.state()).isNotEqualTo("open");
    ended.add(new Row(flow));
  }

  @Override
  public void unflowed(long timeMicros, int frameBytes, boolean malformed, String reason) {
    unflowed.add((malformed ? "malformed " : "other ") + reason);
    unflowedBytes += frameBytes;
  }
}
