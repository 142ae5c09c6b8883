package io.sidewire.capture.process;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Both ends of a flow, as {@code /proc/net/tcp} and its like write them.
 *
 * @param udp else TCP
 */
record SocketPair(
    boolean udp, InetAddress client, int clientPort, InetAddress server, int serverPort) {
  private static final String NO_PORT = ":0000";

  /**
   * Reads the addresses of a flow.
   *
   * @return null for other transports and for what is no IP address
   */
  static SocketPair of(
      String transport, String client, int clientPort, String server, int serverPort) {
    boolean udp = transport.equals("udp");
    if ((!udp && !transport.equals("tcp")) || clientPort < 0 || serverPort < 0) {
      return null;
    }
    if (!isLiteral(client) || !isLiteral(server)) {
      return null;
    }
    try {
      return new SocketPair(
          udp,
          InetAddress.getByName(client),
          clientPort,
          InetAddress.getByName(server),
          serverPort);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /**
   * How the socket of one end may stand in a table, the best first: with its peer, else (a listener, or UDP that is not
   * connected) alone on its address, else on any address.
   *
   * @param six in the table for IPv6, where a socket for both families has IPv4 addresses mapped
   * @param local the end's address is one of this host: else a listener on any address is not its socket
   */
  List<String> keys(boolean ofServer, boolean six, boolean local) {
    InetAddress near = address(ofServer);
    InetAddress far = address(!ofServer);
    boolean four = near.getAddress().length == 4;
    if (!four && !six) {
      return List.of();
    }
    String port = port(ofServer ? serverPort : clientPort);
    String remotePort = port(ofServer ? clientPort : serverPort);
    String any = "0".repeat(six ? 32 : 8);
    var keys = new ArrayList<String>(3);
    keys.add(hex(near, six) + port + " " + hex(far, six) + remotePort);
    if (udp || ofServer) {
      keys.add(hex(near, six) + port + " " + any + NO_PORT);
      if (local) {
        keys.add(any + port + " " + any + NO_PORT);
      }
    }
    return keys;
  }

  InetAddress address(boolean ofServer) {
    return ofServer ? server : client;
  }

  /** IP literals only: nothing here may ask a name server. */
  private static boolean isLiteral(String address) {
    return address.indexOf(':') >= 0 || address.matches("[0-9.]{7,15}");
  }

  private static String port(int port) {
    return String.format(":%04X", port);
  }

  /** Address words in the byte order of the machine, as the kernel prints them. */
  private static String hex(InetAddress address, boolean six) {
    byte[] bytes = address.getAddress();
    if (six && bytes.length == 4) {
      bytes =
          new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, bytes[0], bytes[1], bytes[2], bytes[3]};
    }
    var words = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    var out = new StringBuilder(32);
    while (words.hasRemaining()) {
      out.append(String.format("%08X", words.getInt()));
    }
    return out.toString();
  }
}
