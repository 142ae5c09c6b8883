package io.sidewire.wire.flow;

import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import io.sidewire.wire.http.FlowMemory;

/** What is counted and not read; named where it is known. */
final class Volume implements StreamConsumer {
  private final String kind;
  private final FlowMemory memory;

  /** @param kind null: not known */
  Volume(String kind, FlowMemory memory) {
    this.kind = kind;
    this.memory = memory;
  }

  @Override
  public void onData(Side from, byte[] bytes, int offset, int length, long time, long sequence) {
    if (kind != null) {
      memory.shows(kind, time);
    }
  }

  @Override
  public void onGap(Side from, long missing, long time) {}

  @Override
  public void onEnd(Side from, boolean reset, long time) {}

  @Override
  public void onFlowEnd(long time) {}
}
