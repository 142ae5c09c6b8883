package io.sidewire.wire.flow;

import io.sidewire.wire.Limits;
import io.sidewire.wire.Side;
import io.sidewire.wire.link.DecodedFrame;
import io.sidewire.wire.link.HeldFragment;
import io.sidewire.wire.link.IpLayer;
import io.sidewire.wire.link.PacketDecoder;
import io.sidewire.wire.tcp.TcpMarks;
import io.sidewire.wire.tcp.TcpSegment;
import io.sidewire.wire.tls.decrypt.Decryption;
import java.util.ArrayDeque;

/**
 * Frames in, flows and observations out: the one entry of this module. Not thread-safe; one instance a shard.
 *
 * <p>Packet time drives everything: idle flows end by {@link #tick}, never by a clock.
 *
 * <p>Each frame counts exactly once, in a flow that is not within a tunnel, or as {@link WireListener#unflowed}. Only an
 * IP fragment that comes before the first one of its datagram counts later: when its flow is known, or is given up.
 */
public final class WireAnalyzer {
  private final Limits limits;
  private final FlowTimeouts timeouts;
  private final WireListener listener;
  private final FlowContext shared;
  private final long salt;

  private final PacketDecoder decoder;
  private final DecodedFrame decoded = new DecodedFrame();
  private final HeldFragment held = new HeldFragment();
  private final FlowTable table = new FlowTable();
  private final FlowKey key = new FlowKey();
  private final TcpSegment segment = new TcpSegment();
  private final PacketView view = new PacketView();
  private final CapturedTwice twice = new CapturedTwice();

  /** Flows in which bytes wait, or whose analyzers may have something to say about silence. */
  private final ArrayDeque<Flow> watched = new ArrayDeque<>();

  /** @param salt enters every flow id, e.g. the host id */
  public WireAnalyzer(String salt, Limits limits, WireListener listener) {
    this(salt, limits, listener, Decryption.off());
  }

  /** The same, reading TLS with keys where there are some. */
  public WireAnalyzer(String salt, Limits limits, WireListener listener, Decryption decryption) {
    this(salt, limits, listener, decryption, null);
  }

  /**
   * The same.
   *
   * @param excerpts takes the beginnings of prompts and answers, for eyes on this host alone; null: they are never kept
   */
  public WireAnalyzer(
      String salt,
      Limits limits,
      WireListener listener,
      Decryption decryption,
      ExcerptListener excerpts) {
    this(salt, limits, FlowTimeouts.DEFAULT, listener, decryption, excerpts);
  }

  WireAnalyzer(String salt, Limits limits, FlowTimeouts timeouts, WireListener listener) {
    this(salt, limits, timeouts, listener, Decryption.off(), null);
  }

  private WireAnalyzer(
      String salt,
      Limits limits,
      FlowTimeouts timeouts,
      WireListener listener,
      Decryption decryption,
      ExcerptListener excerpts) {
    this.limits = limits;
    this.timeouts = timeouts;
    this.listener = listener;
    this.decoder = new PacketDecoder(limits);
    this.shared = new FlowContext(listener, limits, decryption, excerpts);
    long hash = salt.length();
    for (int i = 0; i < salt.length(); i++) {
      hash = FlowKey.mix(hash * 31 + salt.charAt(i));
    }
    this.salt = hash;
  }

  /** Flows tracked now. */
  public int flows() {
    return table.size();
  }

  /**
   * Takes one frame.
   *
   * @param linkType DLT/LINKTYPE number as in a pcap file header
   * @param capturedLength bytes of the frame in {@code frame}
   * @param wireLength original length, at least {@code capturedLength}
   * @param timeMicros packet time; may go backwards
   */
  public void packet(
      int linkType, byte[] frame, int offset, int capturedLength, int wireLength, long timeMicros) {
    decoder.decode(linkType, frame, offset, capturedLength, wireLength, timeMicros, decoded);
    int layers = decoded.layerCount;
    if (layers == 0) {
      listener.unflowed(timeMicros, wireLength, decoded.malformed, decoded.reason);
      return;
    }
    boolean fragments = false;
    for (int i = 0; i < layers; i++) {
      IpLayer layer = decoded.layers[i];
      fragments |= layer.fragment;
      if (!layer.pending) {
        layer(layer, i > 0, i == layers - 1, wireLength, timeMicros);
      }
    }
    if (fragments) {
      abandoned();
    }
  }

