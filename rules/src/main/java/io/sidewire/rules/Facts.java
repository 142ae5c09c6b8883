package io.sidewire.rules;

import java.util.Collection;
import java.util.List;

/**
 * What is known of a flow when its type is asked for; absent is null or empty.
 *
 * @param names server name of TLS, HTTP host, DNS name of the address, the surest first
 * @param serverPort -1 where the transport has none
 * @param path path of a request
 * @param processes names of the client's and the server's process
 * @param content what the bytes showed, see the rules file
 */
public record Facts(
    String transport,
    String serverAddress,
    int serverPort,
    List<String> names,
    String path,
    String alpn,
    List<String> processes,
    Collection<String> content) {

  /** Nothing but the transport and the server's address and port. */
  public static Facts of(String transport, String serverAddress, int serverPort) {
    return new Facts(
        transport, serverAddress, serverPort, List.of(), null, null, List.of(), List.of());
  }

  public Facts withNames(String... known) {
    return new Facts(
        transport, serverAddress, serverPort, List.of(known), path, alpn, processes, content);
  }

  public Facts withPath(String known) {
    return new Facts(transport, serverAddress, serverPort, names, known, alpn, processes, content);
  }

  public Facts withContent(String... known) {
    return new Facts(
        transport, serverAddress, serverPort, names, path, alpn, processes, List.of(known));
  }

  /** No name, no request: at most the protocol of the first bytes is known. */
  boolean unread() {
    if (!names.isEmpty() || path != null) {
      return false;
    }
    for (String shown : content) {
      if (!shown.equals("http")) {
        return false;
      }
    }
    return true;
  }
}
