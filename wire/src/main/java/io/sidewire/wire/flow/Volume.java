package io.sidewire.wire.flow;

import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;

/** What is counted and not read. */
final class Volume implements StreamConsumer {
  @Override
  public void onData(Side from, byte[] bytes, int offset, int length, long time, long sequence) {}

  @Override
  public void onGap(Side from, long missing, long time) {}

  @Override
  public void onEnd(Side from, boolean reset, long time) {}

  @Override
  public void onFlowEnd(long time) {}
}
