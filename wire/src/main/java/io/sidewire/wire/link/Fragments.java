package io.sidewire.wire.link;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * IP datagrams of which not all fragments came yet, bounded in bytes and in packet time.
 *
 * <p>A datagram that became whole is remembered for as long, without its bytes, so that repeated fragments of it are
 * counted for its flow.
 */
final class Fragments {
  /** As long as RFC 791's advice at most, and as Linux waits. */
  static final long TIMEOUT_MICROS = 30_000_000;

  private static final int MAX_ABANDONED = 1 << 16;

  /**
   * What the fragments of a datagram have in common; for IPv6 the protocol is not part of it. Those within a tunnel are
   * apart from those outside, whose frames count in no other flow.
   */
  record Key(
      long source,
      long source2,
      long destination,
      long destination2,
      int id,
      int protocol,
      boolean within) {}

  private final int maxBytes;

  /** In the order of their first fragments. */
  private final Map<Key, Datagram> datagrams = new LinkedHashMap<>();

  private final ArrayDeque<HeldFragment> abandoned = new ArrayDeque<>();
  private long bytes;

  Fragments(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Adds the fragment at the cursor to its datagram. */
  Datagram add(Cursor c, IpLayer layer, int offset, boolean more) {
    tick(c.timeMicros);
    Key key = key(layer, c.out.layerCount > 1);
    Datagram datagram = datagrams.get(key);
    if (datagram == null || datagram.isDone()) {
      // After a whole one: a repeated fragment, or another datagram with the same number, which
      // begins its time anew.
      Datagram last = datagram;
      datagram = new Datagram(c.timeMicros, last);
      bytes += datagram.cost() - (last == null ? 0 : last.cost());
      datagrams.remove(key);
      datagrams.put(key, datagram);
    }
    long before = datagram.cost();
    datagram.add(c, layer, offset, more);
    bytes += datagram.cost() - before;
    evict(datagram);
    return datagram;
  }

  private static Key key(IpLayer layer, boolean within) {
    byte[] bytes = layer.bytes;
    int from = layer.sourceOffset;
    int to = layer.destinationOffset;
    return layer.version == 4
        ? new Key(
            Cursor.i32(bytes, from),
            4,
            Cursor.i32(bytes, to),
            4,
            layer.fragmentId,
            layer.protocol,
            within)
        : new Key(
            Cursor.i64(bytes, from),
            Cursor.i64(bytes, from + 8),
            Cursor.i64(bytes, to),
            Cursor.i64(bytes, to + 8),
            layer.fragmentId,
            -1,
            within);
  }

  /** Keeps the figures of a fragment whose flow is not known yet, or gives it up where too many are kept. */
  void hold(Datagram datagram, Cursor c, IpLayer layer, int offset, int size) {
    long before = datagram.cost();
    if (!datagram.hold(c, layer, offset, size)) {
      abandon(new HeldFragment(c.timeMicros, c.frameBytes, layer.ipBytes, c.out.layerCount - 1));
    }
    bytes += datagram.cost() - before;
  }

  /** The datagram is whole and will be read now; its array stays untouched, for it is not used again. */
  void done(Datagram datagram) {
    bytes -= datagram.cost();
    datagram.done();
    bytes += datagram.cost();
  }

  /** Gives up datagrams that began too long before {@code nowMicros}. */
  void tick(long nowMicros) {
    if (datagrams.isEmpty()) {
      return;
    }
    var eldest = datagrams.values().iterator();
    while (eldest.hasNext()) {
      Datagram datagram = eldest.next();
      if (nowMicros - datagram.startMicros <= TIMEOUT_MICROS) {
        return;
      }
      eldest.remove();
      abandon(datagram);
    }
  }

  void end() {
    datagrams.values().forEach(this::abandon);
    datagrams.clear();
  }

  private void evict(Datagram current) {
    var eldest = datagrams.values().iterator();
    while (bytes > maxBytes && eldest.hasNext()) {
      Datagram datagram = eldest.next();
      if (datagram != current) {
        eldest.remove();
        abandon(datagram);
      }
    }
  }

  private void abandon(Datagram datagram) {
    bytes -= datagram.cost();
    for (int i = 0; i < datagram.heldCount(); i++) {
      abandon(datagram.held(i));
    }
  }

  private void abandon(HeldFragment held) {
    if (abandoned.size() == MAX_ABANDONED) {
      abandoned.removeFirst(); // nobody asks for them
    }
    abandoned.add(held);
  }

  HeldFragment pollAbandoned() {
    return abandoned.poll();
  }

  /** Memory held, nearly. */
  long bytes() {
    return bytes;
  }
}
