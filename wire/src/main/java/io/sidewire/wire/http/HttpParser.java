package io.sidewire.wire.http;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Step;
import io.sidewire.wire.http.MessageHandler.Ending;
import io.sidewire.wire.http.MessageHandler.Handover;

/**
 * One direction of an HTTP/1.x connection: a state for each part of the grammar, a method for each state.
 *
 * <pre>
 * START_LINE ─ FIELDS ─┬─ BODY ─┐
 *     ▲                └────────┤
 *     └─────────────────────────┘
 * what cannot be read, and a gap that is no part of a body: SEEK, then FIELDS or BODY of what was found
 * </pre>
 */
final class HttpParser {

  private enum State {
    START_LINE,
    FIELDS,
    BODY,
    SEEK,
    OVER
  }

  private static final long SEEK_BUDGET = 8 << 20;
  private static final int TLS_HANDSHAKE = 0x16;

  private final Limits limits;
  private final boolean requests;
  private final MessageHandler handler;
  private final LineReader lines = new LineReader();
  private final HeadReader heads;
  private final BodyFramer framer;
  private final ChunkSeeker seeker = new ChunkSeeker();
  private State state = State.START_LINE;
  private Message message; // null between messages
  private boolean dangling; // chunked answer whose framing is lost; it goes on if it is found again
  private long budget = SEEK_BUDGET; // bytes that SEEK still looks at
  private boolean fresh; // SEEK stands where a message may well begin: behind a gap, or a turn
  private boolean paused;
  private boolean plain; // no TLS stands where a start line should

  HttpParser(Limits limits, boolean requests, MessageHandler handler) {
    this.limits = limits;
    this.requests = requests;
    this.handler = handler;
    this.heads = new HeadReader(limits, requests, lines);
    this.framer = new BodyFramer(limits, lines, handler);
  }

  /** Begins by looking for a start line: what comes first may be the middle of something. */
  void seek(long budget) {
    state = State.SEEK;
    this.budget = budget;
  }

  /** The other side spoke, so that a message may well begin here: look at least at the next few bytes. */
  void turn(long atLeast) {
    if (state == State.SEEK && budget < atLeast) {
      budget = atLeast;
      lines.clear();
      seeker.clear();
    }
    fresh |= lines.atStart();
  }

  /** Takes bytes until they are used up or belong to another protocol; what is left then stays in {@code in}. */
  void feed(Chunk in) {
    while (in.hasRemaining() && !paused && state != State.OVER && step(in) != Step.NEED_MORE) {}
  }

  /** What looks like TLS where a start line should be was looked at, and is none. */
  void neverTls() {
    plain = true;
  }

