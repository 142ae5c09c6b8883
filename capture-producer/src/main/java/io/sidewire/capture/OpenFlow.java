package io.sidewire.capture;

import io.sidewire.capture.process.LocalProcess;
import io.sidewire.capture.process.ProcessTicket;
import io.sidewire.capture.redact.Redaction;
import io.sidewire.capture.redact.Sanitizer;
import io.sidewire.schemas.Endpoint;
import io.sidewire.schemas.FlowInfo;
import io.sidewire.schemas.PacketMeta;
import io.sidewire.schemas.Process;
import io.sidewire.schemas.TcpCounts;
import io.sidewire.schemas.Tunnel;
import io.sidewire.schemas.Volume;
import io.sidewire.wire.Observation;
import io.sidewire.wire.flow.FlowCounts;
import io.sidewire.wire.flow.FlowView;
import io.sidewire.wire.flow.PacketView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A flow as {@link BatchEncoder} knows it: what was learned of it since it began, and what it has seen since its last
 * batch.
 */
final class OpenFlow {
  /** Content that makes an endpoint one of an agent, so that its name may leave. */
  private static final Set<String> AGENT_CONTENT =
      Set.of("mcp", "openai_api", "ollama_api", "anthropic_api");

  private static final int FIRST_PACKETS = 8;

  final FlowView view;
  final int shard;
  private final ProcessTicket processes;

  /** Links of the encoder's list of flows that have something to send. */
  OpenFlow before;

  OpenFlow after;
  boolean listed;

  // What was learned since the flow began.
  private final List<String> content = new ArrayList<>(2);
  private String serverName;
  private boolean nameFromHello;
  private String alpn;
  private String tlsVersion;
  private String ja4;
  private boolean agent;
  private boolean turned;
  private FlowInfo info;

  // Since the last batch.
  boolean starting = true;
  boolean ended;
  long endTime;
  final List<Observation> observed = new ArrayList<>(4);
  int packets;
  private long firstTime;
  private long lastTime;
  private long[] times = new long[FIRST_PACKETS];
  private int[] flags = new int[FIRST_PACKETS];
  private int[] frameBytes = new int[FIRST_PACKETS];
  private int[] payloadBytes = new int[FIRST_PACKETS];
  private Volume volume = new Volume();
  private final FlowCounts told = new FlowCounts();

  OpenFlow(FlowView view, int shard, ProcessTicket processes) {
    this.view = view;
    this.shard = shard;
    this.processes = processes;
  }

  boolean isAgent() {
    return agent;
  }

  ProcessTicket processes() {
    return processes;
  }

  /** Packet time of the first packet since the last batch. */
  long firstTime() {
    return firstTime;
  }

  long lastTime() {
    return lastTime;
  }

  Volume volume() {
    return volume;
  }

  boolean isEmpty() {
    return packets == 0 && observed.isEmpty() && !ended && !starting;
  }

  void add(PacketView packet, boolean detail) {
    long time = packet.timeMicros;
    firstTime = packets == 0 ? time : Math.min(firstTime, time);
    lastTime = packets == 0 ? time : Math.max(lastTime, time);
    if (detail) {
      if (packets == times.length) {
        int size = packets * 2;
        times = Arrays.copyOf(times, size);
        flags = Arrays.copyOf(flags, size);
        frameBytes = Arrays.copyOf(frameBytes, size);
        payloadBytes = Arrays.copyOf(payloadBytes, size);
      }
      times[packets] = time;
      flags[packets] = (packet.toServer ? 0 : 1) | (packet.marks & 7) << 1 | packet.tcpFlags << 8;
      frameBytes[packets] = packet.frameBytes;
      payloadBytes[packets] = packet.payloadBytes;
    }
    packets++;
    if (packet.toServer) {
      volume.setPacketsToServer(volume.getPacketsToServer() + 1);
      volume.setFrameBytesToServer(volume.getFrameBytesToServer() + packet.frameBytes);
      volume.setIpBytesToServer(volume.getIpBytesToServer() + packet.ipBytes);
      volume.setPayloadBytesToServer(volume.getPayloadBytesToServer() + packet.payloadBytes);
    } else {
      volume.setPacketsToClient(volume.getPacketsToClient() + 1);
      volume.setFrameBytesToClient(volume.getFrameBytesToClient() + packet.frameBytes);
      volume.setIpBytesToClient(volume.getIpBytesToClient() + packet.ipBytes);
      volume.setPayloadBytesToClient(volume.getPayloadBytesToClient() + packet.payloadBytes);
    }
  }

