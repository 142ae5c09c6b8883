package io.sidewire.wire.json;

/**
 * Reads JSON texts (RFC 8259) from bytes as they come, one after another, without a tree.
 *
 * <p>The answer never depends on how the bytes were cut. Nothing throws: what is no JSON ends in {@link #failure()}.
 */
public final class JsonScanner {

  /** Why a text could not be read to its end. */
  public enum Failure {
    INVALID,
    TOO_DEEP
  }

  /** Takes the tokens of a text. Byte arrays are the scanner's and valid during the call only. */
  public interface Sink {
    void startObject();

    void endObject();

    void startArray();

    void endArray();

    /** A member name; {@code cut}: it is longer than the scanner keeps. */
    void name(byte[] text, int length, boolean cut);

    /** How many bytes of the string value that begins now are wanted. */
    int wanted();

    /** A string value; {@code length} bytes of it, unescaped; {@code empty}: it has no character at all. */
    void string(byte[] text, int length, boolean empty);

    void number(byte[] text, int length);

    void bool(boolean value);

    void nul();

    /** A text is complete. */
    void endText();
  }

  private enum State {
    BETWEEN,
    VALUE,
    VALUE_OR_END,
    NAME,
    NAME_OR_END,
    COLON,
    AFTER_VALUE,
    IN_NAME,
    IN_STRING,
    IN_NUMBER,
    IN_LITERAL,
    FAILED
  }

