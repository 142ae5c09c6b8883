package io.sidewire.standalone.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Rows in aligned columns, with a head; numbers to the right. */
public final class Table {
  private static final int GAP = 2;
  private static final int NARROWEST_TEXT = 12;

  private final String[] head;
  private final boolean[] right;
  private final List<String[]> rows = new ArrayList<>();

  /** @param head names of the columns; one that begins with {@code >} is aligned to the right */
  public Table(String... head) {
    this.head = new String[head.length];
    this.right = new boolean[head.length];
    for (int i = 0; i < head.length; i++) {
      right[i] = head[i].startsWith(">");
      this.head[i] = right[i] ? head[i].substring(1) : head[i];
    }
  }

  /** Adds a row; null is shown as a dash. */
  public Table row(Object... cells) {
    var row = new String[head.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = i < cells.length && cells[i] != null ? cells[i].toString() : "–";
    }
    rows.add(row);
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /**
   * Prints it. On a terminal that is too narrow texts are cut first, then columns at the right are left out: half a figure
   * would be a wrong one.
   */
  public void print(Terminal terminal) {
    int[] widths = new int[head.length];
    for (int i = 0; i < head.length; i++) {
      widths[i] = Text.columns(head[i]);
      for (String[] row : rows) {
        widths[i] = Math.max(widths[i], Text.columns(row[i]));
      }
    }
    int columns = fit(widths, terminal.width());
    PrintStream out = terminal.out();
    out.println(terminal.paint("1", line(head, widths, columns)));
    for (String[] row : rows) {
      out.println(line(row, widths, columns));
    }
  }

  /** Narrows columns of text, the widest first, until all fit; returns how many columns do. */
  private int fit(int[] widths, int limit) {
    int total = GAP * (widths.length - 1);
    for (int width : widths) {
      total += width;
    }
    while (total > limit) {
      int widest = -1;
      for (int i = 0; i < widths.length; i++) {
        boolean wide = !right[i] && widths[i] > Math.max(NARROWEST_TEXT, Text.columns(head[i]));
        if (wide && (widest < 0 || widths[i] > widths[widest])) {
          widest = i;
        }
      }
      if (widest < 0) {
        break;
      }
      widths[widest]--;
      total--;
    }
    int columns = widths.length;
    while (total > limit && columns > 1) {
      total -= widths[--columns] + GAP;
    }
    return columns;
  }

  private String line(String[] cells, int[] widths, int columns) {
    var line = new StringBuilder();
    for (int i = 0; i < columns; i++) {
      String cell = Text.cut(cells[i], widths[i]);
      String pad = " ".repeat(widths[i] - Text.columns(cell));
      line.append(i > 0 ? " ".repeat(GAP) : "").append(right[i] ? pad + cell : cell);
      if (!right[i] && i < columns - 1) {
        line.append(pad);
      }
    }
    return line.toString();
  }
}
