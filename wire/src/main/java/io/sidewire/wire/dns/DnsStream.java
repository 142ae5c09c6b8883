package io.sidewire.wire.dns;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import io.sidewire.wire.dns.DnsExchanges.Arrival;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** DNS over TCP (RFC 7766): messages behind a length of two bytes, any number of them on a connection. */
public final class DnsStream implements StreamConsumer {
  private static final int PREFIX = 2;

  private final ObservationSink sink;
  private final DnsExchanges exchanges;
  private final Half client = new Half(Side.CLIENT);
  private final Half server = new Half(Side.SERVER);
  private boolean reset;

  public DnsStream(Limits limits, ObservationSink sink, LongSupplier nextExchange) {
    this.sink = sink;
    this.exchanges = new DnsExchanges(limits, sink, nextExchange);
  }

  @Override
  public void onData(
      Side from, byte[] bytes, int offset, int length, long timeMicros, long sequence) {
    half(from).onData(bytes, offset, length, timeMicros);
  }

  @Override
  public void onGap(Side from, long missing, long timeMicros) {
    half(from).onGap();
  }

  @Override
  public void onEnd(Side from, boolean reset, long timeMicros) {
    this.reset |= reset;
  }

  @Override
  public void onFlowEnd(long timeMicros) {
    exchanges.end(reset ? Outcome.RESET : Outcome.CAPTURE_ENDED, timeMicros);
  }

  private Half half(Side side) {
    return side == Side.CLIENT ? client : server;
  }

  /** The messages of one direction. */
  private final class Half {
    private final Side side;
    private byte[] held = new byte[PREFIX + DnsMessage.HEADER];
    private int fill;
    private long start;
    private boolean lost; // after a gap: the next message may begin with the next segment
    private boolean over;

    Half(Side side) {
      this.side = side;
    }

    void onData(byte[] bytes, int offset, int length, long time) {
      int at = offset;
      int end = offset + length;
      if (lost && !over) {
        if (length < PREFIX + DnsMessage.HEADER || wanted(bytes, at) != length) {
          return; // only a segment that is one message is believed
        }
        lost = false;
      }
      while (at < end && !over) {
        if (fill == 0) {
          start = time;
        }
        int wanted = fill < PREFIX ? PREFIX : wanted(held, 0);
        int taken = Math.min(wanted - fill, end - at);
        append(bytes, at, taken);
        at += taken;
        if (fill >= PREFIX && fill == wanted(held, 0)) {
          message(time);
        }
      }
    }

    private int wanted(byte[] from, int at) {
      return PREFIX + ((from[at] & 0xff) << 8 | from[at + 1] & 0xff);
    }

    private void append(byte[] bytes, int offset, int length) {
      if (fill + length > held.length) {
        // Grow with what has come, not with what is announced.
        held = Arrays.copyOf(held, Math.max(fill + length, Math.min(held.length * 2, 1 << 16)));
      }
      System.arraycopy(bytes, offset, held, fill, length);
      fill += length;
    }

    private void message(long time) {
      boolean read = exchanges.message(
          held,
          PREFIX,
          fill - PREFIX,
          true,
          new Arrival(side, start, Math.max(start, time), fill, true));
      fill = 0;
      if (!read) {
        over = true;
        sink.observe(new Odd(time, -1, Anomaly.DNS_INVALID));
      }
    }

    void onGap() {
      fill = 0;
      lost = true;
    }
  }
}
