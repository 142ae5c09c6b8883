package io.sidewire.wire.flow;

import io.sidewire.wire.DatagramConsumer;
import io.sidewire.wire.Limits;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;

/** The datagrams of one UDP flow: DNS, QUIC Initials and DTLS hellos, recognised by content with the port as a hint. */
public final class DatagramAnalyzer implements DatagramConsumer {

  public DatagramAnalyzer(Limits limits, int clientPort, int serverPort, ObservationSink sink) {}

  @Override
  public void onDatagram(
      Side from, byte[] bytes, int offset, int length, long timeMicros, boolean complete) {}

  @Override
  public void onFlowEnd(long timeMicros) {}
}
