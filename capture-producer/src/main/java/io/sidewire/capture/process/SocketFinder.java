package io.sidewire.capture.process;

import io.sidewire.capture.Rights;
import java.util.List;
import java.util.Map;

/** Whoever can say whose sockets the ends of flows are. */
interface SocketFinder extends AutoCloseable {
  /** The processes of these ends, in their order; null for those that are not known. */
  List<LocalProcess> find(List<SocketSearch.End> ends);

  /** Whose sockets can be told from each other. */
  Rights level();

  /** What {@code hosts} shows of it. */
  Map<String, String> settings();

  @Override
  default void close() {}
}
