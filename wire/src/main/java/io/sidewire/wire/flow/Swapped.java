package io.sidewire.wire.flow;

import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;

/** Passes a stream on with client and server exchanged. */
final class Swapped implements StreamConsumer {
  private final StreamConsumer to;

  Swapped(StreamConsumer to) {
    this.to = to;
  }

  @Override
  public void onData(
      Side from, byte[] bytes, int offset, int length, long timeMicros, long sequence) {
    to.onData(from.other(), bytes, offset, length, timeMicros, sequence);
  }

  @Override
  public void onAcknowledged(Side from, long next) {
    to.onAcknowledged(from.other(), next);
  }

  @Override
  public void onGap(Side from, long missing, long timeMicros) {
    to.onGap(from.other(), missing, timeMicros);
  }

  @Override
  public void onEnd(Side from, boolean reset, long timeMicros) {
    to.onEnd(from.other(), reset, timeMicros);
  }

  @Override
  public void onFlowEnd(long timeMicros) {
    to.onFlowEnd(timeMicros);
  }
}
