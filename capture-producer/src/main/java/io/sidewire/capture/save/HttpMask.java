package io.sidewire.capture.save;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Masks one direction of HTTP/1.x in place: heads line by line, bodies by what their head says of them.
 *
 * <p>Framing that is not plain is not guessed at: {@link #over} then says that the rest is not known.
 */
final class HttpMask {
  private enum State {
    START,
    FIELDS,
    LENGTH,
    CLOSE,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_END,
    TRAILERS,
    OVER
  }

  private static final Pattern START_LINE = Pattern.compile(
      "[A-Z][A-Z0-9_-]{0,31} \\S{1,65000} HTTP/[0-9](\\.[0-9])? *|HTTP/[0-9](\\.[0-9])? +[0-9]{3}( .*)?");
  private static final int LONGEST_LINE = 64 << 10;
  private static final int MOST_ASKED = 1024;

  private final MaskedBytes out;
  private final FieldMask fields;
  private final Pseudonyms pseudonyms;
  /** Methods of the requests that wait for their answers, shared by both directions. */
  private final ArrayDeque<String> asked;

  private final ZeroedParts.Flow zeroed;
  private byte[] line = new byte[256];
  private int lineLength;
  private State state = State.START;
  private long left;
  private BodyMask body;
  private boolean upgraded;

  // Of the head that is read.
  private boolean request;
  private String method = "";
  private int status;
  private String length;
  private String transferCoding;
  private String contentCoding;
  private String mediaType;

  HttpMask(
      MaskedBytes out,
      Pseudonyms pseudonyms,
      FieldMask fields,
      ArrayDeque<String> asked,
      ZeroedParts.Flow zeroed) {
    this.out = out;
    this.pseudonyms = pseudonyms;
    this.fields = fields;
    this.asked = asked;
    this.zeroed = zeroed;
  }

  /** Begins at a chunk of an event stream. */
  static HttpMask inEvents(
      MaskedBytes out,
      Pseudonyms pseudonyms,
      FieldMask fields,
      ArrayDeque<String> asked,
      ZeroedParts.Flow zeroed) {
    var mask = new HttpMask(out, pseudonyms, fields, asked, zeroed);
    mask.body = new EventMask(out, pseudonyms, fields);
    mask.state = State.CHUNK_SIZE;
    return mask;
  }

  /** HTTP ends here, or cannot be followed. */
  boolean over() {
    return state == State.OVER;
  }

  /** HTTP ended in both directions, because the server switched protocols. */
  boolean upgraded() {
    return upgraded;
  }

  /** Takes bytes until they are used up or {@link #over}; returns where it stopped. */
  int feed(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && state != State.OVER) {
      at = switch (state) {
        case LENGTH, CLOSE, CHUNK_DATA -> body(bytes, at, to);
        default -> line(bytes, at, to);
      };
    }
    return at;
  }

  /** Lets go of what is kept back, as far as it may be told; a line that is not whole ends what can be followed. */
  void release() {
    if (lineLength > 0) {
      String raw = text(lineLength);
      put(
          state == State.START
              ? startLine(raw)
              : state == State.FIELDS ? fields.line(raw) : FieldMask.fill(raw));
      lineLength = 0;
      state = State.OVER;
    }
    if (body != null) {
      body.release();
    }
  }

  /** {@code missing} bytes will not come: true where what follows them is known. */
  boolean gap(long missing) {
    release();
    boolean inside = state == State.CLOSE
        || (state == State.LENGTH || state == State.CHUNK_DATA) && missing <= left;
    if (!inside) {
      state = State.OVER;
      return false;
    }
    body = new ZeroMask(out); // its place in the body's text is lost
    if (state != State.CLOSE) {
      left -= missing;
      bodyTaken();
    }
    return true;
  }

  // ------------------------------------------------------------------ lines

  private int line(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != '\n') {
      at++;
    }
    boolean whole = at < to;
    int count = at - from + (whole ? 1 : 0);
    if (lineLength + count > LONGEST_LINE) {
      out.fill(0, lineLength);
      lineLength = 0;
      state = State.OVER;
      return from;
    }
    if (lineLength + count > line.length) {
      line = Arrays.copyOf(line, Math.max(lineLength + count, 2 * line.length));
    }
    System.arraycopy(bytes, from, line, lineLength, count);
    lineLength += count;
    if (whole) {
      wholeLine();
    }
    return from + count;
  }

  private void wholeLine() {
    int end = lineLength - 1;
    if (end > 0 && line[end - 1] == '\r') {
      end--;
    }
    String raw = text(end);
    String ending = text(lineLength).substring(end);
    lineLength = 0;
    if (state == State.START && !raw.isEmpty() && !START_LINE.matcher(raw).matches()) {
      out.fill(0, raw.length() + ending.length());
      state = State.OVER;
      return;
    }
    String shown =
        switch (state) {
          case START -> startLine(raw);
          case FIELDS, TRAILERS -> raw.isEmpty() ? raw : field(raw);
          case CHUNK_SIZE -> chunkSize(raw);
          default -> FieldMask.fill(raw);
        };
    put(shown + ending);
    switch (state) {
      case START -> state = raw.isEmpty() ? State.START : State.FIELDS;
      case FIELDS -> {
        if (raw.isEmpty()) {
          headEnds();
        }
      }
      case TRAILERS -> {
        if (raw.isEmpty()) {
          messageEnds();
        }
      }
      case CHUNK_SIZE -> {
        if (left < 0) {
          state = State.OVER;
        } else {
          state = left == 0 ? State.TRAILERS : State.CHUNK_DATA;
        }
      }
      case CHUNK_END -> state = raw.isEmpty() ? State.CHUNK_SIZE : State.OVER;
      default -> {}
    }
  }

  private String startLine(String raw) {
    if (raw.isEmpty()) {
      return raw;
    }
    length = null;
    transferCoding = null;
    contentCoding = null;
    mediaType = "";
    request = !raw.startsWith("HTTP/");
    if (request) {
      int space = raw.indexOf(' ');
      method = space < 0 ? "" : raw.substring(0, space);
      if (asked.size() < MOST_ASKED) {
        asked.add(method);
      }
      return fields.requestLine(raw);
    }
    int space = raw.indexOf(' ');
    String code = space < 0 || raw.length() < space + 4 ? "" : raw.substring(space + 1, space + 4);
    status = code.matches("[0-9]{3}") ? Integer.parseInt(code) : 0;
    return fields.statusLine(raw);
  }

  private String field(String raw) {
    int colon = raw.indexOf(':');
    String name = colon < 0 ? "" : raw.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    String value = raw.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
    switch (name) {
      case "content-length" -> length = length == null || length.equals(value) ? value : "?";
      case "transfer-encoding" -> transferCoding = value;
      case "content-encoding" -> contentCoding = value;
      case "content-type" -> mediaType = value.split(";", 2)[0].strip();
      default -> {}
    }
    return fields.line(raw);
  }

  private String chunkSize(String raw) {
    int end = 0;
    while (end < raw.length() && Character.digit(raw.charAt(end), 16) >= 0) {
      end++;
    }
    left = end == 0 || end > 15 ? -1 : Long.parseLong(raw.substring(0, end), 16);
    return raw.substring(0, end) + FieldMask.fill(raw.substring(end));
  }

  // ------------------------------------------------------------------ bodies

  private void headEnds() {
    String answered = "";
    if (!request && (status / 100 != 1 || status == 101)) {
      answered = asked.isEmpty() ? "" : asked.poll();
    }
    boolean bodiless = !request
        && (status / 100 == 1 || status == 204 || status == 304 || answered.equals("HEAD"));
    boolean tunnel = !request && answered.equals("CONNECT") && status / 100 == 2;
    upgraded |= status == 101 && !request;
    if (tunnel || upgraded || request && method.equals("CONNECT")) {
      state = State.OVER;
    } else if (bodiless) {
      messageEnds();
    } else if (transferCoding != null && transferCoding.endsWith("chunked")) {
      begin(State.CHUNK_SIZE);
    } else if (transferCoding != null && !transferCoding.equals("identity")) {
      state = State.OVER;
    } else if (length != null) {
      boolean number = length.matches("[0-9]{1,18}");
      left = number ? Long.parseLong(length) : -1;
      if (number && left > 0) {
        begin(State.LENGTH);
      } else if (number) {
        messageEnds();
      } else {
        state = State.OVER;
      }
    } else if (request) {
      messageEnds();
    } else {
      begin(State.CLOSE);
    }
  }

  private void begin(State next) {
    state = next;
    body = mask();
  }

  private BodyMask mask() {
    if (contentCoding != null && !contentCoding.isEmpty() && !contentCoding.equals("identity")) {
      zeroed.part(ZeroedParts.Why.COMPRESSED);
      return new ZeroMask(out);
    }
    if (mediaType.equals("text/event-stream") && !request) {
      return new EventMask(out, pseudonyms, fields);
    }
    return new AnyMask(out, pseudonyms, zeroed);
  }

  private int body(byte[] bytes, int from, int to) {
    int count = state == State.CLOSE ? to - from : (int) Math.min(left, to - from);
    body.feed(bytes, from, from + count);
    if (state != State.CLOSE) {
      left -= count;
      bodyTaken();
    }
    return from + count;
  }

  private void bodyTaken() {
    if (left == 0 && state == State.LENGTH) {
      messageEnds();
    } else if (left == 0) {
      state = State.CHUNK_END;
    }
  }

  private void messageEnds() {
    if (body != null) {
      body.release();
      body = null;
    }
    state = State.START;
  }

  private void put(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    out.put(bytes, 0, bytes.length);
  }

  private String text(int end) {
    return new String(line, 0, end, StandardCharsets.ISO_8859_1);
  }
}
