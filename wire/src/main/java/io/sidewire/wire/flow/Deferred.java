package io.sidewire.wire.flow;

import io.sidewire.wire.Observation;
import io.sidewire.wire.ObservationSink;
import java.util.ArrayList;
import java.util.List;

/** Holds back what is seen in a flow that may be something else, until that is known. */
final class Deferred implements ObservationSink {
  private static final int MOST = 256;

  private final ObservationSink sink;
  private final List<Observation> held = new ArrayList<>(0);
  private boolean open;

  Deferred(ObservationSink sink) {
    this.sink = sink;
  }

  @Override
  public void observe(Observation observation) {
    if (open) {
      sink.observe(observation);
    } else if (held.size() < MOST) {
      held.add(observation);
    }
  }

  /** It is what it seemed to be. */
  void release() {
    open = true;
    held.forEach(sink::observe);
    held.clear();
  }
}
