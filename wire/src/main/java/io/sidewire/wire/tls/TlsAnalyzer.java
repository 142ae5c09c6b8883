package io.sidewire.wire.tls;

import io.sidewire.wire.Limits;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import java.util.function.LongSupplier;

/** A TLS connection without keys: hellos read, exchanges inferred from record direction, size and time. */
public final class TlsAnalyzer implements StreamConsumer {

  /** @param nextExchange numbers the exchanges of the flow; shared with the HTTP parser that a CONNECT came through */
  public TlsAnalyzer(Limits limits, ObservationSink sink, LongSupplier nextExchange) {}

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
