package io.sidewire.wire.http;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;

/** Reads the head of a message: its start line, then field lines up to an empty one. */
final class HeadReader {

  /** What became of a field line. */
  enum Outcome {
    /** It is not whole yet. */
    MORE,
    FIELD,
    /** It was the empty line: the head is whole. */
    COMPLETE,
    /** It passed a limit: more of the head is not read. */
    CUT,
    /** It is no field, so the start line before it was part of a text. */
    TEXT,
    /** It is no field, so the request before it was its one line, as in HTTP/0.9. */
    BARE
  }

  private final Limits limits;
  private final boolean requests;
  private final LineReader lines;
  private HttpHead head;
  private Message message;
  private boolean unsure; // the start line was found, not expected: the first field line decides
  private boolean inText; // and it was found behind other bytes of its line
  private boolean bare; // no version and no field yet: the request may be its one line
  private boolean bareLf;
  private int length;

  HeadReader(Limits limits, boolean requests, LineReader lines) {
    this.limits = limits;
    this.requests = requests;
    this.lines = lines;
  }

  /** The start line at {@code at} of the line that was read; null where none stands there. */
  HttpHead startLine(int at) {
    return requests
        ? StartLine.request(lines.bytes, at, lines.end)
        : StartLine.status(lines.bytes, at, lines.end);
  }

  /** Where in the line that was read a start line begins that runs to its end; -1: nowhere. */
  int find() {
    return requests
        ? StartLine.findRequest(lines.bytes, lines.start, lines.end)
        : StartLine.findStatus(lines.bytes, lines.start, lines.end);
  }

  /** Begins a head with the start line at {@code at} of the line that was read. {@code found}: it was looked for. */
  Message begin(HttpHead startLine, int at, long time, boolean found) {
    message = new Message(lines.timeAt(at), lines.sequenceAt(at));
    message.end = time;
    message.bytes = lines.stop - at;
    head = startLine;
    length = lines.stop - at;
    unsure = found;
    inText = at > lines.start;
    bare = requests && startLine.versionless();
    bareLf = lines.bareLf;
    return message;
  }

  /** Begins with a start line whose end will not be seen; null where what there is does not say enough. */
  Message beginCut() {
    // Of a longer line the beginning may be kept or not: that would depend on how it was cut.
    int kept = lines.isLongerThan(limits.startLine()) ? 0 : lines.keptLength();
    head = kept == 0
        ? null
        : requests
            ? StartLine.requestBeginning(lines.kept(), 0, kept)
            : StartLine.status(lines.kept(), 0, kept);
    if (head == null) {
      return null;
    }
    message = new Message(lines.keptTime(), lines.keptSequence());
    message.bytes = kept;
    unsure = false;
    bare = false;
    bareLf = false;
    return message;
  }

  Outcome field(Chunk in) {
    LineReader.Taken taken = lines.take(in, Math.max(0, limits.headBytes() - length));
    if (taken == LineReader.Taken.MORE) {
      return Outcome.MORE;
    }
    if (taken == LineReader.Taken.TOO_LONG) {
      head.odd(Anomaly.HTTP_HEAD_TOO_LONG);
      return Outcome.CUT;
    }
    boolean empty = lines.start == lines.end;
    if (!empty && (unsure || bare)) {
      if (!StartLine.fieldLike(lines.bytes, lines.start, lines.end)) {
        return unsure ? Outcome.TEXT : Outcome.BARE;
      }
      unsure = false;
      bare = false;
    }
    length += (int) lines.length;
    message.bytes += lines.length;
    message.end = in.time;
    bareLf |= lines.bareLf;
    if (empty) {
      return Outcome.COMPLETE;
    }
    head.field(lines.bytes, lines.start, lines.end);
    if (head.fields() > limits.headerCount()) {
      head.odd(Anomaly.HTTP_TOO_MANY_HEADERS);
      return Outcome.CUT;
    }
    return Outcome.FIELD;
  }

  /** The head, as far as it was read. */
  HttpHead finish() {
    if (bareLf) {
      head.odd(Anomaly.HTTP_BARE_LF);
    }
    HttpHead read = head;
    head = null;
    message = null;
    unsure = false;
    bare = false;
    return read;
  }

  /** It was read in vain. */
  void forget() {
    head = null;
    message = null;
    unsure = false;
    bare = false;
  }

  HttpHead head() {
    return head;
  }

  /** The request may be complete as it is. */
  boolean bare() {
    return bare && !unsure;
  }

  boolean unsure() {
    return unsure;
  }

  /** The line that is being read, of which no more will come, does not bear out an unsure start line. */
  boolean keptIsText() {
    return unsure && (inText || !StartLine.fieldBeginning(lines.kept(), 0, lines.keptLength()));
  }
}
