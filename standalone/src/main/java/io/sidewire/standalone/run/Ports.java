package io.sidewire.standalone.run;

import io.sidewire.standalone.Fault;
import io.sidewire.standalone.host.Listeners;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/** Whether a port can be had, and who has it. */
public final class Ports {
  private Ports() {}

  /**
   * Refuses a port that is taken, naming its holder.
   *
   * @param option by which another one is named
   */
  public static void requireFree(String address, int port, String option) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true); // connections of a Sidewire that just stopped do not count
      socket.bind(new java.net.InetSocketAddress(InetAddress.getByName(address), port), 1);
    } catch (IOException e) {
      String holder = new Listeners(Path.of("/proc"))
          .holder(port)
          .map(who -> " by " + who)
          .orElse(" by another program");
      throw new Fault(
          Fault.BUSY,
          "Port " + port + " is taken" + holder + ": stop it, or name another port with " + option
              + " PORT.",
          e);
    }
  }
}
