package io.sidewire.capture.process;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The lookup of processes, alone: tells a capture which processes hold the sockets that it asks about. It opens no
 * network, reads nothing but {@code /proc}, writes nothing, takes one capture at a time, and alone needs CAP_SYS_PTRACE
 * and CAP_DAC_READ_SEARCH, so that the process that reads packets has no right to read files.
 */
public final class LookupMain {
  private static final String USAGE = """
      Usage: sidewire-lookup SOCKET [PROC]
      Tells a capture (process-socket=SOCKET) whose sockets are whose: the one process that needs CAP_SYS_PTRACE and
      CAP_DAC_READ_SEARCH, and does nothing else. PROC: where the host's /proc is mounted (/proc).
      """;

  private LookupMain() {}

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  /** Serves until the process ends; returns the exit code where it cannot, or is only asked how it is used. */
  static int run(List<String> arguments) {
    if (arguments.equals(List.of("--help"))) {
      System.out.print(USAGE);
      return 0;
    }
    if (arguments.isEmpty() || arguments.size() > 2 || arguments.get(0).startsWith("-")) {
      System.err.print(USAGE);
      return 2;
    }
    Path socket = Path.of(arguments.get(0));
    try (var server = listen(socket)) {
      serve(server, Path.of(arguments.size() == 2 ? arguments.get(1) : "/proc"));
      return 0;
    } catch (IOException e) {
      System.err.println(
          "sidewire-lookup: cannot listen at " + socket + " (" + e.getMessage()
              + "): name a path in a folder that this user may write to and the capture's group may enter");
      return 1;
    }
  }

  /** Of its user and group alone; what a killed one left is taken over. */
  static ServerSocketChannel listen(Path socket) throws IOException {
    Files.deleteIfExists(socket);
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket), 1);
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
    return server;
  }

  static void serve(ServerSocketChannel server, Path proc) throws IOException {
    // The first process' network first: this one may have a network namespace of its own, with
    // nothing in it.
    var search = new ProcSearch(proc, proc.resolve("1"));
    while (server.isOpen()) {
      try (SocketChannel capture = server.accept()) {
        talk(capture, search);
      } catch (IOException e) {
        // It is gone, or said what it should not: the next one.
      }
    }
  }

  private static void talk(SocketChannel capture, ProcSearch search) throws IOException {
    var in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(capture)));
    var out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(capture)));
    while (true) {
      List<Wanted> wanted = LookupWire.question(in);
      LookupWire.answer(out, search.sees(), search.find(wanted));
    }
  }
}