  private static final int NAME_KEPT = 64;
  private static final int NUMBER_KEPT = 40;
  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};
  private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final Sink sink;
  private final int maxDepth;
  private final long[] objects; // one bit a level: set where it is an object
  private State state = State.BETWEEN;
  private Failure failure;
  private int depth;
  private final JsonString string = new JsonString();
  private final byte[] number = new byte[NUMBER_KEPT];
  private int numberLength;
  private boolean numberCut;
  private byte[] literal;
  private int matched;

  public JsonScanner(int maxDepth, Sink sink) {
    this.maxDepth = maxDepth;
    this.sink = sink;
    this.objects = new long[(maxDepth >> 6) + 1];
  }

  /** Null while everything was JSON. */
  public Failure failure() {
    return failure;
  }

  /** True between texts, where nothing is half read. */
  public boolean idle() {
    return state == State.BETWEEN;
  }

  /** Forgets a half-read text and begins anew. */
  public void reset() {
    state = State.BETWEEN;
    failure = null;
    depth = 0;
    matched = 0;
  }

  /** The input is over: a number at its very end is complete. */
  public void finish() {
    if (state == State.IN_NUMBER && depth == 0) {
      endNumber();
    }
  }

  /** Takes the next bytes; after a failure it takes them and does nothing. */
  public void feed(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int i = offset;
    while (i < end) {
      switch (state) {
        case IN_STRING, IN_NAME -> i = inString(bytes, i, end);
        case IN_NUMBER -> i = inNumber(bytes, i, end);
        case IN_LITERAL -> i = inLiteral(bytes[i], i);
        case FAILED -> {
          return;
        }
        default -> structure(bytes[i++]);
      }
    }
  }

  private void structure(byte b) {
    if (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
      if (matched > 0) {
        fail(Failure.INVALID);
      }
      return;
    }
    switch (state) {
      case BETWEEN -> between(b);
      case VALUE -> value(b);
      case VALUE_OR_END -> {
        if (b == ']') {
          close(false);
        } else {
          value(b);
        }
      }
      case NAME -> {
        if (b == '"') {
          beginString(State.IN_NAME, NAME_KEPT);
        } else {
          fail(Failure.INVALID);
        }
      }
      case NAME_OR_END -> {
        if (b == '}') {
          close(true);
        } else if (b == '"') {
          beginString(State.IN_NAME, NAME_KEPT);
        } else {
          fail(Failure.INVALID);
        }
      }
      case COLON -> {
        if (b == ':') {
          state = State.VALUE;
        } else {
          fail(Failure.INVALID);
        }
      }
      case AFTER_VALUE -> afterValue(b);
      default -> fail(Failure.INVALID);
    }
  }

  private void between(byte b) {
    if (matched < BOM.length && b == BOM[matched]) {
      matched = (matched + 1) % BOM.length;
    } else if (matched > 0) {
      fail(Failure.INVALID);
    } else {
      value(b);
    }
  }

  private void afterValue(byte b) {
    boolean inObject = inObject();
    if (b == ',') {
      state = inObject ? State.NAME : State.VALUE;
    } else if (b == (inObject ? '}' : ']')) {
      close(inObject);
    } else {
      fail(Failure.INVALID);
    }
  }

  private void value(byte b) {
    switch (b) {
      case '{' -> open(true);
      case '[' -> open(false);
      case '"' -> beginString(State.IN_STRING, sink.wanted());
      case 't' -> beginLiteral(TRUE);
      case 'f' -> beginLiteral(FALSE);
      case 'n' -> beginLiteral(NULL);
      default -> {
        if (b == '-' || b >= '0' && b <= '9') {
          numberLength = 0;
          numberCut = false;
          digit(b);
          state = State.IN_NUMBER;
        } else {
          fail(Failure.INVALID);
        }
      }
    }
  }

  private void open(boolean object) {
    if (depth >= maxDepth) {
      fail(Failure.TOO_DEEP);
      return;
    }
    if (object) {
      objects[depth >> 6] |= 1L << (depth & 63);
    } else {
      objects[depth >> 6] &= ~(1L << (depth & 63));
    }
    depth++;
    if (object) {
      sink.startObject();
      state = State.NAME_OR_END;
    } else {
      sink.startArray();
      state = State.VALUE_OR_END;
    }
  }

  private void close(boolean object) {
    depth--;
    if (object) {
      sink.endObject();
    } else {
      sink.endArray();
    }
    valueEnded();
  }

  private boolean inObject() {
    return (objects[(depth - 1) >> 6] & 1L << ((depth - 1) & 63)) != 0;
  }

  private void valueEnded() {
    if (depth == 0) {
      state = State.BETWEEN;
      sink.endText();
    } else {
      state = State.AFTER_VALUE;
    }
  }

  // ---------------------------------------------------------------- strings

  private void beginString(State next, int wanted) {
    state = next;
    string.begin(wanted);
  }

  private int inString(byte[] bytes, int from, int end) {
    int i = string.take(bytes, from, end);
    if (string.invalid()) {
      fail(Failure.INVALID);
    } else if (string.ended() && state == State.IN_NAME) {
      state = State.COLON;
      sink.name(string.bytes, string.length, string.cut);
    } else if (string.ended()) {
      sink.string(string.bytes, string.length, string.empty);
      valueEnded();
    }
    return i;
  }

  // ---------------------------------------------------------------- numbers and literals

  private int inNumber(byte[] bytes, int from, int end) {
    int i = from;
    while (i < end) {
      byte b = bytes[i];
      if (b >= '0' && b <= '9' || b == '.' || b == 'e' || b == 'E' || b == '+' || b == '-') {
        digit(b);
        i++;
      } else {
        endNumber();
        return i;
      }
    }
    return i;
  }

  private void digit(byte b) {
    if (numberLength < NUMBER_KEPT) {
      number[numberLength++] = b;
    } else {
      numberCut = true;
    }
  }

  private void endNumber() {
    if (!numberCut && !isNumber()) {
      fail(Failure.INVALID);
      return;
    }
    sink.number(number, numberCut ? 0 : numberLength);
    valueEnded();
  }

  /** {@code -? (0 | [1-9][0-9]*) ('.' [0-9]+)? ([eE] [+-]? [0-9]+)?}. */
  private boolean isNumber() {
    int i = number[0] == '-' ? 1 : 0;
    int whole = digits(i);
    if (whole == i || number[i] == '0' && whole > i + 1) {
      return false;
    }
    i = whole;
    if (i < numberLength && number[i] == '.') {
      int fraction = digits(i + 1);
      if (fraction == i + 1) {
        return false;
      }
      i = fraction;
    }
    if (i < numberLength && (number[i] == 'e' || number[i] == 'E')) {
      i++;
      if (i < numberLength && (number[i] == '+' || number[i] == '-')) {
        i++;
      }
      int exponent = digits(i);
      if (exponent == i) {
        return false;
      }
      i = exponent;
    }
    return i == numberLength;
  }

  private int digits(int from) {
    int i = from;
    while (i < numberLength && number[i] >= '0' && number[i] <= '9') {
      i++;
    }
    return i;
  }

  private void beginLiteral(byte[] word) {
    literal = word;
    matched = 1;
    state = State.IN_LITERAL;
  }

  private int inLiteral(byte b, int at) {
    if (b != literal[matched]) {
      fail(Failure.INVALID);
      return at;
    }
    matched++;
    if (matched == literal.length) {
      matched = 0;
      if (literal == NULL) {
        sink.nul();
      } else {
        sink.bool(literal == TRUE);
      }
      valueEnded();
    }
    return at + 1;
  }

  private void fail(Failure why) {
    failure = why;
    state = State.FAILED;
  }
}
