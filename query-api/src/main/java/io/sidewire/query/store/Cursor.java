package io.sidewire.query.store;

import java.util.Base64;

/**
 * A place between two rows, as opaque text. It names the row it follows, time and id, not a count of rows: pages stay
 * right while rows come and go.
 */
public final class Cursor {
  private static final int LONGEST = 2048;

  private final byte[] position;

  private Cursor(byte[] position) {
    this.position = position;
  }

  static Cursor after(Row row) {
    return new Cursor(row.position());
  }

  /** @throws IllegalArgumentException where the text was not made by {@link #text} */
  public static Cursor parse(String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException("too long");
    }
    byte[] position = Base64.getUrlDecoder().decode(text);
    if (!RowKey.isRow(position)) {
      throw new IllegalArgumentException("not a row");
    }
    return new Cursor(position);
  }

  public String text() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(position);
  }

  byte[] position() {
    return position;
  }
}
