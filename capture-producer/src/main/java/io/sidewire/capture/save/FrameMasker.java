package io.sidewire.capture.save;

import io.sidewire.wire.Limits;
import io.sidewire.wire.Side;
import io.sidewire.wire.link.DecodedFrame;
import io.sidewire.wire.link.IpLayer;
import io.sidewire.wire.link.PacketDecoder;
import io.sidewire.wire.tcp.ReassemblyRules;
import io.sidewire.wire.tcp.TcpSegment;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Frames in, the same frames with their payloads masked out, in the same order.
 *
 * <p>A TCP payload is masked in the context of its stream, so its frame waits until the bytes before it are there, and
 * the bytes after it where those decide; frames behind it wait with it. Past a limit of frames, bytes or time the frame
 * goes without what is not decided: zeros.
 */
final class FrameMasker {
  /** Where masked frames go. */
  interface Out {
    void frame(SavedFrame frame) throws IOException;

    /** A part of a flow was zeroed. */
    void zeroed(String flow, ZeroedParts.Why why);
  }

  private static final int MOST_WAITING = 8192;
  private static final long MOST_WAITING_BYTES = 16 << 20;
  private static final int MOST_FLOWS = 32_768;
  private static final long MOST_FLOW_BYTES = 64 << 20;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMP = 1;
  private static final int ICMP6 = 58;

  private record Key(long high, long low, long otherHigh, long otherLow, int port, int otherPort) {}

  private final Out out;
  private final PacketDecoder decoder = new PacketDecoder(Limits.DEFAULT);
  private final DecodedFrame decoded = new DecodedFrame();
  private final ReassemblyRules rules = ReassemblyRules.of(1 << 20, 16 << 20);
  private final Pseudonyms pseudonyms;
  private final FieldMask fields;
  private final DatagramMask datagrams = new DatagramMask();
  private final Map<Key, MaskedFlow> flows = new LinkedHashMap<>(256, 0.75f, true);
  private final ArrayDeque<SavedFrame> waiting = new ArrayDeque<>();
  private final TcpSegment segment = new TcpSegment();
  private long waitingBytes;
  private long flowBytes;

  FrameMasker(Pseudonyms pseudonyms, Out out) {
    this.pseudonyms = pseudonyms;
    this.fields = new FieldMask(pseudonyms);
    this.out = out;
  }

  /** Takes a frame; {@code now} is any clock in milliseconds. */
  void frame(SavedFrame frame, long now) throws IOException {
    decoder.decode(
        frame.linkType, frame.bytes, 0, frame.length, frame.wireLength, frame.timeMicros, decoded);
    while (decoder.pollAbandoned(new io.sidewire.wire.link.HeldFragment())) {
      // Their frames are written already.
    }
    IpLayer inner = decoded.layerCount == 0 ? null : decoded.layers[decoded.layerCount - 1];
    if (inner == null) {
      Headers.maskUnread(frame, decoded.reason);
    } else if (inner.bytes != frame.bytes || inner.fragment) {
      Headers.maskFragment(frame, decoded);
    } else if (inner.transportProblem != null) {
      Headers.zeroFrom(frame, Headers.ipEnd(inner));
    } else {
      transport(frame, inner);
    }
    frame.heldSince = now;
    waiting.add(frame);
    waitingBytes += frame.length;
    while (waiting.size() > MOST_WAITING || waitingBytes > MOST_WAITING_BYTES) {
      force(waiting.peek());
      write();
    }
    write();
  }

  /** Writes what waits since before {@code since}, decided or not. */
  void expire(long since) throws IOException {
    while (!waiting.isEmpty() && waiting.peek().heldSince <= since) {
      force(waiting.peek());
      write();
    }
  }

  /** Decides about all that waits, and writes it. */
  void finish() throws IOException {
    for (MaskedFlow flow : flows.values()) {
      flow.finish(Long.MAX_VALUE / 4);
    }
    flows.clear();
    flowBytes = 0;
    write();
  }

  private void write() throws IOException {
    while (!waiting.isEmpty() && waiting.peek().decided) {
      SavedFrame frame = waiting.poll();
      waitingBytes -= frame.length;
      out.frame(frame);
    }
  }

  private static void force(SavedFrame frame) {
    if (!frame.decided) {
      frame.flow.force(frame);
    }
  }

