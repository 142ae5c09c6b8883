package io.sidewire.wire.flow;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.DatagramConsumer;
import io.sidewire.wire.Observation;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import io.sidewire.wire.tcp.TcpConnection;
import io.sidewire.wire.tcp.TcpSink;
import java.util.Arrays;

/**
 * One flow while it is tracked: identity, totals, the TCP connection, and the analyzer of its content once there is any.
 */
final class Flow implements FlowView, TcpSink, ObservationSink {
  private static final int[] NO_VLANS = {};
  private static final int MOST_VLANS = 8;

  /** After so much silence an analyzer has said what it can say. */
  private static final long LISTENING_MICROS = 5_000_000;

  static final byte NOT_TUNNELLED = 0;
  static final byte OUTER = 1;
  static final byte MID = 2;
  static final byte INNER = 3;

  private final FlowContext shared;

  // Identity, as in FlowKey.
  final long highA;
  final long lowA;
  final long highB;
  final long lowB;
  final int portA;
  final int portB;
  final int kind;
  final int hash;
  final long id;
  final long begun;
  final int ordinal;

  boolean clientIsA;
  boolean clientKnown;
  byte tunnel;
  private int icmp = -1;
  private int[] vlans = NO_VLANS;

  private final FlowCounts counts = new FlowCounts();
  private long firstSeen;
  private long lastSeen;
  private String ended;

  /** Packet time of the last packet in capture order, which may lie before {@link #lastSeen}. */
  long activity;

  // Links of FlowTable's list of flows that are silent in the same way.
  Flow older;
  Flow newer;
  byte silence;

  /** In the queue of flows in which bytes wait. */
  boolean queued;

  /** Hashes of the last packet of each endpoint, by which one that was captured twice is known. */
  int fingerprintA;

  int fingerprintB;

  TcpConnection tcp;
  private FlowAnalyzer stream;
  private DatagramConsumer datagrams;
  private Object attachment;

  Flow(FlowContext shared, FlowKey key, long hash, long id, int ordinal, long timeMicros) {
    this.shared = shared;
    this.highA = key.highA;
    this.lowA = key.lowA;
    this.highB = key.highB;
    this.lowB = key.lowB;
    this.portA = key.portA;
    this.portB = key.portB;
    this.kind = key.kind;
    this.hash = (int) hash;
    this.id = id;
    this.ordinal = ordinal;
    this.begun = timeMicros;
    this.firstSeen = timeMicros;
    this.lastSeen = timeMicros;
    this.activity = timeMicros;
  }

  boolean is(FlowKey key) {
    return lowA == key.lowA
        && lowB == key.lowB
        && portA == key.portA
        && portB == key.portB
        && kind == key.kind
        && highA == key.highA
        && highB == key.highB;
  }

  int protocol() {
    return kind & 0xff;
  }

  // ------------------------------------------------------------------ what the analyzer tells it

  void see(long timeMicros) {
    activity = timeMicros;
    firstSeen = Math.min(firstSeen, timeMicros);
    lastSeen = Math.max(lastSeen, timeMicros);
  }

  void seeTunnel(boolean within, boolean innermost) {
    if (!within) {
      tunnel = innermost ? tunnel : OUTER;
    } else if (tunnel != MID) {
      tunnel = innermost ? INNER : MID;
    }
  }

  /** Type and code of the first message, and which endpoint sent it: the Community ID needs them. */
  void seeIcmp(int type, int code, boolean fromA) {
    icmp = (fromA ? 0x10000 : 0) | (type & 0xff) << 8 | code & 0xff;
  }

  void seeVlans(int[] ids, int count) {
    for (int i = 0; i < count; i++) {
      boolean known = false;
      for (int vlan : vlans) {
        known |= vlan == ids[i];
      }
      if (!known && vlans.length < MOST_VLANS) {
        vlans = Arrays.copyOf(vlans, vlans.length + 1);
        vlans[vlans.length - 1] = ids[i];
      }
    }
  }

  /** Client and server change places. */
  void turn() {
    clientIsA = !clientIsA;
    counts.turn();
    if (tcp != null) {
      tcp.turn();
    }
  }

  /** The content has an analyzer, which knows who is the client. */
  boolean analyzed() {
    return stream != null || datagrams != null;
  }

  /** The content has shown that who was taken for the server, without a handshake, is the client. */
  boolean mistaken() {
    if (clientKnown || stream == null || !stream.clientKnown()) {
      return false;
    }
    clientKnown = true;
    return stream.turned();
  }

  /** Client and server change places although the content is being read: only its own word can say so. */
  void turnByContent() {
    turn();
    stream.turn();
  }

  TcpConnection connection() {
    if (tcp == null) {
      tcp = new TcpConnection(shared.rules(), this);
    }
    return tcp;
  }

  DatagramConsumer datagrams() {
    if (datagrams == null) {
      datagrams = new DatagramAnalyzer(shared.limits(), clientPort(), serverPort(), this);
    }
    return datagrams;
  }

  /** How it is silent when it is silent: one of the kinds of {@link FlowTimeouts}. */
  int silenceKind() {
    if (tcp == null) {
      return FlowTimeouts.DATAGRAMS;
    }
    if (tcp.state() != TcpConnection.State.OPEN) {
      return FlowTimeouts.CLOSED;
    }
    return !tcp.answered() ? FlowTimeouts.UNANSWERED : FlowTimeouts.OPEN;
  }

