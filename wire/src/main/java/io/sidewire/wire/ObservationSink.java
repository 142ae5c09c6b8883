package io.sidewire.wire;

/** Takes the observations of one flow, in the order in which they were made. */
@FunctionalInterface
public interface ObservationSink {
  void observe(Observation observation);
}
