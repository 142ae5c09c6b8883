package io.sidewire.wire.http;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Takes gzip or deflate off a body, within a bounded ratio. */
final class ContentDecoder implements BodyReader {
  private static final int PIECE = 4096;
  private static final int RATIO_APPLIES_FROM = 64 << 10;
  private static final int GZIP_TRAILER = 8;
  private static final int FHCRC = 2;
  private static final int FEXTRA = 4;
  private static final int FNAME = 8;
  private static final int FCOMMENT = 16;

  private enum State {
    /** The first two bytes say whether deflate is wrapped in zlib. */
    KIND,
    GZIP_HEADER,
    GZIP_EXTRA_LENGTH,
    GZIP_TEXT,
    SKIP,
    DATA,
    OVER
  }

  private final BodyReader next;
  private final Consumer<Anomaly> odd;
  private final int maxRatio;
  private final boolean gzip;
  private State state;
  private Inflater inflater;
  private long read;
  private long written;
  private final byte[] small = new byte[10];
  private int smallLength;
  private int skip;
  private int flags; // of the gzip header, those still to come
  private boolean trailer;
  private byte[] piece;
  private long time;

  private ContentDecoder(boolean gzip, Limits limits, BodyReader next, Consumer<Anomaly> odd) {
    this.gzip = gzip;
    this.next = next;
    this.odd = odd;
    this.maxRatio = limits.inflateRatio();
    this.state = gzip ? State.GZIP_HEADER : State.KIND;
  }

  /**
   * The reader that decodes {@code coding} for {@code next}: itself where nothing is coded, null where it cannot be
   * decoded.
   */
  static BodyReader of(String coding, Limits limits, BodyReader next, Consumer<Anomaly> odd) {
    return switch (coding == null ? "" : coding.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> next;
      case "gzip", "x-gzip" -> new ContentDecoder(true, limits, next, odd);
      case "deflate" -> new ContentDecoder(false, limits, next, odd);
      default -> null;
    };
  }

  @Override
  public void data(byte[] bytes, int offset, int length, long time) {
    this.time = time;
    int i = offset;
    int end = offset + length;
    while (i < end && state != State.OVER) {
      i = switch (state) {
        case DATA -> inflate(bytes, i, end);
        case SKIP -> skip(i, end);
        case GZIP_TEXT -> text(bytes, i, end);
        default -> header(bytes, i);
      };
    }
  }

  /** What follows a gap cannot be decoded. */
  @Override
  public void gap() {
    stop();
    next.gap();
  }

  @Override
  public void end() {
    stop();
    next.end();
  }

  private void stop() {
    state = State.OVER;
    if (inflater != null) {
      inflater.end();
      inflater = null;
    }
  }

  private void fail(Anomaly kind) {
    odd.accept(kind);
    stop();
    next.gap();
  }

  private int header(byte[] bytes, int at) {
    small[smallLength++] = bytes[at];
    switch (state) {
      case KIND -> {
        if (smallLength == 2) {
          boolean zlib =
              (small[0] & 0x0f) == 8 && ((small[0] & 0xff) << 8 | small[1] & 0xff) % 31 == 0;
          begin(!zlib);
          inflate(small, 0, 2);
        }
      }
      case GZIP_HEADER -> {
        if (smallLength == 10) {
          if ((small[0] & 0xff) != 0x1f || (small[1] & 0xff) != 0x8b || small[2] != 8) {
            fail(Anomaly.BODY_INFLATE_ERROR);
          } else {
            flags = small[3] & (FHCRC | FEXTRA | FNAME | FCOMMENT);
            optionalField();
          }
        }
      }
      default -> { // GZIP_EXTRA_LENGTH
        if (smallLength == 2) {
          skip = (small[1] & 0xff) << 8 | small[0] & 0xff;
          state = State.SKIP;
          if (skip == 0) {
            skipped();
          }
        }
      }
    }
    return at + 1;
  }

  private void optionalField() {
    smallLength = 0;
    if ((flags & FEXTRA) != 0) {
      flags &= ~FEXTRA;
      state = State.GZIP_EXTRA_LENGTH;
    } else if ((flags & FNAME) != 0) {
      flags &= ~FNAME;
      state = State.GZIP_TEXT;
    } else if ((flags & FCOMMENT) != 0) {
      flags &= ~FCOMMENT;
      state = State.GZIP_TEXT;
    } else if ((flags & FHCRC) != 0) {
      flags &= ~FHCRC;
      skip = 2;
      state = State.SKIP;
    } else {
      begin(true);
    }
  }

  private int text(byte[] bytes, int from, int end) {
    int i = from;
    while (i < end) {
      if (bytes[i++] == 0) {
        optionalField();
        return i;
      }
    }
    return i;
  }

  private int skip(int from, int end) {
    int count = Math.min(skip, end - from);
    skip -= count;
    if (skip == 0) {
      skipped();
    }
    return from + count;
  }

  private void skipped() {
    if (trailer) { // another member may follow
      trailer = false;
      smallLength = 0;
      state = State.GZIP_HEADER;
    } else {
      optionalField();
    }
  }

  private void begin(boolean raw) {
    if (inflater != null) {
      inflater.end();
    }
    inflater = new Inflater(raw);
    state = State.DATA;
  }

  private int inflate(byte[] bytes, int from, int end) {
    if (piece == null) {
      piece = new byte[PIECE];
    }
    inflater.setInput(bytes, from, end - from);
    long before = 0;
    try {
      while (state == State.DATA) {
        before = inflater.getBytesWritten();
        int count = inflater.inflate(piece);
        if (count > 0) {
          written += count;
          long in = read + inflater.getBytesRead();
          if (written > RATIO_APPLIES_FROM && written > in * maxRatio) {
            fail(Anomaly.BODY_INFLATE_BOMB);
            return end;
          }
          next.data(piece, 0, count, time);
        }
        if (inflater.finished()) {
          return finished(end);
        }
        if (count == 0) {
          if (inflater.needsDictionary()) {
            fail(Anomaly.BODY_INFLATE_ERROR);
          }
          return end;
        }
      }
    } catch (DataFormatException broken) {
      // What was decoded up to the fault counts: bytes that come in crumbs were handed on already.
      int count = (int) (inflater.getBytesWritten() - before);
      if (count > 0) {
        next.data(piece, 0, count, time);
      }
      fail(Anomaly.BODY_INFLATE_ERROR);
    }
    return end;
  }

  private int finished(int end) {
    int rest = end - inflater.getRemaining();
    read += inflater.getBytesRead();
    if (gzip) {
      trailer = true;
      skip = GZIP_TRAILER;
      state = State.SKIP;
    } else {
      stop();
    }
    return rest;
  }
}