  private void layer(
      IpLayer layer, boolean within, boolean innermost, int frameBytes, long timeMicros) {
    key.set(layer, within);
    boolean readable = layer.transportProblem == null && !layer.fragment;
    boolean tcp = readable && layer.protocol == Transport.TCP;
    if (tcp) {
      segment(layer, timeMicros);
    }
    Flow flow = flowOf(layer, tcp, timeMicros);
    boolean again = readable && twice.is(flow, layer, key.fromA, timeMicros);
    flow.see(timeMicros);
    flow.seeTunnel(within, innermost);
    if (decoded.vlanCount > 0) {
      flow.seeVlans(decoded.vlans, decoded.vlanCount);
    }
    boolean fromClient = key.fromA == flow.clientIsA;
    if (layer.releasedCount > 0) {
      released(flow, layer, fromClient);
    }
    view.payloadBytes = layer.payloadBytes;
    view.tcpFlags = layer.tcpFlags;
    view.marks = again ? TcpMarks.DUPLICATE : 0;
    if (tcp && !again) {
      segment.from = fromClient ? Side.CLIENT : Side.SERVER;
      view.marks = flow.connection().marksOf(segment);
    }
    tally(flow.counts(), tcp && layer.tcpWindow == 0);
    count(flow, timeMicros, fromClient, frameBytes, layer.ipBytes);
    if (!again && tcp) {
      take(flow);
    } else if (!again
        && innermost
        && readable
        && layer.protocol == Transport.UDP
        && layer.payloadLength > 0) {
      flow.datagrams()
          .onDatagram(
              fromClient ? Side.CLIENT : Side.SERVER,
              layer.bytes,
              layer.payloadOffset,
              layer.payloadCaptured,
              timeMicros,
              layer.payloadCaptured == layer.payloadLength);
    }
    flow.activity = timeMicros;
    table.touch(flow);
  }

  private void released(Flow flow, IpLayer layer, boolean fromClient) {
    view.tcpFlags = 0;
    view.marks = 0;
    for (int i = 0; i < layer.releasedCount; i++) {
      long time = layer.releasedTimes[i];
      flow.see(time);
      view.payloadBytes = layer.releasedPayloadBytes[i];
      count(flow, time, fromClient, layer.releasedFrameBytes[i], layer.releasedIpBytes[i]);
    }
  }

  private void segment(IpLayer layer, long timeMicros) {
    segment.timeMicros = timeMicros;
    segment.flags = layer.tcpFlags;
    segment.sequence = (int) layer.tcpSequence;
    segment.acknowledgment = (int) layer.tcpAcknowledgment;
    segment.window = layer.tcpWindow;
    segment.bytes = layer.bytes;
    segment.offset = layer.payloadOffset;
    segment.captured = layer.payloadCaptured;
    segment.length = layer.payloadLength;
  }

  private void tally(FlowCounts counts, boolean windowClosed) {
    int marks = view.marks;
    if (marks != 0) {
      counts.retransmissions += marks & TcpMarks.RETRANSMISSION;
      counts.outOfOrder += (marks & TcpMarks.OUT_OF_ORDER) != 0 ? 1 : 0;
      counts.duplicates += (marks & TcpMarks.DUPLICATE) != 0 ? 1 : 0;
      counts.keepAlives += (marks & TcpMarks.KEEP_ALIVE) != 0 ? 1 : 0;
      counts.spuriousRetransmissions += (marks & TcpMarks.SPURIOUS) != 0 ? 1 : 0;
    }
    int opening = TcpSegment.SYN | TcpSegment.FIN | TcpSegment.RST;
    if (windowClosed && (view.tcpFlags & opening) == 0 && (marks & TcpMarks.DUPLICATE) == 0) {
      counts.zeroWindows++;
    }
  }

  /** Adds one packet to its flow; payload, flags and marks stand in {@link #view}. */
  private void count(Flow flow, long timeMicros, boolean fromClient, int frameBytes, int ipBytes) {
    view.timeMicros = timeMicros;
    view.toServer = fromClient;
    view.frameBytes = frameBytes;
    view.ipBytes = ipBytes;
    flow.counts().add(fromClient, frameBytes, ipBytes, view.payloadBytes);
    listener.packet(flow, view);
  }

  private void take(Flow flow) {
    flow.tcp.take(segment);
    if (flow.mistaken()) {
      flow.turnByContent();
      listener.flowTurned(flow);
    }
    flow.letGoIfEnded(segment.timeMicros);
    if (!flow.queued && (flow.analyzed() || flow.tcp.waits())) {
      flow.queued = true;
      watched.add(flow);
    }
  }

  // ------------------------------------------------------------------ finding the flow

