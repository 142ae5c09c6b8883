package io.sidewire.wire.flow;

import io.sidewire.wire.Limits;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;

/**
 * Both directions of one TCP connection: sniffs the protocol from the first bytes, feeds its parser, follows CONNECT,
 * STARTTLS and Upgrade, and numbers the exchanges.
 */
public final class FlowAnalyzer implements StreamConsumer {

  /** @param serverPort a hint only: for DNS over TCP */
  public FlowAnalyzer(Limits limits, int serverPort, ObservationSink sink) {}

  @Override
  public void onData(
      Side from, byte[] bytes, int offset, int length, long timeMicros, long sequence) {}

  @Override
  public void onGap(Side from, long missing, long timeMicros) {}

  @Override
  public void onEnd(Side from, boolean reset, long timeMicros) {}

  @Override
  public void onFlowEnd(long timeMicros) {}
}
