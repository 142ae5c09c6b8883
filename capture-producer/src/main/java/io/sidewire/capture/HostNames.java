package io.sidewire.capture;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name under which a host's records stand, where none is configured. */
final class HostNames {
  private HostNames() {}

  /** The kernel's host name; on Kubernetes the node's, which its pod spec gives as {@code NODE_NAME}. */
  static String local() {
    String node = System.getenv("NODE_NAME");
    if (node != null && !node.isBlank()) {
      return node.strip();
    }
    try {
      String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      if (!name.isEmpty()) {
        return name;
      }
    } catch (IOException e) {
      // Not Linux.
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
