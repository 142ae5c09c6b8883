package io.sidewire.wire.http;

import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** What came on a connection while it is not known who shall have it; given on in the same order. */
public final class HeldSegments implements StreamConsumer {

  private interface Event {
    void giveTo(StreamConsumer consumer);
  }

  private final Deque<Event> events = new ArrayDeque<>();
  private final long[] acknowledged = {-1, -1}; // by side, told before the next event
  private long bytes;

  /** Bytes held. */
  public long bytes() {
    return bytes;
  }

  /** Events held. */
  public int size() {
    return events.size();
  }

  public boolean isEmpty() {
    return events.isEmpty();
  }

  @Override
  public void onData(
      Side from, byte[] bytes, int offset, int length, long timeMicros, long sequence) {
    byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
    this.bytes += length;
    add(consumer -> consumer.onData(from, copy, 0, copy.length, timeMicros, sequence));
  }

  @Override
  public void onAcknowledged(Side from, long next) {
    acknowledged[from.ordinal()] = next;
  }

  @Override
  public void onGap(Side from, long missing, long timeMicros) {
    add(consumer -> consumer.onGap(from, missing, timeMicros));
  }

  @Override
  public void onEnd(Side from, boolean reset, long timeMicros) {
    add(consumer -> consumer.onEnd(from, reset, timeMicros));
  }

  @Override
  public void onFlowEnd(long timeMicros) {
    add(consumer -> consumer.onFlowEnd(timeMicros));
  }

  private void add(Event event) {
    flush();
    events.add(event);
  }

  private void flush() {
    flush(Side.CLIENT);
    flush(Side.SERVER);
  }

  private void flush(Side side) {
    long next = acknowledged[side.ordinal()];
    if (next >= 0) {
      acknowledged[side.ordinal()] = -1;
      events.add(consumer -> consumer.onAcknowledged(side, next));
    }
  }

  /** Takes over what {@code others} hold, before what is held here. */
  public void prepend(HeldSegments others) {
    others.flush();
    bytes += others.bytes;
    while (!others.events.isEmpty()) {
      events.addFirst(others.events.pollLast());
    }
    others.bytes = 0;
  }

  /** Gives the oldest event to {@code consumer}, which may hold more here meanwhile. */
  public void giveOne(StreamConsumer consumer) {
    Event event = events.poll();
    if (event != null) {
      event.giveTo(consumer);
    }
    if (events.isEmpty()) {
      bytes = 0;
    }
  }

  /** Gives everything that is held now to {@code consumer}. */
  public void giveAll(StreamConsumer consumer) {
    flush();
    for (int left = events.size(); left > 0; left--) {
      giveOne(consumer);
    }
  }
}