  private Flow flowOf(IpLayer layer, boolean tcp, long timeMicros) {
    long hash = key.hash(salt);
    Flow flow = table.find(key, hash);
    int ordinal = 0;
    if (flow != null) {
      String over = overBy(flow, tcp, timeMicros);
      if (over == null) {
        reconsider(flow, layer);
        return flow;
      }
      ordinal = flow.begun == timeMicros ? flow.ordinal + 1 : 0;
      end(flow, over);
    }
    while (table.size() >= limits.flows() && table.size() > 0) {
      end(table.leastMissed(), "evicted");
    }
    long id = FlowKey.mix(hash + FlowKey.mix(timeMicros) + ordinal);
    Flow started = new Flow(shared, key, hash, id, ordinal, timeMicros);
    int evidence = Orientation.evidence(layer);
    boolean senderIsClient = evidence == Orientation.UNCERTAIN
        ? Orientation.senderIsClient(layer.protocol, layer.sourcePort, layer.destinationPort)
        : evidence == Orientation.CLIENT_SENT;
    started.clientIsA = key.fromA == senderIsClient;
    started.clientKnown = evidence != Orientation.UNCERTAIN;
    if (layer.protocol == Transport.ICMP || layer.protocol == Transport.ICMP6) {
      started.seeIcmp(layer.icmpType, layer.icmpCode, key.fromA);
    }
    table.add(started);
    listener.flowStarted(started);
    return started;
  }

  /** Why the flow of this tuple is over, so that a packet at {@code timeMicros} begins another; null: it is not. */
  private String overBy(Flow flow, boolean tcp, long timeMicros) {
    if (timeMicros - flow.activity > timeouts.of(flow.silence)) {
      return "idle";
    }
    if (tcp && flow.tcp != null) {
      segment.from = key.fromA == flow.clientIsA ? Side.CLIENT : Side.SERVER;
      if (flow.tcp.startsAnew(segment)) {
        return "idle";
      }
    }
    return null;
  }

  /** Later and stronger evidence of who is the client counts as long as no analyzer has relied on the earlier. */
  private void reconsider(Flow flow, IpLayer layer) {
    if (flow.clientKnown || flow.analyzed()) {
      return;
    }
    int evidence = Orientation.evidence(layer);
    if (evidence != Orientation.UNCERTAIN) {
      flow.clientKnown = true;
      if (key.fromA == flow.clientIsA != (evidence == Orientation.CLIENT_SENT)) {
        flow.turn();
        listener.flowTurned(flow);
      }
    }
  }

  // ------------------------------------------------------------------ time

  /**
   * Lets time pass where no packet does: gives up what waited too long, lets analyzers report on silence, ends idle flows.
   *
   * @param budget most flows to end and most to look into, so that capture is never stalled
   */
  public void tick(long nowMicros, int budget) {
    decoder.tick(nowMicros);
    abandoned();
    int left = budget;
    for (int i = Math.min(budget, watched.size()); i > 0; i--) {
      Flow flow = watched.poll();
      flow.queued = !flow.over() && stillWatched(flow, nowMicros);
      if (flow.queued) {
        watched.add(flow);
      }
    }
    for (int kind = 0; kind < FlowTimeouts.KINDS; kind++) {
      Flow flow = table.oldest(kind);
      while (flow != null && left > 0 && endOrRenew(flow, nowMicros)) {
        left--;
        flow = table.oldest(kind);
      }
    }
  }

  private static boolean stillWatched(Flow flow, long nowMicros) {
    boolean waits = flow.tcp.waits();
    if (waits) {
      flow.tcp.expire(nowMicros);
      flow.letGoIfEnded(nowMicros);
    }
    return flow.hearTime(nowMicros) | (waits && flow.tcp.waits());
  }

  /** Ends an idle flow. One from the future (the clock was set back) must not stand in the way of the others. */
  private boolean endOrRenew(Flow flow, long nowMicros) {
    if (flow.activity > nowMicros) {
      flow.activity = nowMicros;
      table.touch(flow);
      return true;
    }
    if (nowMicros - flow.activity > timeouts.of(flow.silence)) {
      end(flow, "idle");
      return true;
    }
    return false;
  }

  /** Ends every flow as {@code capture_ended} (those already closed keep their state). */
  public void end() {
    decoder.end();
    abandoned();
    while (table.size() > 0) {
      end(table.leastMissed(), "capture_ended");
    }
    watched.clear();
  }

  private void abandoned() {
    while (decoder.pollAbandoned(held)) {
      if (held.level == 0) {
        listener.unflowed(held.timeMicros, held.frameBytes, true, "ip_fragment_without_first");
      }
    }
  }

  private void end(Flow flow, String reason) {
    table.remove(flow);
    flow.end(reason);
    listener.flowEnded(flow, flow.lastSeen());
  }
}
