package io.sidewire.capture.process;

import java.util.List;

/** Finds the processes at both ends of flows, many flows at a time. Used by one thread. */
interface OwnerSearch extends AutoCloseable {
  /** The owners of each, in their order. */
  List<Owners> find(List<Wanted> wanted);

  /** How much of other users' processes it can tell, as of now; asked by any thread. */
  Rights sees();

  @Override
  default void close() {}
}
