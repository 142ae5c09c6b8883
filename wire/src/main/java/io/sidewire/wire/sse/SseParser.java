package io.sidewire.wire.sse;

import java.nio.charset.StandardCharsets;

/**
 * Reads an event stream as it comes: all three line endings, data over several lines, comments, a leading byte order
 * mark. Data is passed on, never kept.
 */
public final class SseParser {

  /**
   * An event that carried data.
   *
   * @param name the event field, null where there is none
   * @param start time of the first byte of its first line
   * @param end time of its last byte
   * @param bytes its length in the stream, blank line included
   * @param tooLong it passed the limit, and its data was not passed on whole
   * @param whole false where a gap or the end of the stream cut it
   */
  public record Event(
      String name, long start, long end, long bytes, boolean tooLong, boolean whole) {}

  /** Takes the data of an event piece by piece, then the event. */
  public interface Sink {
    /** The next piece of the data; lines are joined by a line feed. */
    void data(byte[] bytes, int offset, int length);

    void event(Event event);

    /** The event that was begun is lost, and the data that was passed on with it. */
    void lost();
  }

  private enum State {
    LINE_START,
    NAME,
    VALUE_START,
    VALUE,
    /** The rest of a line that says nothing. */
    IGNORED
  }

  private static final int NAME_KEPT = 8;
  private static final int VALUE_KEPT = 64;
  private static final byte[] LINE_FEED = {'\n'};
  private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final int maxEvent;
  private final Sink sink;
  private State state = State.LINE_START;
  private boolean begun; // past the byte order mark
  private int bom;
  private boolean afterCr;
  private boolean lineEmpty = true;
  private final byte[] name = new byte[NAME_KEPT];
  private int nameLength;
  private final byte[] value = new byte[VALUE_KEPT];
  private int valueLength;
  private boolean isData;
  private boolean isEvent;
  private String eventName;
  private boolean hasData; // any byte of data
  private int dataLines;
  private long eventStart;
  private long lastTime;
  private long eventBytes;

  public SseParser(int maxEvent, Sink sink) {
    this.maxEvent = maxEvent;
    this.sink = sink;
  }

  /** Takes the next bytes of the stream. */
  public void feed(byte[] bytes, int offset, int length, long time) {
    int end = offset + length;
    int i = offset;
    while (i < end) {
      byte b = bytes[i];
      if (!begun && byteOrderMark(b)) {
        i++;
        continue;
      }
      if (afterCr) {
        afterCr = false;
        if (b == '\n') { // the second half of a line ending that was already taken
          eventBytes += eventBytes > 0 ? 1 : 0;
          i++;
          continue;
        }
      }
      if (eventBytes == 0) {
        eventStart = time;
      }
      lastTime = time;
      if (state == State.VALUE || state == State.IGNORED) {
        int stop = lineEnd(bytes, i, end);
        if (stop > i) {
          run(bytes, i, stop - i);
          i = stop;
          continue;
        }
      }
      eventBytes++;
      i++;
      if (b == '\n' || b == '\r') {
        afterCr = b == '\r';
        endLine(time);
      } else {
        character(b, bytes, i - 1);
      }
    }
  }

  /**
   * Bytes are missing. What follows is taken for the start of a line: the rest of a cut line has no field name that
   * means anything, and the event it ends in carries no data then.
   */
  public void gap() {
    boolean open = dataLines > 0 || isData;
    if (open && hasData) {
      sink.event(new Event(eventName, eventStart, lastTime, eventBytes, tooLong(), false));
    } else if (open) {
      sink.lost();
    }
    clearEvent();
    clearLine();
    begun = true;
    afterCr = false;
  }

  /** The stream is over; many servers leave the last blank line out. */
  public void end() {
    if (isData || dataLines > 0) {
      endLine(lastTime);
      if (hasData) {
        sink.event(new Event(eventName, eventStart, lastTime, eventBytes, tooLong(), true));
      }
    }
    clearEvent();
    clearLine();
  }

  private boolean byteOrderMark(byte b) {
    if (bom < BOM.length && b == BOM[bom]) {
      bom++;
      begun = bom == BOM.length;
      return true;
    }
    begun = true;
    return false;
  }

  private static int lineEnd(byte[] bytes, int from, int end) {
    int i = from;
    while (i < end && bytes[i] != '\n' && bytes[i] != '\r') {
      i++;
    }
    return i;
  }

  /** Bytes inside a value, none of them a line ending. */
  private void run(byte[] bytes, int offset, int length) {
    long room = maxEvent - eventBytes;
    eventBytes += length;
    if (state == State.IGNORED) {
      return;
    }
    if (isData) {
      int passed = (int) Math.min(length, Math.max(0, room));
      if (passed > 0) {
        hasData = true;
        sink.data(bytes, offset, passed);
      }
    } else if (isEvent) {
      int kept = Math.min(length, VALUE_KEPT - valueLength);
      System.arraycopy(bytes, offset, value, valueLength, kept);
      valueLength += kept;
    }
  }

  private void character(byte b, byte[] bytes, int at) {
    lineEmpty = false;
    switch (state) {
      case LINE_START -> {
        if (b == ':') {
          state = State.IGNORED;
        } else {
          name[0] = b;
          nameLength = 1;
          state = State.NAME;
        }
      }
      case NAME -> {
        if (b == ':') {
          beginValue();
        } else if (nameLength == NAME_KEPT) {
          state = State.IGNORED;
        } else {
          name[nameLength++] = b;
        }
      }
      case VALUE_START -> {
        state = State.VALUE;
        if (b != ' ') {
          eventBytes--;
          run(bytes, at, 1);
        }
      }
      default -> {} // VALUE and IGNORED are taken by run
    }
  }

  private void beginValue() {
    state = State.VALUE_START;
    isData = is("data");
    isEvent = is("event");
    valueLength = 0;
    if (isData) {
      beginData();
    }
  }

  private void beginData() {
    if (dataLines > 0 && eventBytes <= maxEvent) {
      sink.data(LINE_FEED, 0, 1);
    }
    dataLines++;
  }

  private void endLine(long time) {
    if (lineEmpty) {
      if (hasData) {
        sink.event(new Event(eventName, eventStart, time, eventBytes, tooLong(), true));
      }
      if (dataLines > 0 && !hasData) {
        sink.lost(); // an event without data is none: servers send it to announce an id
      }
      clearEvent();
      return;
    }
    if (state == State.NAME && is("data")) {
      beginData(); // a field name alone has an empty value
    }
    if (isEvent) {
      eventName =
          valueLength == 0 ? null : new String(value, 0, valueLength, StandardCharsets.UTF_8);
    }
    clearLine();
  }

  private boolean tooLong() {
    return eventBytes > maxEvent;
  }

  private boolean is(String field) {
    if (nameLength != field.length()) {
      return false;
    }
    for (int i = 0; i < nameLength; i++) {
      if (name[i] != field.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void clearLine() {
    state = State.LINE_START;
    lineEmpty = true;
    nameLength = 0;
    isData = false;
    isEvent = false;
  }

  private void clearEvent() {
    eventName = null;
    hasData = false;
    dataLines = 0;
    eventBytes = 0;
  }
}
