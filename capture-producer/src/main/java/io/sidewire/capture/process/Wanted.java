package io.sidewire.capture.process;

import java.net.InetAddress;
import java.util.Set;

/**
 * A flow whose processes are wanted.
 *
 * @param clientLocal the client's address is one of this host
 */
record Wanted(SocketPair sockets, boolean clientLocal, boolean serverLocal) {
  static Wanted of(SocketPair sockets, Set<InetAddress> addresses) {
    return new Wanted(
        sockets, isLocal(sockets.client(), addresses), isLocal(sockets.server(), addresses));
  }

  private static boolean isLocal(InetAddress address, Set<InetAddress> addresses) {
    return address.isLoopbackAddress() || addresses.contains(address);
  }
}
