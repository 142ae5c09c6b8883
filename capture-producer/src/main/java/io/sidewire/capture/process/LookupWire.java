package io.sidewire.capture.process;

import io.sidewire.capture.process.SocketSearch.End;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** What a capture and the lookup beside it say to each other: ends of flows, and whose they are. */
final class LookupWire {
  /** Twice what can wait in a capture: each flow has two ends. */
  static final int MAX_ENDS = 16_384;

  private LookupWire() {}

  static void writeQuestion(DataOutputStream out, List<End> ends) throws IOException {
    out.writeInt(ends.size());
    for (End end : ends) {
      SocketPair pair = end.sockets();
      out.writeByte((pair.udp() ? 1 : 0) | (end.server() ? 2 : 0) | (end.local() ? 4 : 0));
      writeAddress(out, pair.client().getAddress(), pair.clientPort());
      writeAddress(out, pair.server().getAddress(), pair.serverPort());
    }
    out.flush();
  }

  static List<End> readQuestion(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > MAX_ENDS) {
      throw new IOException("a question of " + count + " ends");
    }
    var ends = new ArrayList<End>();
    for (int i = 0; i < count; i++) {
      int flags = in.readUnsignedByte();
      var client = readAddress(in);
      int clientPort = in.readUnsignedShort();
      var server = readAddress(in);
      int serverPort = in.readUnsignedShort();
      var pair = new SocketPair((flags & 1) != 0, client, clientPort, server, serverPort);
      ends.add(new End(pair, (flags & 2) != 0, (flags & 4) != 0));
    }
    return ends;
  }

  static void writeAnswer(DataOutputStream out, List<LocalProcess> found) throws IOException {
    for (LocalProcess process : found) {
      out.writeInt(process == null || process.pid() == null ? 0 : process.pid());
      writeText(out, process == null ? null : process.executable());
      writeText(out, process == null ? null : process.containerId());
    }
    out.flush();
  }

  static List<LocalProcess> readAnswer(DataInputStream in, int count) throws IOException {
    var found = new ArrayList<LocalProcess>(count);
    for (int i = 0; i < count; i++) {
      int pid = in.readInt();
      String executable = readText(in);
      String container = readText(in);
      found.add(pid == 0 ? null : new LocalProcess(pid, executable, container));
    }
    return found;
  }

  private static void writeAddress(DataOutputStream out, byte[] address, int port)
      throws IOException {
    out.writeByte(address.length);
    out.write(address);
    out.writeShort(port);
  }

  private static InetAddress readAddress(DataInputStream in) throws IOException {
    int length = in.readUnsignedByte();
    if (length != 4 && length != 16) {
      throw new IOException("an address of " + length + " bytes");
    }
    return InetAddress.getByAddress(in.readNBytes(length));
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    out.writeUTF(text == null ? "" : text.length() > 4096 ? text.substring(0, 4096) : text);
  }

  private static String readText(DataInputStream in) throws IOException {
    String text = in.readUTF();
    return text.isEmpty() ? null : text;
  }
}
