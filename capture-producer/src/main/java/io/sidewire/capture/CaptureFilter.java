package io.sidewire.capture;

import java.util.ArrayList;
import java.util.List;

/**
 * Composes the BPF expression of a live capture: (mode or ports) and (filter) and not own traffic.
 *
 * <p>{@code ports} take the place of the mode's own; {@code filter} narrows further and never widens. BPF looks at
 * untagged, untunnelled packets: to capture by port inside VLANs or tunnels, use mode {@code all}.
 */
final class CaptureFilter {
  private CaptureFilter() {}

  /** @param own expression of {@link OwnTraffic#filter}; empty: nothing to leave out */
  static String compose(Mode mode, List<String> ports, String filter, String own) {
    var parts = new ArrayList<String>();
    if (!ports.isEmpty()) {
      var terms = ports.stream().map(port -> (port.contains("-") ? "portrange " : "port ") + port);
      parts.add(String.join(" or ", terms.toList()));
    } else if (!mode.filter().isEmpty()) {
      parts.add(mode.filter());
    }
    if (filter != null && !filter.isBlank()) {
      parts.add(filter.strip());
    }
    var wrapped = new ArrayList<>(parts.stream().map(part -> "(" + part + ")").toList());
    if (!own.isEmpty()) {
      wrapped.add(own);
    }
    return String.join(" and ", wrapped);
  }
}
