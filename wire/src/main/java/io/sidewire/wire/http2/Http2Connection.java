package io.sidewire.wire.http2;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import io.sidewire.wire.http.FlowMemory;
import io.sidewire.wire.http.StreamExchange;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Both directions of an HTTP/2 connection; {@link Side#CLIENT} is the one that opened it.
 *
 * <p>It takes plain bytes, wherever they come from: clear text with prior knowledge, after an Upgrade, or opened TLS.
 * Whoever opens TLS hands its plaintext to a {@link io.sidewire.wire.flow.FlowAnalyzer} of its own, which finds the
 * preface, or directly to an {@code Http2Connection} where ALPN said {@code h2}: the client's bytes begin with the
 * preface.
 */
public final class Http2Connection implements StreamConsumer {

  /** Where the client's bytes begin. */
  public enum Beginning {
    PREFACE,
    /** Behind the first line of the preface. */
    PREFACE_BEGUN
  }

  private static final int UPGRADED_STREAM = 1;

  private final ObservationSink sink;
  private final FlowMemory memory;
  private final Streams streams;
  private final Half client;
  private final Half server;
  private final RateCap resets;
  private final RateCap control;
  private final Set<Anomaly> told = EnumSet.noneOf(Anomaly.class);
  private Outcome closing = Outcome.CAPTURE_ENDED;
  private boolean shown;

  public Http2Connection(
      Limits limits,
      ObservationSink sink,
      LongSupplier nextExchange,
      FlowMemory memory,
      Beginning beginning) {
    this.sink = sink;
    this.memory = memory;
    this.resets = new RateCap(limits.http2Resets());
    this.control = new RateCap(limits.http2Control());
    this.streams = new Streams(
        limits,
        this::once,
        resets,
        () -> new StreamExchange(nextExchange.getAsLong(), limits, sink, memory));
    this.client = new Half(Side.CLIENT, limits);
    this.server = new Half(Side.SERVER, limits);
    int keep = limits.headBytes() + 512; // padding, priority and a promised stream besides
    client.reader = FrameReader.ofClient(keep, client, beginning == Beginning.PREFACE_BEGUN);
    server.reader = FrameReader.ofServer(keep, server);
  }

  /** The request that asked for HTTP/2 is answered on stream 1; null: it was not seen. */
  public void upgraded(StreamExchange exchange) {
    streams.upgraded(UPGRADED_STREAM, exchange);
  }

  @Override
  public void onData(
      Side from, byte[] bytes, int offset, int length, long timeMicros, long sequence) {
    show(timeMicros);
    half(from).reader.feed(bytes, offset, length, timeMicros, sequence);
  }

  @Override
  public void onGap(Side from, long missing, long timeMicros) {
    half(from).reader.gap(missing, timeMicros);
  }

  @Override
  public void onEnd(Side from, boolean reset, long timeMicros) {
    closing = Outcome.RESET;
    if (reset || from == Side.SERVER) {
      streams.endAll(closing, timeMicros);
    }
  }

  @Override
  public void onFlowEnd(long timeMicros) {
    streams.endAll(closing, timeMicros);
  }

  private Half half(Side side) {
    return side == Side.CLIENT ? client : server;
  }

  /** Reports what an attacker could repeat at will only once. */
  private void once(long time, Anomaly kind) {
    if (told.add(kind)) {
      sink.observe(new Odd(time, -1, kind));
    }
  }

  /** One direction: what its frames mean. */
  private final class Half implements FrameReader.Listener, HeaderBlocks.Listener {
    private final Side side;
    private final HeaderBlocks blocks;
    private FrameReader reader;

    Half(Side side, Limits limits) {
      this.side = side;
      this.blocks = new HeaderBlocks(limits, this);
    }

    @Override
    public void counted(FrameHeader frame, int bytes, long time) {
      StreamExchange exchange = exchange(frame);
      if (exchange == null) {
        return;
      }
      if (side == Side.CLIENT) {
        exchange.requestBytes(bytes, time);
      } else {
        exchange.answerBytes(bytes, time);
      }
    }

    @Override
    public void data(FrameHeader frame, byte[] bytes, int offset, int length, long time) {
      StreamExchange exchange = exchange(frame);
      if (exchange == null) {
        return;
      }
      if (side == Side.CLIENT) {
        exchange.requestBody(bytes, offset, length, time);
      } else {
        exchange.answerBody(bytes, offset, length, time);
      }
    }

    @Override
    public void dataGap(FrameHeader frame, long missing) {
      StreamExchange exchange = exchange(frame);
      if (exchange == null) {
        return;
      }
      if (side == Side.CLIENT) {
        exchange.requestGap(missing);
      } else {
        exchange.answerGap(missing);
      }
    }

    @Override
    public void dataEnd(FrameHeader frame, long time) {
      blocks.interrupted(time);
      if (frame.stream == 0) {
        invalid(time);
      } else if (frame.endStream()) {
        streams.sideEnds(side, frame.stream, time);
      } else if (frame.length == 0) {
        control(time);
      }
    }

    private StreamExchange exchange(FrameHeader frame) {
      return streams.exchange(frame.stream);
    }

    @Override
    public void frame(FrameHeader frame, byte[] payload, int kept, boolean whole, long time) {
      if (!frame.placed()) {
        invalid(time);
        if (frame.type == FrameHeader.HEADERS || frame.type == FrameHeader.CONTINUATION) {
          blocks.lost(time);
        }
        return;
      }
      switch (frame.type) {
        case FrameHeader.HEADERS, FrameHeader.PUSH_PROMISE ->
          blocks.headers(frame, payload, kept, whole, time);
        case FrameHeader.CONTINUATION -> blocks.continuation(frame, payload, kept, whole, time);
        default -> {
          blocks.interrupted(time);
          other(frame, payload, kept, time);
        }
      }
    }

    private void other(FrameHeader frame, byte[] payload, int kept, long time) {
      switch (frame.type) {
        case FrameHeader.RST_STREAM -> {
          if (streams.reset(frame.stream, time) && resets.passes(time)) {
            once(time, Anomaly.HTTP2_RESET_FLOOD);
          }
        }
        case FrameHeader.GOAWAY -> {
          if (side == Side.SERVER && kept >= 4) {
            streams.refusedBehind(FrameHeader.int31(payload, 0), time);
          }
        }
        default -> control(time);
      }
    }

    private void control(long time) {
      if (control.passes(time)) {
        once(time, Anomaly.HTTP2_CONTROL_FLOOD);
      }
    }

    @Override
    public void block(HeaderBlocks.Block block, long time) {
      if (side == Side.CLIENT) {
        if ("websocket".equals(block.protocol)) {
          memory.shows("websocket", time);
        }
        streams.request(block, time);
      } else if (block.promised != 0) {
        streams.promised(block, time);
      } else {
        streams.answer(block, time);
      }
      if (block.head.mediaType().startsWith("application/grpc")) {
        memory.shows("grpc", time);
      }
    }

    @Override
    public void lost(long time) {
      blocks.lost(time);
      streams.lost(side);
      once(time, side == Side.CLIENT ? Anomaly.HTTP_REQUEST_LOST : Anomaly.HTTP_RESPONSE_LOST);
    }

    @Override
    public void invalid(long time) {
      once(time, Anomaly.HTTP2_INVALID_FRAME);
    }

    @Override
    public void odd(long time, Anomaly kind) {
      once(time, kind);
    }
  }

  private void show(long time) {
    if (!shown) {
      shown = true;
      memory.shows("http2", time);
    }
  }
}
