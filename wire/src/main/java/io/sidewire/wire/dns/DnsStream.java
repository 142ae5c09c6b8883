package io.sidewire.wire.dns;

import io.sidewire.wire.Limits;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import java.util.function.LongSupplier;

/** DNS over TCP (RFC 7766): messages behind a length of two bytes, any number of them on a connection. */
public final class DnsStream implements StreamConsumer {

  public DnsStream(Limits limits, ObservationSink sink, LongSupplier nextExchange) {}

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