  /** Both directions have ended: the analyzer has heard all that it will ever hear. */
  void letGoIfEnded(long timeMicros) {
    if (stream != null && tcp.ended()) {
      stream.onFlowEnd(timeMicros);
      stream = null;
    }
  }

  boolean over() {
    return ended != null;
  }

  /** No packet will follow: lets the analyzers report what is still open. */
  void end(String reason) {
    if (tcp != null) {
      tcp.finish(lastSeen);
    }
    if (stream != null) {
      stream.onFlowEnd(lastSeen);
      stream = null;
    }
    if (datagrams != null) {
      datagrams.onFlowEnd(lastSeen);
      datagrams = null;
    }
    String state = state();
    ended = "open".equals(state) ? reason : state;
  }

  // ------------------------------------------------------------------ what the connection tells it

  private StreamConsumer stream() {
    if (stream == null) {
      ExcerptListener excerpts = shared.excerpts();
      stream = new FlowAnalyzer(
          shared.limits(),
          serverPort(),
          this,
          shared.decryption(),
          excerpts == null ? null : excerpt -> excerpts.excerpt(this, excerpt));
    }
    return stream;
  }

  @Override
  public void onData(
      Side from, byte[] bytes, int offset, int length, long timeMicros, long sequence) {
    stream().onData(from, bytes, offset, length, timeMicros, sequence);
  }

  @Override
  public void onGap(Side from, long missing, long timeMicros) {
    counts.gapBytes += missing;
    onOddity(Anomaly.TCP_GAP, timeMicros);
    stream().onGap(from, missing, timeMicros);
  }

  @Override
  public void onCut(Side from, long missing, long timeMicros) {
    counts.gapBytes += missing;
    counts.cutBytes += missing;
    stream().onGap(from, missing, timeMicros);
  }

  @Override
  public void onEnd(Side from, boolean reset, long timeMicros) {
    if (stream != null) {
      stream.onEnd(from, reset, timeMicros);
    }
  }

  @Override
  public void onAcknowledged(Side from, long next) {
    stream().onAcknowledged(from, next); // told only before bytes
  }

  /** Lets an analyzer report on silence; false where there will be nothing to report until it hears more. */
  boolean hearTime(long nowMicros) {
    if (stream == null || nowMicros - activity > LISTENING_MICROS) {
      return false;
    }
    stream.onTime(nowMicros);
    return true;
  }

  @Override
  public void onFlowEnd(long timeMicros) {
    // The flow itself says this to its analyzers, in end().
  }

  @Override
  public void onOddity(Anomaly kind, long timeMicros) {
    observe(new Observation.Odd(timeMicros, -1, kind));
  }

  @Override
  public void observe(Observation observation) {
    shared.listener().observed(this, observation);
  }

  // ------------------------------------------------------------------ what the listener sees

  @Override
  public long id() {
    return id;
  }

  @Override
  public String transport() {
    return Transport.nameOf(protocol());
  }

  @Override
  public String clientAddress() {
    return address(clientIsA);
  }

  @Override
  public int clientPort() {
    return clientIsA ? portA : portB;
  }

  @Override
  public String serverAddress() {
    return address(!clientIsA);
  }

  @Override
  public int serverPort() {
    return clientIsA ? portB : portA;
  }

  private String address(boolean ofA) {
    boolean six = (kind & FlowKey.IPV6) != 0;
    return six
        ? AddressText.v6(ofA ? highA : highB, ofA ? lowA : lowB)
        : AddressText.v4((int) (ofA ? lowA : lowB));
  }

  @Override
  public boolean clientKnown() {
    return clientKnown;
  }

  @Override
  public String communityId() {
    byte[] addresses = shared.addresses();
    int length = FlowKey.write(this, addresses);
    int protocol = protocol();
    if (icmp < 0) {
      return shared.communityId().of(protocol, addresses, 0, length, length, portA, portB);
    }
    boolean fromA = (icmp & 0x10000) != 0;
    return shared
        .communityId()
        .of(
            protocol,
            addresses,
            fromA ? 0 : length,
            fromA ? length : 0,
            length,
            icmp >> 8 & 0xff,
            icmp & 0xff);
  }

  @Override
  public String tunnel() {
    return switch (tunnel) {
      case OUTER -> "outer";
      case MID -> "mid";
      case INNER -> "inner";
      default -> "none";
    };
  }

  @Override
  public int[] vlans() {
    return vlans;
  }

  @Override
  public long firstSeen() {
    return firstSeen;
  }

  @Override
  public long lastSeen() {
    return lastSeen;
  }

  @Override
  public long handshakeRttMicros() {
    return tcp == null ? -1 : tcp.handshakeRttMicros();
  }

  @Override
  public String state() {
    if (ended != null) {
      return ended;
    }
    if (tcp == null) {
      return "open";
    }
    return switch (tcp.state()) {
      case OPEN -> "open";
      case CLOSED -> "closed";
      case RESET -> "reset";
    };
  }

  @Override
  public FlowCounts counts() {
    return counts;
  }

  @Override
  public Object attachment() {
    return attachment;
  }

  @Override
  public void attach(Object attachment) {
    this.attachment = attachment;
  }
}
