package io.sidewire.capture.save;

import io.sidewire.capture.file.CaptureFileReader;
import io.sidewire.wire.Limits;
import io.sidewire.wire.link.DecodedFrame;
import io.sidewire.wire.link.IpLayer;
import io.sidewire.wire.link.PacketDecoder;
import io.sidewire.wire.tcp.TcpSegment;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Chooses the packets of connections between two ends, each within a span of time. */
public final class FlowChoice implements Ring.Choice {
  /** Acknowledgments of what came last, and the close, follow within so long. */
  private static final long TAIL_MICROS = 1_000_000;

  private static final int TCP = 6;

  /** One end of a connection; {@link #ANY_PORT}: all connections of that address. */
  public record End(byte[] address, int port) {
    public static final int ANY_PORT = -1;

    /** By an address in digits, which is never looked up. */
    public static End of(String address, int port) {
      if (!address.matches("[0-9a-fA-F:.]+")) {
        throw new IllegalArgumentException("an address in digits is needed");
      }
      try {
        return new End(InetAddress.getByName(address).getAddress(), port);
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException("an address in digits is needed", e);
      }
    }

    private boolean is(IpLayer layer, boolean source) {
      int from = source ? layer.sourceOffset : layer.destinationOffset;
      int length = layer.version == 4 ? 4 : 16;
      int itsPort = source ? layer.sourcePort : layer.destinationPort;
      return (port == ANY_PORT || port == itsPort)
          && address.length == length
          && Arrays.equals(address, 0, length, layer.bytes, from, from + length);
    }
  }

  /** Packets between two ends from {@code start} to {@code end}, epoch microseconds, and the handshake before. */
  public record Part(End one, End other, long start, long end) {
    private boolean takes(IpLayer layer, long time) {
      boolean between = one.is(layer, true) && other.is(layer, false)
          || one.is(layer, false) && other.is(layer, true);
      if (!between || time > end + TAIL_MICROS) {
        return false;
      }
      boolean tcp = layer.protocol == TCP;
      if (time < start) {
        return tcp && (layer.tcpFlags & TcpSegment.SYN) != 0;
      }
      return time <= end || tcp && layer.payloadLength == 0;
    }
  }

  private final List<Part> parts;
  private final PacketDecoder decoder = new PacketDecoder(Limits.DEFAULT);
  private final DecodedFrame decoded = new DecodedFrame();
  private final Set<String> flows = new HashSet<>();

  public FlowChoice(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  @Override
  public boolean takes(CaptureFileReader frame) {
    decoder.decode(
        frame.linkType(),
        frame.frame(),
        frame.offset(),
        frame.capturedLength(),
        frame.wireLength(),
        frame.timeMicros(),
        decoded);
    for (int i = 0; i < decoded.layerCount; i++) {
      IpLayer layer = decoded.layers[i];
      if (layer.sourcePort < 0) {
        continue;
      }
      for (Part part : parts) {
        if (part.takes(layer, frame.timeMicros())) {
          String source = Headers.address(layer, true);
          String destination = Headers.address(layer, false);
          flows.add(source + " > " + destination);
          flows.add(destination + " > " + source);
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public boolean tookFrom(String flow) {
    return flows.contains(flow);
  }
}