  /** Keeps what an observation tells of the flow as a whole. */
  void learn(Observation observation) {
    if (observation instanceof Observation.Content o) {
      if (!content.contains(o.kind()) && content.size() < 16) {
        content.add(o.kind());
        agent |= AGENT_CONTENT.contains(o.kind());
        info = null;
      }
    } else if (observation instanceof Observation.ClientHello o) {
      if (ja4 == null) {
        ja4 = o.ja4();
        alpn =
            alpn == null && o.alpn() != null && o.alpn().size() == 1 ? o.alpn().get(0) : alpn;
      }
      if (o.serverName() != null) {
        serverName = o.serverName();
        nameFromHello = true;
      }
      info = null;
    } else if (observation instanceof Observation.ServerHello o) {
      alpn = o.alpn() == null ? alpn : o.alpn();
      tlsVersion = Redaction.tlsVersion(o.version());
      info = null;
    } else if (observation instanceof Observation.ChosenProtocol o) {
      alpn = o.alpn();
      info = null;
    } else if (observation instanceof Observation.Request o) {
      if (serverName == null && !nameFromHello && o.authority() != null) {
        serverName = Redaction.nameOfAuthority(o.authority());
        info = null;
      }
    } else if (observation instanceof Observation.LlmRequest
        || (observation instanceof Observation.RpcCall call && call.mcp())) {
      info = agent ? info : null;
      agent = true;
    }
  }

  /** Client and server changed places: so does what was not sent yet. */
  void turn() {
    turned = !turned;
    info = null;
    for (int i = 0; i < Math.min(packets, times.length); i++) {
      flags[i] ^= 1;
    }
    volume = new Volume(
        volume.getPacketsToClient(),
        volume.getPacketsToServer(),
        volume.getFrameBytesToClient(),
        volume.getFrameBytesToServer(),
        volume.getIpBytesToClient(),
        volume.getIpBytesToServer(),
        volume.getPayloadBytesToClient(),
        volume.getPayloadBytesToServer());
  }

  /** The packets since the last batch, with times relative to its start. */
  List<PacketMeta> metas(long start) {
    var out = new ArrayList<PacketMeta>(packets);
    for (int i = 0; i < packets; i++) {
      out.add(new PacketMeta((int) (times[i] - start), flags[i], frameBytes[i], payloadBytes[i]));
    }
    return out;
  }

  /** Growth of the TCP counts since the last batch; null where there is none. */
  TcpCounts tcpGrowth() {
    FlowCounts now = view.counts();
    if (now.retransmissions == told.retransmissions
        && now.outOfOrder == told.outOfOrder
        && now.duplicates == told.duplicates
        && now.gapBytes == told.gapBytes
        && now.zeroWindows == told.zeroWindows) {
      return null;
    }
    var growth = new TcpCounts(
        now.retransmissions - told.retransmissions,
        now.outOfOrder - told.outOfOrder,
        now.duplicates - told.duplicates,
        now.gapBytes - told.gapBytes,
        now.zeroWindows - told.zeroWindows);
    told.retransmissions = now.retransmissions;
    told.outOfOrder = now.outOfOrder;
    told.duplicates = now.duplicates;
    told.gapBytes = now.gapBytes;
    told.zeroWindows = now.zeroWindows;
    return growth;
  }

  /** Identity and facts, as they may leave. */
  FlowInfo info(Redaction redaction) {
    Long rtt = view.handshakeRttMicros() < 0 ? null : view.handshakeRttMicros();
    boolean stale = info == null
        || info.getClientKnown() != view.clientKnown()
        || info.getFirstSeen() != view.firstSeen()
        || !info.getState().equals(view.state())
        || (rtt != null && !rtt.equals(info.getHandshakeRttMicros()))
        || (info.getClientProcess() == null && process(!turned) != null)
        || (info.getServerProcess() == null && process(turned) != null);
    if (stale) {
      info = build(redaction, rtt);
    }
    return info;
  }

  /** Forgets what was sent. */
  void sent() {
    starting = false;
    ended = false;
    observed.clear();
    packets = 0;
    volume = new Volume();
  }

  private FlowInfo build(Redaction redaction, Long rtt) {
    var vlans = new ArrayList<Integer>(view.vlans().length);
    for (int vlan : view.vlans()) {
      vlans.add(vlan);
    }
    return new FlowInfo(
        HexFormat.of().toHexDigits(view.id()),
        Sanitizer.COMMUNITY_ID.clean(view.communityId()),
        Sanitizer.CONSTANT.clean(view.transport()),
        endpoint(view.clientAddress(), view.clientPort()),
        endpoint(view.serverAddress(), view.serverPort()),
        view.clientKnown(),
        Tunnel.valueOf(view.tunnel().toUpperCase(Locale.ROOT)),
        vlans,
        view.firstSeen(),
        rtt,
        redaction.serverName(serverName, agent),
        Sanitizer.ALPN.clean(alpn),
        tlsVersion,
        Sanitizer.JA4.clean(ja4),
        redact(process(!turned)),
        redact(process(turned)),
        content.stream().map(Sanitizer.CONSTANT::clean).toList(),
        Sanitizer.CONSTANT.clean(view.state()));
  }

  private LocalProcess process(boolean firstClient) {
    return firstClient ? processes.client() : processes.server();
  }

  private static Process redact(LocalProcess process) {
    return process == null
        ? null
        : Redaction.process(process.pid(), process.executable(), process.containerId());
  }

  private static Endpoint endpoint(String address, int port) {
    String clean = Sanitizer.ADDRESS.clean(address);
    return new Endpoint(clean == null ? "?" : clean, port < 0 ? null : port);
  }
}
