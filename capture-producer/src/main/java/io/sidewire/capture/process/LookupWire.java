package io.sidewire.capture.process;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What a capture and the lookup beside it say to each other: a count and so many flows, answered by so many pairs of
 * processes. Both ends check each length; whoever says something else is hung up on.
 */
final class LookupWire {
  /** Most flows of one question. */
  static final int MOST = 8192;

  private static final int LONGEST_TEXT = 4096;
  private static final int UDP = 1;
  private static final int CLIENT_LOCAL = 2;
  private static final int SERVER_LOCAL = 4;

  private LookupWire() {}

  static void ask(DataOutputStream out, List<Wanted> wanted) throws IOException {
    out.writeShort(wanted.size());
    for (Wanted each : wanted) {
      SocketPair pair = each.sockets();
      out.writeByte((pair.udp() ? UDP : 0)
          | (each.clientLocal() ? CLIENT_LOCAL : 0)
          | (each.serverLocal() ? SERVER_LOCAL : 0));
      end(out, pair.client(), pair.clientPort());
      end(out, pair.server(), pair.serverPort());
    }
    out.flush();
  }

  static List<Wanted> question(DataInputStream in) throws IOException {
    int count = count(in);
    var wanted = new ArrayList<Wanted>();
    for (int i = 0; i < count; i++) {
      int flags = in.readUnsignedByte();
      InetAddress client = address(in);
      int clientPort = in.readUnsignedShort();
      var pair = new SocketPair(
          (flags & UDP) != 0, client, clientPort, address(in), in.readUnsignedShort());
      wanted.add(new Wanted(pair, (flags & CLIENT_LOCAL) != 0, (flags & SERVER_LOCAL) != 0));
    }
    return wanted;
  }

  static void answer(DataOutputStream out, Rights sees, List<Owners> owners) throws IOException {
    out.writeByte(sees.ordinal());
    out.writeShort(owners.size());
    for (Owners each : owners) {
      process(out, each.client());
      process(out, each.server());
    }
    out.flush();
  }

  static Answer answer(DataInputStream in, int asked) throws IOException {
    int sees = in.readUnsignedByte();
    if (sees >= Rights.values().length || count(in) != asked) {
      throw new IOException("no answer to what was asked");
    }
    var owners = new ArrayList<Owners>(asked);
    for (int i = 0; i < asked; i++) {
      owners.add(new Owners(process(in), process(in)));
    }
    return new Answer(Rights.values()[sees], owners);
  }

  /** What the lookup said, and how much it may see. */
  record Answer(Rights sees, List<Owners> owners) {}

  private static int count(DataInputStream in) throws IOException {
    int count = in.readUnsignedShort();
    if (count > MOST) {
      throw new IOException("too many flows at once");
    }
    return count;
  }

  private static void end(DataOutputStream out, InetAddress address, int port) throws IOException {
    byte[] bytes = address.getAddress();
    out.writeByte(bytes.length);
    out.write(bytes);
    out.writeShort(port);
  }

  private static InetAddress address(DataInputStream in) throws IOException {
    int length = in.readUnsignedByte();
    if (length != 4 && length != 16) {
      throw new IOException("no address");
    }
    return InetAddress.getByAddress(in.readNBytes(length));
  }

  private static void process(DataOutputStream out, LocalProcess process) throws IOException {
    out.writeBoolean(process != null);
    if (process != null) {
      out.writeInt(process.pid() == null ? 0 : process.pid());
      text(out, process.executable());
      text(out, process.containerId());
    }
  }

  private static LocalProcess process(DataInputStream in) throws IOException {
    if (!in.readBoolean()) {
      return null;
    }
    int pid = in.readInt();
    return new LocalProcess(pid == 0 ? null : pid, text(in), text(in));
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    String bounded = text == null ? "" : text;
    out.writeUTF(bounded.substring(0, Math.min(LONGEST_TEXT, bounded.length())));
  }

  private static String text(DataInputStream in) throws IOException {
    String text = in.readUTF();
    return text.isEmpty() ? null : text;
  }
}
