package io.sidewire.capture.process;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import jdk.net.ExtendedSocketOptions;

/**
 * A process that says whose sockets they are, and does nothing else: it holds the rights that this needs, so that the
 * capture, which reads what strangers send, can do without. It reads addresses and ports from its owner's processes on
 * a Unix socket, answers with process, executable and container, and opens no file but those of {@code /proc}.
 *
 * <p>{@code LookupMain SOCKET [PROC [PID]]}; with a PID it ends when that process does.
 */
public final class LookupMain {
  private static final long WATCH_MILLIS = 1_000;

  private LookupMain() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments, System.err));
  }

  static int run(String[] arguments, PrintStream err) {
    if (arguments.length < 1 || arguments.length > 3 || arguments[0].startsWith("-")) {
      err.println("Usage: process-lookup SOCKET [PROC [PID]]");
      err.println(
          "Says on the Unix socket whose sockets of this host they are; ends with the process PID.");
      return arguments.length == 1 && arguments[0].equals("--help") ? 0 : 2;
    }
    Path socket = Path.of(arguments[0]);
    Path proc = Path.of(arguments.length > 1 ? arguments[1] : "/proc");
    if (arguments.length > 2) {
      watch(proc.resolve(arguments[2]), socket);
    }
    try {
      Files.deleteIfExists(socket);
      try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(UnixDomainSocketAddress.of(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        serve(server, socket, new SocketSearch(proc));
      }
      return 0;
    } catch (IOException e) {
      err.println(
          "process-lookup: " + socket + " cannot be used (" + e.getClass().getSimpleName()
              + "): name one in a folder that this user alone may write to");
      return 1;
    }
  }

  /** One capture after the other. */
  private static void serve(ServerSocketChannel server, Path socket, SocketSearch search)
      throws IOException {
    while (true) {
      try (SocketChannel client = server.accept()) {
        if (isOwners(client, socket)) {
          answer(client, search);
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        // It went, or asked what is no question: the next one.
      }
    }
  }

  static void answer(SocketChannel client, SocketSearch search) throws IOException {
    var in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(client)));
    var out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(client)));
    try {
      while (true) {
        LookupWire.writeAnswer(out, search.find(LookupWire.readQuestion(in)));
      }
    } catch (EOFException e) {
      // The capture ended.
    }
  }

  /** The folder may have been opened to others: who they are is asked besides. */
  private static boolean isOwners(SocketChannel client, Path socket) throws IOException {
    return client
        .getOption(ExtendedSocketOptions.SO_PEERCRED)
        .user()
        .getName()
        .equals(Files.getOwner(socket).getName());
  }

  private static void watch(Path process, Path socket) {
    var thread = new Thread(
        () -> {
          while (Files.exists(process)) {
            try {
              Thread.sleep(WATCH_MILLIS);
            } catch (InterruptedException e) {
              return;
            }
          }
          try {
            Files.deleteIfExists(socket);
          } catch (IOException e) {
            // It is in the way of nobody.
          }
          Runtime.getRuntime().halt(0);
        },
        "watch");
    thread.setDaemon(true);
    thread.start();
  }
}