  private void transport(SavedFrame frame, IpLayer layer) {
    int end = layer.payloadOffset + layer.payloadCaptured;
    switch (layer.protocol) {
      case TCP -> {
        Headers.zeroRest(frame, end);
        segment(frame, layer);
      }
      case UDP -> {
        Headers.zeroRest(frame, end);
        datagrams.mask(frame, layer, keyOf(layer));
      }
      case ICMP, ICMP6 -> Headers.maskIcmp(frame, layer);
      default -> Headers.zeroFrom(frame, layer.transportOffset);
    }
  }

  private void segment(SavedFrame frame, IpLayer layer) {
    boolean forward = inOrder(layer);
    Key key = keyOf(layer);
    segment.from = forward ? Side.CLIENT : Side.SERVER;
    segment.timeMicros = frame.timeMicros;
    segment.flags = layer.tcpFlags;
    segment.sequence = (int) layer.tcpSequence;
    segment.acknowledgment = (int) layer.tcpAcknowledgment;
    segment.window = layer.tcpWindow;
    segment.bytes = layer.bytes;
    segment.offset = layer.payloadOffset;
    segment.captured = layer.payloadCaptured;
    segment.length = layer.payloadLength;
    frame.side = segment.from.ordinal();
    frame.sequence = segment.sequence + ((segment.flags & TcpSegment.SYN) == 0 ? 0 : 1);
    frame.payloadOffset = layer.payloadOffset;
    frame.payloadLength = layer.payloadCaptured;
    frame.transportOffset = layer.transportOffset;
    SavedFrame blocked = waiting.peek();
    if (blocked != null && blocked.flow != null) {
      blocked.flow.expire(frame.timeMicros);
    }
    MaskedFlow flow = flows.get(key);
    if (flow != null && flow.startsAnew(segment)) {
      drop(flow, frame.timeMicros);
      flow = null;
    }
    if (flow == null) {
      String name = text(layer);
      flow = new MaskedFlow(rules, pseudonyms, fields, why -> out.zeroed(name, why));
      flows.put(key, flow);
      flowBytes += flow.cost();
    }
    int before = flow.cost();
    flow.take(segment, frame);
    flowBytes += flow.cost() - before;
    evict(flow, frame.timeMicros);
  }

  private void evict(MaskedFlow current, long now) {
    Iterator<MaskedFlow> eldest = flows.values().iterator();
    while ((flows.size() > MOST_FLOWS || flowBytes > MOST_FLOW_BYTES) && eldest.hasNext()) {
      MaskedFlow flow = eldest.next();
      if (flow == current) {
        return;
      }
      drop(flow, now);
      eldest.remove();
    }
  }

  private void drop(MaskedFlow flow, long now) {
    flowBytes -= flow.cost();
    flow.finish(now);
  }

  // ------------------------------------------------------------------ keys

  private static boolean inOrder(IpLayer layer) {
    int size = layer.version == 4 ? 4 : 16;
    int order = java.util.Arrays.compareUnsigned(
        layer.bytes,
        layer.sourceOffset,
        layer.sourceOffset + size,
        layer.bytes,
        layer.destinationOffset,
        layer.destinationOffset + size);
    return order < 0 || order == 0 && layer.sourcePort <= layer.destinationPort;
  }

  private static Key keyOf(IpLayer layer) {
    boolean forward = inOrder(layer);
    int first = forward ? layer.sourceOffset : layer.destinationOffset;
    int second = forward ? layer.destinationOffset : layer.sourceOffset;
    boolean six = layer.version == 6;
    byte[] bytes = layer.bytes;
    return new Key(
        six ? number(bytes, first, 8) : 0,
        six ? number(bytes, first + 8, 8) : number(bytes, first, 4),
        six ? number(bytes, second, 8) : 0,
        six ? number(bytes, second + 8, 8) : number(bytes, second, 4),
        forward ? layer.sourcePort : layer.destinationPort,
        forward ? layer.destinationPort : layer.sourcePort);
  }

  private static long number(byte[] bytes, int at, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | bytes[at + i] & 0xff;
    }
    return value;
  }

  private static String text(IpLayer layer) {
    return Headers.address(layer, true) + " > " + Headers.address(layer, false);
  }
}
