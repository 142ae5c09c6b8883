package io.sidewire.rules;

import java.util.List;
import java.util.Set;

/** One line of the rules: a type and the conditions that must all hold; an empty condition always holds. */
record Rule(
    String type,
    List<HostGlob> hosts,
    Set<Integer> ports,
    List<CidrRange> cidrs,
    List<String> paths,
    Set<String> alpn,
    List<HostGlob> processes,
    Set<String> transports,
    Set<String> content,
    boolean unread,
    double confidence) {

  /** @param names normalized */
  boolean matches(Facts facts, List<String> names) {
    return (transports.isEmpty() || transports.contains(facts.transport()))
        && (ports.isEmpty() || ports.contains(facts.serverPort()))
        && (!unread || facts.unread())
        && (content.isEmpty() || anyContent(facts))
        && (hosts.isEmpty() || anyGlob(hosts, names))
        && (alpn.isEmpty() || facts.alpn() != null && alpn.contains(facts.alpn()))
        && (paths.isEmpty() || anyPath(facts.path()))
        && (processes.isEmpty() || anyGlob(processes, facts.processes()))
        && (cidrs.isEmpty() || anyCidr(facts.serverAddress()));
  }

  Match.Basis basis() {
    if (!content.isEmpty()) {
      return Match.Basis.CONTENT;
    }
    return hosts.isEmpty() ? Match.Basis.OTHER : Match.Basis.NAME;
  }

  private boolean anyContent(Facts facts) {
    for (String shown : facts.content()) {
      if (content.contains(shown)) {
        return true;
      }
    }
    return false;
  }

  private boolean anyPath(String path) {
    if (path == null) {
      return false;
    }
    for (String prefix : paths) {
      if (path.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private boolean anyCidr(String address) {
    for (CidrRange range : cidrs) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private static boolean anyGlob(List<HostGlob> globs, List<String> names) {
    for (String name : names) {
      for (HostGlob glob : globs) {
        if (glob.matches(name)) {
          return true;
        }
      }
    }
    return false;
  }
}
