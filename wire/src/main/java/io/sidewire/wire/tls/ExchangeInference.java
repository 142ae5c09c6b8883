package io.sidewire.wire.tls;

import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import java.util.function.LongSupplier;

/** Infers exchanges from the direction, size and time of application-data records. */
final class ExchangeInference {
  ExchangeInference(ObservationSink sink, LongSupplier nextExchange, int most) {}

  void clientHello(Hello hello, long time) {}

  void serverHello(ServerHelloMessage answer, Hello hello, long time) {}

  void recordBegins(Side side, int length, long time) {}

  void record(Side side, int length, long start, long end) {}

  void handshakeRecord(Side side, long time) {}

  void recordsLost(Side side) {}

  void onGap(Side side, long time) {}

  void onEnd(Side side, boolean reset, long time) {}

  void onTime(long now) {}

  void onFlowEnd(long time) {}
}
