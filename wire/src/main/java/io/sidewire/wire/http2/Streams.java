package io.sidewire.wire.http2;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.Side;
import io.sidewire.wire.http.StreamExchange;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The streams of a connection that are open, by their numbers, each with its exchange. */
final class Streams {

  /** Takes oddities of the connection. */
  interface Oddities {
    void odd(long time, Anomaly kind);
  }

  private static final class Stream {
    final StreamExchange exchange;
    boolean requestsLost; // in which the rest of this one's may have been
    boolean answersLost;

    Stream(StreamExchange exchange) {
      this.exchange = exchange;
    }
  }

  private final int most;
  private final Oddities oddities;
  private final RateCap resets;
  private final Supplier<StreamExchange> exchanges;
  private final Map<Integer, Stream> open = new LinkedHashMap<>();
  private final TreeSet<Integer> unseen = new TreeSet<>(); // whose beginning may be lost
  private final int[] highest = {0, -1}; // by parity: even numbers are the server's
  private boolean requestsLost; // since the last request

  Streams(Limits limits, Oddities oddities, RateCap resets, Supplier<StreamExchange> exchanges) {
    this.most = limits.http2Streams();
    this.oddities = oddities;
    this.resets = resets;
    this.exchanges = exchanges;
  }

  void upgraded(int number, StreamExchange exchange) {
    highest[number & 1] = number;
    if (exchange != null) {
      open.put(number, new Stream(exchange));
    } else {
      unseen.add(number);
    }
  }

  /** The exchange of a stream; null where it is over or was never seen. */
  StreamExchange exchange(int number) {
    Stream stream = open.get(number);
    return stream == null ? null : stream.exchange;
  }

  // ---------------------------------------------------------------- blocks

  /** A block of the client: the head of a request, or what follows its body. */
  void request(HeaderBlocks.Block block, long time) {
    Stream stream = open.get(block.stream);
    if (stream == null && begins(block.stream)) {
      stream = open(block.stream, time);
    }
    if (stream == null) {
      return;
    }
    if (!stream.exchange.asked()) {
      stream.exchange.requestHead(block.head, block.start, block.sequence, block.whole);
    }
    stream.exchange.requestBytes(block.bytes, time);
    if (block.endStream) {
      sideEnds(Side.CLIENT, block.stream, time);
    }
  }

  /** True where a stream of that number may begin: it is the next, or its beginning was lost. */
  private boolean begins(int number) {
    int parity = number & 1;
    if (number <= highest[parity]) {
      return unseen.remove(number);
    }
    if (requestsLost && parity == 1) {
      for (int lost = number - 2; lost > highest[1] && unseen.size() < most; lost -= 2) {
        unseen.add(lost);
      }
      requestsLost = false;
    }
    highest[parity] = number;
    return true;
  }

  private Stream open(int number, long time) {
    if (resets.passed(time)) {
      return null; // opened to be cancelled: not followed for the rest of this second
    }
    if (open.size() >= most) {
      oddities.odd(time, Anomaly.HTTP2_STREAM_LIMIT);
      Iterator<Stream> oldest = open.values().iterator();
      oldest.next().exchange.end(Outcome.GAP, time);
      oldest.remove();
    }
    Stream stream = new Stream(exchanges.get());
    open.put(number, stream);
    return stream;
  }

  /** The server says what it was not asked. */
  void promised(HeaderBlocks.Block block, long time) {
    boolean even = block.promised > 0 && (block.promised & 1) == 0;
    Stream stream = even && begins(block.promised) ? open(block.promised, time) : null;
    if (stream != null) {
      stream.exchange.requestHead(block.head, block.start, block.sequence, block.whole);
      stream.exchange.requestBytes(block.bytes, time);
      stream.exchange.requestEnd(true);
    }
  }

  /** A block of the server: the head of an answer, interim or final, or what follows its body. */
  void answer(HeaderBlocks.Block block, long time) {
    Stream stream = open.get(block.stream);
    if (stream == null) {
      boolean early = (block.stream & 1) == 1 && block.stream > highest[1];
      if (!early && !unseen.remove(block.stream)) {
        return;
      }
      stream = open(block.stream, time);
      if (stream == null) {
        return;
      }
    }
    boolean interim = block.status / 100 == 1 && !block.endStream;
    if (interim) {
      return;
    }
    StreamExchange exchange = stream.exchange;
    if (stream.requestsLost) {
      exchange.requestEnd(false);
    }
    if (!exchange.answered()) {
      exchange.answerHead(block.head, block.start, block.sequence, block.whole);
      if (stream.answersLost) {
        exchange.answerGap(0);
      }
    }
    exchange.answerBytes(block.bytes, time);
    if (block.endStream) {
      sideEnds(Side.SERVER, block.stream, time);
    }
  }

  // ---------------------------------------------------------------- ends

  /** A side has said all that it had to say on a stream. */
  void sideEnds(Side side, int number, long time) {
    Stream stream = open.get(number);
    if (stream == null) {
      return;
    }
    StreamExchange exchange = stream.exchange;
    if (side == Side.CLIENT) {
      exchange.requestEnd(true);
    } else {
      boolean lost = stream.answersLost && !exchange.answered();
      exchange.end(lost ? Outcome.GAP : Outcome.ANSWERED, time);
    }
    boolean overtaken = !exchange.asked() && number > highest[1];
    if (exchange.answerOver() && !overtaken) {
      open.remove(number);
    }
  }

  /** @return true where the stream was cancelled before it was answered */
  boolean reset(int number, long time) {
    Stream stream = open.remove(number);
    if (stream == null) {
      return false;
    }
    boolean unanswered = !stream.exchange.answered();
    stream.exchange.end(Outcome.RESET, time);
    return unanswered;
  }

  /** The server will not look at streams of the client behind this one. */
  void refusedBehind(int last, long time) {
    for (Iterator<Map.Entry<Integer, Stream>> all = open.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Integer, Stream> each = all.next();
      if ((each.getKey() & 1) == 1 && each.getKey() > last) {
        each.getValue().exchange.end(Outcome.RESET, time);
        all.remove();
      }
    }
  }

  /** Frames of a side are missing: any of its messages may have lost some, or its end. */
  void lost(Side side) {
    requestsLost |= side == Side.CLIENT;
    for (Stream stream : open.values()) {
      if (side == Side.CLIENT && !stream.exchange.requestOver()) {
        stream.requestsLost = true;
        stream.exchange.requestGap(0);
      } else if (side == Side.SERVER) {
        stream.answersLost = true;
        stream.exchange.answerGap(0);
      }
    }
  }

  /** The connection is over. */
  void endAll(Outcome outcome, long time) {
    for (Stream stream : new ArrayList<>(open.values())) {
      boolean asked = stream.exchange.asked() || stream.exchange.answered();
      if (asked) {
        stream.exchange.end(stream.answersLost ? Outcome.GAP : outcome, time);
      }
    }
    open.clear();
  }
}
