package io.sidewire.wire.http;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Step;

/**
 * Takes the framing off a body: of a known length, in chunks, or up to the end of the connection.
 *
 * <pre>
 * LENGTH ──────────────────────────────────────────────┐
 * CHUNK_SIZE ─ CHUNK_DATA ─ CHUNK_END                  ├─ DONE
 *     ▲└────── a size of 0 ─────┼────── TRAILERS ──────┘
 *     └─────────────────────────┘
 * CLOSE ─ (ended by the connection)
 * </pre>
 */
final class BodyFramer {

  private enum State {
    LENGTH,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_END,
    TRAILERS,
    CLOSE,
    DONE
  }

  private static final int CHUNK_LINE = 4096; // extensions included; servers allow far less
  private static final int CHUNK_DIGITS = 15; // more would overflow, and is an attack

  private final Limits limits;
  private final LineReader lines;
  private final MessageHandler handler;
  private State state = State.DONE;
  private Message message;
  private long left; // of the body or chunk
  private boolean found; // the framing was found in the middle: nothing is sure yet

  BodyFramer(Limits limits, LineReader lines, MessageHandler handler) {
    this.limits = limits;
    this.lines = lines;
    this.handler = handler;
  }

  /** Begins with a framing that has a body. */
  void begin(Message message, Framing framing) {
    this.message = message;
    this.left = framing.length();
    this.found = false;
    this.state = switch (framing.kind()) {
      case LENGTH -> State.LENGTH;
      case CHUNKED -> State.CHUNK_SIZE;
      case CLOSE -> State.CLOSE;
      default -> State.DONE;
    };
  }

  /** Goes on in the middle of a body, where {@link ChunkSeeker} found a chunk of which {@code left} bytes come. */
  void resume(Message message, long left, boolean last) {
    this.message = message;
    this.left = left;
    this.found = true;
    this.state = last ? State.TRAILERS : left > 0 ? State.CHUNK_DATA : State.CHUNK_END;
  }

  boolean done() {
    return state == State.DONE;
  }

  boolean inChunks() {
    return switch (state) {
      case CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILERS -> true;
      default -> false;
    };
  }

  boolean toClose() {
    return state == State.CLOSE;
  }

  boolean ofLength() {
    return state == State.LENGTH;
  }

  /** True while only guesswork says where this body stands. */
  boolean found() {
    return found;
  }

  Step step(Chunk in) {
    return switch (state) {
      case LENGTH -> length(in);
      case CHUNK_SIZE -> chunkSize(in);
      case CHUNK_DATA -> chunkData(in);
      case CHUNK_END -> chunkEnd(in);
      case TRAILERS -> trailer(in);
      case CLOSE -> close(in);
      case DONE -> Step.NEED_MORE;
    };
  }

  private Step length(Chunk in) {
    take(in);
    if (left == 0) {
      state = State.DONE;
    }
    return Step.ADVANCED;
  }

  private Step close(Chunk in) {
    left = in.remaining();
    take(in);
    return Step.ADVANCED;
  }

  private Step chunkSize(Chunk in) {
    LineReader.Taken taken = lines.take(in, CHUNK_LINE);
    if (taken == LineReader.Taken.MORE) {
      return Step.NEED_MORE;
    }
    boolean line = taken == LineReader.Taken.LINE;
    left = line ? chunkSize(lines.bytes, lines.start, lines.end) : -1;
    if (left < 0) {
      return invalid(in.time);
    }
    count(in.time);
    state = left == 0 ? State.TRAILERS : State.CHUNK_DATA;
    return Step.ADVANCED;
  }

  private Step chunkData(Chunk in) {
    take(in);
    if (left == 0) {
      state = State.CHUNK_END;
    }
    return Step.ADVANCED;
  }

  private Step chunkEnd(Chunk in) {
    LineReader.Taken taken = lines.take(in, 2);
    if (taken == LineReader.Taken.MORE) {
      return Step.NEED_MORE;
    }
    if (taken != LineReader.Taken.LINE || lines.start != lines.end) {
      return invalid(in.time);
    }
    count(in.time);
    found = false;
    state = State.CHUNK_SIZE;
    return Step.ADVANCED;
  }

  private Step trailer(Chunk in) {
    LineReader.Taken taken = lines.take(in, limits.startLine());
    if (taken == LineReader.Taken.MORE) {
      return Step.NEED_MORE;
    }
    boolean line = taken == LineReader.Taken.LINE;
    boolean empty = line && lines.start == lines.end;
    if (!empty && (!line || found || !StartLine.fieldLike(lines.bytes, lines.start, lines.end))) {
      return invalid(in.time);
    }
    count(in.time);
    if (empty) {
      state = State.DONE;
    }
    return Step.ADVANCED;
  }

  private Step invalid(long time) {
    if (!found) {
      handler.odd(time, Anomaly.HTTP_CHUNK_INVALID);
    }
    return Step.LOST;
  }

  private void count(long time) {
    message.bytes += lines.length;
    message.end = time;
  }

  private void take(Chunk in) {
    int count = (int) Math.min(left, in.remaining());
    int from = in.position;
    in.position += count;
    left -= count;
    message.bytes += count;
    message.bodyBytes += count;
    message.end = in.time;
    handler.body(in.bytes, from, count, in.time);
  }

  /**
   * {@code missing} bytes will never come.
   *
   * @return ADVANCED where the body goes on behind them, or is done; LOST where it is not known what they were
   */
  Step gap(long missing, long time) {
    message.complete = false;
    if (state == State.CLOSE) {
      message.bytes += missing;
      message.bodyBytes += missing;
      handler.bodyGap(missing);
      return Step.ADVANCED;
    }
    if (state != State.LENGTH && (state != State.CHUNK_DATA || missing > left)) {
      handler.bodyGap(missing);
      return Step.LOST;
    }
    long inside = Math.min(missing, left);
    left -= inside;
    message.bytes += inside;
    message.bodyBytes += inside;
    message.end = time;
    handler.bodyGap(missing);
    if (left == 0) {
      state = state == State.LENGTH ? State.DONE : State.CHUNK_END;
    }
    return missing > inside ? Step.LOST : Step.ADVANCED;
  }

  /** Size in a chunk's line, extensions ignored; -1 where there is none. */
  static long chunkSize(byte[] bytes, int from, int to) {
    long size = 0;
    int i = from;
    for (; i < to; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit < 0) {
        break;
      }
      size = size << 4 | digit;
      if (size >> 4 * CHUNK_DIGITS != 0) {
        return -1;
      }
    }
    boolean ends = i == to || bytes[i] == ';' || bytes[i] == ' ' || bytes[i] == '\t';
    return i > from && ends ? size : -1;
  }
}