  /** Takes nothing more until {@link #resume}: the other side decides what follows. */
  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
  }

  boolean paused() {
    return paused;
  }

  /** A message is being read. */
  boolean busy() {
    return message != null;
  }

  private Step step(Chunk in) {
    return switch (state) {
      case START_LINE -> startLine(in);
      case FIELDS -> field(in);
      case BODY -> body(in);
      case SEEK -> seekStart(in);
      case OVER -> Step.HANDED_OVER;
    };
  }

  // ---------------------------------------------------------------- start line

  private Step startLine(Chunk in) {
    if (requests && !plain && lines.atStart() && in.bytes[in.position] == TLS_HANDSHAKE) {
      return handOver(Handover.TLS);
    }
    LineReader.Taken taken = lines.take(in, limits.startLine());
    if (taken == LineReader.Taken.MORE) {
      return handler.headless() && !StartLine.mayBeStatus(lines.kept(), 0, lines.keptLength())
          ? headlessAnswer(in.time)
          : Step.NEED_MORE;
    }
    if (taken == LineReader.Taken.TOO_LONG) {
      boolean ended = lines.atStart();
      if (handler.headless()
          && !(ended
              ? StartLine.mayBeStatus(lines.bytes, lines.start, lines.stop)
              : StartLine.mayBeStatus(lines.kept(), 0, lines.keptLength()))) {
        return ended ? headlessLine(in.time) : headlessAnswer(in.time);
      }
      handler.odd(in.time, Anomaly.HTTP_START_LINE_TOO_LONG);
      return lost(in.time, false);
    }
    if (begin(lines.start, in.time, false)) {
      return Step.ADVANCED;
    }
    if (handler.headless()) {
      return headlessLine(in.time);
    }
    if (lines.start == lines.end) {
      return Step.ADVANCED; // an empty line before a start line: RFC 9112, 2.2
    }
    handler.lost(in.time, false);
    return seekIn(in.time);
  }

  /** Begins a message at {@code at} of the line that was read; false where no start line stands there. */
  private boolean begin(int at, long time, boolean found) {
    HttpHead read = heads.startLine(at);
    if (read == null) {
      return false;
    }
    if (requests && read.method().equals("PRI") && !read.atLeast11()) {
      handOver(Handover.HTTP2);
      return true;
    }
    if (dangling) {
      endMessage(Ending.LOST);
    }
    message = heads.begin(read, at, time, found);
    state = State.FIELDS;
    return true;
  }

  /** The line that was read has no start line at its beginning; perhaps it has one further on. */
  private Step seekIn(long time) {
    int at = heads.find();
    if (at >= 0 && begin(at, time, true)) {
      return Step.ADVANCED;
    }
    if (state != State.SEEK) {
      toSeek();
    }
    return Step.LOST;
  }

  /** The answer to HTTP/0.9: a body without a head, of which the beginning of a line was kept. */
  private Step headlessAnswer(long time) {
    byte[] beginning = lines.kept();
    int length = lines.keptLength();
    message = new Message(lines.keptTime(), lines.keptSequence());
    lines.clear();
    beginBody(handler.head(HttpHead.none(), message));
    bodyPiece(beginning, 0, length, time);
    return Step.ADVANCED;
  }

  /** The same where its first line is whole. */
  private Step headlessLine(long time) {
    message = new Message(lines.timeAt(lines.start), lines.sequenceAt(lines.start));
    beginBody(handler.head(HttpHead.none(), message));
    bodyPiece(lines.bytes, lines.start, lines.stop, time);
    return Step.ADVANCED;
  }

  // ---------------------------------------------------------------- fields

  private Step field(Chunk in) {
    return switch (heads.field(in)) {
      case MORE -> Step.NEED_MORE;
      case FIELD -> Step.ADVANCED;
      case COMPLETE -> headComplete();
      case CUT -> cutHead(in.time, false);
      case TEXT -> notAStart(in.time);
      case BARE -> endOfBareRequest(in.time);
    };
  }

  private Step headComplete() {
    HttpHead whole = heads.finish();
    Message current = message;
    Framing framing = handler.head(whole, current);
    whole.oddities().forEach(kind -> handler.odd(current.start, kind));
    framing.oddities().forEach(kind -> handler.odd(current.start, kind));
    switch (framing.kind()) {
      case LENGTH, CHUNKED, CLOSE -> beginBody(framing);
      case NONE -> endMessage(Ending.WHOLE);
      case TUNNEL -> {
        endMessage(Ending.WHOLE);
        return handOver(Handover.TUNNEL);
      }
      case UPGRADE -> {
        endMessage(Ending.WHOLE);
        return handOver(Handover.UPGRADE);
      }
      case UNKNOWN -> {
        current.complete = false;
        endMessage(Ending.LOST);
        toSeek();
      }
    }
    return Step.ADVANCED;
  }

  /** The rest of the head will not be known: what is known is reported, how the message ends is not. */
  private Step cutHead(long time, boolean gap) {
    heads.head().markCut();
    lines.clear();
    headComplete();
    fresh = gap;
    handler.lost(time, gap);
    return Step.LOST;
  }

  /** What looked like a start line is followed by no field: it was text. */
  private Step notAStart(long time) {
    heads.forget();
    message = null;
    toSeek();
    return seekIn(time);
  }

  /** HTTP/0.9: the request was its one line, and this line is the next one. */
  private Step endOfBareRequest(long time) {
    headComplete();
    if (begin(lines.start, time, false)) {
      return Step.ADVANCED;
    }
    handler.lost(time, false);
    return seekIn(time);
  }

  /** A request without a version is complete when its answer begins. */
  void finishBareRequest() {
    if (state == State.FIELDS && heads.bare() && lines.atStart()) {
      headComplete();
    }
  }

  // ---------------------------------------------------------------- body

  private void beginBody(Framing framing) {
    framer.begin(message, framing);
    state = State.BODY;
  }

  private Step body(Chunk in) {
    Step step = framer.step(in);
    if (step == Step.LOST) {
      return lost(in.time, false);
    }
    if (dangling && !framer.found()) {
      dangling = false; // a chunk ended where it should: the framing is found again
    }
    if (framer.done()) {
      endMessage(Ending.WHOLE);
    }
    return step;
  }

  /** Bytes of the body that were read as a line. */
  private void bodyPiece(byte[] bytes, int from, int to, long time) {
    message.bytes += to - from;
    message.bodyBytes += to - from;
    message.end = time;
    handler.body(bytes, from, to - from, time);
  }

  /** The body that was announced will not come: the final answer was given before its first byte. */
  void abandonBody() {
    if (state == State.BODY && framer.ofLength() && message.bodyBytes == 0) {
      endMessage(Ending.WHOLE);
    }
  }

  // ---------------------------------------------------------------- loss

  /** Gives up what cannot be read. An answer in chunks waits: its framing may be found again. */
  private Step lost(long time, boolean gap) {
    lines.clear();
    if (message != null) {
      message.complete = false;
      dangling = !requests && state == State.BODY && framer.inChunks();
      if (!dangling) {
        endMessage(Ending.LOST);
      }
    }
    handler.lost(time, gap);
    toSeek();
    fresh = gap;
    return Step.LOST;
  }

  private void toSeek() {
    state = State.SEEK;
    fresh = false;
    budget = SEEK_BUDGET;
    seeker.clear();
  }

  private Step seekStart(Chunk in) {
    if (budget <= 0) {
      in.position = in.end;
      return Step.ADVANCED;
    }
    int before = in.position;
    LineReader.Taken taken = lines.takeTail(in, limits.startLine());
    budget -= in.position - before;
    if (taken == LineReader.Taken.MORE) {
      return Step.NEED_MORE;
    }
    fresh = false;
    if (seekIn(in.time) == Step.LOST && !requests && seeker.line(lines, dangling)) {
      resumeChunks(in.time);
    }
    return Step.ADVANCED;
  }

  private void resumeChunks(long time) {
    if (!dangling) {
      message = new Message(lines.timeAt(lines.start), lines.sequenceAt(lines.start));
      message.complete = false;
      handler.head(HttpHead.none(), message);
      dangling = true;
    }
    if (seeker.inData()) {
      bodyPiece(lines.bytes, lines.start, lines.stop, time);
    } else {
      message.bytes += lines.length;
      message.end = time;
    }
    framer.resume(message, seeker.left(), seeker.last());
    state = State.BODY;
  }

  /** {@code missing} bytes of this direction will never come. */
  void gap(long missing, long time) {
    switch (state) {
      case START_LINE -> gapInStartLine(time);
      case FIELDS -> {
        if (heads.keptIsText()) {
          heads.forget();
          message = null;
          lost(time, true);
        } else {
          cutHead(time, true);
        }
      }
      case BODY -> {
        Step step = framer.gap(missing, time);
        boolean done = framer.done();
        if (done) {
          endMessage(Ending.WHOLE); // its end is known, and that it lies in the gap
        }
        if (step == Step.LOST) {
          lost(time, true);
        }
      }
      case SEEK -> {
        if (fresh && !dangling) {
          gapInStartLine(time);
        } else {
          lines.clear();
          seeker.clear();
          handler.lost(time, true);
        }
        fresh = true;
      }
      case OVER -> {}
    }
  }

  /** A start line that was cut says enough if its method and target, or its status, are whole. */
  private void gapInStartLine(long time) {
    message = heads.beginCut();
    if (message == null) {
      lost(time, true);
    } else {
      cutHead(time, true);
    }
  }

  /** The direction ended; {@code gracefully}: with a FIN, which ends a body that has no other end. */
  void end(long time, boolean gracefully) {
    if (state == State.START_LINE && lines.keptLength() > 0 && handler.headless()) {
      headlessAnswer(time);
    } else if (state == State.START_LINE && lines.keptLength() > 0) {
      gapInStartLine(time);
    } else if (state == State.FIELDS && heads.bare()) {
      headComplete();
    } else if (state == State.FIELDS && !heads.unsure()) {
      cutHead(time, false);
    }
    if (message != null && gracefully && state == State.BODY && framer.toClose()) {
      endMessage(message.complete ? Ending.WHOLE : Ending.LOST);
    } else if (message != null && !heads.unsure()) {
      endMessage(dangling ? Ending.LOST : Ending.CLOSED);
    }
    state = State.OVER;
    lines.clear();
  }

  private Step handOver(Handover why) {
    state = State.OVER;
    handler.handedOver(why);
    return Step.HANDED_OVER;
  }

  private void endMessage(Ending ending) {
    Message ended = message;
    message = null;
    dangling = false;
    state = State.START_LINE;
    handler.end(ended, ending);
  }
}
