package io.sidewire.wire.tcp;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;

/** Where the bytes of a connection go, and what was odd about them. */
public interface TcpSink extends StreamConsumer {

  /** {@code missing} bytes were on the wire but lie behind the snap length; else as {@link #onGap}. */
  void onCut(Side from, long missing, long timeMicros);

  void onOddity(Anomaly kind, long timeMicros);
}
