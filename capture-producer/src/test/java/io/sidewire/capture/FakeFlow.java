package io.sidewire.capture;

import io.sidewire.wire.flow.FlowCounts;
import io.sidewire.wire.flow.FlowView;
import io.sidewire.wire.flow.PacketView;

/** A flow that a test leads by the hand. */
final class FakeFlow implements FlowView {
  final FlowCounts counts = new FlowCounts();
  final long id;
  String client;
  String server = "10.0.0.2";
  int serverPort = 443;
  int clientPort = 40000;
  String state = "open";
  String tunnel = "none";
  long firstSeen;
  private Object attachment;

  FakeFlow(long id, String client) {
    this.id = id;
    this.client = client;
  }

  static PacketView packet(long timeMicros, boolean toServer, int frameBytes) {
    var packet = new PacketView();
    packet.timeMicros = timeMicros;
    packet.toServer = toServer;
    packet.frameBytes = frameBytes;
    packet.ipBytes = frameBytes - 14;
    packet.payloadBytes = frameBytes - 54;
    packet.tcpFlags = 0x18;
    return packet;
  }

  /** As the analysis does it: the view changes, then the listener is told. */
  void turn() {
    String address = client;
    client = server;
    server = address;
    int port = clientPort;
    clientPort = serverPort;
    serverPort = port;
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public String transport() {
    return "tcp";
  }

  @Override
  public String clientAddress() {
    return client;
  }

  @Override
  public int clientPort() {
    return clientPort;
  }

  @Override
  public String serverAddress() {
    return server;
  }

  @Override
  public int serverPort() {
    return serverPort;
  }

  @Override
  public boolean clientKnown() {
    return true;
  }

  @Override
  public String communityId() {
    return null;
  }

  @Override
  public String tunnel() {
    return tunnel;
  }

  @Override
  public int[] vlans() {
    return new int[0];
  }

  @Override
  public long firstSeen() {
    return firstSeen;
  }

  @Override
  public long lastSeen() {
    return firstSeen;
  }

  @Override
  public long handshakeRttMicros() {
    return -1;
  }

  @Override
  public String state() {
    return state;
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
